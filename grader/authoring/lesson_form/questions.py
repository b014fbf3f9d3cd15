"""What the reader does: writes functions, predicts, checks himself. Answers are folded."""

import re
from collections.abc import Iterator

from grader.authoring.lesson_form.page import CLOSING, MISTAKES, READING, REVIEW, SUMMARY, Page, links_in
from grader.authoring.rendered import Node, text_of

SENTENCES, REVIEW_QUESTIONS, SOURCES = 5, 5, 4  # in three of the last sections
MOST_MISTAKES = 8  # named outside of a fold
ANSWER = re.compile(r"Answer: \(([a-z])\)\.")


def wrong_turns(page: Page) -> Iterator[str]:
    named = [text_of(code) for node in labels(page, "Your turn:") for code in node.element.iter("code")]
    for function in page.functions:
        if named.count(function) != 1:
            yield (
                f"{page.name} has {named.count(function)} blocks for the function {function} and needs 1. "
                f"Write one that begins so: > **Your turn: `{function}`.**"
            )
    for other in sorted(set(named) - set(page.functions)):
        yield f"{page.name} has a block **Your turn: `{other}`.**, but the exercise has no such function. Correct it."


def labels(page: Page, beginning: str) -> list[Node]:
    """The words in bold at the beginning of quoted blocks, of those that begin in a certain way."""
    quotes = [node.element for node in page.nodes if node.tag == "blockquote"]
    first = [quote.find("./p/strong[1]") for quote in quotes if text_of(quote).startswith(beginning)]
    return [node for node in page.nodes if any(node.element is element for element in first)]


def too_many_mistakes(page: Page) -> Iterator[str]:
    named = {node.text for node in page.of(MISTAKES, "code") if not node.is_folded} & page.mistakes
    if len(named) > MOST_MISTAKES:
        yield (
            f'"{MISTAKES}" of {page.name} names {len(named)} mistakes outside of its fold, and {MOST_MISTAKES} are the '
            "most. Move the rarer ones into the fold."
        )


def wrong_predictions(page: Page) -> Iterator[str]:
    asked = [number for number, node in enumerate(page.nodes) if is_prediction(node)]
    for count, (begin, end) in enumerate(zip(asked, [*asked[1:], None], strict=True)):
        node = page.nodes[begin]
        words = text_of(node.element[0]).removeprefix("Predict.").strip()[:40]
        choices = [text_of(choice)[:3] for choice in node.element.iterfind("./ul/li")]
        if len(choices) < 2 or any(
            choice != f"{letter}) " for choice, letter in zip(choices, "abcdefgh", strict=False)
        ):
            yield f"The choices of the prediction {words!r} in {page.name} are no list. Write them as > - a) …"
        folds = [later for later in page.nodes[begin:end] if later.tag == "details"]
        given = [match[1] for fold in folds if (match := ANSWER.match(content_of(fold)))]
        if len(given) != 1:
            yield (
                f"The prediction {words!r} in {page.name} has {len(given)} folded answers before the next one and "
                "needs 1. Begin it with exactly this: Answer: (b)."
            )
        elif count < len(page.answers) and given[0] != page.answers[count]:
            yield (
                f"{page.name} answers the prediction {words!r} with ({given[0]}), but solutions/quiz.toml with "
                f"({page.answers[count]}). Correct one of them."
            )


def is_prediction(node: Node) -> bool:
    return node.tag == "blockquote" and node.text.startswith("Predict.")


def content_of(fold: Node) -> str:
    """The words of a fold, its summary aside."""
    return text_of(fold.element, without="summary")


def open_answers(page: Page) -> Iterator[str]:
    if "Answer: (" in text_of(page.top, without="details"):
        yield f"{page.name} gives an answer outside of a fold. Put it between <details> and </details>."


def wrong_review(page: Page) -> Iterator[str]:
    parts = [
        node.tag
        for node in page.nodes
        if node.section == REVIEW and node.tag in {"li", "details"} and not node.is_folded and "ul" not in node.inside
    ]
    if parts != ["li", "details"] * REVIEW_QUESTIONS:
        yield (
            f'"{REVIEW}" of {page.name} has {parts.count("li")} questions and {parts.count("details")} folded answers. '
            f"Write {REVIEW_QUESTIONS} numbered questions, each followed by its folded answer."
        )


def wrong_closing(page: Page) -> Iterator[str]:
    count = len(page.of(CLOSING, "details"))
    if count != 1:
        yield f'"{CLOSING}" of {page.name} has {count} folded answers. Write one task and its one answer.'


def wrong_lists(page: Page) -> Iterator[str]:
    sentences = [node for node in page.of(SUMMARY, "li") if node.inside in {("ul",), ("ol",)}]
    if len(sentences) != SENTENCES:
        yield f'"{SUMMARY}" of {page.name} has {len(sentences)} entries and needs {SENTENCES}. Write a list.'
    sources = [node for node in page.of(READING, "li") if any(to.startswith("http") for _, to in links_in(node))]
    if len(sources) != SOURCES or len(page.of(READING, "li")) != SOURCES:
        yield f'"{READING}" of {page.name} has {len(sources)} entries with a link and needs {SOURCES}. Write a list.'


RULES = (wrong_turns, too_many_mistakes, wrong_predictions, open_answers, wrong_review, wrong_closing, wrong_lists)
