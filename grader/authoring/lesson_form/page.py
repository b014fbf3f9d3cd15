"""A lesson as its rules see it: its text, its rendered page, and what they have to know beside it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from xml.etree.ElementTree import Element

from grader.authoring.glossary import Entry, entries
from grader.authoring.rendered import Node, nodes, render, text_of
from grader.course import CourseError, Lesson

MISTAKES, SUMMARY, REVIEW, CLOSING, READING = (
    "What goes wrong in practice",
    "In short",
    "Check yourself",
    "Closing task",
    "Read on",
)


@dataclass(frozen=True)
class Page:
    """A lesson, and what the rules have to know beside it.

    Args:
        root: the folder of the course.
        neighbors: the lessons before and after it; None where there is none.
        functions: those that the learner writes in the exercise.
        mistakes: the names of all known mistakes of the exercise.
        answers: the right letter of each prediction.
        bold_elsewhere: for each word in bold in another lesson, as `plain_word` gives it, that lesson's stem.
    """

    lesson: Lesson
    text: str
    root: Path
    neighbors: tuple[Lesson | None, Lesson | None] = (None, None)
    functions: Sequence[str] = ()
    mistakes: frozenset[str] = frozenset()
    answers: Sequence[str] = ()
    bold_elsewhere: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"lessons/{self.lesson.stem}.md"

    @cached_property
    def top(self) -> Element:
        return render(self.text)

    @cached_property
    def nodes(self) -> list[Node]:
        return nodes(self.top)

    @property
    def opening(self) -> list[Node]:
        """What comes before the first section."""
        return [node for node in self.nodes if not node.section]

    def of(self, section: str, tag: str) -> list[Node]:
        return [node for node in self.nodes if node.section == section and node.tag == tag]

    def entries(self) -> list[Entry]:
        """The words to look up; none if they cannot be read, which is `words_that_cannot_be_read`'s to say."""
        try:
            return entries(self.text)
        except CourseError:
            return []


Rule = Callable[[Page], Iterator[str]]


def links_in(node: Node) -> list[tuple[str, str]]:
    return [(text_of(link), link.get("href", "")) for link in node.element.iter("a")]
