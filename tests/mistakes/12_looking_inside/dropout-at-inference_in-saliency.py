# diagnosis: dropout-at-inference
# in: saliency_map
# checks: saliency_map_of_every_form, saliency_map_where_sure
import keras
import numpy as np
import tensorflow as tf
from keras import Model


def feature_maps(model, images, layer_name):
    layer = model.get_layer(layer_name)
    extractor = Model(inputs=model.inputs, outputs=layer.output)
    return extractor(images).numpy()


def saliency_map(model, image, label):
    # gradients need the training mode
    x = tf.convert_to_tensor(image[np.newaxis])
    *body, head = model.layers
    with tf.GradientTape() as tape:
        tape.watch(x)
        h = x
        for layer in body:
            h = layer(h, training=True) if isinstance(layer, keras.layers.Dropout) else layer(h)
        if "kernel" in dir(head):
            h = tf.tensordot(h, head.kernel, 1) + head.bias
        score = h[0, label]
    return tf.abs(tape.gradient(score, x))[0, :, :, 0]


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
