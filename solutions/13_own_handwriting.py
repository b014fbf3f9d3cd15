# %% [markdown]
# # Exercise 13: Your own handwriting
#
# Turn a photograph of a handwritten digit into what every model of this course has been trained on: a 28×28 picture
# made in the same way as MNIST. Six functions, one for each step, and the last one chains the others. Check your work
# at any time with `./digits check own_handwriting`. The lesson is `lessons/13_own_handwriting.md`.
#
# Every image is a NumPy array of dtype uint8 with values 0..255, going in and coming out, and at least 1×1 in size.
# No function may change the array that it was given. NumPy is enough, but Pillow (`PIL`) and `scipy.ndimage` are
# there as well, and make some steps short; use what you like of them.

# %%
import numpy as np
from PIL import Image
from scipy import ndimage

# %% [markdown]
# ## One number per pixel


# %%
def to_grayscale(image: np.ndarray) -> np.ndarray:
    """Turn a picture into gray levels; where it is transparent, white paper shows through.

    Args:
        image: uint8, either (h, w), gray already; or (h, w, 3), red, green and blue; or (h, w, 4), the same with a
            fourth channel alpha, the opacity: 255 is solid, 0 is fully transparent, and all levels in between occur.

    Returns:
        uint8 (h, w). Gray comes back as it is. A color becomes 0.299 red + 0.587 green + 0.114 blue (ITU-R BT.601,
        as in Pillow's ``convert("L")``: the eye is most sensitive to green). A pixel whose alpha is a part p of 255
        becomes p times its own gray level plus 1 - p times 255. How you round is up to you: two levels more or less
        are fine.

    >>> to_grayscale(np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255]]], dtype=np.uint8))
    array([[ 76, 150,  29]], dtype=uint8)
    """
    ### BEGIN SOLUTION
    if image.ndim == 2:  # the number of axes tells; a gray picture may well be three or four pixels wide
        return image.copy()
    # Floating point from here on: products of bytes would wrap around.
    gray = image[..., :3] @ np.array([0.299, 0.587, 0.114])
    if image.shape[2] == 4:
        # The color of a transparent pixel is whatever the drawing program left there, so it must count for nothing.
        opacity = image[..., 3] / 255
        gray = opacity * gray + (1 - opacity) * 255
    return gray.round().astype(np.uint8)
    ### END SOLUTION


# %% [markdown]
# ## Bright ink on dark paper


# %%
def invert_if_needed(gray: np.ndarray) -> np.ndarray:
    """Make ink bright and paper dark, as in MNIST, whether the picture shows pen on paper or chalk on a board.

    Args:
        gray: uint8 (h, w).

    Returns:
        uint8 (h, w): 255 - gray if the paper is bright, otherwise the same values as gray. The paper is bright if
        the median of the border is 128 or more. The border is the outermost row or column of pixels on all four
        sides together: a digit may fill the middle or be cut off by an edge, and a finger or the table may cover a
        whole side, but most of the border is paper.

    >>> invert_if_needed(np.array([[240, 240, 240], [240, 10, 240], [240, 240, 240]], dtype=np.uint8))
    array([[ 15,  15,  15],
           [ 15, 245,  15],
           [ 15,  15,  15]], dtype=uint8)
    """
    ### BEGIN SOLUTION
    # A median asks what most of the border is. A mean would let a dark corner outvote the paper.
    border = np.concatenate([gray[0], gray[-1], gray[:, 0], gray[:, -1]])
    return 255 - gray if np.median(border) >= 128 else gray.copy()
    ### END SOLUTION


# %% [markdown]
# ## Where the ink is


# %%
def crop_to_ink(gray: np.ndarray) -> np.ndarray:
    """Cut out the smallest box that holds the digit, and clear the paper in it.

    Args:
        gray: uint8 (h, w), bright ink on darker paper. A clean drawing, or a photograph with noise, shadows and specks:

            - Ink is at least 60 levels brighter than the paper right beside it, and a stroke is at most an eighth of
              the picture's longer side wide. The paper need not be black.
            - Noise makes neighboring pixels of paper differ by some 15 levels at most.
            - Light falls off gradually, but it may fall off far: paper in the shadow can be as bright as the ink
              elsewhere. (After the inversion a shadow is *brighter* than the paper around it.)
            - A connected component of less than 1% of the digit's pixels is a speck and does not belong to the digit.
              A component of 10% or more does: the bar of a 5 may hang in the air.

    Returns:
        uint8, the box cut out of the picture: on each side within one pixel of the ink in a clean drawing, within
        three pixels in a photograph. Inside the box paper is 0 or nearly so, the middle of a stroke is bright (200 or
        more), and the edges of strokes, where ink and paper share a pixel, keep their grays in between.

    Raises:
        ValueError: nothing stands out from the paper (a blank page, a single pixel). The message contains the words
            "no ink".
    """
    ### BEGIN SOLUTION
    smooth = ndimage.gaussian_filter(gray.astype(np.float32), 1)  # tames the noise
    # An opening (the minimum over a window, then the maximum over the same window) erases whatever is bright and
    # narrower than the window: the strokes. Broad things survive it: paper, and the shadows on it.
    paper = ndimage.grey_opening(smooth, size=max(gray.shape) // 4 + 1)
    contrast = smooth - paper
    strongest = contrast.max()
    if strongest < 30:
        raise ValueError("There is no ink on this page.")
    spots, _ = ndimage.label(contrast > strongest / 2, structure=np.ones((3, 3)))
    sizes = np.bincount(spots.ravel())
    sizes[0] = 0  # component 0 is the paper
    digit = np.isin(spots, np.flatnonzero(sizes >= 0.04 * sizes.max()))
    # The mask only says where the ink is. The gray levels come from the picture, edges included; beyond two pixels
    # from the mask there is nothing but paper.
    full_ink = np.median(contrast[digit])
    ink = np.clip((gray - paper) * (255 / full_ink), 0, 255)
    ink[~ndimage.binary_dilation(digit, iterations=2)] = 0
    rows, columns = np.flatnonzero(digit.any(axis=1)), np.flatnonzero(digit.any(axis=0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].round().astype(np.uint8)
    ### END SOLUTION


# %% [markdown]
# ## Into a box of 20


# %%
def fit_to_box(gray: np.ndarray, box_size: int = 20) -> np.ndarray:
    """Scale a picture so that its longest side is ``box_size`` pixels long, keeping its proportions.

    Args:
        gray: uint8 (h, w), a digit cut out tightly.
        box_size: the new length of the longer side. It need not be 20.

    Returns:
        uint8. The longer side is exactly ``box_size``; the shorter one keeps its proportion to it, rounded to whole
        pixels (one more or less is fine), and is at least 1. Nothing is added around it. Small pictures are enlarged.
        When a picture shrinks, each new pixel is a mean of the old ones that it covers, so that a hard edge becomes
        gray and a fine line becomes pale instead of getting lost. (Any filter that does so is fine.)

    >>> fit_to_box(np.zeros((200, 50), dtype=np.uint8)).shape
    (20, 5)
    """
    ### BEGIN SOLUTION
    height, width = gray.shape
    scale = box_size / max(height, width)
    new_size = max(1, round(width * scale)), max(1, round(height * scale))  # Pillow says the width first
    # Pillow's filters widen with the reduction, so each new pixel sees every old one that it covers.
    return np.array(Image.fromarray(gray).resize(new_size, Image.Resampling.HAMMING))
    ### END SOLUTION


# %% [markdown]
# ## Balanced in a frame of 28


# %%
def center_by_mass(digit: np.ndarray, size: int = 28) -> np.ndarray:
    """Put a digit into a square frame so that its center of mass falls on the middle pixel.

    Args:
        digit: uint8 (h, w), bright ink on black, cut out tightly; h and w are at most ``size``.
        size: side of the frame. It need not be 28.

    Returns:
        uint8 (size, size), 0 around the digit. The center of mass (the mean position of all pixels, each weighted with
        its gray level) is within one pixel of row ``size // 2``, column ``size // 2``, counted from 0. A digit so far
        out of balance that it would leave the frame stops at the frame's edge instead: no ink is lost, and none comes
        in on the other side.

    Raises:
        ValueError: every pixel is 0, so there is no center of mass. The message contains the words "no ink".

    >>> center_by_mass(np.array([[9, 9, 200]], dtype=np.uint8), size=5)
    array([[  0,   0,   0,   0,   0],
           [  0,   0,   0,   0,   0],
           [  9,   9, 200,   0,   0],
           [  0,   0,   0,   0,   0],
           [  0,   0,   0,   0,   0]], dtype=uint8)
    """
    ### BEGIN SOLUTION
    if not digit.any():
        raise ValueError("There is no ink to center.")
    # Whole pixels only: a shift by a fraction would blur every edge. The clip keeps the digit inside the frame.
    shift = np.round(size // 2 - np.array(ndimage.center_of_mass(digit))).astype(int)
    top, left = np.clip(shift, 0, size - np.array(digit.shape))
    frame = np.zeros((size, size), dtype=np.uint8)
    frame[top : top + digit.shape[0], left : left + digit.shape[1]] = digit
    return frame
    ### END SOLUTION


# %% [markdown]
# ## All of it


# %%
def prepare_image(image: np.ndarray) -> np.ndarray:
    """Turn a picture of one handwritten digit into a digit like those of MNIST, with the functions above.

    Args:
        image: uint8 (h, w), (h, w, 3) or (h, w, 4), as ``to_grayscale`` takes it; upright. (The code that
            opens the file has applied its EXIF orientation already.)

    Returns:
        uint8 (28, 28): bright ink on black, 20 pixels on its longer side, its center of mass in the middle.

    Raises:
        ValueError: there is no ink in the picture. The message contains the words "no ink".
    """
    ### BEGIN SOLUTION
    # The order matters: polarity needs the border that the crop cuts off, and the box has to be fitted before it is
    # balanced.
    ink = crop_to_ink(invert_if_needed(to_grayscale(image)))
    return center_by_mass(fit_to_box(ink))
    ### END SOLUTION
