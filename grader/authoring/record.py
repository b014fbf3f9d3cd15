"""Brings a lesson up to date with what its cells print and draw."""

from dataclasses import dataclass, field
from pathlib import Path

from grader.authoring.lessons import run_lesson, seconds_of, solved_course
from grader.authoring.outputs import RecordedCell, printed_by, recorded_cells, with_outputs
from grader.authoring.pictures import replace_pictures, with_picture_blocks
from grader.course import REPOSITORY, CourseError, Lesson


@dataclass(frozen=True)
class Changes:
    """What running a lesson took and changed: seconds of its cells, files, and the cells whose outputs are new."""

    seconds: float
    files: list[Path] = field(default_factory=list)
    outputs: list[RecordedCell] = field(default_factory=list)


def record(lesson: Lesson) -> Changes:
    """Run a lesson; write down its outputs and replace its pictures.

    Raises:
        CourseError: a cell failed, or the lesson's outputs cannot be read. Nothing is changed then.
    """
    path = REPOSITORY / "lessons" / f"{lesson.stem}.md"
    before = path.read_bytes().decode()
    recorded_cells(before)  # what cannot be read should be known before the run
    with solved_course() as folder:
        notebook = run_lesson(lesson, folder)
        cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
        if path.read_bytes().decode() != before:
            raise CourseError(
                f"{lesson.stem}.md was changed while it ran. Run ./digits dev lessons {lesson.slug} again."
            )
        if len(cells) != len(recorded_cells(before)):
            raise CourseError(
                f"{lesson.stem}.md has {len(recorded_cells(before))} Python fences at the edge of the page, but "
                f"{len(cells)} cells run as a notebook. Use ```python for every cell and nowhere else."
            )
        after, outputs = with_outputs(before, map(printed_by, cells))
        after = with_picture_blocks(after)
        target = REPOSITORY / "lessons" / "images" / lesson.stem
        files = replace_pictures(target, folder / "lessons" / "images" / lesson.stem)
    if after != before:
        path.write_bytes(after.encode())
        files.insert(0, path)
    return Changes(seconds_of(notebook), files, outputs)
