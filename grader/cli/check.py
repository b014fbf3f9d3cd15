"""`digits check`: grades one's own exercise."""

from grader.cli.progress import progress
from grader.cli.terminal import Terminal
from grader.course import CourseError, Lesson, find_lesson, find_workspace, ready_lessons
from grader.engine.processes import Engine
from grader.engine.session import HOME_SEED, Session
from grader.engine.source import InvalidSubmission, read_source
from grader.engine.verdict import CheckResult, Verdict
from grader.progress import record_points

Attempts = list[tuple[Lesson, Verdict]]


def check_exercises(name: str | None, seed: str | None) -> Attempts:
    """Check one exercise of the workspace, or all; prints the feedback as it comes."""
    terminal, workspace = Terminal(), find_workspace()
    chosen = [find_lesson(name)] if name else list(ready_lessons())
    verdicts = []
    with Engine() as engine:
        for runtime in dict.fromkeys(lesson.runtime for lesson in chosen):
            engine.warm(runtime)
        for lesson in chosen:
            path = lesson.exercise_path(workspace)
            try:
                source = read_source(path)
            except InvalidSubmission as error:
                raise CourseError(str(error)) from None
            terminal.line((f" {lesson.number}  {lesson.title}", "heading"), (f"   {source.name}", "quiet"))
            with (
                progress(terminal) as shown,
                Session(lesson, source, engine, (seed or HOME_SEED.decode()).encode(), shown.training) as session,
            ):
                verdicts.append((lesson, run_session(session, terminal, shown)))
            close(terminal, lesson, verdicts[-1][1])
            record_points(workspace, lesson.slug, verdicts[-1][1].score)
    return verdicts


def run_session(session: Session, terminal: Terminal, shown) -> Verdict:
    """Run a session with every result printed as it comes, and progress while one is being waited for."""

    def on_result(result: CheckResult) -> None:
        shown.clear()
        terminal.result(result)

    session.on_check = lambda check: shown.begin(check.title)
    shown.begin("starting")
    return session.verdict(on_result)


def close(terminal: Terminal, lesson: Lesson, verdict: Verdict) -> None:
    """The last lines: points, time and what to do next."""
    if verdict.outcome != "graded":
        terminal.line((f" {verdict.outcome.replace('_', ' ')}: {verdict.message}", "bad"))
    style = "good" if verdict.score == verdict.max_score else ""
    terminal.line(
        (f" {verdict.score:g} of {verdict.max_score:g} points", style), (f"   {verdict.seconds:.1f} s", "quiet")
    )
    terminal.line()
