# diagnosis: same-padding-on-one-side
# in: conv2d
# checks: conv2d_same
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
    n, h, w, c_in = images.shape
    kh, kw, _, c_out = kernels.shape
    rows, cols = output_size(h, kh, stride, padding), output_size(w, kw, stride, padding)
    if padding == "same":
        # half a kernel on every side, so that its middle starts on the first pixel
        images = np.pad(images, ((0, 0), (kh // 2, kh // 2), (kw // 2, kw // 2), (0, 0)))
    out = np.zeros((n, rows, cols, c_out))
    for r in range(rows):
        for c in range(cols):
            patch = images[:, r * stride : r * stride + kh, c * stride : c * stride + kw]
            out[:, r, c] = np.tensordot(patch, kernels, axes=((1, 2, 3), (0, 1, 2)))
    return out + bias


def max_pool2d(images, pool_size=2):
    n, h, w, c = images.shape
    out = np.zeros((n, h // pool_size, w // pool_size, c))
    for r in range(h // pool_size):
        for s in range(w // pool_size):
            block = images[:, r * pool_size : (r + 1) * pool_size, s * pool_size : (s + 1) * pool_size, :]
            out[:, r, s, :] = block.max(axis=(1, 2))
    return out
