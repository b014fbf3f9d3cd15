# diagnosis: patch-size-ignored
# in: occlusion_map
# checks: occlusion_map
import keras
import numpy as np
import tensorflow as tf


def feature_maps(model, images, layer_name):
    part = keras.Model(model.inputs, model.get_layer(layer_name).output)
    return part.predict(images, verbose=0)


def saliency_map(model, image, label):
    x = tf.constant(image[None])
    last = model.layers[-1]
    features = keras.Model(model.inputs, last.input)
    with tf.GradientTape() as tape:
        tape.watch(x)
        logits = features(x)
        if hasattr(last, "kernel"):
            logits = logits @ last.kernel + last.bias
        score = logits[0, label]
    return np.abs(tape.gradient(score, x).numpy()[0, ..., 0])


def occlusion_map(model, image, label, patch_size=7):
    before = model(image[None]).numpy()[0, label]
    drops = []
    for top in range(0, 28, patch_size):
        for left in range(0, 28, patch_size):
            covered = np.array(image)
            covered[top:top + 4, left:left + 4] = 0
            drops.append(before - model(covered[None]).numpy()[0, label])
    return np.reshape(drops, (28 // patch_size, -1))
