# Generated from solutions/09_convolution.py by `./digits dev build`. Edit it here: `./digits check convolution` grades it.
# %% [markdown]
# # Exercise 9: Convolution by hand
#
# Write the two operations that a convolutional network is made of, and the small sum that says how large their result
# is. Each takes arrays and returns a new one; none may change the arrays that it was given. Plain loops are fast
# enough. Check your work at any time with `./digits check convolution`. The lesson is `lessons/09_convolution.md`.

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
        An int. With ``"valid"``, the first position is at pixel 0, and every position lies inside the image as a
        whole. With ``"same"``, zeros around the image make room for one position for every ``stride`` pixels, the
        last of them begun or full: as many positions as pixels at stride 1, and 7 pixels at stride 2 give 4.

    >>> output_size(10, 4), output_size(10, 4, stride=3), output_size(10, 4, stride=3, padding="same")
    (7, 3, 4)
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## A kernel slides


# %%
def conv2d(
    images: np.ndarray, kernels: np.ndarray, bias: np.ndarray, stride: int = 1, padding: str = "valid"
) -> np.ndarray:
    """Slide kernels over images, as the layer Conv2D of Keras does before its activation.

    At each position a kernel is laid on the image as it stands (neither turned nor mirrored), numbers that lie on each
    other are multiplied, and all products are added, over the kernel's rows, columns and channels. One bias per kernel
    is added at the end.

    Args:
        images: real numbers (n, h, w, c_in), n >= 1, of any dtype (uint8, float32, float64).
        kernels: floats (kh, kw, c_in, c_out), no larger than the images: c_out kernels, each c_in channels deep.
        bias: floats (c_out,).
        stride: pixels from one position to the next, down as well as across.
        padding: ``"valid"`` or ``"same"``. With ``"same"``, each axis is padded with as many zeros as its last position
            needs and no more (none, if none are needed). Half of them come before the image and half behind it; if
            their number is odd, the larger half comes behind, at the bottom or on the right, as in TensorFlow.

    Returns:
        Floats (n, h', w', c_out), where h' and w' are the ``output_size`` of the two axes. Entry [i, r, c, o] is the
        answer of kernel o at row r, column c of its positions on image i.

    Neither images nor kernels need be square. All three arrays stay as they are.

    >>> image = np.array([[0, 1, 3, 3], [0, 2, 6, 6]]).reshape(1, 2, 4, 1)
    >>> kernel = np.array([-1.0, 1.0]).reshape(1, 2, 1, 1)
    >>> conv2d(image, kernel, np.array([0.5]))[0, :, :, 0]
    array([[1.5, 2.5, 0.5],
           [2.5, 4.5, 0.5]])
    """
    # YOUR CODE HERE
    raise NotImplementedError()


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
    # YOUR CODE HERE
    raise NotImplementedError()
