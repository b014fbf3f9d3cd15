# diagnosis: changed-its-input
# in: scale_pixels
# checks: scale_pixels_changes_nothing
import numpy as np


def label_counts(labels, num_classes=10):
    return np.array([np.count_nonzero(labels == k) for k in range(num_classes)])


def scale_pixels(images):
    # turn it into black ink on white paper, that is easier to think about ...
    np.subtract(255, images, out=images)
    darkness = images.astype(np.float32) / 255
    # ... and turn the result back
    return 1 - darkness


def flatten_images(images):
    return images.reshape((images.shape[0], 784))


def add_channel_axis(images):
    return np.expand_dims(images, axis=3)


def one_hot(labels, num_classes=10):
    return (np.arange(num_classes) == labels.reshape(-1, 1)).astype("float32")
