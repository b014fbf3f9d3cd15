"""`digits class init` and `digits class collect`: a course folder, and submissions in it."""

from collections import defaultdict
from pathlib import Path

from grader.classroom.collect.collecting import collect
from grader.classroom.folder import CourseFolder, locked, unwritable
from grader.classroom.setup import make_course
from grader.classroom.students import safe_for_display
from grader.cli.classroom.course import open_course
from grader.cli.classroom.screen import tell
from grader.cli.terminal import Terminal
from grader.course import CourseError, Lesson, find_exercise


def init_course(folder: Path) -> None:
    """Make what the course folder lacks, and say what to do next."""
    terminal = Terminal()
    for name, is_new in make_course(CourseFolder(folder)):
        terminal.line(f" {'made' if is_new else 'kept'}  ", (name, "title"))
    terminal.line()
    terminal.line((" Next, in that folder: ", "quiet"), ("digits class release pixels", "title"))
    terminal.line((" README.md there explains the rest.", "quiet"))


def collect_uploads(root: Path, archives: list[Path], exercise: str | None, times: bool = False) -> int:
    """Unpack archives, by default those in downloaded/, and say what was done.

    Returns:
        The exit status: 1 if something was left in an archive, so that a student may be missing.

    Raises:
        CourseError: there is no archive, one cannot be read, or it is not clear which exercise was submitted.
        EngineError: a submission cannot be written.
    """
    terminal = Terminal()
    folder = open_course(root)
    if not root.is_dir():
        raise CourseError(f"There is no course folder {safe_for_display(str(root))}. `digits class init` makes one.")
    by_exercise, status = sort_archives(folder, archives, exercise), 0
    with locked(folder):
        for lesson, paths in by_exercise.items():
            try:
                done = collect(folder, lesson, paths, times)
            except OSError as error:
                raise unwritable(folder.submitted, error) from None
            counts = f"  {len(done.new)} new, {len(done.replaced)} replaced, {len(done.unchanged)} unchanged"
            terminal.line((f" {lesson.slug}", "heading"), f"{counts}, {len(done.left)} left in the archives")
            for sentence in (*done.left, *done.notes):
                tell(terminal, "  ", sentence)
            status = 1 if done.left else status
            if done.replaced:
                kept = safe_for_display(str(folder.private / "replaced" / lesson.slug))
                tell(terminal, "note", f"What was replaced is kept in {kept}/")
    return status


def sort_archives(folder: CourseFolder, archives: list[Path], exercise: str | None) -> dict[Lesson, list[Path]]:
    """Archives by exercise: the one in the option, or else the one whose folder in downloaded/ they are in."""
    wanted = find_exercise(exercise) if exercise else None
    if archives:
        if wanted is None:
            raise CourseError("Which exercise was submitted? Name it with --exercise SLUG.")
        return {wanted: archives}
    found: defaultdict[Lesson, list[Path]] = defaultdict(list)
    for path in sorted(folder.downloaded.rglob("*.zip")):
        inside = path.relative_to(folder.downloaded).parts
        if len(inside) > 1:
            lesson = find_exercise(inside[0])
            if wanted in {None, lesson}:
                found[lesson].append(path)
        elif wanted:
            found[wanted].append(path)
        else:
            raise CourseError(
                f"Which exercise is {safe_for_display(path.name)}? Put it into downloaded/EXERCISE, or name the "
                "exercise with --exercise SLUG."
            )
    if not found:
        raise CourseError(
            f"There is no ZIP file in {safe_for_display(str(folder.downloaded))}. Put one there, or name one."
        )
    return found
