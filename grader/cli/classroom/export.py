"""`digits class export`: grades for an LMS or a spreadsheet, and autograders for services that grade themselves."""

from pathlib import Path

from grader.classroom.folder import CourseFolder
from grader.classroom.students import safe_for_display
from grader.cli.terminal import Terminal
from grader.course import CourseError, Lesson, find_lesson, ready_lessons
from grader.feedback.text import paragraph

FILES = {"csv": "grades.csv", "canvas": "canvas.csv", "moodle": "moodle.csv"}
FORMATS = (*FILES, "gradescope", "github")
MOST_SHOWN = 10


def export_class(root: Path, form: str, exercise: str | None, repository: str | None) -> None:
    """Write an export into the course's folder reports/.

    Raises:
        CourseError: there is no such format, something that it needs was not said, or it cannot be written.
    """
    folder, lesson = CourseFolder(root), find_lesson(exercise) if exercise else None
    if form in FILES:
        export_grades(folder, form, lesson)
    elif form == "gradescope":
        export_gradescope(folder, lesson)
    elif form == "github":
        export_workflow(folder, lesson, repository)
    else:
        raise CourseError(f"There is no format {form!r}. The formats are: {', '.join(FORMATS)}.")


def export_grades(folder: CourseFolder, form: str, lesson: Lesson | None) -> None:
    from grader.classroom.publish.grades import collect_grades
    from grader.classroom.publish.output import write_output
    from grader.classroom.publish.tables import TABLES

    terminal, grades = Terminal(), collect_grades(folder, lesson)
    path = write_output(folder.reports / FILES[form], TABLES[form](grades))
    say(
        terminal,
        "written",
        f"{safe_for_display(str(path))}: students: {len(grades.people)}; exercises: {', '.join(grades.exercises)}.",
    )
    if not grades.ungraded:
        return
    have = "1 submission has" if len(grades.ungraded) == 1 else f"{len(grades.ungraded)} submissions have"
    say(terminal, "no score", f"{have} none. An empty cell is no zero:")
    for (student, slug), why in [*grades.ungraded.items()][:MOST_SHOWN]:
        say(terminal, "        ", f"{safe_for_display(student)}, {slug}: {why.replace('_', ' ')}")
    if len(grades.ungraded) > MOST_SHOWN:
        say(terminal, "        ", f"and {len(grades.ungraded) - MOST_SHOWN} more")


def export_gradescope(folder: CourseFolder, lesson: Lesson | None) -> None:
    from grader.classroom.publish.autograders import write_gradescope

    if lesson is None:
        raise CourseError("Gradescope has one autograder for each assignment; say which with --exercise.")
    path = write_gradescope(folder, lesson)
    say(
        Terminal(),
        "written",
        f"{safe_for_display(str(path))}. Upload it on Gradescope: Configure Autograder, Autograder zip.",
    )


def export_workflow(folder: CourseFolder, lesson: Lesson | None, repository: str | None) -> None:
    from grader.classroom.publish.autograders import write_workflow

    if repository is None:
        raise CourseError(
            "The workflow needs a copy of the course that students cannot change; say where it is on GitHub, with "
            "--repository OWNER/NAME."
        )
    path = write_workflow(folder, [lesson] if lesson else [*ready_lessons()], repository)
    say(
        Terminal(),
        "written",
        f"{safe_for_display(str(path))}. Put it into the starter repository as .github/workflows/classroom.yml.",
    )


def say(terminal: Terminal, label: str, text: str) -> None:
    terminal.lines(paragraph(label, text, terminal.width, "quiet"))
