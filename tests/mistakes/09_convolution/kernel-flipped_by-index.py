# diagnosis: kernel-flipped
# in: conv2d
# checks: conv2d_slides
import numpy as np


def output_size(size, kernel_size, stride=1, padding="valid"):
    last = size if padding == "same" else size - kernel_size + 1
    return len(range(0, last, stride))


def conv2d(images, kernels, bias, stride=1, padding="valid"):
    n, h, w, channels = images.shape
    kh, kw, _, filters = kernels.shape
    rows, cols = output_size(h, kh, stride, padding), output_size(w, kw, stride, padding)
    top = left = 0
    if padding == "same":
        top = max((rows - 1) * stride + kh - h, 0) // 2
        left = max((cols - 1) * stride + kw - w, 0) // 2
    out = np.zeros((n, rows, cols, filters))
    for r in range(rows):
        for c in range(cols):
            for i in range(kh):
                for j in range(kw):
                    # out[r] = sum of kernel[i] * image[r - i], counted from the far corner of the window
                    y, x = r * stride - top + (kh - 1) - i, c * stride - left + (kw - 1) - j
                    if 0 <= y < h and 0 <= x < w:
                        out[:, r, c] += images[:, y, x] @ kernels[i, j]
    return out + bias


def max_pool2d(images, pool_size=2):
    n, h, w, c = images.shape
    out = np.zeros((n, h // pool_size, w // pool_size, c))
    for r in range(h // pool_size):
        for s in range(w // pool_size):
            block = images[:, r * pool_size : (r + 1) * pool_size, s * pool_size : (s + 1) * pool_size, :]
            out[:, r, s, :] = block.max(axis=(1, 2))
    return out
