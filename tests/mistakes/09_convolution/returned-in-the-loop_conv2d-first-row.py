# diagnosis: returned-in-the-loop
# in: conv2d
# checks: conv2d_slides
import numpy as np


def output_size(size, kernel_size, stride=1, padding="valid"):
    if padding == "same":
        return (size - 1) // stride + 1
    return (size - kernel_size) // stride + 1


def conv2d(images, kernels, bias, stride=1, padding="valid"):
    kh, kw = kernels.shape[:2]
    rows = output_size(images.shape[1], kh, stride, padding)
    columns = output_size(images.shape[2], kw, stride, padding)
    if padding == "same":
        down = max((rows - 1) * stride + kh - images.shape[1], 0)
        across = max((columns - 1) * stride + kw - images.shape[2], 0)
        around = (down // 2, down - down // 2), (across // 2, across - across // 2)
        images = np.pad(images, [(0, 0), *around, (0, 0)])
    out = np.zeros((len(images), rows, columns, kernels.shape[3]))
    for r in range(rows):
        for c in range(columns):
            patch = images[:, r * stride : r * stride + kh, c * stride : c * stride + kw]
            out[:, r, c] = np.tensordot(patch, kernels, axes=3) + bias
        return out


def max_pool2d(images, pool_size=2):
    n, h, w, channels = images.shape
    result = np.zeros((n, h // pool_size, w // pool_size, channels))
    for i in range(n):
        for r in range(h // pool_size):
            for c in range(w // pool_size):
                for k in range(channels):
                    largest = -np.inf
                    for a in range(pool_size):
                        for b in range(pool_size):
                            value = images[i, r * pool_size + a, c * pool_size + b, k]
                            if value > largest:
                                largest = value
                    result[i, r, c, k] = largest
    return result
