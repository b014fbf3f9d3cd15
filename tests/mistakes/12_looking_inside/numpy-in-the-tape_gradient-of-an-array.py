# diagnosis: numpy-in-the-tape
# in: saliency_map
# checks: saliency_map
import keras
import numpy as np
import tensorflow as tf
from keras import Model


def feature_maps(model, images, layer_name):
    layer = model.get_layer(layer_name)
    extractor = Model(inputs=model.inputs, outputs=layer.output)
    return extractor(images).numpy()


def saliency_map(model, image, label):
    x = np.expand_dims(image, 0)
    with tf.GradientTape(watch_accessed_variables=True) as tape:
        out = x
        *body, head = model.layers
        for layer in body:
            out = layer(out)
        if "kernel" in dir(head):
            out = tf.tensordot(out, head.kernel, 1) + head.bias
        score = out[0, label]
    grads = tape.gradient(score, x)
    return np.abs(grads.numpy()).reshape(28, 28)


def occlusion_map(model, image, label, patch_size=7):
    steps = np.arange(0, 28, patch_size)
    full = float(model(image[np.newaxis])[0, label])
    drops = []
    for i in steps:
        row = []
        for j in steps:
            mask = np.ones((28, 28, 1), dtype="float32")
            mask[i:i + patch_size, j:j + patch_size] = 0
            row.append(full - float(model((image * mask)[np.newaxis])[0, label]))
        drops.append(row)
    return np.array(drops)
