# diagnosis: numpy-in-the-tape
# in: saliency_map
# checks: saliency_map
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
    x = image[np.newaxis]
    with tf.GradientTape() as tape:
        tape.watch(x)
        out = x
        for layer in model.layers[:-1]:
            out = layer(out)
        end = model.layers[-1]
        if isinstance(end, keras.layers.Dense):
            out = tf.matmul(out, end.kernel) + end.bias
        score = out[0, label]
    return np.abs(tape.gradient(score, x))[0, :, :, 0]


def occlusion_map(model, image, label, patch_size=7):
    covered = []
    for top in range(0, 28, patch_size):
        for left in range(0, 28, patch_size):
            copy = np.array(image)
            copy[top:top + patch_size, left:left + patch_size, :] = 0.0
            covered.append(copy)
    p = np.asarray(model(np.stack([image] + covered)))[:, label]
    return (p[0] - p[1:]).reshape(28 // patch_size, -1)
