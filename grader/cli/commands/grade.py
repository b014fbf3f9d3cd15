"""`digits grade`: grades one submission for an instructor."""

import os
import secrets
import sys
from pathlib import Path

from grader.choices import COURSE_FOLDER, FILE, use_choices, use_choices_of_copy
from grader.classroom.publish.results import FAULT, FORMATS, document, whole_points
from grader.course import CourseError, Lesson, as_name, find_exercise, find_lesson, lessons
from grader.engine.isolation import STOPS_NOT
from grader.engine.judge import background
from grader.engine.judge.exposed import refuse_exposed
from grader.engine.judge.processes import Engine
from grader.engine.judge.processors import some_core
from grader.engine.judge.source import InvalidSubmission, read_source, short_name
from grader.engine.session import Session, load_checks
from grader.verdict import Verdict

SECRET_BYTES = 32
UNSAFE = (
    "This machine has no sandbox to protect your files from a submission, so nothing was run. Grade it on Linux, or "
    "add --allow-unsafe if you trust its author."
)


def grade_file(
    path: Path,
    exercise: str | None,
    form: str | None,
    seed: str | None,
    allow_unsafe: bool = False,
    course: Path | None = None,
) -> int:
    """Grade a file and print the verdict; returns the exit status.

    Args:
        form: one of the formats of ``grader.classroom.publish.results``; by default, lines for people.
        course: the folder of the class whose settings apply. It must be named: the author of a submission could have
            put one around it.

    Raises:
        CourseError: there is no such file, course, exercise or format; or this machine has no sandbox, so the
            submission would run with the grader's own rights.
    """
    if form is not None and form not in FORMATS:
        raise CourseError(f"There is no format {form!r}. The formats are: {', '.join(FORMATS)}.")
    if not os.path.exists(path):
        raise CourseError(f"There is no file {short_name(path)}.")
    if course is None:
        use_choices_of_copy()
    else:
        use_choices_of(course)
    lesson = find_exercise(exercise) if exercise else exercise_of(path)
    secret = seed.encode() if seed is not None else secrets.token_bytes(SECRET_BYTES)
    try:
        source = read_source(path)
    except InvalidSubmission as error:
        points = sum(check.points for check in load_checks(lesson.checks_path))
        verdict = Verdict(lesson.slug, "invalid", points, "none", [], message=str(error))
        return report(verdict, lesson, form)
    with Engine(background.connect) as engine:
        tier = engine.tier(lesson.runtime)
        if tier == "none" and not allow_unsafe:
            raise CourseError(UNSAFE)
        refuse_exposed(tier, [path, *([course] if course else [])])
        core = some_core()
        if form is None:
            from grader.cli.commands.check import print_verdict
            from grader.cli.terminal import Terminal
            from grader.feedback.text import paragraph

            terminal = Terminal()
            verdict = print_verdict(terminal, lesson, source, engine, secret, core)
            weaker = f" {STOPS_NOT[tier]}"
            terminal.lines(paragraph("isolation", f"{tier}.{weaker if tier != 'namespaces' else ''}", terminal.width))
            if verdict.flags:
                terminal.line((f" to review: {', '.join(verdict.flags)}", "name"))
            return status_of(verdict)
        with Session(lesson, source, engine, secret, core=core) as session:
            return report(session.verdict(), lesson, form)


def use_choices_of(course: Path) -> None:
    """Let the settings of a course folder hold.

    Raises:
        CourseError: it is none, or its settings cannot be used.
    """
    if not any(os.path.isfile(course / name) for name in (FILE, COURSE_FOLDER)):
        raise CourseError(
            f"There is no course in {short_name(course)}. Give the folder that `digits class init` has made."
        )
    use_choices(course)


def exercise_of(path: Path) -> Lesson:
    """The exercise after which a file is named.

    Raises:
        CourseError: there is none, or it is still coming.
    """
    try:
        return find_lesson(path.name)
    except CourseError:
        if any(as_name(path.name) in {lesson.slug, lesson.stem} for lesson in lessons()):
            raise
        raise CourseError("The file's name does not say which exercise it is. Add --exercise NAME.") from None


def report(verdict: Verdict, lesson: Lesson, form: str | None) -> int:
    """Print a verdict as one document or one line."""
    if form is None:
        from grader.cli.terminal import Terminal

        Terminal().line(f"{verdict.outcome}: {verdict.message}")
    else:
        scale = whole_points([check.points for check in load_checks(lesson.checks_path)])
        printed = document(form, verdict.to_json(), scale, os.environ)
        if printed is None:
            sys.stderr.write(f"{FAULT} {verdict.message}\n")
        else:
            sys.stdout.write(printed)
    return status_of(verdict)


def status_of(verdict: Verdict) -> int:
    """The exit status: 0 whatever the score, 3 if the grader itself failed."""
    return 3 if verdict.outcome == "grader_error" else 0
