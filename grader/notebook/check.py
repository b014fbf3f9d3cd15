"""`check()`: grades an exercise from inside a notebook, with the feedback of `digits check`."""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from grader.choices import use_choices_here
from grader.course import CourseError, Lesson, find_workspace
from grader.engine.judge import background
from grader.engine.judge.processes import Engine, EngineError
from grader.engine.judge.source import InvalidSubmission
from grader.engine.session import Session
from grader.engine.surroundings import own_settings
from grader.feedback.text import training_place, training_share
from grader.notebook.cells import Shell
from grader.notebook.choice import Choice, checks_of, choose_lesson, choose_work
from grader.notebook.report import Report
from grader.notebook.scoring import is_autograding
from grader.notebook.view import View, view_of
from grader.progress.record import record_verdict
from grader.verdict import CheckResult, Verdict

_latest: dict[str, str] = {}  # the exercise checked last in this kernel


class Stopped(KeyboardInterrupt):
    """The learner has interrupted a check. The cells below do not run, and no traceback of the grader is shown."""

    def __init__(self, sentence: str = "The check was stopped. Nothing was recorded.") -> None:
        super().__init__(sentence)

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


def check(exercise: str | None = None, function: str | None = None) -> None:
    """Check your exercise and show what is right, what is not, and which mistake you made.

    If this notebook's cells define one of its functions, your cells are checked; otherwise your saved file in
    ``exercises`` is. The first lines of the output say which. ``check("exercises/05_dense.py")`` always takes the file.

    Args:
        exercise: its name or number, "dense" or "5". By default, the one you checked last in this notebook, or the
            one the notebook is named after.
        function: one of its functions, if only that one should be checked. Then no points are recorded.
    """
    in_sentences(lambda: choose_and_grade(exercise, function, running_shell()))


def in_sentences(work: Callable[[], None]) -> None:
    """Do what a cell asks for. Errors and interrupts end in a sentence, without a traceback of the grader."""
    try:
        if not is_autograding():  # a call left in the notebook by the learner must not affect nbgrader
            with own_settings():
                work()
    except KeyboardInterrupt as stopped:
        stop(stopped if isinstance(stopped, Stopped) else Stopped())
    except (CourseError, InvalidSubmission, EngineError, OSError) as error:
        print(error)
    except Exception as error:
        if os.environ.get("DIGITS_DEBUG"):
            raise
        print(f"The grader failed ({type(error).__name__}: {error}). For details, set the variable DIGITS_DEBUG=1.")


def stop(stopped: Stopped) -> None:
    """End what called `check()`, too, with a sentence alone. Only a Python that waits for its next line goes on."""
    if running_shell():
        raise stopped from None
    print(stopped)
    if not hasattr(sys, "ps1"):
        raise SystemExit(128 + signal.SIGINT) from None


def choose_and_grade(exercise: str | None, function: str | None, shell: Shell | None) -> None:
    """Find out what to grade, and grade it."""
    lesson, choice, workspace = find_work(exercise, shell)
    if function is None:
        grade(lesson, choice, workspace, shell)
    else:
        grade_part(lesson, choice, function, shell)


def find_work(exercise: str | None, shell: Shell | None) -> tuple[Lesson, Choice, Path]:
    """The exercise that is meant, the work on it, and the folder that it is in.

    Raises:
        CourseError: there is no such exercise or no work.
    """
    if not isinstance(exercise, str | None):
        raise CourseError('Give the exercise\'s name or number in quotes, as in check("pixels") or check("1").')
    use_choices_here()
    workspace = find_workspace()
    lesson = choose_lesson(exercise, _latest.get("slug"), workspace, shell)
    _latest["slug"] = lesson.slug
    return lesson, choose_work(lesson, exercise, workspace, shell), workspace


def running_shell() -> Shell | None:
    """The IPython that runs this code, if there is one."""
    return sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None


def grade(lesson: Lesson, choice: Choice, workspace: Path, shell: Shell | None) -> None:
    """Grade the chosen work, show each result as it arrives, and record the points as `digits check` does."""
    report = Report(lesson, choice.origin)
    view = view_of(report, shell)
    try:
        verdict = grade_into(report, view, choice)
    except KeyboardInterrupt:
        report.running = ""
        view.over()
        raise Stopped from None
    try:
        note = record_verdict(workspace, verdict, choice.worked_at)
        report.notes += [("note", note)] if note else []
        offer = lesson.training_offer if verdict.checks and verdict.score == verdict.max_score else ""
        report.notes += [("terminal", offer)] if offer else []
        view.over()
    except KeyboardInterrupt:
        raise Stopped("The check was stopped just before it ended. Its points may have been recorded.") from None


def grade_part(lesson: Lesson, choice: Choice, function: str, shell: Shell | None) -> None:
    """Run the checks of one function and show their results. Nothing is recorded."""
    checks = checks_of(lesson, function)
    report = Report(lesson, choice.origin)
    view = view_of(report, shell)
    with (
        Engine(background.connect) as engine,
        Session(lesson, choice.source, engine, on_progress=shown_progress(report, view)) as session,
    ):
        session.on_check = lambda check: begin(report, view, check.title)
        if session.load():
            report.verdict = session.verdict()
            report.notes.append((report.verdict.outcome.replace("_", " "), report.verdict.message))
        else:
            for check in checks:
                take(report, view, session.run(check))
            earned, most = sum(result.points for result in report.results), sum(check.points for check in checks)
            report.part = f"{earned:g} of {most:g} points for {function}, not recorded"
    report.running = ""
    view.over()


def grade_into(report: Report, view: View, choice: Choice) -> Verdict:
    """Grade and add each result to the report. However this ends, the runners end with it."""
    lesson = report.lesson
    with (
        Engine(background.connect) as engine,
        Session(lesson, choice.source, engine, on_progress=shown_progress(report, view)) as session,
    ):
        session.on_check = lambda check: begin(report, view, check.title)
        begin(report, view, "importing TensorFlow" if lesson.runtime == "tensorflow" else "starting")
        verdict = session.verdict(lambda result: take(report, view, result))
    report.running, report.verdict = "", verdict
    if verdict.message:
        report.notes.append((verdict.outcome.replace("_", " "), verdict.message))
    return verdict


def begin(report: Report, view: View, what: str) -> None:
    """Show the current step."""
    report.running, report.place, report.share = what, "", None
    view.changed()


def shown_progress(report: Report, view: View) -> Callable[[dict[str, float]], None]:
    """What shows the progress of a training."""

    def on_progress(figures: dict[str, float]) -> None:
        report.place, report.share = training_place(figures), training_share(figures)
        view.goes_on()

    return on_progress


def take(report: Report, view: View, result: CheckResult) -> None:
    """Show one more result."""
    report.results.append(result)
    report.running = ""
    view.changed()
