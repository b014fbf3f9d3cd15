# alternative: all positions at stride 1 first, then every stride-th of them; a running maximum over shifts
import numpy as np


def output_size(size, kernel_size, stride=1, padding="valid"):
    positions = np.arange(size) if padding == "same" else np.arange(size - kernel_size + 1)
    return positions[::stride].size


def conv2d(images, kernels, bias, stride=1, padding="valid"):
    kh, kw = kernels.shape[0], kernels.shape[1]
    if padding == "same":
        for axis, k in ((1, kh), (2, kw)):
            size = images.shape[axis]
            missing = max((output_size(size, k, stride, padding) - 1) * stride + k - size, 0)
            for number, where in ((missing // 2, "before"), (missing - missing // 2, "behind")):
                shape = list(images.shape)
                shape[axis] = number
                pair = [np.zeros(shape), images] if where == "before" else [images, np.zeros(shape)]
                images = np.concatenate(pair, axis=axis)
    high, wide = images.shape[1] - kh + 1, images.shape[2] - kw + 1
    maps = np.broadcast_to(bias, (len(images), high, wide, len(bias))).astype(float)
    for (i, j, d, o), weight in np.ndenumerate(kernels):
        maps[..., o] += weight * images[:, i : i + high, j : j + wide, d]
    return maps[:, ::stride, ::stride]


def max_pool2d(images, pool_size=2):
    n, h, w, c = images.shape
    h -= h % pool_size
    w -= w % pool_size
    best = np.full((n, h // pool_size, w // pool_size, c), -np.inf)
    for i in range(pool_size):
        for j in range(pool_size):
            best = np.maximum(best, images[:, i:h:pool_size, j:w:pool_size])
    return best
