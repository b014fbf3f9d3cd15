# diagnosis: patches-accumulate
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
    full = np.asarray(model(image[None]))[0, label]
    drops = []
    for top in range(0, 28, patch_size):
        for left in range(0, 28, patch_size):
            patch = image[top:top + patch_size, left:left + patch_size]
            saved = patch  # put back below
            image[top:top + patch_size, left:left + patch_size] = 0
            drops.append(full - np.asarray(model(image[None]))[0, label])
            image[top:top + patch_size, left:left + patch_size] = saved
    return np.array(drops).reshape(28 // patch_size, -1)
