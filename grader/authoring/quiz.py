"""Makes ``grader/quiz.json``: the questions from the lessons' Predict blocks, the answers from solutions/.

A Predict block is a block quote in a lesson: a question that begins with **Predict.**, then the choices, which begin
with a), b) and so on, on one line, on separate lines or in a list. Text after the choices belongs to the lesson, not to
the question.
"""

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from grader.course import REPOSITORY, CourseError, Lesson, ready_lessons
from grader.quiz import Question, scramble, seal

ANSWERS_PATH = REPOSITORY / "solutions" / "quiz.toml"
NOTICE = f"by `./digits dev build` from the lessons and from {ANSWERS_PATH.relative_to(REPOSITORY)}"
MARK = "Predict."
CHOICE = re.compile(r"(?:^|\s)([a-z])\) ")

Block = tuple[str, dict[str, str]]  # a question and its choices by letter


@dataclass(frozen=True)
class Answer:
    """What an author writes about a question. The top of ``solutions/quiz.toml`` explains each field."""

    key: str
    asks: str
    answer: str
    reason: str
    scene: str = ""
    gives_away: list[str] = field(default_factory=list)  # never sealed into the quiz


def quiz_json() -> str:
    """The text of the file, for all lessons that are ready.

    Raises:
        CourseError: a lesson and its answers do not match; the message says where.
    """
    tables = tomllib.loads(ANSWERS_PATH.read_text("utf-8"))
    questions = {
        lesson.slug: [vars(question) for question in sealed_questions(lesson, tables.get(lesson.slug, []))]
        for lesson in ready_lessons()
    }
    return json.dumps({"generated": NOTICE, "questions": questions}, indent=1, ensure_ascii=False) + "\n"


def sealed_questions(lesson: Lesson, tables: list[dict[str, Any]]) -> Iterator[Question]:
    """The questions of a lesson with their answers sealed."""
    for number, (answer, (asked, choices)) in enumerate(answered(lesson, tables, lesson_text(lesson)), start=1):
        plain = Question(number, answer.key, one_line(answer.scene), asked, choices)
        scrambled = scramble(plain, answer.answer, one_line(answer.reason).encode())
        yield replace(plain, sealed=seal(plain, answer.answer), scrambled=scrambled.hex())


def answered(lesson: Lesson, tables: list[dict[str, Any]], text: str) -> list[tuple[Answer, Block]]:
    """The predictions of a lesson's text with their answers, in the lesson's order.

    Raises:
        CourseError: the lesson and its answers do not match; the message says where.
    """
    try:
        left = [Answer(**table) for table in tables]
    except TypeError as error:
        raise CourseError(f"{ANSWERS_PATH.name}, [[{lesson.slug}]]: {error}.") from None
    if len({answer.key for answer in left}) < len(left):
        raise CourseError(f"{ANSWERS_PATH.name}, [[{lesson.slug}]]: two answers have the same key.")
    found = []
    for asked, choices in predict_blocks(text):
        fitting = [answer for answer in left if asked.startswith(answer.asks)]
        if len(fitting) != 1:
            raise CourseError(f"{lesson.stem}.md asks {asked!r}; {ANSWERS_PATH.name} answers it {len(fitting)} times.")
        answer = fitting[0]
        if answer.answer not in choices:
            raise CourseError(
                f"{ANSWERS_PATH.name}: the answer to {answer.key!r}, {answer.answer!r}, is not one of the choices."
            )
        left.remove(answer)
        found.append((answer, (asked, choices)))
    if left:
        raise CourseError(f"{ANSWERS_PATH.name} answers {left[0].asks!r}, which {lesson.stem}.md does not ask.")
    return found


def lesson_text(lesson: Lesson) -> str:
    return (REPOSITORY / "lessons" / f"{lesson.stem}.md").read_text("utf-8")


def predict_blocks(markdown: str) -> list[Block]:
    """The questions of a lesson, in plain text.

    Raises:
        CourseError: a question has no choices, or they are not a), b) and so on.
    """
    return [block(paragraphs) for _, paragraphs in predictions(markdown)]


def prediction_lines(markdown: str) -> list[int]:
    """The lines, from 1 on, in which the questions of a lesson begin."""
    return [line for line, _ in predictions(markdown)]


def predictions(markdown: str) -> list[tuple[int, list[str]]]:
    quotes = quoted_paragraphs(markdown)
    return [(line, paragraphs) for line, paragraphs in quotes if paragraphs and paragraphs[0].startswith(MARK)]


def quoted_paragraphs(markdown: str) -> list[tuple[int, list[str]]]:
    """Each quoted part: the line in which it begins, and its paragraphs and list entries."""
    quotes: list[tuple[int, list[str]]] = []
    inside = False
    for token in MarkdownIt().parse(markdown):
        if token.type == "blockquote_open":
            inside = True
            quotes.append(((token.map or [0])[0] + 1, []))
        elif token.type == "blockquote_close":
            inside = False
        elif inside and token.type == "inline":
            quotes[-1][1].append(plain_text(token.children or []))
    return quotes


def plain_text(tokens: list[Token]) -> str:
    """The words of a paragraph: without emphasis and comments, and with code in its backticks."""
    words = {"text": "{}", "code_inline": "`{}`", "softbreak": " "}
    text = one_line("".join(words.get(token.type, "").format(token.content) for token in tokens))
    return re.sub(r" ([.,:;?!])", r"\1", text)  # left by a removed comment


def block(paragraphs: list[str]) -> Block:
    asked = paragraphs[0].removeprefix(MARK).strip()
    choices: dict[str, str] = {}
    for paragraph in paragraphs[1:]:
        _, *parts = CHOICE.split(paragraph) if CHOICE.match(paragraph) else [""]
        choices |= {letter: words.strip() for letter, words in zip(parts[::2], parts[1::2], strict=True)}
    if len(choices) < 2 or "".join(choices) != "abcdefgh"[: len(choices)]:
        raise CourseError(f"The choices of the prediction {asked!r} are not a), b) and so on.")
    return asked, choices


def one_line(text: str) -> str:
    return " ".join(text.split())
