"""`digits check`: grades your own exercise. Other commands print verdicts with the functions here, too."""

from pathlib import Path
from typing import cast

from grader.cli.commands.recover import open_progress
from grader.cli.live.progress_line import progress
from grader.cli.terminal import Terminal
from grader.course import CourseError, Lesson, find_lesson, find_workspace, ready_lessons
from grader.engine.judge import background
from grader.engine.judge.processes import Engine
from grader.engine.judge.source import InvalidSubmission, Source, read_source
from grader.engine.runner.local import LocalEngine
from grader.engine.session import HOME_SEED, Session
from grader.feedback.text import paragraph
from grader.progress.record import record_verdict
from grader.verdict import CheckResult, Verdict


def check_exercises(name: str | None, seed: str | None, debug: bool = False) -> int:
    """Check one exercise of the workspace, or all that exist there, and print feedback as it arrives.

    Returns:
        The exit status: 0 whatever the points, 3 if the grader itself failed.
    """
    terminal, workspace, status = Terminal(), find_workspace(), 0
    here = [lesson for lesson in ready_lessons() if lesson.work_path(workspace).exists()]
    chosen = here if name is None else [find_lesson(name)]
    open_progress(terminal, workspace)
    local = cast("Engine", LocalEngine(debug=True)) if debug else None  # it offers all that a session uses of an engine
    with local or Engine(background.connect) as engine:
        for runtime in dict.fromkeys(lesson.runtime for lesson in chosen):
            engine.warm(runtime)
        for lesson in chosen:
            elsewhere = file_elsewhere(lesson, workspace, name or "")
            source = read_source(elsewhere, follow_links=True) if elsewhere else read_own_work(lesson, workspace, name)
            verdict = print_verdict(terminal, lesson, source, engine, seed.encode() if seed else HOME_SEED)
            if elsewhere:
                own = lesson.work_path(workspace).relative_to(workspace).as_posix()
                terminal.lines(paragraph("note", f"Not recorded: your map shows the points of {own}.", terminal.width))
                status = max(status, 3 if verdict.outcome == "grader_error" else 0)
            else:
                status = max(status, keep(terminal, workspace, verdict))
            terminal.line()
    return status


def read_own_work(lesson: Lesson, workspace: Path, name: str | None = None) -> Source:
    """Read the learner's file of an exercise. ``name`` is what they typed: it tells a notebook from a Python file."""
    try:
        return read_source(lesson.work_path(workspace, name or ""), follow_links=True)
    except InvalidSubmission as error:
        raise CourseError(str(error)) from None


def file_elsewhere(lesson: Lesson, workspace: Path, name: str) -> Path | None:
    """The named file if it is not the learner's own file of the exercise: perhaps a notebook that a class was given."""
    path = Path(name)
    is_file = path.suffix.lower() in {".py", ".ipynb"} and path.stem in {lesson.slug, lesson.stem} and path.is_file()
    return path if is_file and path.resolve() != lesson.work_path(workspace, name).resolve() else None


def keep(terminal: Terminal, workspace: Path, verdict: Verdict) -> int:
    """Record a check of a whole exercise, unless the grader failed; returns the exit status."""
    note = record_verdict(workspace, verdict)
    if note:
        terminal.lines(paragraph("note", note, terminal.width))
    return 3 if verdict.outcome == "grader_error" else 0


def print_verdict(
    terminal: Terminal, lesson: Lesson, source: Source, engine: Engine, seed: bytes, core: int | None = None
) -> Verdict:
    """Grade a submission and print each result as it arrives, with a progress line in between."""
    terminal.line((f" {lesson.number}  {lesson.title}", "heading"), (f"   {source.name}", "quiet"))
    with progress(terminal) as shown, Session(lesson, source, engine, seed, shown.training, core=core) as session:

        def on_result(result: CheckResult) -> None:
            shown.clear()
            terminal.result(result)

        session.on_check = lambda check: shown.begin(check.title)
        shown.begin("importing TensorFlow" if lesson.runtime == "tensorflow" else "starting")
        verdict = session.verdict(on_result)
    if verdict.message:
        terminal.lines(paragraph(verdict.outcome.replace("_", " "), verdict.message, terminal.width))
    style = "good" if verdict.score == verdict.max_score else ""
    terminal.line(
        (f" {verdict.score:g} of {verdict.max_score:g} points", style), (f"   {verdict.seconds:.1f} s", "quiet")
    )
    return verdict
