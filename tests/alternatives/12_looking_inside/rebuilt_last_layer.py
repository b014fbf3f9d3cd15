# alternative: a new linear Dense layer behind the features, named by configuration; a small class for occlusion
from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf


def up_to(model, output):
    return keras.Model(model.inputs[0], output)


def feature_maps(model, images, layer_name):
    index = [layer.name for layer in model.layers].index(layer_name)
    return up_to(model, model.layers[index].output).predict(images, batch_size=1, verbose=0)


def scores_of(model):
    last = model.layers[-1]
    if not isinstance(last, keras.layers.Dense):
        return up_to(model, model.layers[-2].output)
    linear = keras.layers.Dense.from_config({**last.get_config(), "activation": "linear", "name": "linear"})
    scores = up_to(model, linear(model.layers[-2].output))
    linear.set_weights(last.get_weights())
    return scores


def saliency_map(model, image, label):
    scores = scores_of(model)
    batch = tf.convert_to_tensor(np.stack([image]))
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(batch)
        score = tf.gather(scores(batch), label, axis=1)
    (gradient,) = tape.gradient(score, batch)
    return np.absolute(np.squeeze(gradient, axis=-1))


@dataclass
class Patches:
    image: np.ndarray
    size: int

    def __iter__(self):
        for top in range(0, 28, self.size):
            for left in range(0, 28, self.size):
                pixels = self.image.copy()
                pixels[top : top + self.size, left : left + self.size] *= 0
                yield pixels


def occlusion_map(model, image, label, patch_size=7):
    batch = np.stack([image, *Patches(image, patch_size)])
    whole, *rest = keras.ops.convert_to_numpy(model(batch))[:, label]
    return np.reshape([whole - part for part in rest], (28 // patch_size, 28 // patch_size))
