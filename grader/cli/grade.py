"""`digits grade`: one submission, as an instructor grades it."""

import json
import secrets
import sys
from pathlib import Path

from grader.course import CourseError, find_lesson
from grader.engine.processes import Engine
from grader.engine.session import Session, load_checks
from grader.engine.source import InvalidSubmission, Source, read_source
from grader.engine.verdict import Verdict

SECRET_BYTES = 32


def grade_file(path: Path, exercise: str | None, as_json: bool, seed: str | None) -> int:
    """Grade a file and print the verdict; returns the exit status."""
    if not path.exists():
        raise CourseError(f"There is no file {path}.")
    lesson = find_lesson(exercise or path.name)
    secret = seed.encode() if seed is not None else secrets.token_bytes(SECRET_BYTES)
    try:
        source = read_source(path)
    except InvalidSubmission as error:
        points = sum(check.points for check in load_checks(lesson.checks_path))
        verdict = Verdict(lesson.slug, "invalid", points, "none", [], message=str(error))
        return report(verdict, as_json)
    with Engine() as engine:
        if as_json:
            with Session(lesson, source, engine, secret) as session:
                return report(session.verdict(), as_json)
        return grade_aloud(lesson, source, engine, secret)


def grade_aloud(lesson, source: Source, engine: Engine, secret: bytes) -> int:
    from grader.cli.check import close, run_session
    from grader.cli.progress import progress
    from grader.cli.terminal import Terminal

    terminal = Terminal()
    terminal.line((f" {lesson.number}  {lesson.title}", "heading"), (f"   {source.name}", "quiet"))
    with progress(terminal) as shown, Session(lesson, source, engine, secret, shown.training) as session:
        verdict = run_session(session, terminal, shown)
    close(terminal, lesson, verdict)
    if verdict.flags:
        terminal.line((f" to review: {', '.join(verdict.flags)}", "name"))
    return 3 if verdict.outcome == "grader_error" else 0


def report(verdict: Verdict, as_json: bool) -> int:
    if as_json:
        sys.stdout.write(json.dumps(verdict.to_json()) + "\n")
    else:
        sys.stdout.write(f"{verdict.outcome}: {verdict.message}\n")
    return 3 if verdict.outcome == "grader_error" else 0
