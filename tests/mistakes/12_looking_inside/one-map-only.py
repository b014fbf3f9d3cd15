# diagnosis: one-map-only
# in: feature_maps
# checks: feature_maps
import keras
import numpy as np
import tensorflow as tf
from keras import Model


def feature_maps(model, images, layer_name):
    extractor = Model(inputs=model.inputs, outputs=model.get_layer(layer_name).output)
    return extractor(images).numpy()[:, :, :, 0]


def logits_of(model, x):
    *body, head = model.layers
    for layer in body:
        x = layer(x)
    if "kernel" in dir(head):
        x = tf.tensordot(x, head.kernel, 1) + head.bias
    return x


def saliency_map(model, image, label):
    x = tf.convert_to_tensor(image[np.newaxis])
    with tf.GradientTape() as tape:
        tape.watch(x)
        score = logits_of(model, x)[:, label]
    gradient = tape.gradient(score, x)
    return tf.reduce_max(tf.abs(gradient), axis=-1)[0]


def occlusion_map(model, image, label, patch_size=7):
    steps = np.arange(0, 28, patch_size)
    full = float(model(image[np.newaxis])[0, label])
    drops = []
    for i in steps:
        row = []
        for j in steps:
            mask = np.ones((28, 28, 1), dtype="float32")
            mask[i:i + patch_size, j:j + patch_size] = 0
            row.append(full - float(model((image * mask)[np.newaxis])[0, label]))
        drops.append(row)
    return np.array(drops)
