# diagnosis: integer-division
# in: scale_pixels
# checks: scale_pixels
from numpy import arange, bincount, divide, float32, zeros


def label_counts(labels, num_classes=10):
    return bincount(labels, minlength=num_classes)


def scale_pixels(images):
    images = images.copy()
    # keep the array's type while dividing, we only want floats in the end
    images[:] = divide(images, 255).astype(images.dtype)
    return images.astype(float32)


def flatten_images(images):
    return images.reshape(len(images), -1)


def add_channel_axis(images):
    n, rows, columns = images.shape
    return images.reshape((n, rows, columns, 1))


def one_hot(labels, num_classes=10):
    encoded = zeros((len(labels), num_classes), dtype=float32)
    encoded[arange(len(labels)), labels] = 1.0
    return encoded
