"""`digits class due`: shows and sets when assignments are due."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from grader.classroom.due import Due, parse_duration, parse_moment, read_due, write_due
from grader.classroom.folder import CourseFolder, locked
from grader.classroom.publish.gradebook import enter_due
from grader.classroom.publish.scores import read_book
from grader.classroom.roster import by_any_name, people_of
from grader.classroom.students import Person, canonical_name, safe_for_display
from grader.cli.classroom.course import open_existing_course
from grader.cli.classroom.screen import tell
from grader.cli.terminal import Terminal
from grader.course import CourseError, find_exercise, lessons


def set_due(
    root: Path, exercise: str | None, when: str | None, grace: str | None, extensions: list[str], clear: bool
) -> None:
    """Set what was asked for, then show all due dates.

    Raises:
        CourseError: a date, a duration, an exercise or a student is not understood, or the gradebook cannot be used.
    """
    folder = open_existing_course(root)
    if exercise is None:
        if when or grace or extensions or clear:
            raise CourseError("Which exercise? Name it first: digits class due pixels 2026-03-01T23:59")
        show_due(folder)
        return
    slug = find_exercise(exercise).slug
    with locked(folder):
        all_due = read_due(folder)
        if clear:
            all_due.pop(slug, None)
            enter_due(folder, slug, None)
        else:
            known = known_students(folder)
            before = all_due.get(slug) or due_in_gradebook(folder, slug)
            asked = dict(parse_extension(known, text) for text in extensions)
            if before:  # under the names that folders have by now
                given = {known.get(canonical_name(name), name): more for name, more in before.extensions.items()}
                before = replace(before, extensions=given)
            all_due[slug] = changed(slug, before, when, grace, asked)
            enter_due(folder, slug, all_due[slug], asked)
        write_due(folder, all_due)
    show_due(folder)


def due_in_gradebook(folder: CourseFolder, slug: str) -> Due | None:
    """The due date that somebody has set with nbgrader's own commands."""
    moment = read_book(folder).due.get(slug)
    return Due(moment) if moment else None


def changed(slug: str, before: Due | None, when: str | None, grace: str | None, asked: dict[str, timedelta]) -> Due:
    """The deadline after a change; what was not mentioned stays."""
    if when is None and before is None:
        raise CourseError(f"{slug} has no due date yet. Set one first: digits class due {slug} 2026-03-01T23:59")
    moment = parse_moment(when) if when else before.moment if before else datetime.now().astimezone()
    extensions = {**(before.extensions if before else {}), **asked}
    return Due(
        moment,
        parse_duration(grace) if grace else before.grace if before else timedelta(),
        {student: extension for student, extension in sorted(extensions.items()) if extension},
    )


def known_students(folder: CourseFolder) -> dict[str, str]:
    """The folders of all students, by every name that means one of them."""
    submitted = {path.name for path in folder.submitted.iterdir()} if folder.submitted.is_dir() else set()
    return by_any_name({name: Person(name) for name in read_book(folder).people} | people_of(folder, submitted))


def parse_extension(known: Mapping[str, str], text: str) -> tuple[str, timedelta]:
    """A student and a duration, as in ada=3d. The student must be known."""
    student, is_given, duration = text.rpartition("=")
    if not is_given:
        raise CourseError(f"{safe_for_display(text)!r} is not an extension. Write it like ada=3d.")
    meant = known.get(canonical_name(student))
    if meant is None:
        alike = [known[name] for name in sorted(known) if canonical_name(student) in name]
        guess = f" Do you mean {safe_for_display(alike[0])}?" if alike else ""
        raise CourseError(f"There is no student {safe_for_display(student)!r} in roster.csv or in submitted/.{guess}")
    return meant, parse_duration(duration)


def show_due(folder: CourseFolder) -> None:
    """List the due dates, and who has more time."""
    terminal, all_due, book = Terminal(), read_due(folder), read_book(folder)
    for lesson in lessons():
        due = all_due.get(lesson.slug)
        end = book.due.get(lesson.slug)
        if end and (due is None or due.end != end):  # nbgrader's commands have changed it since
            due = Due(end, extensions=due.extensions if due else {})
        if due is None:
            continue
        grace = f", grace period {in_words(due.grace)}" if due.grace else ""
        tell(terminal, lesson.slug, f"{due.moment.astimezone():%Y-%m-%d %H:%M %Z}{grace}")
        for student, extension in due.extensions.items():
            tell(terminal, " " * len(lesson.slug), f"{safe_for_display(student)}: {in_words(extension)} more")
    if not all_due and not book.due:
        terminal.line(" Nothing has a due date. Set one: digits class due pixels 2026-03-01T23:59")


def in_words(duration: timedelta) -> str:
    """A duration in days, hours and minutes."""
    minutes = round(duration.total_seconds() / 60)
    amounts = (minutes // 1440, "day"), (minutes // 60 % 24, "hour"), (minutes % 60, "minute")
    return ", ".join(f"{amount} {unit}{'s' * (amount != 1)}" for amount, unit in amounts if amount) or "none"
