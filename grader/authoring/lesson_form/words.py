"""Words to look up: each in bold once, in the lesson that introduces it, and linked to its place in the glossary."""

import re
from collections.abc import Iterator

from grader.authoring.glossary import SECTION as WORDS
from grader.authoring.glossary import entries
from grader.authoring.lesson_form.page import Page
from grader.authoring.rendered import nodes, render
from grader.course import CourseError


def words_that_cannot_be_read(page: Page) -> Iterator[str]:
    try:
        found = entries(page.text)
    except CourseError as error:
        yield f"{page.name}: {error}"
        return
    if len(found) != len(page.of(WORDS, "li")) or not found:
        yield (
            f'"{WORDS}" of {page.name} has {len(page.of(WORDS, "li"))} entries, of which {len(found)} are words. '
            "Write each as - [term](GLOSSARY.md#anchor): what it means."
        )
    for entry in found:
        if entry.anchor != entry.right_anchor:
            yield f"{page.name} links to GLOSSARY.md#{entry.anchor} for {entry.term}. Write: #{entry.right_anchor}"


def words_in_bold(page: Page) -> Iterator[str]:
    bold = [plain_word(node.text) for node in page.nodes if node.tag == "strong"]
    for entry in page.entries():
        wanted = forms(entry.name)
        count = sum(word in wanted for word in bold)
        if count != 1:
            yield (
                f"{page.name} has {entry.name!r} in bold {count} times. Write it in bold once, where it is introduced."
            )
        for stem in sorted({page.bold_elsewhere[word] for word in wanted if word in page.bold_elsewhere}):
            yield f"{entry.name!r} is in bold in {page.name} and in lessons/{stem}.md. Keep it in bold in one of them."


def bold_words(markdown: str) -> set[str]:
    """The words in bold of a lesson, as `Page.bold_elsewhere` has them."""
    return {plain_word(node.text) for node in nodes(render(markdown)) if node.tag == "strong"}


def plain_word(text: str) -> str:
    """A word regardless of case, of marks at its end, and of another form of it in parentheses or after a comma."""
    return re.split(r"\s*[(,]", text)[0].rstrip(".:;").casefold()


def forms(name: str) -> set[str]:
    """How a word may be written in bold: as it is, in the singular, or in the plural."""
    word = plain_word(name)
    plural = re.sub(r"y$", "ie", word) + "s"
    return {word, plural, f"{word}s", f"{word}es", word.removesuffix("s"), re.sub(r"ies$", "y", word)}


RULES = (words_that_cannot_be_read, words_in_bold)
