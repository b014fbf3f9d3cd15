"""Opens picture files, whoever made them, and turns each into an upright array of moderate size."""

import os
import stat
import warnings
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP")  # among the others of Pillow are some that start programs
MAX_PIXELS = 64_000_000  # four bytes each, at worst: what a small computer can hold
LONGEST_SIDE = 1024  # of what is looked at; far more than a digit needs
AS_IT_IS = {"L", "RGB", "RGBA"}
ORIENTATION = 0x0112  # of EXIF
DEEP = {"I", "F"}  # modes with more than eight bits per pixel, beside those that begin with I;16


class Unreadable(Exception):
    """A file from which no digit can be read; the message is a sentence for whoever named it."""


def open_picture(path: Path) -> tuple[np.ndarray, bool]:
    """Read a picture file.

    Returns:
        uint8 (h, w), (h, w, 3) or (h, w, 4): the first picture in the file, upright, its longest side at most 1024. And
        whether more pictures follow in the file, as in an animation.

    Raises:
        Unreadable: there is no such file, or it is no picture, or only a part of one, or one that is far too large.
    """
    with open_file(path) as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        image = identify(file)
        try:
            return np.asarray(upright(image)), has_more(image)
        except MemoryError:
            raise Unreadable("The picture is too large for the memory of this computer.") from None
        except Exception:  # there is no end to what a decoder raises over a damaged file
            raise Unreadable("The picture is damaged: the file breaks off, or holds something else.") from None


def open_file(path: Path) -> BinaryIO:
    """Open an ordinary file; a pipe or a device, which may never end, is none."""
    try:
        mode = os.stat(path).st_mode
        if stat.S_ISDIR(mode):
            raise Unreadable("This is a folder; name the pictures in it.")
        if not stat.S_ISREG(mode):
            raise Unreadable("This is not an ordinary file.")
        return open(path, "rb")
    except FileNotFoundError:
        raise Unreadable("There is no such file.") from None
    except (OSError, ValueError) as error:
        raise Unreadable(f"The file cannot be read ({getattr(error, 'strerror', None) or error}).") from None


def identify(file: BinaryIO) -> Image.Image:
    """Read what stands at the beginning of a picture file, and none of its pixels yet."""
    beginning = file.read(12)
    file.seek(0)
    if not beginning:
        raise Unreadable("The file is empty.")
    if beginning[4:8] == b"ftyp":
        raise Unreadable("This is a HEIC picture (or a film), as phones make them; save it as JPEG or PNG.")
    try:
        image = Image.open(file, formats=FORMATS)
    except UnidentifiedImageError:
        raise Unreadable(f"This is no picture, or none of these kinds: {', '.join(FORMATS)}.") from None
    except Image.DecompressionBombError:
        raise Unreadable(f"The picture has far more than {MAX_PIXELS // 10**6} million pixels; shrink it.") from None
    except Exception:
        raise Unreadable("The picture is damaged: not even its size can be read.") from None
    width, height = image.size
    if width * height > MAX_PIXELS:
        count, most = width * height / 1e6, MAX_PIXELS // 10**6
        raise Unreadable(f"The picture has {count:,.0f} million pixels; {most} million is the most: shrink it.")
    return image


def upright(image: Image.Image) -> Image.Image:
    """The picture in gray or color with eight bits per channel, of moderate size and as a person would look at it."""
    # A camera's JPEG is decoded at half, a quarter or an eighth of its size, so that it never needs its whole memory.
    image.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
    image.load()
    moderate = eight_bits(image)
    moderate.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.HAMMING, reducing_gap=2)
    moderate.getexif()[ORIENTATION] = orientation(image)  # what a conversion may have dropped
    return ImageOps.exif_transpose(moderate)


def orientation(image: Image.Image) -> int:
    """How the camera was held, as it says in the file; 1, upright, where nothing sensible is said."""
    try:
        return int(image.getexif().get(ORIENTATION, 1))
    except Exception:  # a picture is not worse for the rubbish that somebody's program wrote beside it
        return 1


def has_more(image: Image.Image) -> bool:
    """Whether other pictures follow the first one. Those that a camera hides in its JPEG do not count."""
    try:
        return image.format != "MPO" and getattr(image, "is_animated", False)
    except Exception:
        return False


def eight_bits(image: Image.Image) -> Image.Image:
    """The same picture in the mode L, RGB or RGBA; transparency is kept, whatever the way it was stored in."""
    if image.mode.startswith("I;16"):
        return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    if image.mode in DEEP:
        levels = np.nan_to_num(np.asarray(image, np.float32))
        white = next((white for white in (1, 255, 65_535) if levels.max() <= white), levels.max())
        return Image.fromarray((levels / white * 255).clip(0, 255).astype(np.uint8))
    if "transparency" in image.info or image.mode.lower() in {"la", "pa", "rgba"}:
        return image.convert("RGBA")
    if image.mode == "1":
        return image.convert("L")
    return image if image.mode in AS_IT_IS else image.convert("RGB")
