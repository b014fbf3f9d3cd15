# diagnosis: drop-has-wrong-sign
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
    n = 28 // patch_size
    before = model(image[None]).numpy()[0, label]
    result = np.zeros((n, n))
    for r in range(n):
        for c in range(n):
            covered = image.copy()
            covered[r * patch_size:(r + 1) * patch_size, c * patch_size:(c + 1) * patch_size] = 0
            after = model(covered[None]).numpy()[0, label]
            result[r, c] = after - before
    return result
