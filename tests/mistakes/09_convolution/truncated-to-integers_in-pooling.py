# diagnosis: truncated-to-integers
# in: max_pool2d
# checks: max_pool2d
import numpy as np


def output_size(size, kernel_size, stride=1, padding="valid"):
    if padding == "same":
        return (size - 1) // stride + 1
    return (size - kernel_size) // stride + 1


def first_pixel(size, kernel_size, stride, padding):
    if padding == "valid":
        return 0
    last = (output_size(size, kernel_size, stride, padding) - 1) * stride
    return -(max(last + kernel_size - size, 0) // 2)


def conv2d(images, kernels, bias, stride=1, padding="valid"):
    n, h, w, c_in = images.shape
    kh, kw, _, c_out = kernels.shape
    top, left = first_pixel(h, kh, stride, padding), first_pixel(w, kw, stride, padding)
    pixels, weights = images.tolist(), kernels.tolist()
    result = []
    for image in pixels:
        maps = []
        for r in range(output_size(h, kh, stride, padding)):
            row = []
            for c in range(output_size(w, kw, stride, padding)):
                answers = []
                for o in range(c_out):
                    total = float(bias[o])
                    for i in range(kh):
                        for j in range(kw):
                            y, x = top + r * stride + i, left + c * stride + j
                            if 0 <= y < h and 0 <= x < w:
                                for d in range(c_in):
                                    total += image[y][x][d] * weights[i][j][d][o]
                    answers.append(total)
                row.append(answers)
            maps.append(row)
        result.append(maps)
    return np.array(result)


def max_pool2d(images, pool_size=2):
    n, h, w, channels = images.shape
    result = np.zeros((n, h // pool_size, w // pool_size, channels), dtype=int)
    for r in range(h // pool_size):
        for c in range(w // pool_size):
            top, left = r * pool_size, c * pool_size
            result[:, r, c] = images[:, top : top + pool_size, left : left + pool_size].max(axis=(1, 2))
    return result
