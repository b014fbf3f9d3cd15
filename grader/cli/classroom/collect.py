"""`digits class collect`: from the ZIP files of an LMS into the folder of submissions."""

from collections import defaultdict
from pathlib import Path

from grader.classroom.collect.collecting import collect
from grader.classroom.disk import unwritable
from grader.classroom.folder import CourseFolder
from grader.classroom.grade.queue import locked
from grader.classroom.students import safe_for_display
from grader.cli.classroom.screen import tell
from grader.cli.terminal import Terminal
from grader.course import CourseError, Lesson, find_lesson


def collect_uploads(root: Path, archives: list[Path], exercise: str | None) -> int:
    """Unpack archives, those in downloaded/ if none is named, and say what came of it.

    Raises:
        CourseError: there is no archive, one cannot be read, or nothing says which exercise it is.
    """
    terminal, folder = Terminal(), CourseFolder(root)
    if not root.is_dir():
        raise CourseError(f"There is no course folder {safe_for_display(str(root))}.")
    by_exercise = sort_archives(folder, archives, exercise)
    with locked(folder):
        for lesson, paths in by_exercise.items():
            try:
                done = collect(folder, lesson, paths)
            except OSError as error:
                raise unwritable(folder.submitted, error) from None
            went_well = f"  {len(done.new)} new, {len(done.replaced)} replaced, {len(done.unchanged)} unchanged"
            terminal.line((f" {lesson.slug}", "heading"), f"{went_well}, {len(done.left)} left in the archives")
            for sentence in done.left:
                tell(terminal, "  ", sentence)
            if done.replaced:
                kept = f"What was replaced is kept: {safe_for_display(str(folder.private / 'replaced' / lesson.slug))}/"
                tell(terminal, "note", kept)
    return 0


def sort_archives(folder: CourseFolder, archives: list[Path], exercise: str | None) -> dict[Lesson, list[Path]]:
    """Archives by exercise: as the option says, else as the folder in downloaded/ says in which they lie."""
    wanted = find_lesson(exercise) if exercise else None
    if archives:
        if wanted is None:
            raise CourseError("Which exercise was handed in? Say so: --exercise SLUG.")
        return {wanted: archives}
    found: defaultdict[Lesson, list[Path]] = defaultdict(list)
    for path in sorted(folder.downloaded.rglob("*.zip")):
        inside = path.relative_to(folder.downloaded).parts
        if len(inside) > 1:
            lesson = find_lesson(inside[0])
            if wanted in {None, lesson}:
                found[lesson].append(path)
        elif wanted:
            found[wanted].append(path)
        else:
            raise CourseError(
                f"Which exercise is {safe_for_display(path.name)}? Put it into downloaded/EXERCISE, or say --exercise."
            )
    if not found:
        raise CourseError(
            f"There is no ZIP file in {safe_for_display(str(folder.downloaded))}. Name one, or put it there."
        )
    return found
