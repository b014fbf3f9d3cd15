"""`digits check`: grades one's own exercise. Its way of printing a verdict serves the other commands too."""

from grader.cli.progress import progress
from grader.cli.terminal import Terminal
from grader.course import CourseError, Lesson, find_lesson, find_workspace, ready_lessons
from grader.engine import background
from grader.engine.local import LocalEngine
from grader.engine.processes import Engine
from grader.engine.session import HOME_SEED, Session
from grader.engine.source import InvalidSubmission, Source, read_source
from grader.engine.verdict import CheckResult, Verdict
from grader.progress import record_points


def check_exercises(name: str | None, seed: str | None, debug: bool = False) -> None:
    """Check one exercise of the workspace, or all; prints the feedback as it comes."""
    terminal, workspace = Terminal(), find_workspace()
    chosen = [find_lesson(name)] if name else list(ready_lessons())
    with LocalEngine(debug=True) if debug else Engine(background.connect) as engine:
        for runtime in dict.fromkeys(lesson.runtime for lesson in chosen):
            engine.warm(runtime)
        for lesson in chosen:
            try:
                source = read_source(lesson.work_path(workspace, name or ""))
            except InvalidSubmission as error:
                raise CourseError(str(error)) from None
            verdict = print_verdict(terminal, lesson, source, engine, seed.encode() if seed else HOME_SEED)
            record_points(workspace, lesson.slug, verdict.score)
            terminal.line()


def print_verdict(terminal: Terminal, lesson: Lesson, source: Source, engine: Engine, seed: bytes) -> Verdict:
    """Grade a submission and print every result as it comes, with progress while one is being waited for."""
    terminal.line((f" {lesson.number}  {lesson.title}", "heading"), (f"   {source.name}", "quiet"))
    with progress(terminal) as shown, Session(lesson, source, engine, seed, shown.training) as session:

        def on_result(result: CheckResult) -> None:
            shown.clear()
            terminal.result(result)

        session.on_check = lambda check: shown.begin(check.title)
        shown.begin("starting")
        verdict = session.verdict(on_result)
    if verdict.outcome != "graded":
        terminal.line((f" {verdict.outcome.replace('_', ' ')}  ", "bad"), verdict.message)
    elif verdict.message:
        terminal.line((f" {verdict.message}", "quiet"))
    style = "good" if verdict.score == verdict.max_score else ""
    terminal.line(
        (f" {verdict.score:g} of {verdict.max_score:g} points", style), (f"   {verdict.seconds:.1f} s", "quiet")
    )
    return verdict
