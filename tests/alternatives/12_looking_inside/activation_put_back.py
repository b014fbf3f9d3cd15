# alternative: replaces the last activation for the time of the call and puts it back; blanks in place and restores
import contextlib

import keras
import numpy as np
import tensorflow as tf


@contextlib.contextmanager
def without_softmax(model):
    last = model.layers[-1]
    kept = last.activation if hasattr(last, "activation") else None
    try:
        if kept is not None:
            last.activation = keras.activations.linear
        yield model.layers[:-1] if isinstance(last, keras.layers.Softmax) else model.layers
    finally:
        if kept is not None:
            last.activation = kept


def feature_maps(model, images, layer_name):
    return keras.Model(model.inputs, model.get_layer(layer_name).output).predict(images, verbose=0)


def saliency_map(model, image, label):
    x = tf.constant(image[np.newaxis])
    with without_softmax(model) as layers, tf.GradientTape() as tape:
        tape.watch(x)
        out = x
        for layer in layers:
            out = layer(out)
        score = out[0, label]
    return np.abs(tape.gradient(score, x)).reshape(28, 28)


def occlusion_map(model, image, label, patch_size=7):
    n = 28 // patch_size
    drops = np.empty((n, n), np.float32)
    before = model(image[np.newaxis])[0, label]
    for r, c in np.ndindex(n, n):
        rows, columns = slice(r * patch_size, (r + 1) * patch_size), slice(c * patch_size, (c + 1) * patch_size)
        saved = image[rows, columns].copy()
        image[rows, columns] = 0
        drops[r, c] = before - model(image[np.newaxis])[0, label]
        image[rows, columns] = saved
    return drops
