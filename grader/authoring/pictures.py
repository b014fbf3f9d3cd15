"""The pictures of a lesson: how its Markdown shows them, and the folder that holds them.

Each picture is drawn twice, ``name.svg`` for a light page and ``name-dark.svg`` for a dark one.
"""

import re
import shutil
from collections.abc import Callable
from html import escape
from pathlib import Path

from markdown_it import MarkdownIt

from grader.authoring.outputs import fences

DARK = "-dark"
SHORT_FORM = re.compile(r"^!\[[^\]]*\]\((images/[^)\s]+)\.svg\)[ \t]*$", re.MULTILINE)
BLOCK = """\
<picture>
  <source media="(prefers-color-scheme: dark)" srcset="{path}{dark}.svg">
  <img alt="{alt}" src="{path}.svg">
</picture>"""


def with_picture_blocks(markdown: str) -> str:
    """A lesson in which each ``![alt](images/….svg)`` that stands alone shows its light or its dark picture."""

    def block(match: re.Match[str]) -> str:
        return BLOCK.format(path=match[1], dark=DARK, alt=attribute(alt_text(match[0])))

    return outside_fences(markdown, lambda text: SHORT_FORM.sub(block, text))


def alt_text(markdown: str) -> str:
    """What a picture's short form says to those who cannot see it, without Markdown's marks."""
    (image,) = [
        token for line in MarkdownIt().parseInline(markdown) for token in line.children or [] if token.type == "image"
    ]
    return " ".join("".join(token.content or " " for token in image.children or []).split())


def attribute(text: str) -> str:
    return escape(text, quote=False).replace('"', "&quot;")


def outside_fences(markdown: str, change: Callable[[str], str]) -> str:
    """A text that is changed everywhere but in its fences."""
    lines, begin = markdown.split("\n"), 0
    done: list[str] = []
    for fence in [*fences(markdown), None]:
        between = lines[begin : fence.first if fence else None]
        done += change("\n".join(between)).split("\n") if between else []
        if fence:
            begin = fence.last + 1
            done += lines[fence.first : begin]
    return "\n".join(done)


def replace_pictures(target: Path, drawn: Path) -> list[Path]:
    """Make a folder of pictures hold those that were drawn and no others.

    Returns:
        The paths of the files in it that are new, changed or gone.
    """
    before, after = contents(target), contents(drawn)
    changed = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    for name in changed:
        path = target / name
        if name in after:
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(drawn / name, path)
        else:
            path.unlink()
    return [target / name for name in changed]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
