"""A Markdown text as a reader sees it: the elements of its HTML in order, with the section and the fold of each."""

from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from xml.etree.ElementTree import Element, SubElement

from markdown_it import MarkdownIt

EMPTY = {"br", "hr", "img", "input", "link", "meta", "source", "wbr"}  # elements that hold nothing and have no end
RENDERER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


@dataclass(frozen=True)
class Node:
    """An element of a page.

    ``section`` is the heading of the second level that it belongs to; empty before the first. ``inside`` holds the tags
    of the elements that it is in, from the outermost.
    """

    element: Element
    section: str
    inside: tuple[str, ...]

    @property
    def tag(self) -> str:
        return self.element.tag

    @property
    def text(self) -> str:
        return text_of(self.element)

    @property
    def is_folded(self) -> bool:
        return "details" in self.inside


class Reader(HTMLParser):
    """Reads HTML into a tree. What is not closed ends with what it is in."""

    def __init__(self) -> None:
        super().__init__()
        self.top = Element("article")
        self._open = [self.top]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = SubElement(self._open[-1], tag, {name: value or "" for name, value in attrs})
        if tag not in EMPTY:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        tags = [element.tag for element in self._open]
        if tag in tags[1:]:
            del self._open[len(tags) - 1 - tags[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        place = self._open[-1]
        if len(place):
            place[-1].tail = (place[-1].tail or "") + data
        else:
            place.text = (place.text or "") + data


def render(markdown: str) -> Element:
    """The page that a text becomes where it is read; comments and the hidden header are not in it."""
    reader = Reader()
    reader.feed(RENDERER.render(markdown))
    reader.close()
    return reader.top


def nodes(top: Element) -> list[Node]:
    """All elements of a page, in order."""
    found: list[Node] = []
    section = ""
    for element, inside in descendants(top, ()):
        if element.tag == "h2":
            section = text_of(element)
        found.append(Node(element, section, inside))
    return found


def descendants(parent: Element, inside: tuple[str, ...]) -> Iterator[tuple[Element, tuple[str, ...]]]:
    for child in parent:
        yield child, inside
        yield from descendants(child, (*inside, child.tag))


def text_of(element: Element, without: str = "") -> str:
    """The words of an element in one line, those in elements with a certain tag left out."""
    return " ".join("".join(words(element, without)).split())


def words(element: Element, without: str) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag != without:
            yield from words(child, without)
        yield child.tail or ""
