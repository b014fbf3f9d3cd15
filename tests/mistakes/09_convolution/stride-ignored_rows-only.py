# diagnosis: stride-ignored
# in: conv2d
# checks: conv2d_stride
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
    kh, kw = kernels.shape[0], kernels.shape[1]
    if padding == "same":
        around = []
        for size, k in ((images.shape[1], kh), (images.shape[2], kw)):
            total = max((output_size(size, k, stride, padding) - 1) * stride + k - size, 0)
            around.append((total // 2, total - total // 2))
        images = np.pad(images, ((0, 0), around[0], around[1], (0, 0)))
    views = np.lib.stride_tricks.sliding_window_view(images, (kh, kw), axis=(1, 2))
    views = views[:, ::stride]
    return np.einsum("nrcdij,ijdo->nrco", views, kernels) + bias


def max_pool2d(images, pool_size=2):
    n, h, w, c = images.shape
    h, w = h - h % pool_size, w - w % pool_size
    shifted = [images[:, i:h:pool_size, j:w:pool_size] for i in range(pool_size) for j in range(pool_size)]
    return np.max(shifted, axis=0)
