"""Pictures, with their size, so that no text moves; the lessons' ones for a light page and for a dark page."""

import shutil
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

from docutils import nodes
from sphinx.application import Sphinx

from grader.course import REPOSITORY

IMAGES = Path("lessons", "images")


class Sources(HTMLParser):
    """Reads a ``<picture>``: the file for a light page, the one for a dark page, and what the picture shows."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.light = self.dark = self.shows = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        if tag == "source":
            self.dark = known.get("srcset") or ""
        elif tag == "img":
            self.light, self.shows = known.get("src") or "", known.get("alt") or ""


def show_pictures(app: Sphinx, doctree: nodes.document) -> None:
    """Write every picture of a page as two images, of which the theme shows one. Each links to its file, which a
    phone can enlarge."""
    folder = (REPOSITORY / app.env.docname).parent
    for node in list(doctree.findall(nodes.raw)):
        if node.astext().lstrip().startswith("<picture>"):
            picture = Sources(node.astext())
            parts = [image(folder, picture.light, picture.shows, "only-light")]
            parts += [image(folder, picture.dark, picture.shows, "only-dark")]
            html = f'<div class="picture">{"".join(parts)}</div>\n'
            node.replace_self(nodes.raw("", html, format="html"))


def tell_sizes(app: Sphinx, doctree: nodes.document) -> None:
    """Give the size of all other pictures as well."""
    for node in doctree.findall(nodes.image):
        width, height = size_of((Path(app.srcdir) / node["uri"]).read_bytes())
        node["width"], node["height"] = str(width), str(height)


def is_picture(node: nodes.Node) -> bool:
    """Whether `show_pictures` has made it."""
    return isinstance(node, nodes.raw) and node.astext().startswith('<div class="picture">')


def image(folder: Path, source: str, shows: str, kind: str) -> str:
    width, height = size_of((folder / source).read_bytes())
    words = shows.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    picture = f'<img src="{source}" alt="{words}" width="{width}" height="{height}" loading="lazy">'
    return f'<a class="{kind}" href="{source}">{picture}</a>'


def size_of(svg: bytes) -> tuple[int, int]:
    """Width and height of a picture in CSS pixels. A page makes it narrower if it must."""
    top = ElementTree.fromstring(svg)
    _, _, width, height = map(float, top.attrib["viewBox"].split())
    pixels = 4 / 3 if top.attrib.get("width", "").endswith("pt") else 1
    return round(width * pixels), round(height * pixels)


def copy_pictures(folder: Path) -> None:
    """Put the pictures where the pages look for them."""
    shutil.copytree(REPOSITORY / IMAGES, folder / IMAGES, dirs_exist_ok=True)
