# diagnosis: pool-overlaps
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
    windows = np.lib.stride_tricks.sliding_window_view(images, (pool_size, pool_size), axis=(1, 2))
    return windows.max(axis=(-2, -1))
