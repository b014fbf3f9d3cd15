# diagnosis: signed-saliency
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
    x = tf.Variable(image[np.newaxis])
    *body, head = model.layers
    with tf.GradientTape() as tape:
        h = x
        for layer in body:
            h = layer(h)
        score = h[0, label] if not head.weights else tf.reduce_sum(h[0] * head.kernel[:, label])
    # largest over the channels
    return tf.reduce_max(tape.gradient(score, x)[0], axis=-1)


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
