# alternative: a clone with the same weights whose last activation is linear; occlusion by Kronecker masks in one batch
import keras
import numpy as np
import tensorflow as tf
from keras import layers, models


def feature_maps(model, images, layer_name):
    clone = models.clone_model(model)
    clone.set_weights(model.get_weights())
    while clone.layers[-1].name != layer_name:
        clone.pop()
    return clone.predict_on_batch(images)


def with_logits(model):
    clone = models.clone_model(model)
    clone.set_weights(model.get_weights())
    if isinstance(clone.layers[-1], layers.Dense):
        clone.layers[-1].activation = None
    else:
        clone.pop()
    return clone


def saliency_map(model, image, label):
    scores = with_logits(model)
    batch = tf.Variable(tf.expand_dims(image, axis=0))
    with tf.GradientTape() as tape:
        score = scores(batch)[:, label]
    return np.linalg.norm(tape.gradient(score, batch)[0], axis=-1)


def occlusion_map(model, image, label, patch_size=7):
    n = 28 // patch_size
    masks = 1 - np.kron(np.eye(n * n).reshape(-1, n, n), np.ones((1, patch_size, patch_size)))
    covered = (masks[..., None] * image).astype("float32")
    left = model.predict(covered, verbose=0)[:, label]
    return model.predict(image[None], verbose=0)[0, label] - left.reshape(n, n)
