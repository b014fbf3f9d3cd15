# Exercise 12: write the functions, save, run ./digits check looking_inside
# %% [markdown]
# # Exercise 12: Looking inside a network
#
# Write three ways of asking a trained network what it looks at: the maps that a layer makes of images, the pixels that
# move a class score, and the patches that a class cannot do without. The lesson that goes with it is
# `lessons/12_looking_inside.md`. To check your work, run `./digits check looking_inside` as often as you like.
#
# All three functions take a Keras model and must give it back as it was: the same weights, layers and activations.
# `model.layers` is the list of its layers, and each of them can be called on a batch on its own. The models that occur
#
# - are `keras.Sequential` models that know the shape of their input. That input is `model.inputs[0]` (Sequential models
#   have neither `model.input` nor `model.output`); a layer's are `layer.input` and `layer.output`;
# - take float32 images (n, 28, 28, 1) in 0..1 and return probabilities (n, k), for ten classes or another number k;
# - end in one of two forms: either in a `Dense` layer (with bias) whose activation is softmax, or in a `Dense` layer
#   (with bias) without activation that is followed by the softmax as a layer of its own, `Softmax()` or
#   `Activation("softmax")`;
# - hold in between `Conv2D`, `MaxPooling2D`, `ReLU`, `Flatten`, `Dense` and `Dropout`, not necessarily all of them: a
#   model may have no convolution at all. They are asked as in inference, so dropout drops nothing.

# %%
import keras
import numpy as np
import tensorflow as tf

# %% [markdown]
# ## What does a layer see?


# %%
def feature_maps(model: keras.Model, images: np.ndarray, layer_name: str) -> np.ndarray:
    """Compute what a layer of the model puts out for each image.

    Args:
        model: the model; unchanged afterwards.
        images: float32 (n, 28, 28, 1) in 0..1, n >= 1. Unchanged afterwards.
        layer_name: the name of a layer that puts out maps: a convolution, or a pooling, ReLU or dropout layer after
            one. It need not be the first layer; ``model.get_layer(layer_name)`` finds it.

    Returns:
        Real numbers (n, h, w, c), an array or a tensor: entry [i, :, :, j] is the j-th map of image i. They are the
        layer's output as the next layer gets it, so after the layer's own activation if it has one. Nothing is
        normalized.

    >>> feature_maps(model, images, "first_convolution").shape  # 5 images, 8 kernels of 3 x 3
    (5, 26, 26, 8)
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## Which pixels move the score?


# %%
def saliency_map(model: keras.Model, image: np.ndarray, label: int) -> np.ndarray:
    """Compute how strongly each pixel moves the score of a class.

    The score of class ``label`` is its *logit*: the number that the last ``Dense`` layer gives this class *before* the
    softmax. It is not the probability, nor the logarithm of the probability, nor the loss. The lesson says why.

    Args:
        model: the model, in either of the two forms above; unchanged afterwards.
        image: a single image, float32 (28, 28, 1) in 0..1, without a batch axis. Unchanged afterwards.
        label: the class to ask about, an integer in 0..k - 1; not necessarily the one that the model finds most
            probable.

    Returns:
        Real numbers (28, 28), an array or a tensor, none of them negative: the absolute value of the derivative of the
        score with respect to each pixel. Nothing is normalized.

    Source: K. Simonyan, A. Vedaldi and A. Zisserman, "Deep Inside Convolutional Networks: Visualising Image
    Classification Models and Saliency Maps" (2014), section 3.

    >>> saliency_map(model, image, label=3).shape
    (28, 28)
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## What can the class not do without?


# %%
def occlusion_map(model: keras.Model, image: np.ndarray, label: int, patch_size: int = 7) -> np.ndarray:
    """Blank the image patch by patch and measure how far the probability of a class drops.

    The patches are squares of ``patch_size`` x ``patch_size`` pixels that lie side by side, without gap or overlap, and
    cover the image. Each is blanked on its own, with 0 (paper), while all other pixels stay as they are.

    Args:
        model: the model; unchanged afterwards.
        image: a single image, float32 (28, 28, 1) in 0..1, without a batch axis. Unchanged afterwards.
        label: the class to ask about, an integer in 0..k - 1.
        patch_size: pixels along a side of a patch; it divides 28.

    Returns:
        Real numbers (28 // patch_size, 28 // patch_size), an array or a tensor. Entry [r, c] is the probability of the
        class for the whole image minus its probability when the patch in row r, column c of patches is blank. Where
        the patch speaks against the class, that is negative.

    A few dozen images are one small batch: ``model(batch)`` answers it at once, and far sooner than a ``predict`` for
    every patch.

    Source: M. D. Zeiler and R. Fergus, "Visualizing and Understanding Convolutional Networks" (2014), section 4.2.

    >>> occlusion_map(model, image, label=3).shape, occlusion_map(model, image, label=3, patch_size=14).shape
    ((4, 4), (2, 2))
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# This file was generated by ./digits dev build. It is yours to edit.
