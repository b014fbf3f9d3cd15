"""`digits class similar`: submissions that resemble each other."""

from pathlib import Path

from rich import box
from rich.table import Table
from rich.text import Text

from grader.classroom.folder import CourseFolder
from grader.classroom.publish.similar import find_similar, write_similar_page
from grader.classroom.students import safe_for_display
from grader.cli.terminal import Terminal
from grader.course import find_lesson
from grader.feedback.text import paragraph

MOST_SHOWN = 20


def show_similar(root: Path, exercise: str | None, threshold: float) -> None:
    """Print the pairs and write the page with their code.

    Raises:
        CourseError: copydetect is not installed, nothing was handed in, or the page cannot be written.
    """
    terminal, folder = Terminal(), CourseFolder(root)
    found = find_similar(folder, find_lesson(exercise) if exercise else None, threshold / 100)
    path = write_similar_page(folder, found, threshold / 100)
    terminal.line(f" {found.compared} submissions compared; {len(found.pairs)} pairs share {threshold:g} % or more.")
    if found.pairs:
        table = Table(box=box.SIMPLE_HEAD if terminal.unicode else box.ASCII2, header_style="bold")
        for name in ("shared", "exercise", "student", "and"):
            table.add_column(name, justify="right" if name == "shared" else "left", overflow="fold")
        for pair in found.pairs[:MOST_SHOWN]:
            names = (terminal.plain(safe_for_display(name)) for name in pair.students)
            table.add_row(f"{pair.share:.0%}", pair.exercise, *map(Text, names))
        terminal.console.print(table, width=terminal.width)
    for sentence in found.left_out:
        terminal.lines(paragraph("not compared", safe_for_display(sentence), terminal.width))
    if len(found.pairs) > MOST_SHOWN:
        terminal.line(f" These are the {MOST_SHOWN} most similar.")
    terminal.lines(paragraph("side by side", safe_for_display(str(path)), terminal.width, "quiet"))
    terminal.lines(paragraph("note        ", "Likeness proves nothing: read the pairs.", terminal.width, "quiet"))
