# diagnosis: pool-size-ignored
# in: max_pool2d
# checks: max_pool2d_sizes
import numpy as np


def output_size(size, kernel_size, stride=1, padding="valid"):
    # pixels where a window may start, divided among the strides, rounded up
    starts = size if padding == "same" else size - kernel_size + 1
    return int(np.ceil(starts / stride))


def conv2d(images, kernels, bias, stride=1, padding="valid"):
    kh, kw = kernels.shape[:2]
    sizes = []
    pads = [(0, 0)]
    for length, k in zip(images.shape[1:3], (kh, kw)):
        size = output_size(length, k, stride, padding)
        extra = max((size - 1) * stride + k - length, 0) if padding == "same" else 0
        pads.append((extra // 2, extra - extra // 2))
        sizes.append(size)
    pads.append((0, 0))
    x = np.pad(images, pads)
    windows = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(1, 2))
    windows = windows[:, ::stride, ::stride][:, : sizes[0], : sizes[1]]
    return np.einsum("nhwcij,ijcf->nhwf", windows, kernels) + bias


def max_pool2d(images, pool_size=2):
    a = images[:, 0::2, 0::2]
    rows, cols = images.shape[1] // 2, images.shape[2] // 2
    a = images[:, 0 : 2 * rows : 2, 0 : 2 * cols : 2]
    b = images[:, 0 : 2 * rows : 2, 1 : 2 * cols : 2]
    c = images[:, 1 : 2 * rows : 2, 0 : 2 * cols : 2]
    d = images[:, 1 : 2 * rows : 2, 1 : 2 * cols : 2]
    return np.maximum(np.maximum(a, b), np.maximum(c, d))
