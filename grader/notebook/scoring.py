"""What a test cell of an nbgrader notebook calls: returns the points of one check and prints its feedback above them.

nbgrader takes the value of the cell as the points, and an error or any output on standard error as zero points. So this
module returns a plain number only. If the grader itself fails, it returns nothing: while nbgrader grades, the kernel
exits, and nbgrader reports the submission as one that it could not grade.
"""

import contextlib
import io
import os
import sys
from functools import lru_cache
from pathlib import Path
from typing import NoReturn

from grader.choices import use_choices_here
from grader.course import CourseError, Lesson, find_lesson, functions_of
from grader.engine.judge import background
from grader.engine.judge.processes import Engine
from grader.engine.judge.source import InvalidSubmission, Source, read_source
from grader.engine.session import HOME_SEED, Session, load_checks
from grader.engine.surroundings import own_settings
from grader.feedback.text import paragraph, plain
from grader.notebook.cells import source_of
from grader.verdict import CheckResult, Verdict

WIDTH = 72  # what fits on nbgrader's pages
GRADER_ERROR = 3  # the exit status of a kernel in which the grader failed

STDERR = 2  # the file descriptor


class NotGraded(Exception):
    """The grader failed or was stopped. A notebook shows only the sentence, without a traceback."""

    def _render_traceback_(self) -> list[str]:  # called by IPython
        return [f"Not graded: {self}"]


def points(exercise: str, check: str) -> float:
    """The points that the notebook's functions earn in one check. Also prints the feedback.

    The first call runs all checks in a separate process; later calls run them again only if the functions have changed.
    While nbgrader grades, the notebook counts as it was submitted; otherwise the cells that have been run count.

    Args:
        exercise: its slug, for instance ``"dense"``.
        check: the name of the check.

    Returns:
        A number from 0.0 to the points of the check.

    Raises:
        NotGraded: the grader failed, which is not the notebook's fault.
    """
    try:
        with contextlib.redirect_stderr(io.StringIO()), own_settings():
            use_choices_here()
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
        raise CourseError(
            f"The exercise {lesson.slug} has no check called {name}. Get the latest version of the notebook."
        )
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
        raise NotGraded(verdict.message)  # an exception is not cached
    return verdict


def _about(verdict: Verdict, result: CheckResult) -> list[str]:
    """The message about the whole submission, if it has cost points."""
    if not verdict.message or result.outcome == "passed":
        return []
    label = "note" if verdict.outcome == "graded" else verdict.outcome
    return ["".join(text for text, _ in line) for line in paragraph(label, verdict.message, WIDTH)]


def _source(lesson: Lesson) -> Source:
    """The code to grade: while nbgrader grades, the file that it executes; else the cells that have been run."""
    submitted = Path(f"{lesson.slug}.ipynb")
    if is_autograding() and submitted.is_file():
        return read_source(submitted)
    from IPython import get_ipython

    shell = get_ipython()
    if shell is None:
        raise CourseError("points() works only in a notebook. Call it from a cell.")
    return source_of(shell, functions_of(lesson))


def _seed() -> bytes:
    """The secret seed of the course folder while nbgrader grades in one; elsewhere the fixed seed."""
    for folder in Path.cwd().parents if is_autograding() else ():
        if (folder / ".digits" / "seed").is_file():
            return (folder / ".digits" / "seed").read_bytes().strip()
    return HOME_SEED


def is_autograding() -> bool:
    """True in a kernel started by `nbgrader autograde`."""
    return os.environ.get("NBGRADER_EXECUTION") == "autograde"


def give_up(reason: str) -> NoReturn:
    """Stop without giving this notebook a grade."""
    if is_autograding():
        with contextlib.suppress(OSError):
            os.write(STDERR, f"digits: not graded: {reason}\n".encode())
        os._exit(GRADER_ERROR)
    raise NotGraded(reason) from None
