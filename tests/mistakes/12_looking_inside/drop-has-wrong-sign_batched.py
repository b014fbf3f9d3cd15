# diagnosis: drop-has-wrong-sign
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
    steps = np.arange(0, 28, patch_size)
    full = model.predict(image[np.newaxis], verbose=0)[0, label]
    batch = []
    for i in steps:
        for j in steps:
            mask = np.ones((28, 28, 1), dtype="float32")
            mask[i:i + patch_size, j:j + patch_size] = 0
            batch.append(image * mask)
    change = model.predict(np.array(batch), verbose=0)[:, label] - full
    return change.reshape(len(steps), len(steps))
