# diagnosis: occludes-with-gray
# in: occlusion_map
# checks: occlusion_map
import keras
import numpy as np
import tensorflow as tf
from keras import Model


def feature_maps(model, images, layer_name):
    layer = model.get_layer(layer_name)
    extractor = Model(inputs=model.inputs, outputs=layer.output)
    return extractor(images).numpy()


def logits_of(model, x):
    *body, head = model.layers
    for layer in body:
        x = layer(x)
    if "kernel" in dir(head):
        x = tf.tensordot(x, head.kernel, 1) + head.bias
    return x


def saliency_map(model, image, label):
    x = tf.convert_to_tensor(image[np.newaxis])
    with tf.GradientTape() as tape:
        tape.watch(x)
        score = logits_of(model, x)[:, label]
    gradient = tape.gradient(score, x)
    return tf.reduce_max(tf.abs(gradient), axis=-1)[0]


def occlusion_map(model, image, label, patch_size=7):
    n = 28 // patch_size
    before = model(image[None]).numpy()[0, label]
    result = np.zeros((n, n))
    for r in range(n):
        for c in range(n):
            covered = image.copy()
            covered[r * patch_size:(r + 1) * patch_size, c * patch_size:(c + 1) * patch_size] = 0.5  # neutral gray
            after = model(covered[None]).numpy()[0, label]
            result[r, c] = before - after
    return result
