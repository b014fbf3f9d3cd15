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
    """Bring the newest version of the course into this copy and say what became of each exercise.

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
            raise CourseError("Another update is going on. Wait until it is done.") from None
        except OSError as error:
            raise CourseError(
                f"The update was not completed: {error.filename} cannot be written ({error.strerror}). Your work is in "
                "its place or in .digits/kept. Run ./digits update again once that is repaired."
            ) from None
        terminal.lines(report(plan, terminal.width))


def plan_from(place: Path | None, stack: ExitStack) -> Plan | None:
    if is_checkout(REPOSITORY):
        if place and not (place / ".git").exists():
            raise CourseError(
                "This copy came from git. Run ./digits update without a name, or name another folder that git has made."
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
    if plan.needs_packages:
        yield from paragraph("note", "The next command installs packages that the new version needs.", width, "quiet")


def fate_of(change: Change) -> str:
    if change.fate == "merged":
        return f"exercises/{change.name} has changed, and your work now includes that. As it was: .digits/kept."
    if change.fate == "apart" and change.new is None:
        return f"exercises/{change.name} is no longer part of the course. Your file stays."
    if change.fate == "apart":
        return f"exercises/{change.name} stays as you wrote it. The new text is .digits/new/{change.name}."
    if change.fate == "replaced" and change.was is None:
        return f"exercises/{change.name} is new."
    return ""
