"""The glossary where it is needed: the first time that a page uses a term, what it means shows up on hovering."""

import re
from collections.abc import Iterator
from functools import cache

from docutils import nodes
from sphinx.application import Sphinx

from grader.authoring.glossary import Entry, entries_of
from grader.course import REPOSITORY, Lesson, ready_lessons

LEFT_ALONE = (nodes.reference, nodes.literal, nodes.title, nodes.math, nodes.raw, nodes.literal_block)
GLOSSARY = "lessons/GLOSSARY"
EVERYDAY = {"active", "inactive", "mask", "opening", "response", "saturated"}  # mostly meant as everybody means them
OTHER_SENSE = {  # words that a lesson uses otherwise
    "looking_inside": {"shape"},
    "own_handwriting": {"filter", "label", "threshold", "weights"},
}
SHORTEST = 4  # letters of a term: shorter ones are mostly something else


@cache
def known_terms() -> dict[str, tuple[int, Entry]]:
    """Each term in small letters, with the number of the lesson that introduces it and its entry."""
    return {
        entry.name.casefold(): (lesson.number, entry)
        for lesson in ready_lessons()
        for entry in entries_of(lesson, REPOSITORY)
        if len(entry.name) >= SHORTEST and entry.name.casefold() not in EVERYDAY
    }


@cache
def pattern() -> re.Pattern[str]:
    """Any term, also in the plural; the longest one where several begin alike."""
    names = sorted(known_terms(), key=lambda name: (-len(name), name))
    return re.compile(rf"\b({'|'.join(map(re.escape, names))})(e?s)?\b", re.IGNORECASE)


def explain_terms(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Link the first use of every term on a lesson's page that an earlier lesson has introduced."""
    lesson = next((lesson for lesson in ready_lessons() if page == f"lessons/{lesson.stem}"), None)
    seen = set[str]()
    target = app.builder.get_relative_uri(page, GLOSSARY)
    for text in list(doctree.findall(nodes.Text)) if lesson else ():
        if lesson is None or not is_prose(text):
            continue
        parts = list(explained(text.astext(), lesson, seen, target))
        if len(parts) > 1:
            siblings = text.parent.children
            place = next(at for at, child in enumerate(siblings) if child is text)  # equal ones are others
            text.parent[place : place + 1] = parts


def is_prose(text: nodes.Text) -> bool:
    """Whether it is a sentence that all readers see, and no choice of a question."""
    node = text.parent
    while node is not None:
        if isinstance(node, LEFT_ALONE) or is_folded(node):
            return False
        is_paragraph, node = isinstance(node, nodes.paragraph), node.parent
        if is_paragraph and isinstance(node, nodes.list_item) and "predict" in node.parent.parent.get("classes", ()):
            return False  # the choices of a question are its own
    return True


def is_folded(node: nodes.Node) -> bool:
    """Whether it stands between ``<details>`` and ``</details>``."""
    if node.parent is None:
        return False
    before = node.parent.children[: node.parent.index(node)]
    tags = "".join(each.astext() for each in before if isinstance(each, nodes.raw))
    return tags.count("<details") > tags.count("</details")


def explained(text: str, reading: Lesson, seen: set[str], target: str) -> Iterator[nodes.Node]:
    """A text in parts, of which some are terms with their meaning."""
    end = 0
    for match in pattern().finditer(text):
        name = match[1].casefold()
        number, entry = known_terms()[name]
        if number >= reading.number or entry.name in seen or name in OTHER_SENSE.get(reading.slug, ()):
            continue
        seen.add(entry.name)
        yield nodes.Text(text[end : match.start()])
        link = nodes.reference("", match[0], refuri=f"{target}#{entry.anchor}", internal=True, classes=["term"])
        link["reftitle"] = f"{entry.term}: {entry.meaning}".replace("`", "").replace("*", "")
        yield link
        end = match.end()
    yield nodes.Text(text[end:])
