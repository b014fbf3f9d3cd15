# diagnosis: scaled-twice
# in: scale_pixels
# checks: scale_pixels
import numpy as np


def label_counts(labels, num_classes=10):
    return np.bincount(np.asarray(labels), minlength=num_classes)


def normalize(pixels):
    return pixels / np.float32(255)


def scale_pixels(images):
    images = normalize(images.astype(np.float32))
    # pixel values go up to 255, so bring them to 0..1
    images = images / 255
    return images


def flatten_images(images):
    return np.array([image.ravel() for image in images])


def add_channel_axis(images):
    return images[..., np.newaxis]


def one_hot(labels, num_classes=10):
    identity = np.identity(num_classes, dtype=np.float32)
    return identity[labels]
