# diagnosis: stride-ignored
# in: conv2d
# checks: conv2d_stride
import numpy as np


def output_size(size, kernel_size, stride=1, padding="valid"):
    last = size if padding == "same" else size - kernel_size + 1
    return len(range(0, last, stride))


def conv2d(images, kernels, bias, stride=1, padding="valid"):
    # TODO stride
    kh, kw, c_in, c_out = kernels.shape
    if padding == "same":
        top, left = (kh - 1) // 2, (kw - 1) // 2
        images = np.pad(images, ((0, 0), (top, kh - 1 - top), (left, kw - 1 - left), (0, 0)))
    n, h, w, _ = images.shape
    rows, cols = h - kh + 1, w - kw + 1
    out = np.zeros((n, rows, cols, c_out)) + bias
    for r in range(rows):
        for c in range(cols):
            for o in range(c_out):
                out[:, r, c, o] += np.sum(images[:, r : r + kh, c : c + kw] * kernels[..., o], axis=(1, 2, 3))
    return out


def max_pool2d(images, pool_size=2):
    n, h, w, channels = images.shape
    pooled = np.empty((n, h // pool_size, w // pool_size, channels))
    for index in np.ndindex(*pooled.shape):
        i, r, c, k = index
        top, left = r * pool_size, c * pool_size
        pooled[index] = np.max(images[i, top : top + pool_size, left : left + pool_size, k])
    return pooled
