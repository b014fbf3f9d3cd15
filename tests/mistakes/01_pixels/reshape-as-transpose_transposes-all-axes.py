# diagnosis: reshape-as-transpose
# in: flatten_images
# checks: flatten_images
import numpy as np


def label_counts(labels, num_classes=10):
    labels = np.asarray(labels)
    return np.array([(labels == k).sum() for k in range(num_classes)], dtype=np.int32)


def scale_pixels(images):
    return (images / 255.0).astype(np.float32)


def flatten_images(images):
    num_images = len(images)
    pixels = np.transpose(images)  # (28, 28, n)
    return pixels.reshape(num_images, -1)


def add_channel_axis(images):
    return np.expand_dims(images, -1)


def one_hot(labels, num_classes=10):
    classes = np.arange(num_classes)
    return np.equal.outer(labels, classes).astype(np.float32)
