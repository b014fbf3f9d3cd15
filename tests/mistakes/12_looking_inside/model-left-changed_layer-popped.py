# diagnosis: model-left-changed
# in: saliency_map
# checks: saliency_map_changes_nothing
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
    end = model.layers[-1]
    model.pop()  # the softmax
    pixels = tf.Variable(image.reshape(1, 28, 28, 1))
    with tf.GradientTape() as tape:
        out = model(pixels)
        if isinstance(end, keras.layers.Dense):
            out = tf.matmul(out, end.kernel) + end.bias
        score = out[0, label]
    return tf.squeeze(tf.abs(tape.gradient(score, pixels))).numpy()


def occlusion_map(model, image, label, patch_size=7):
    covered = []
    for top in range(0, 28, patch_size):
        for left in range(0, 28, patch_size):
            copy = np.array(image)
            copy[top:top + patch_size, left:left + patch_size, :] = 0.0
            covered.append(copy)
    p = np.asarray(model(np.stack([image] + covered)))[:, label]
    return (p[0] - p[1:]).reshape(28 // patch_size, -1)
