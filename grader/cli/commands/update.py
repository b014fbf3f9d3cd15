"""`digits update`: a newer version of the course, with the learner's work left alone."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from grader.authoring.fresh import fresh_stub
from grader.cli.terminal import Terminal
from grader.course import REPOSITORY, CourseError, find_lesson
from grader.feedback.text import Line, paragraph
from grader.update.checkout import is_checkout, plan_from_git
from grader.update.exercises import Change
from grader.update.folder import newer_copy, plan_from_folder
from grader.update.plan import Plan


def update_course(place: Path | None) -> None:
    """Bring the newest version of the course into this copy and say what became of each exercise and each lesson.

    Args:
        place: where to take it from: a folder, or a ZIP archive. By default, where git got this copy.

    Raises:
        CourseError: there is no newer version to take, or it would overwrite something that the learner has changed.
    """
    terminal = Terminal()
    if not (REPOSITORY / "digits").is_file():
        raise CourseError("This copy of the course was installed by pip. Update it with pip as well.")
    if place and not place.exists():
        raise CourseError(f"There is no {place}. Name the folder or the ZIP archive with the newer course.")
    with ExitStack() as stack:
        plan = plan_from(place, stack)
        if plan is None:
            terminal.line((" This is the newest version of the course.", "good"))
            return
        try:
            plan.carry_out(REPOSITORY)
        except BlockingIOError:
            raise CourseError("Another update is in progress. Wait until it is done.") from None
        except OSError as error:
            raise CourseError(
                f"The update was not completed: {error.filename} cannot be written ({error.strerror}). Your work is in "
                "its place or in .digits/kept. Fix that, then run ./digits update again."
            ) from None
        terminal.lines(report(plan, terminal.width))


def plan_from(place: Path | None, stack: ExitStack) -> Plan | None:
    if is_checkout(REPOSITORY):
        if place and not (place / ".git").exists():
            raise CourseError(
                "This copy came from git. Run ./digits update without a name, or name a folder that is a git clone."
            )
        return plan_from_git(REPOSITORY, place)
    if place is None:
        raise CourseError(
            "This copy was downloaded without git. Download the newer course, then run ./digits update FOLDER_OR_ZIP."
        )
    if place.resolve() == REPOSITORY:
        raise CourseError(f"{place} is this very copy. Name the newer one.")
    return plan_from_folder(REPOSITORY, stack.enter_context(newer_copy(place)), stub_of)


def stub_of(name: str) -> bytes | None:
    try:
        return fresh_stub(find_lesson(name)).encode()
    except (CourseError, ValueError):
        return None


def report(plan: Plan, width: int) -> Iterator[Line]:
    """What was done, in a few lines."""
    done = f"You have the newest version of the course, {plan.version}. Your points are as before."
    yield from paragraph("done", done, width, "good")
    for change in plan.changes:
        if sentence := fate_of(change):
            yield from paragraph("note", sentence, width, "quiet")
    if plan.kept and plan.kept.is_dir():
        told = f"The old versions of the course's own files are in {plan.kept.relative_to(REPOSITORY).as_posix()}."
        yield from paragraph("note", told, width, "quiet")
    if plan.needs_packages:
        yield from paragraph("note", "The next command installs packages that the new version needs.", width, "quiet")


def fate_of(change: Change) -> str:
    is_exercise = change.path.startswith("exercises/")
    if change.fate == "merged":
        owned = "work" if is_exercise else "copy"
        merged = f"{change.path} has changed, and your {owned} now includes the change."
        return f"{merged} Your old version is in .digits/kept."
    if change.fate == "apart" and change.new is None:
        return f"{change.path} is no longer part of the course. Your file stays."
    if change.fate == "apart":
        stays = f"{change.path} stays as you {'wrote' if is_exercise else 'left'} it."
        return f"{stays} The new version is {change.beside}."
    if change.fate == "replaced" and change.was is None and change.path.endswith((".py", ".md")):
        return f"{change.path} is new."
    return ""
