"""`digits class report`: pages from the results of a class."""

from pathlib import Path

from grader.classroom.folder import CourseFolder
from grader.classroom.publish.report import write_pages
from grader.classroom.students import safe_for_display
from grader.cli.terminal import Terminal
from grader.feedback.text import paragraph


def report_class(root: Path) -> None:
    """Write the pages and say where they are.

    Raises:
        CourseError: there are no results, or the pages cannot be written.
    """
    terminal = Terminal()
    pages = write_pages(CourseFolder(root))
    where = safe_for_display(str(pages.students))
    count = f"{pages.count} {'page' if pages.count == 1 else 'pages'}, one for each: {where}/"
    terminal.lines(paragraph("for students", count, terminal.width, "quiet"))
    terminal.lines(
        paragraph(
            "for you     ", f"{safe_for_display(str(pages.instructor))} (it names everybody)", terminal.width, "quiet"
        )
    )
