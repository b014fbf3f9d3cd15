# diagnosis: changed-its-input
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
    n, h, w, c = images.shape
    h, w = h // pool_size * pool_size, w // pool_size * pool_size
    best = images[:, 0:h:pool_size, 0:w:pool_size]
    for i in range(pool_size):
        for j in range(pool_size):
            other = images[:, i:h:pool_size, j:w:pool_size]
            best[best < other] = other[best < other]
    return best
