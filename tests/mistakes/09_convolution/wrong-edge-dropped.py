# diagnosis: wrong-edge-dropped
# in: max_pool2d
# checks: max_pool2d_sizes
import numpy as np


def output_size(size, kernel_size, stride=1, padding="valid"):
    last = size if padding == "same" else size - kernel_size + 1
    return len(range(0, last, stride))


def conv2d(images, kernels, bias, stride=1, padding="valid"):
    batch, height, width, _ = images.shape
    k_rows, k_cols, _, maps = kernels.shape
    rows = output_size(height, k_rows, stride, padding)
    cols = output_size(width, k_cols, stride, padding)
    if padding == "same":
        missing_rows = max(0, (rows - 1) * stride + k_rows - height)
        missing_cols = max(0, (cols - 1) * stride + k_cols - width)
        bigger = np.zeros((batch, height + missing_rows, width + missing_cols, images.shape[3]))
        top, left = missing_rows // 2, missing_cols // 2
        bigger[:, top : top + height, left : left + width, :] = images
    else:
        bigger = images
    answers = np.empty((batch, rows, cols, maps))
    for r in range(rows):
        for c in range(cols):
            y, x = r * stride, c * stride
            answers[:, r, c, :] = np.tensordot(bigger[:, y : y + k_rows, x : x + k_cols, :], kernels, axes=3)
    return answers + bias


def max_pool2d(images, pool_size=2):
    n, h, w, c = images.shape
    # throw away what does not divide evenly
    x = images[:, h % pool_size :, w % pool_size :, :]
    return x.reshape(n, h // pool_size, pool_size, w // pool_size, pool_size, c).max(axis=(2, 4))
