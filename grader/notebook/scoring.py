"""What a test cell of an nbgrader notebook calls: the points of one check, with its feedback printed above them.

nbgrader reads the points from the value of the cell and takes an error, or anything on the standard error, for a zero.
So nothing but a plain number leaves here, and where the grader itself has failed there is no number at all: while
nbgrader grades, the kernel ends, and nbgrader reports that submission as one that it could not grade.
"""

import contextlib
import io
import os
import sys
from functools import lru_cache
from pathlib import Path
from typing import NoReturn

from grader.course import CourseError, Lesson, find_lesson
from grader.engine.judge import background
from grader.engine.judge.processes import Engine
from grader.engine.judge.source import InvalidSubmission, Source, read_source
from grader.engine.session import HOME_SEED, Session, load_checks
from grader.feedback.text import paragraph, plain
from grader.notebook.cells import source_of
from grader.verdict import CheckResult, Verdict

WIDTH = 72  # which nbgrader's pages have room for
GRADER_ERROR = 3  # the exit status of a kernel in which the grader has failed


class NotGraded(Exception):
    """The grader has failed, or was stopped; a notebook shows the sentence alone."""

    def _render_traceback_(self) -> list[str]:  # which IPython asks for
        return [f"Not graded: {self}"]


def points(exercise: str, check: str) -> float:
    """The points that the notebook's own functions earn in one check; prints what there is to say about it.

    All checks run at the first call, in a process of their own, and again only when the functions have changed. While
    nbgrader grades, the notebook is taken as it was handed in; otherwise those cells count that have been run.

    Args:
        exercise: its slug, for instance ``"dense"``.
        check: the name of the check.

    Returns:
        From 0.0 to the points of the check.

    Raises:
        NotGraded: that is not the fault of the notebook.
    """
    try:
        with contextlib.redirect_stderr(io.StringIO()):
            verdict, result = _result(find_lesson(exercise), check)
    except (Exception, KeyboardInterrupt) as error:  # nbgrader interrupts a cell that takes too long
        give_up(str(error) or type(error).__name__)
    for line in (plain(result, WIDTH), *_about(verdict, result)):
        sys.stdout.write(f"{line}\n")
    earned = result.points if verdict.outcome == "graded" else 0.0
    return float(min(max(earned, 0.0), result.max_points))


def _result(lesson: Lesson, name: str) -> tuple[Verdict, CheckResult]:
    """The verdict on the notebook, and what it says about one check."""
    checks = {check.name: check for check in load_checks(lesson.checks_path)}
    if name not in checks:
        raise CourseError(f"The exercise {lesson.slug} has no check called {name}: get the newest notebook.")
    try:
        verdict = _verdict(lesson, _source(lesson), _seed())
    except InvalidSubmission as error:
        verdict = Verdict(lesson.slug, "invalid", 0.0, "none", [], message=str(error))
    for result in verdict.checks:
        if result.name == name:
            return verdict, result
    return verdict, CheckResult(name, checks[name].title, "skipped", 0.0, checks[name].points)


@lru_cache(maxsize=2)
def _verdict(lesson: Lesson, source: Source, seed: bytes) -> Verdict:
    with Engine(background.connect) as engine, Session(lesson, source, engine, seed) as session:
        verdict = session.verdict()
    if verdict.outcome == "grader_error":
        raise NotGraded(verdict.message)  # and so not remembered
    return verdict


def _about(verdict: Verdict, result: CheckResult) -> list[str]:
    """What there is to say about the submission as a whole, where that has cost the points."""
    if not verdict.message or result.outcome == "passed":
        return []
    label = "note" if verdict.outcome == "graded" else verdict.outcome
    return ["".join(text for text, _ in line) for line in paragraph(label, verdict.message, WIDTH)]


def _source(lesson: Lesson) -> Source:
    """What is graded: while nbgrader grades, the file that it executes; else the cells that have been run."""
    handed_in = Path(f"{lesson.slug}.ipynb")
    if is_autograding() and handed_in.is_file():
        return read_source(handed_in)
    from IPython import get_ipython

    shell = get_ipython()
    if shell is None:
        raise CourseError("points() is for the cells of a notebook.")
    return source_of(shell)


def _seed() -> bytes:
    """The course's secret while nbgrader grades in a course folder that has one; at home there is none."""
    for folder in Path.cwd().parents if is_autograding() else ():
        if (folder / ".digits" / "seed").is_file():
            return (folder / ".digits" / "seed").read_bytes().strip()
    return HOME_SEED


def is_autograding() -> bool:
    """True in the kernel that `nbgrader autograde` has started."""
    return os.environ.get("NBGRADER_EXECUTION") == "autograde"


def give_up(reason: str) -> NoReturn:
    """Leave this notebook without a grade."""
    if is_autograding():
        with contextlib.suppress(OSError):
            os.write(sys.__stderr__.fileno(), f"digits: not graded: {reason}\n".encode())
        os._exit(GRADER_ERROR)
    raise NotGraded(reason) from None
