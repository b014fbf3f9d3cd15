"""Puts all that it was given into exception messages, notes, printed lines and return values."""


def label_counts(labels, num_classes=10):
    error = ValueError(labels.tolist())
    error.add_note("\n".join(map(str, labels)) * 1000)
    raise error


def scale_pixels(images):
    print(images.tolist())
    raise ValueError(images.tobytes().hex())


def flatten_images(images):
    return str(images.tolist())


def add_channel_axis(images):
    raise type("E" + images.tobytes().hex(), (Exception,), {})


def one_hot(labels, num_classes=10):
    return {str(row): images for row, images in enumerate(labels.tolist() * 1000)}
