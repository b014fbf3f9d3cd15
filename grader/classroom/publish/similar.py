"""Finds similar submissions with copydetect, which compares code without its names."""

import io
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from grader.classroom.collect.submissions import Submission, find_submissions, open_submission
from grader.classroom.folder import CourseFolder, write_output
from grader.classroom.names import is_anonymous, names_of
from grader.classroom.publish.groups import Group, Link, groups_of
from grader.classroom.publish.pages import render
from grader.classroom.publish.tokens import hides_code, tokens_of
from grader.classroom.roster import people_of
from grader.course import REPOSITORY, CourseError, Lesson, lessons
from grader.engine.judge.source import InvalidSubmission, as_source
from grader.feedback.html import visible

if TYPE_CHECKING:
    import numpy as np
    from copydetect import CodeFingerprint

ADVICE = "Finding similar submissions needs the package copydetect. Install it with: pip install copydetect"
SHORTEST = 25  # tokens that two passages must share to count
MOST_SHOWN = 100  # pairs of an exercise, each with the code of both
LARGEST = 50_000  # bytes; no exercise needs more, and it would be slow to compare


@dataclass(frozen=True, eq=False)
class Pair(Link):
    """Two submissions that share code. The share is the larger of the two."""

    prints: tuple["CodeFingerprint", "CodeFingerprint"]
    passages: tuple["np.ndarray", "np.ndarray"]

    @property
    def codes(self) -> list[Markup]:
        """The code of both as HTML, with the shared passages marked."""
        return [_marked(one.raw_code, passages) for one, passages in zip(self.prints, self.passages, strict=True)]


@dataclass
class Similar:
    """What the comparison found, and who could not be compared, in which exercise, and why."""

    pairs: list[Pair] = field(default_factory=list)
    compared: int = 0
    left_out: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def students(self) -> set[str]:
        """All who are named: in pairs, or as left out."""
        in_pairs = {student for pair in self.pairs for student in pair.students}
        return in_pairs | {student for student, _, _ in self.left_out}

    @property
    def groups(self) -> list[Group[Pair]]:
        return groups_of(self.pairs)


def find_similar(folder: CourseFolder, exercise: Lesson | None, threshold: float) -> Similar:
    """Compare all submissions of each exercise with each other.

    Raises:
        CourseError: copydetect is not installed, or there are no submissions.
    """
    try:
        import copydetect  # noqa: F401
    except ImportError:
        raise CourseError(ADVICE) from None
    by_lesson: dict[Lesson, list[Submission]] = {}
    for submission in find_submissions(folder, exercise).submissions:
        by_lesson.setdefault(submission.lesson, []).append(submission)
    found = Similar()
    for lesson, submissions in by_lesson.items():
        _compare(folder, lesson, submissions, threshold, found)
    found.pairs.sort(key=lambda pair: (-pair.share, pair.exercise, pair.students))
    return found


def write_similar_page(folder: CourseFolder, found: Similar, threshold: float) -> Path:
    """Write the page that shows the groups of each exercise, and their pairs side by side."""
    by_exercise: dict[str, list[Group[Pair]]] = {}
    for group in found.groups:
        by_exercise.setdefault(group.exercise, []).append(group)
    page = render(
        "similar.html",
        found=found,
        exercises={lesson.slug: by_exercise[lesson.slug] for lesson in lessons() if lesson.slug in by_exercise},
        people=names_of(folder, people_of(folder, found.students)),
        threshold=threshold,
        most_shown=MOST_SHOWN,
    )
    return write_output(folder.reports / "similar.html", page)


def _compare(
    folder: CourseFolder, lesson: Lesson, submissions: list[Submission], threshold: float, found: Similar
) -> None:
    from copydetect import compare_files

    given = _given(folder, lesson)
    prints = {}
    for submission in submissions:
        try:
            prints[submission.student] = _fingerprint(_code(submission), given)
        except InvalidSubmission as error:
            why = "It cannot be read." if is_anonymous(folder) else str(error)  # which names the student's files
            found.left_out.append((submission.student, lesson.slug, why))
    found.compared += len(prints)
    for (first, one), (second, other) in combinations(sorted(prints.items()), 2):
        _, shares, passages = compare_files(one, other)
        if max(shares) >= max(threshold, 1e-9):
            found.pairs.append(Pair(lesson.slug, (first, second), float(max(shares)), (one, other), passages))


def _given(folder: CourseFolder, lesson: Lesson) -> set[int]:
    """The passages that students were given: in the stub, and in the notebook as the class released it."""
    given: set[int] = set()
    for path in (lesson.exercise_path(REPOSITORY), folder.release / lesson.slug / f"{lesson.slug}.ipynb"):
        try:
            given.update(_fingerprint(_text(as_source(path.read_bytes(), path.name).code)).hashes)
        except (OSError, InvalidSubmission):
            continue  # an own exercise has no stub, and not every class releases notebooks
    return given


def _marked(code: str, passages: "np.ndarray") -> Markup:
    """Code as HTML with its shared passages marked."""
    from copydetect.utils import highlight_overlap

    if not passages.size:  # highlight_overlap would not escape it
        return escape(visible(code))
    return Markup(highlight_overlap(visible(code), passages, "<mark>", "</mark>", escape_html=True)[0])


def _code(submission: Submission) -> str:
    """The Python code of a submission.

    Raises:
        InvalidSubmission: there is no code that could be compared.
    """
    contents = open_submission(submission)
    if contents.problem:
        raise InvalidSubmission(contents.problem)
    code = as_source(contents.raw, contents.file).code
    if len(code) > LARGEST:
        raise InvalidSubmission(f"{contents.file} is too large to be compared.")
    text = _text(code)
    if hides_code(text, tokens_of(text)):
        raise InvalidSubmission(f"{contents.file} cannot be compared: where its texts end is hard to say.")
    return text


def _text(code: bytes) -> str:
    """Code as it is compared and shown."""
    return code.decode("utf-8-sig", "replace").replace("\r\n", "\n")


def _fingerprint(code: str, given: AbstractSet[int] = frozenset()) -> "CodeFingerprint":
    """What copydetect compares. Passages of the stub do not count, because all students have them."""
    import numpy as np
    from copydetect import CodeFingerprint
    from copydetect.utils import get_token_coverage

    tokens = tokens_of(code)
    made = CodeFingerprint("submission.py", SHORTEST, 1, filter=False, fp=io.StringIO(tokens.text))
    made.raw_code = code
    places = np.arange(len(tokens.text) + 1)
    made.offsets = np.stack([places, np.array([*tokens.starts, tokens.end]) - places], axis=1)
    made.hash_idx = {passage: places for passage, places in made.hash_idx.items() if passage not in given}
    made.hashes = set(made.hash_idx)
    made.token_coverage = get_token_coverage(made.hash_idx, SHORTEST, len(tokens.text))
    return made
