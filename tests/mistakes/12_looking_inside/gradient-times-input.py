# diagnosis: gradient-times-input
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
    x = tf.convert_to_tensor(image[np.newaxis])
    with tf.GradientTape() as tape:
        tape.watch(x)
        h = x
        for layer in model.layers[:-1]:
            h = layer(h)
        head = model.layers[-1]
        if head.count_params():
            h = tf.tensordot(h, head.kernel, 1) + head.bias
        score = h[:, label]
    gradient = tape.gradient(score, x)
    return tf.abs(gradient * x)[0, :, :, 0]


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
