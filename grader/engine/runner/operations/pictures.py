"""Decodes picture files of any origin and turns each into an upright array of moderate size.

A few bytes can ask a decoder for gigabytes of memory and hours of time, so this happens in the sandbox.
"""

import io
import warnings

import numpy as np
from PIL import AvifImagePlugin, Image, ImageOps, UnidentifiedImageError, features

from grader.engine.runner.operations.registry import operation
from grader.engine.runner.workspace import Workspace
from grader.engine.wire.requests import LONGEST_SIDE, OpenPicture, Picture, joined

FORMATS = ("JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP")  # some of Pillow's other formats start programs
AVIF, HEIC = {b"avif", b"avis"}, {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}  # brands
MAX_PIXELS = 64_000_000  # up to four bytes each, which a small computer can still hold
AS_IT_IS = {"L", "RGB", "RGBA"}
ORIENTATION = 0x0112  # of EXIF
DEEP = {"I", "F"}  # modes with more than eight bits per pixel, besides those that begin with I;16


class NotAPicture(Exception):
    """There is no picture to be had from a file; the message is a sentence for the user."""


@operation(OpenPicture)
def open_picture(workspace: Workspace, request: OpenPicture) -> Picture:
    """The first picture in a file, upright, its longest side at most `LONGEST_SIDE`.

    Raises:
        NotAPicture: the file is no picture in a known format, or far too large. A damaged one can raise anything else.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        image = identify(joined(request.contents))
        return Picture(np.asarray(upright(image)), has_more(image))


def identify(contents: bytes) -> Image.Image:
    """Read the header of a picture file, none of its pixels yet."""
    if not contents:
        raise NotAPicture("The file is empty. Save the picture again.")
    formats: tuple[str, ...] = (*FORMATS, "AVIF") if features.check("avif") else FORMATS
    if contents[4:8] == b"ftyp":
        formats = (format_of_container(brands(contents)),)
    try:
        image = Image.open(io.BytesIO(contents), formats=formats)
    except UnidentifiedImageError:
        raise NotAPicture(
            f"This is not a picture in a known format. Save it as one of these: {', '.join(formats)}."
        ) from None
    except Image.DecompressionBombError:
        raise NotAPicture(
            f"The picture has far more than {MAX_PIXELS // 10**6} million pixels. Make it smaller."
        ) from None
    except Exception:
        raise NotAPicture("The picture is damaged: its size cannot be read. Save it again.") from None
    width, height = image.size
    if width * height > MAX_PIXELS:
        count, most = width * height / 1e6, MAX_PIXELS // 10**6
        raise NotAPicture(
            f"The picture has {count:,.0f} million pixels, and the limit is {most} million. Make it smaller."
        )
    return image


def brands(contents: bytes) -> set[bytes]:
    """What a file says it is that is built like a film: its major brand and those that it is compatible with."""
    end = min(int.from_bytes(contents[:4], "big"), 256)
    return {contents[8:12], *(contents[start : start + 4] for start in range(16, end, 4))}


def format_of_container(found: set[bytes]) -> str:
    """The format that Pillow knows a picture of these brands by.

    Raises:
        NotAPicture: it is no picture, or what it takes to open it is not here.
    """
    if found & AVIF:
        if not features.check("avif"):
            raise NotAPicture("This is an AVIF picture, which cannot be opened here. Save it as JPEG or PNG.")
        AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # as many as it likes are more than a runner may start
        return "AVIF"
    if not found & HEIC:
        raise NotAPicture("This is a video. Save one picture of it as JPEG or PNG.")
    try:
        import pillow_heif
    except ImportError:
        raise NotAPicture(
            "This is a HEIC picture. Save it as JPEG or PNG, or first run .venv/bin/pip install pillow-heif."
        ) from None
    pillow_heif.register_heif_opener(thumbnails=False)
    return "HEIF"


def upright(image: Image.Image) -> Image.Image:
    """The picture in gray or color, with eight bits per channel, of moderate size, and the right way up."""
    # Decodes a large JPEG at half, a quarter or an eighth of its size, which saves memory.
    image.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
    image.load()
    moderate = eight_bits(image)
    moderate.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.HAMMING, reducing_gap=2)
    moderate.getexif()[ORIENTATION] = orientation(image)  # a conversion may have dropped it
    return ImageOps.exif_transpose(moderate)


def orientation(image: Image.Image) -> int:
    """How the camera was held, according to the file; 1, upright, if the file does not say."""
    try:
        return int(image.getexif().get(ORIENTATION, 1))
    except Exception:  # damaged metadata does not make the picture worse
        return 1


def has_more(image: Image.Image) -> bool:
    """Whether more pictures follow the first one. Those that a camera hides in its JPEG do not count."""
    try:
        return image.format != "MPO" and getattr(image, "is_animated", False)
    except Exception:
        return False


def eight_bits(image: Image.Image) -> Image.Image:
    """The same picture in mode L, RGB or RGBA. Transparency is kept, however it was stored."""
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
