# Exercise 11: write the functions, save, run ./digits check augmentation
# %% [markdown]
# # Exercise 11: Augmentation
#
# Shift digits by hand, each by its own random distance, in NumPy; then build a network that shifts its own training
# digits, and train it. The lesson that goes with it is `lessons/11_augmentation.md`. Fill in each function where it
# says `YOUR CODE HERE`, then run `./digits check augmentation`.

# %%
import keras
import numpy as np

# %% [markdown]
# ## Shift
#
# Every image of the batch by the same distance.


# %%
def shift(images: np.ndarray, rows: int, columns: int) -> np.ndarray:
    """Move all images by whole pixels; what moves in from the edge is blank.

    Args:
        images: (n, height, width) or (n, height, width, 1), of any size and any dtype of numbers. Not changed.
        rows: how far down, in pixels; negative: up.
        columns: how far to the right, in pixels; negative: to the left.

    Returns:
        A new array of the same shape and dtype. What is shifted out of the picture is lost, and the places that become
        free hold 0. Shifted by its whole height or width or more, an image is blank.

    >>> digit = np.array([[[1, 2, 3], [4, 5, 6]]], dtype=np.uint8)
    >>> shift(digit, rows=1, columns=0)
    array([[[0, 0, 0],
            [1, 2, 3]]], dtype=uint8)
    >>> shift(digit, rows=0, columns=-2)
    array([[[3, 0, 0],
            [6, 0, 0]]], dtype=uint8)
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## Shift at random
#
# Every image by a distance of its own.


# %%
def random_shift(images: np.ndarray, max_shift: int, rng: np.random.Generator) -> np.ndarray:
    """Move each image by its own random number of pixels, down or up and to the right or to the left.

    Args:
        images: as for `shift`. Not changed.
        max_shift: the longest shift in each of the four directions, 0 or more.
        rng: where the random numbers come from, and the only place: a generator in the same state gives the same
            result, another one another.

    Returns:
        A new array of the same shape and dtype, with the images in the same order. The rows and the columns by which
        an image is shifted are whole numbers from -max_shift to max_shift, *both included* and all equally likely;
        the two are independent of each other and of the other images. Blank paper moves in, as in `shift`.

    How many random numbers you draw, and in which order, is up to you.

    >>> digits = np.zeros((4, 28, 28), dtype=np.uint8)
    >>> random_shift(digits, 3, np.random.default_rng(0)).shape
    (4, 28, 28)
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## A network that shifts its own training digits
#
# Keras has layers for it, `keras.layers.RandomTranslation` and its relatives. They belong *into* the model: there they
# know whether it is being trained, and people who use the model don't have to think of them.


# %%
def build_augmented_cnn() -> keras.Model:
    """Build and compile a convolutional network that augments its input; it is not trained here.

    It must have

    - input: float (n, 28, 28, 1) in 0..1, scaled already;
    - augmentation as layers of the model: in training every digit is shifted at random, at inference none is, so asking
      twice gives the same answer;
    - only what leaves the label true: nothing is mirrored, nothing is rotated by more than 45 degrees to either side,
      nothing is shifted by more than 0.3 of the picture;
    - blank paper moving in from the edge, as in `shift`. Read what the layer does by default;
    - output: (n, 10), the probabilities of the ten classes, from a softmax;
    - compiled with the metric `accuracy` and a cross-entropy: for integer labels or for one-hot ones, whichever
      `train_augmented` passes on. Any optimizer.

    Returns:
        The compiled Keras model, with fresh random weights at every call.

    The check lets `train_augmented` train it on 10,000 digits for three epochs. Then it shifts 10,000 unseen digits by
    up to 4 pixels, rows and columns at random, and asks for at least 90% of them. That threshold lies five standard
    deviations below the mean of what the reference reached with 100 seeds. Without augmentation the same network stays
    below 70%.
    Three such epochs should take no more than a few seconds on two cores.

    >>> build_augmented_cnn().output_shape
    (None, 10)
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## Train it


# %%
def train_augmented(model: keras.Model, images: np.ndarray, labels: np.ndarray, epochs: int = 3):
    """Train a network of `build_augmented_cnn` on raw digits.

    Args:
        model: the compiled model; its weights change.
        images: *raw* uint8 (n, 28, 28) in 0..255: they are scaled and get their channel axis in here. Unchanged
            afterwards.
        labels: integers (n,) in 0..9. Not changed.
        epochs: how many times to go through the digits.

    Returns:
        The `keras.callbacks.History` that `model.fit` returns, with `loss` for every epoch.

    The size of a batch is up to you. The digits given here are the only ones to learn from; to validate is optional,
    and then on rows that are kept out of training.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# This file was generated by ./digits dev build. It is yours to edit.
