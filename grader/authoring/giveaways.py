"""Finds answers that the lessons give away before they ask for a prediction."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

from grader.authoring import quiz
from grader.course import CourseError, Lesson

COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


def early_answers(lesson: Lesson, earlier: Iterable[Lesson], root: Path) -> Iterator[str]:
    """The strings of ``gives_away`` that stand in a lesson before their prediction, or in an earlier lesson.

    Args:
        earlier: the lessons before it, in order.
        root: the folder of the course.
    """
    try:
        text = without_comments(lesson, root)
        tables = tomllib.loads(quiz.ANSWERS_PATH.read_text("utf-8")).get(lesson.slug, [])
        asked = list(zip(quiz.prediction_lines(text), quiz.answered(lesson, tables, text), strict=True))
    except (OSError, CourseError):
        return  # for other rules to say
    before = [(other, without_comments(other, root)) for other in earlier]
    for line, (answer, _) in asked:
        if not isinstance(answer.gives_away, list) or not all(isinstance(word, str) for word in answer.gives_away):
            yield f"{quiz.ANSWERS_PATH.name}: gives_away of {answer.key!r} is no list of strings. Write a list."
            continue
        texts = [*before, (lesson, "\n".join(text.split("\n")[: line - 1]))]
        for string in answer.gives_away:
            for other, place in ((other, place) for other, read in texts for place in lines_with(string, read)):
                yield (
                    f"lessons/{other.stem}.md says {string!r} in line {place}, which gives away the answer to the "
                    f"prediction {answer.key!r} of {lesson.slug}. Say it after the prediction."
                )


def without_comments(lesson: Lesson, root: Path) -> str:
    """The text of a lesson with its comments emptied, so that the lines keep their numbers; empty if there is none."""
    path = root / "lessons" / f"{lesson.stem}.md"
    text = path.read_text("utf-8") if path.is_file() else ""
    return COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), text)


def lines_with(string: str, text: str) -> Iterator[int]:
    """The lines, from 1 on, in which a string stands by itself: 82% is not in 182%, nor 82.0 in 82.03."""
    pattern = r"\s+".join(map(re.escape, string.split()))
    before = r"(?<!\w)(?<!\d[.,])" if re.match(r"\w", string) else ""
    after = r"(?!\w)(?![.,]\d)" if re.search(r"\w$", string) else ""
    for found in re.finditer(before + pattern + after, text):
        yield text.count("\n", 0, found.start()) + 1
