"""The form that every lesson has: its sections, its questions with folded answers, its pictures and its words.

Each rule is a function that yields one sentence per problem: what is missing, and what to do. Where the promise is
about what a reader sees, a rule looks at the rendered page.
"""

from collections.abc import Iterator

from grader.authoring.lesson_form import cells, frame, images, questions, words
from grader.authoring.lesson_form.page import Page, Rule

RULES: tuple[Rule, ...] = (*frame.RULES, *questions.RULES, *cells.RULES, *images.RULES, *words.RULES)


def problems(page: Page) -> Iterator[str]:
    """What a lesson's text lacks, one sentence each; nothing if it has the form."""
    for rule in RULES:
        yield from rule(page)
