# alternative: the whole Jacobian of the logits inside a tf.function; occlusion by np.where
import keras
import numpy as np
import tensorflow as tf


def feature_maps(model: keras.Model, images: np.ndarray, layer_name: str) -> np.ndarray:
    outputs = [layer.output for layer in model.layers]
    every = keras.Model(model.inputs, outputs)
    names = [layer.name for layer in model.layers]
    return np.asarray(every(images)[names.index(layer_name)])


def saliency_map(model: keras.Model, image: np.ndarray, label: int) -> np.ndarray:
    head = model.layers[-1]
    body = keras.Sequential(model.layers[:-1])

    @tf.function
    def jacobian(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            logits = body(x)
            if isinstance(head, keras.layers.Dense):
                logits = tf.nn.bias_add(tf.matmul(logits, head.kernel), head.bias)
        return tape.jacobian(logits, x)

    whole = jacobian(tf.convert_to_tensor(image)[tf.newaxis])  # (1, k, 1, 28, 28, 1)
    return tf.abs(whole)[0, label, 0, :, :, 0].numpy().astype(np.float64)


def occlusion_map(model: keras.Model, image: np.ndarray, label: int, patch_size: int = 7) -> np.ndarray:
    number = 28 // patch_size
    patch_of_row = np.arange(28) // patch_size
    drops = np.zeros((number, number))
    before = float(model(image[np.newaxis]).numpy()[0][label])
    for row in range(number):
        for column in range(number):
            hidden = np.outer(patch_of_row == row, patch_of_row == column)
            pixels = np.where(hidden[:, :, np.newaxis], np.float32(0), image)
            drops[row, column] = before - float(model(pixels[np.newaxis]).numpy()[0][label])
    return drops
