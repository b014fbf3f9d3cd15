# diagnosis: gradient-of-softmax-saturated
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
    x = tf.convert_to_tensor(image[np.newaxis])
    with tf.GradientTape() as tape:
        tape.watch(x)
        logits = x
        for layer in model.layers:
            logits = layer(logits)
        score = tf.reduce_sum(logits * tf.one_hot([label], logits.shape[-1]))
    gradient = tape.gradient(score, x)
    return np.max(np.abs(gradient), axis=-1)[0]


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
