# diagnosis: counts-only-present-labels
# in: label_counts
# checks: label_counts
from collections import Counter

import numpy as np


def label_counts(labels, num_classes=10):
    counter = Counter(labels.tolist())
    # in order of the digits
    return np.array([counter[digit] for digit in sorted(counter)])


def scale_pixels(images):
    return images.astype(np.float32) / 255.0


def flatten_images(images):
    return np.stack([image.flatten() for image in images])


def add_channel_axis(images):
    return np.expand_dims(images, axis=-1)


def one_hot(labels, num_classes=10):
    rows = []
    for label in labels:
        row = [0.0] * num_classes
        row[label] = 1.0
        rows.append(row)
    return np.array(rows, dtype=np.float32)
