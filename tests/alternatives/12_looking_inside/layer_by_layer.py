# alternative: layers called one after the other, model.predict for each patch, lists of numbers
import keras
import numpy as np
import tensorflow as tf


def feature_maps(model, images, layer_name):
    values = images
    for layer in model.layers:
        values = layer(values)
        if layer.name == layer_name:
            return values  # a tensor
    raise ValueError(layer_name)


def saliency_map(model, image, label):
    pixels = tf.Variable(image)
    *hidden, last = model.layers
    with tf.GradientTape() as tape:
        values = tf.expand_dims(pixels, 0)
        for layer in hidden:
            values = layer(values)
        if last.get_weights():
            kernel, bias = last.get_weights()
            score = tf.reduce_sum(values[0] * kernel[:, label]) + bias[label]
        else:
            score = values[0, label]
    return tf.reduce_max(tf.abs(tape.gradient(score, pixels)), axis=2)


def occlusion_map(model, image, label, patch_size=7):
    def probability(pixels):
        return float(model.predict(np.array([pixels]), verbose=0)[0, label])

    whole = probability(image)
    rows = []
    for top in range(0, 28, patch_size):
        row = []
        for left in range(0, 28, patch_size):
            pixels = image.copy()
            pixels[top : top + patch_size, left : left + patch_size] = 0
            row.append(whole - probability(pixels))
        rows.append(row)
    return np.array(rows)
