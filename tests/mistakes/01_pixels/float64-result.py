# diagnosis: float64-result
# in: scale_pixels
# checks: scale_pixels
import numpy as np


def label_counts(labels, num_classes=10):
    result = np.zeros(num_classes, dtype=np.int64)
    np.add.at(result, labels, 1)
    return result


def scale_pixels(images):
    return images / 255.0


def flatten_images(images):
    return images.reshape(-1, images.shape[1] * images.shape[2])


def add_channel_axis(images):
    return images[:, :, :, np.newaxis]


def one_hot(labels, num_classes=10):
    targets = np.zeros((len(labels), num_classes), dtype=np.float32)
    targets[np.arange(len(labels)), labels] = 1
    return targets
