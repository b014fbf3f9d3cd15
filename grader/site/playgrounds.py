"""Where a page has something to try, and the data that it is tried on."""

import gzip
from collections.abc import Sequence

import numpy as np
from docutils import nodes
from sphinx.application import Sphinx

from grader.course import CourseError
from grader.data import load_mnist
from grader.site.pictures import is_picture

PLACES = {  # the picture that a playground stands below, and also stands for where scripts are off; its module
    "images/03_softmax_regression/shifted.svg": "softmax",
    "images/03_softmax_regression/descent.svg": "valley",
    "images/08_evaluation/thresholds.svg": "threshold",
    "images/09_convolution/filters.svg": "kernel",
    "images/15_deployment/bits.svg": "bits",
}
DIGITS, UNIT = 500, 4096


def place_playgrounds(app: Sphinx, doctree: nodes.document) -> None:
    """Add the place of a playground below its picture, and below what is said about that: it would tell the answer to a
    prediction."""
    shown = [node for node in doctree.findall(nodes.raw) if is_picture(node)]
    for picture, module in PLACES.items():
        if app.env.docname != f"lessons/{picture.split('/')[1]}":
            continue
        node = next((node for node in shown if f'src="{picture}"' in node.astext()), None)
        if node is None:
            raise CourseError(f"{app.env.docname} has no picture {picture}, below which {module} has its place.")
        place = nodes.raw("", f'<div data-playground="{module}"></div>\n', format="html")
        siblings = node.parent.children
        node.parent.insert(after_the_answer(siblings, siblings.index(node) + 1), place)


def after_the_answer(siblings: Sequence[nodes.Node], at: int) -> int:
    """Where the folded answer ends that stands there, or else the paragraph; where neither does, nothing is skipped.
    More pictures may come first."""
    while at < len(siblings) and is_picture(siblings[at]):
        at += 1
    if at < len(siblings) and siblings[at].astext().startswith("<details>"):
        return next(end for end in range(at, len(siblings)) if siblings[end].astext().startswith("</details>")) + 1
    return at + (at < len(siblings) and isinstance(siblings[at], nodes.paragraph))


def data() -> bytes:
    """What the playgrounds compute with, as ``scripts/data.js`` reads it: the first test digits with their labels, and
    the fours and nines of the training digits, measured as in lesson 3."""
    (x, y), (images, labels) = load_mnist()
    pair = (y == 4) | (y == 9)
    ink, nines = x[pair] / 255, (y[pair] == 9).astype(np.uint8)
    top, right = ink[:, 4:9, 11:17].mean(axis=(1, 2)), ink[:, 5:12, 13:18].mean(axis=(1, 2))
    pairs = np.stack([(part - part.mean()) / part.std() for part in (top, right)], axis=1)
    counts, rounded = np.array([DIGITS, len(pairs)], "<u4"), np.round(UNIT * pairs).astype("<i2")
    parts = counts, rounded, nines, images[:DIGITS], labels[:DIGITS].astype(np.uint8)
    return gzip.compress(b"".join(part.tobytes() for part in parts), mtime=0)
