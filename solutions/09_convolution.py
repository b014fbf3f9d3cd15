# %% [markdown]
# # Exercise 9: Convolution by hand
#
# Write the two operations that a convolutional network is made of, and a function that says how large the result of a
# convolution is. The two take arrays and return a new one. They must not change the arrays that they are given. Plain
# loops are fast enough. Check your work at any time with `./digits check convolution`. The lesson is
# `lessons/09_convolution.md`.

# %%
import numpy as np

# %% [markdown]
# ## How many positions?


# %%
def output_size(size: int, kernel_size: int, stride: int = 1, padding: str = "valid") -> int:
    """Count the positions that a sliding kernel takes along one axis.

    Args:
        size: pixels of the image along this axis.
        kernel_size: pixels of the kernel along this axis, 1 <= kernel_size <= size.
        stride: pixels from one position to the next, >= 1.
        padding: ``"valid"`` or ``"same"``.

    Returns:
        An int. With ``"valid"``, the first position is at pixel 0, and every position lies completely inside the
        image. With ``"same"``, zeros around the image make room for one position per ``stride`` pixels, rounded up:
        as many positions as pixels at stride 1, and 7 pixels at stride 2 give 4.

    >>> output_size(10, 4), output_size(10, 4, stride=3), output_size(10, 4, stride=3, padding="same")
    (7, 3, 4)
    """
    ### BEGIN SOLUTION
    if padding == "same":
        # The size of the kernel does not matter here. The two minus signs turn rounding down into rounding up.
        return -(-size // stride)
    # The kernel can move from its first position by size - kernel_size pixels, in whole strides. The first position
    # counts too: a fence has one more post than it has gaps.
    return (size - kernel_size) // stride + 1
    ### END SOLUTION


# %% [markdown]
# ## A kernel slides


# %%
def conv2d(
    images: np.ndarray, kernels: np.ndarray, bias: np.ndarray, stride: int = 1, padding: str = "valid"
) -> np.ndarray:
    """Slide kernels over images, as the layer Conv2D of Keras does before its activation.

    At each position the kernel lies on the image as it stands (neither rotated nor mirrored). Each pixel is multiplied
    by the kernel number on top of it, and all products are added up, over the kernel's rows, columns and channels. At
    the end, the kernel's bias is added once.

    Args:
        images: real numbers (n, h, w, c_in), n >= 1, of any dtype (uint8, float32, float64).
        kernels: floats (kh, kw, c_in, c_out), no larger than the images: c_out kernels, each c_in channels deep.
        bias: floats (c_out,).
        stride: pixels from one position to the next, down as well as across.
        padding: ``"valid"`` or ``"same"``. With ``"same"``, each axis is padded with as many zeros as its last position
            needs and no more (none, if none are needed). Half of them come before the image and half after it. If
            their number is odd, the extra one comes after it, at the bottom or on the right, as in TensorFlow.

    Returns:
        Floats (n, h', w', c_out), where h' and w' are the ``output_size`` of the two axes. Entry [i, r, c, o] is the
        response of kernel o to image i, at row r, column c of its positions.

    Images and kernels need not be square. All three arrays stay as they are.

    >>> image = np.array([[0, 1, 3, 3], [0, 2, 6, 6]]).reshape(1, 2, 4, 1)
    >>> kernel = np.array([-1.0, 1.0]).reshape(1, 2, 1, 1)
    >>> conv2d(image, kernel, np.array([0.5]))[0, :, :, 0]
    array([[1.5, 2.5, 0.5],
           [2.5, 4.5, 0.5]])
    """
    ### BEGIN SOLUTION
    n, height, width, _ = images.shape
    kernel_height, kernel_width, _, c_out = kernels.shape
    rows = output_size(height, kernel_height, stride, padding)
    columns = output_size(width, kernel_width, stride, padding)

    if padding == "same":

        def margins(positions, size, kernel_size):
            # The last window begins at (positions - 1) * stride; what it needs beyond the image is the padding.
            # If the stride is larger than the kernel, it may need nothing, hence the max.
            total = max((positions - 1) * stride + kernel_size - size, 0)
            return total // 2, total - total // 2

        down, across = margins(rows, height, kernel_height), margins(columns, width, kernel_width)
        images = np.pad(images, [(0, 0), down, across, (0, 0)])

    maps = np.zeros((n, rows, columns, c_out))
    # Looping over the pixels of the kernel takes far fewer steps than looping over the positions: kernel pixel (i, j)
    # meets the same pixels at all positions, namely every stride-th one from (i, j) on.
    for i in range(kernel_height):
        for j in range(kernel_width):
            met = images[:, i : i + rows * stride : stride, j : j + columns * stride : stride]
            maps += met @ kernels[i, j]  # (n, rows, columns, c_in) @ (c_in, c_out): the sum over the channels
    return maps + bias  # once per response, whatever the size of the kernel
    ### END SOLUTION


# %% [markdown]
# ## The largest of each block


# %%
def max_pool2d(images: np.ndarray, pool_size: int = 2) -> np.ndarray:
    """Keep the largest number of each block of pool_size x pool_size pixels, as the layer MaxPooling2D of Keras does.

    Args:
        images: real numbers (n, h, w, c), n >= 1, of any sign and dtype.
        pool_size: height and width of a block, 1 <= pool_size <= h and w. Blocks lie side by side, without overlap.

    Returns:
        (n, h // pool_size, w // pool_size, c). Each image and each channel is pooled by itself. The first block begins
        at the top left; rows at the bottom and columns on the right that do not fill a block are left out.

    ``images`` stays as it is.

    >>> max_pool2d(np.array([[4, -7, 1, 9], [-2, 3, 5, 0], [8, 8, 8, 8]]).reshape(1, 3, 4, 1))[0, :, :, 0]
    array([[4, 9]])
    """
    ### BEGIN SOLUTION
    n, height, width, channels = images.shape
    rows, columns = height // pool_size, width // pool_size
    whole = images[:, : rows * pool_size, : columns * pool_size]
    # Row r of the image is row r % pool_size of block r // pool_size: a reshape splits one axis into these two.
    blocks = whole.reshape(n, rows, pool_size, columns, pool_size, channels)
    return blocks.max(axis=(2, 4))
    ### END SOLUTION
