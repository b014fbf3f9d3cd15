# %% [markdown]
# # Exercise 1: Pixels
#
# Write the five small functions that stand between the MNIST files and every model in this course. Each takes
# arrays and returns a new one; none may change the array that it was given. Check your work at any time with
# `./digits check pixels`. The lesson is `lessons/01_pixels.md`.

# %%
import numpy as np

# %% [markdown]
# ## How many of each?


# %%
def label_counts(labels: np.ndarray, num_classes: int = 10) -> np.ndarray:
    """Count how often each class occurs.

    Args:
        labels: integers (n,) in 0..num_classes - 1, n >= 1, of any integer dtype (uint8, int32, int64).
        num_classes: number of classes k. It need not be 10.

    Returns:
        Integers (k,). Entry c says how many labels equal c; a class that never occurs counts 0.

    ``labels`` keeps its values and their order.

    >>> label_counts(np.array([2, 0, 2, 2]), num_classes=5)
    array([1, 0, 3, 0, 0])
    """
    ### BEGIN SOLUTION
    # bincount alone stops at the largest label it finds, so minlength makes room for the absent classes after it.
    return np.bincount(labels, minlength=num_classes)
    ### END SOLUTION


# %% [markdown]
# ## From gray levels to numbers between 0 and 1


# %%
def scale_pixels(images: np.ndarray) -> np.ndarray:
    """Map gray levels 0..255 to 0..1.

    Args:
        images: uint8 (n, 28, 28) in 0..255.

    Returns:
        float32 of the same shape. 0 becomes exactly 0.0 and 255 exactly 1.0, with every gray level evenly spaced
        between them. The same gray level becomes the same number in every image, whatever else that image holds.

    ``images`` stays as it is.

    >>> scale_pixels(np.array([[[0, 51, 255]]], dtype=np.uint8))
    array([[[0. , 0.2, 1. ]]], dtype=float32)
    """
    ### BEGIN SOLUTION
    # Convert first: uint8 / 255 would go through float64, which takes eight bytes per pixel where four are plenty.
    # The divisor is the largest possible gray level, not the largest in this batch, so it is the same for all images.
    return images.astype(np.float32) / 255
    ### END SOLUTION


# %% [markdown]
# ## One row per image


# %%
def flatten_images(images: np.ndarray) -> np.ndarray:
    """Lay the pixels of each image out in one row.

    Args:
        images: (n, 28, 28) of any dtype, n >= 1.

    Returns:
        (n, 784) of the same dtype. Row i is image i read like a page: its top row of pixels from left to right, then
        the next row (row-major). So the pixel at row r, column c of an image ends up in column 28 * r + c.

    ``images`` keeps its values and its shape.

    >>> flatten_images(np.zeros((5, 28, 28), dtype=np.uint8)).shape
    (5, 784)
    """
    ### BEGIN SOLUTION
    # reshape keeps the order of the numbers in memory, and NumPy stores rows one after another: that is row-major.
    # The first axis is pinned to n, so no pixel can slip into another image; -1 is then left with 28 * 28.
    return images.reshape(len(images), -1)
    ### END SOLUTION


# %% [markdown]
# ## One channel


# %%
def add_channel_axis(images: np.ndarray) -> np.ndarray:
    """Give gray images the axis of color channels that a convolution expects.

    Args:
        images: (n, 28, 28) of any dtype, n >= 1.

    Returns:
        (n, 28, 28, 1) of the same dtype: the one channel comes last.

    ``images`` keeps its values and its shape.

    >>> add_channel_axis(np.zeros((5, 28, 28), dtype=np.uint8)).shape
    (5, 28, 28, 1)
    """
    ### BEGIN SOLUTION
    # An axis of length 1 adds nothing new. It says "one number per pixel", where a color photo would say three.
    return images[..., np.newaxis]
    ### END SOLUTION


# %% [markdown]
# ## From a label to a row


# %%
def one_hot(labels: np.ndarray, num_classes: int = 10) -> np.ndarray:
    """Turn each label into a row that holds a single 1, in the column of its class.

    Args:
        labels: integers (n,) in 0..num_classes - 1, n >= 1, of any integer dtype (uint8, int32, int64).
        num_classes: number of classes k. It need not be 10, and not every class has to occur.

    Returns:
        float32 (n, k). Row i belongs to label i; each row sums to 1.

    ``labels`` stays as it is.

    >>> one_hot(np.array([2, 0]), num_classes=4)
    array([[0., 0., 1., 0.],
           [1., 0., 0., 0.]], dtype=float32)
    """
    ### BEGIN SOLUTION
    # The width comes from num_classes, not from labels.max(): a batch without a 9 must still have ten columns.
    rows = np.zeros((len(labels), num_classes), dtype=np.float32)
    # Two index arrays pair up: (0, labels[0]), (1, labels[1]), ... one cell per row, without a loop.
    rows[np.arange(len(labels)), labels] = 1
    return rows
    ### END SOLUTION
