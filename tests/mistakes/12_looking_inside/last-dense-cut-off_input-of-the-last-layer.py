# diagnosis: last-dense-cut-off
# in: saliency_map
# checks: saliency_map
import keras
import numpy as np
import tensorflow as tf


def feature_maps(model, images, layer_name):
    part = keras.Model(model.inputs, model.get_layer(layer_name).output)
    return part.predict(images, verbose=0)


def saliency_map(model, image, label):
    x = tf.constant(image[None])
    before_softmax = keras.Model(model.inputs[0], model.layers[-1].input)
    with tf.GradientTape() as tape:
        tape.watch(x)
        logits = before_softmax(x, training=False)
        logit = tf.gather(logits[0], label)
    return tf.abs(tape.gradient(logit, x))[0, ..., 0].numpy()


def occlusion_map(model, image, label, patch_size=7):
    n = 28 // patch_size
    before = model(image[None]).numpy()[0, label]
    result = np.zeros((n, n))
    for r in range(n):
        for c in range(n):
            covered = image.copy()
            covered[r * patch_size:(r + 1) * patch_size, c * patch_size:(c + 1) * patch_size] = 0
            result[r, c] = before - model(covered[None]).numpy()[0, label]
    return result
