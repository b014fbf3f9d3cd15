# diagnosis: tape-not-watching
# in: saliency_map
# checks: saliency_map
import keras
import numpy as np
import tensorflow as tf
from keras import Model


def feature_maps(model, images, layer_name):
    layer = model.get_layer(layer_name)
    extractor = Model(inputs=model.inputs, outputs=layer.output)
    return extractor(images).numpy()


def saliency_map(model, image, label):
    batch = tf.expand_dims(tf.constant(image), 0)
    with tf.GradientTape() as tape:
        x = tf.identity(batch)
        tape.watch(x)
        *body, head = model.layers
        for layer in body:
            x = layer(x)
        if "kernel" in dir(head):
            x = tf.tensordot(x, head.kernel, 1) + head.bias
        score = x[0, label]
    gradient = tape.gradient(score, batch)
    gradient = gradient.numpy()
    return np.abs(gradient).squeeze()


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
