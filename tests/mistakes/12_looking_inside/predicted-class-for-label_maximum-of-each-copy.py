# diagnosis: predicted-class-for-label
# in: occlusion_map
# checks: occlusion_map
import numpy as np
import tensorflow as tf
from tensorflow import keras


def feature_maps(model, images, layer_name):
    x = images
    for layer in model.layers:
        x = layer(x)
        if layer.name == layer_name:
            break
    return np.array(x)


def saliency_map(model, image, label):
    pixels = tf.Variable(image.reshape(1, 28, 28, 1))
    with tf.GradientTape() as tape:
        out = pixels
        for layer in model.layers[:-1]:
            out = layer(out)
        end = model.layers[-1]
        if isinstance(end, keras.layers.Dense):
            out = tf.matmul(out, end.kernel) + end.bias
        score = out[0, label]
    grads = tape.gradient(score, pixels)
    return tf.squeeze(tf.abs(grads)).numpy()


def occlusion_map(model, image, label, patch_size=7):
    confidence = float(np.max(model(image[None])))
    rows = []
    for top in range(0, 28, patch_size):
        row = []
        for left in range(0, 28, patch_size):
            copy = np.array(image)
            copy[top:top + patch_size, left:left + patch_size] = 0
            row.append(confidence - float(np.max(model(copy[None]))))
        rows.append(row)
    return np.array(rows)
