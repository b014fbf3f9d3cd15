# diagnosis: same-padding-on-one-side
# in: conv2d
# checks: conv2d_same
import numpy as np


def output_size(size, kernel_size, stride=1, padding="valid"):
    # pixels where a window may start, divided among the strides, rounded up
    starts = size if padding == "same" else size - kernel_size + 1
    return int(np.ceil(starts / stride))


def conv2d(images, kernels, bias, stride=1, padding="valid"):
    n, h, w, c_in = images.shape
    kh, kw, _, c_out = kernels.shape
    rows, cols = output_size(h, kh, stride, padding), output_size(w, kw, stride, padding)
    if padding == "same":
        missing = max((rows - 1) * stride + kh - h, 0), max((cols - 1) * stride + kw - w, 0)
        images = np.concatenate([np.zeros((n, missing[0], w, c_in)), images], axis=1)
        images = np.concatenate([np.zeros((n, images.shape[1], missing[1], c_in)), images], axis=2)
    out = np.zeros((n, rows, cols, c_out))
    for r in range(rows):
        for c in range(cols):
            patch = images[:, r * stride : r * stride + kh, c * stride : c * stride + kw]
            out[:, r, c] = np.tensordot(patch, kernels, axes=3)
    return out + bias


def max_pool2d(images, pool_size=2):
    p = pool_size
    n, h, w, c = images.shape
    images = images[:, : h // p * p, : w // p * p, :]
    return images.reshape(n, h // p, p, w // p, p, c).max(axis=4).max(axis=2)
