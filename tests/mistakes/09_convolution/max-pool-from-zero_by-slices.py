# diagnosis: max-pool-from-zero
# in: max_pool2d
# checks: max_pool2d
import numpy as np


def output_size(size, kernel_size, stride=1, padding="valid"):
    if padding == "valid":
        count = 0
        start = 0
        while start + kernel_size <= size:
            count += 1
            start += stride
        return count
    return (size + stride - 1) // stride


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
    h, w = h - h % pool_size, w - w % pool_size
    best = np.zeros((n, h // pool_size, w // pool_size, c), dtype=images.dtype)
    for i in range(pool_size):
        for j in range(pool_size):
            np.maximum(best, images[:, i:h:pool_size, j:w:pool_size], out=best)
    return best
