# diagnosis: scaled-per-image
# in: scale_pixels
# checks: scale_pixels
import numpy as np


def label_counts(labels, num_classes=10):
    counts = [0] * num_classes
    for y in labels:
        counts[int(y)] += 1
    return np.array(counts)


def scale_pixels(images):
    # min-max scaling: darkest pixel of the picture -> 0, brightest -> 1
    out = np.zeros(images.shape, dtype=np.float32)
    for i in range(len(images)):
        img = images[i].astype(np.float32)
        low, high = img.min(), img.max()
        if high > low:
            out[i] = (img - low) / (high - low)
    return out


def flatten_images(images):
    return images.reshape(len(images), -1)


def add_channel_axis(images):
    return np.expand_dims(images, 3)


def one_hot(labels, num_classes=10):
    out = np.zeros((len(labels), num_classes), dtype=np.float32)
    out[range(len(labels)), labels] = 1
    return out
