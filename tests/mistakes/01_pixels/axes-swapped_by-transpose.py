# diagnosis: axes-swapped
# in: flatten_images
# checks: flatten_images
import numpy as np


def label_counts(labels, num_classes=10):
    return np.array([int(np.sum(labels == digit)) for digit in range(num_classes)])


def scale_pixels(images):
    return images.astype("float32") / 255.0


def flatten_images(images):
    # pictures are (width, height) and matrices (height, width), so swap before flattening
    turned = images.transpose(0, 2, 1)
    return turned.reshape(turned.shape[0], -1)


def add_channel_axis(images):
    return images[..., np.newaxis]


def one_hot(labels, num_classes=10):
    hot = np.zeros((labels.shape[0], num_classes), dtype="float32")
    hot[np.arange(labels.shape[0]), labels] = 1.0
    return hot
