"""`digits class report`, `export` and `similar`: pages and tables from the results of a class."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

from grader.choices import read_choices
from grader.classroom.collect.submissions import find_submissions
from grader.classroom.folder import CourseFolder, write_output
from grader.classroom.names import is_anonymous, names_of
from grader.classroom.publish.report import write_pages
from grader.classroom.publish.similar import find_similar, write_similar_page
from grader.classroom.roster import people_of
from grader.classroom.students import safe_for_display
from grader.cli.classroom.course import open_course, open_existing_course
from grader.cli.classroom.screen import MOST_NAMED, count, tell, tell_some, tell_stale
from grader.cli.environment import fetch
from grader.cli.terminal import Terminal
from grader.course import CourseError, Lesson, find_exercise, ready_lessons
from grader.feedback.text import paragraph

if TYPE_CHECKING:
    from grader.classroom.identity import Lms
    from grader.classroom.publish.grades import Grade, Grades

FILES = {"csv": "grades.csv", "totals": "totals.csv", "canvas": "canvas.csv", "moodle": "moodle.csv"}
FEEDBACK: dict[str, "Lms"] = {"canvas-feedback": "canvas", "moodle-feedback": "moodle"}
FORMATS = (*FILES, "moodle-worksheet", *FEEDBACK, "gradescope", "github", "classroom50", "prairielearn")
MOST_GROUPS = 20


def report_class(root: Path) -> None:
    """Write the pages and say where they are.

    Raises:
        CourseError: there are no results, or the pages cannot be written.
    """
    terminal = Terminal()
    folder = open_course(root)
    pages = write_pages(folder)
    where = safe_for_display(str(pages.students))
    count = f"{pages.count} {'page' if pages.count == 1 else 'pages'}, one for each: {where}/"
    tell(terminal, "for students", count)
    note = "" if is_anonymous(folder) else " (it has all names: do not share it)"
    tell(terminal, "for you     ", f"{safe_for_display(str(pages.instructor))}{note}")
    tell_stale(terminal, pages.stale)


def export_class(root: Path, form: str, names: list[str], repository: str | None, keep: bool = False) -> None:
    """Write an export into the folder reports/ of the course.

    Raises:
        CourseError: there is no such format, one of its options is missing, or it cannot be written.
    """
    folder = open_course(root)
    lessons = list(dict.fromkeys(map(find_exercise, names)))
    if len(lessons) > 1 and form != "github":
        raise CourseError(f"The format {form} takes one exercise. Give --exercise once.")
    lesson = lessons[0] if lessons else None
    if form in FILES:
        export_grades(folder, form, lesson, keep)
    elif form == "moodle-worksheet":
        export_worksheet(folder, lesson, keep)
    elif form in FEEDBACK:
        export_feedback(folder, lesson, FEEDBACK[form])
    elif form == "gradescope":
        export_gradescope(folder, lesson)
    elif form == "prairielearn":
        export_prairielearn(folder, lesson, repository)
    elif form == "classroom50":
        export_classroom50(folder, lesson, repository)
    elif form == "github":
        export_workflow(folder, lessons, repository)
    else:
        raise CourseError(f"There is no format {form!r}. The formats are: {', '.join(FORMATS)}.")


def export_grades(folder: CourseFolder, form: str, lesson: Lesson | None, keep: bool) -> None:
    """Write a table of grades, and say which submissions need a look."""
    from grader.classroom.publish.export import TABLES
    from grader.classroom.publish.grades import collect_grades

    terminal = Terminal()
    grades = collect_grades(folder, lesson, keep)
    path = write_output(folder.reports / FILES[form], TABLES[form](grades))
    tell(
        terminal,
        "written",
        f"{safe_for_display(str(path))}: students: {len(grades.people)}; exercises: {', '.join(grades.exercises)}.",
    )
    new = [slug for slug in grades.exercises if slug not in grades.columns] if grades.columns else []
    if form == "canvas" and new:
        tell(
            terminal,
            "new in Canvas",
            f"{', '.join(new)}: no column in roster.csv, so Canvas will create an assignment.",
        )
    tell_what_needs_a_look(terminal, grades)


def export_worksheet(folder: CourseFolder, lesson: Lesson | None, keep: bool) -> None:
    """Write Moodle's grading worksheet of one exercise."""
    from grader.classroom.identity import read_identities
    from grader.classroom.publish.export import moodle_worksheet
    from grader.classroom.publish.grades import collect_grades

    if lesson is None:
        raise CourseError("Moodle has one worksheet for each assignment. Name the exercise with --exercise.")
    grades, identities = collect_grades(folder, lesson, keep), read_identities(folder)
    if not identities.moodle.get(lesson.slug):
        raise CourseError(
            f"Nothing of {lesson.slug} was collected from Moodle, so no participant's number is known. Collect its "
            "archive first, or use --format moodle."
        )
    text = moodle_worksheet(grades, identities, lesson.slug)
    path = write_output(folder.reports / f"moodle-worksheet-{lesson.slug}.csv", text)
    where = "Upload it in Moodle: View all submissions, Upload grading worksheet."
    tell(Terminal(), "written", f"{safe_for_display(str(path))}. {where}")
    tell_what_needs_a_look(Terminal(), grades)


def export_feedback(folder: CourseFolder, lesson: Lesson | None, lms: "Lms") -> None:
    """Write the pages of one exercise as the archive that an LMS takes back."""
    from grader.classroom.publish.feedback import write_feedback

    if lesson is None:
        raise CourseError("Feedback goes back for one assignment at a time. Name the exercise with --exercise.")
    sent = write_feedback(folder, lesson, lms)
    action = {"canvas": "Upload Submissions", "moodle": "Upload multiple feedback files in a zip"}[lms]
    pages = "1 page" if sent.count == 1 else f"{sent.count} pages"
    tell(Terminal(), "written", f"{safe_for_display(str(sent.path))}: {pages}. In {lms.capitalize()}: {action}.")
    if sent.missing:
        names = ", ".join(map(safe_for_display, sent.missing[:MOST_NAMED]))
        tell(Terminal(), "without", f"{names}: not collected from {lms.capitalize()}.")


def tell_what_needs_a_look(terminal: Terminal, grades: "Grades") -> None:
    """Say which scores are missing, and which are not what a reader of the table would think."""

    def say(label: str, one: str, many: str, places: Iterable[tuple[str, str]], why: str = "") -> None:
        shown = [f"{student}, {slug}{words(grades.of(student, slug), why)}" for student, slug in places]
        tell_some(terminal, label, one, many, shown)

    def words(grade: "Grade", why: str) -> str:
        text = str(getattr(grade, why)) if why else ""
        return f": {text.replace('_', ' ') if why == 'outcome' else text}" if why else ""

    none, by_hand = "An empty cell is not a zero", "in the formgrader; the score may change"
    waiting = [place for place, grade in grades.cells.items() if grade.waits]
    say("no score", f"1 submission has none. {none}", f"submissions have none. {none}", grades.ungraded, "outcome")
    unreadable = grades.with_outcome("invalid")
    counts = ("1 submission could not be read and counts as 0", "submissions could not be read and count as 0")
    say("zero", *counts, unreadable, "message")
    say("by hand", f"1 submission waits for you {by_hand}", f"submissions wait for you {by_hand}", waiting)
    tell_stale(terminal, grades.stale, can_keep=True)


def export_gradescope(folder: CourseFolder, lesson: Lesson | None) -> None:
    """Write the autograder of an exercise for Gradescope."""
    from grader.classroom.publish.autograders import write_gradescope

    if lesson is None:
        raise CourseError("Gradescope has one autograder for each assignment. Name the exercise with --exercise.")
    path = write_gradescope(folder, lesson)
    tell(
        Terminal(),
        "written",
        f"{safe_for_display(str(path))}. Upload it on Gradescope: Configure Autograder, Autograder zip.",
    )


def export_prairielearn(folder: CourseFolder, lesson: Lesson | None, image: str | None) -> None:
    """Write the question and the image of an exercise for PrairieLearn."""
    from grader.classroom.publish.autograders import write_prairielearn

    if lesson is None:
        raise CourseError("PrairieLearn has one question for each exercise. Name it with --exercise.")
    path = write_prairielearn(folder, lesson, image)
    tell(
        Terminal(),
        "written",
        f"{safe_for_display(str(path))}. Build the image in image/, and put questions/{lesson.slug} into your course.",
    )


def export_classroom50(folder: CourseFolder, lesson: Lesson | None, repository: str | None) -> None:
    """Write the autograder of an exercise for Classroom 50."""
    from grader.classroom.publish.autograders import write_classroom50

    if lesson is None:
        raise CourseError("Classroom 50 has one autograder for each assignment. Name the exercise with --exercise.")
    if repository is None:
        raise CourseError(
            "The autograder installs the course from a public copy without solutions/ on GitHub. Name it with "
            "--repository OWNER/NAME."
        )
    path, scale = write_classroom50(folder, lesson, repository)
    where = "Put it into your classroom50 repository as CLASSROOM/autograders/ASSIGNMENT/autograder.py."
    tell(Terminal(), "written", f"{safe_for_display(str(path))}. {where}")
    if scale != 1:
        tell(Terminal(), "points ", f"All are times {scale}, because Classroom 50 takes whole points only.")


def export_workflow(folder: CourseFolder, lessons: list[Lesson], repository: str | None) -> None:
    """Write the workflow for GitHub Actions."""
    from grader.classroom.publish.autograders import write_workflow

    if repository is None:
        raise CourseError(
            "The workflow needs a copy of the course on GitHub that students cannot change. Name it with --repository "
            "OWNER/NAME."
        )
    path = write_workflow(folder, lessons or [*ready_lessons()], repository)
    tell(
        Terminal(),
        "written",
        f"{safe_for_display(str(path))}. Put it into students' repositories as .github/workflows/digits.yml.",
    )


def make_wheel(root: Path) -> None:
    """Make the wheel for students, and say what to do with it.

    Raises:
        CourseError: the settings of the course cannot be read, or the wheel cannot be written.
    """
    from grader.classroom.publish.wheel import write_wheel

    terminal, folder = Terminal(), open_existing_course(root)
    path = write_wheel(folder)
    tell(terminal, "written", safe_for_display(str(path)))
    tell(terminal, "students", f"pip install {path.name}, or %pip install in a notebook, with the address of the file.")
    if not read_choices(root).wheel:
        tell(terminal, "next", "Put it where students can get it, set wheel in course.toml, and release again.")


def show_similar(root: Path, exercise: str | None, threshold: float) -> None:
    """Print the groups of similar submissions and write the page with their code.

    Raises:
        CourseError: copydetect is not installed, there are no submissions, or the page cannot be written.
    """
    terminal = Terminal()
    folder = open_course(root)
    lesson = find_exercise(exercise) if exercise else None
    find_submissions(folder, lesson)  # what is wrong with the folder is said before anything is fetched for it
    fetch("class")
    found = find_similar(folder, lesson, threshold / 100)
    path = write_similar_page(folder, found, threshold / 100)
    pairs = "1 pair shares" if len(found.pairs) == 1 else f"{len(found.pairs)} pairs share"
    terminal.line(f" {count(found.compared, 'submission')} compared; {pairs} {threshold:g}% or more.")
    groups = found.groups
    shown = labels(folder, found.students)
    if groups:
        table = Table(box=box.SIMPLE_HEAD if terminal.unicode else box.ASCII2, header_style="bold")
        for name in ("shared", "exercise", "students"):
            table.add_column(name, justify="right" if name == "shared" else "left", overflow="fold")
        for group in groups[:MOST_GROUPS]:
            names = ", ".join(safe_for_display(shown[student]) for student in group.students[:MOST_NAMED])
            many = f"{len(group.students)} students: " if len(group.students) > 2 else ""
            more = ", …" if len(group.students) > MOST_NAMED else ""
            table.add_row(group.amount, group.exercise, Text(terminal.plain(f"{many}{names}{more}")))
        terminal.console.print(table, width=terminal.width)
    if len(groups) > MOST_GROUPS:
        terminal.line(f" These are the {MOST_GROUPS} most similar of {len(groups)} groups.")
    for student, slug, why in found.left_out:
        terminal.lines(paragraph("not compared", safe_for_display(f"{shown[student]}, {slug}: {why}"), terminal.width))
    tell(terminal, "side by side", safe_for_display(str(path)))
    tell(terminal, "note        ", "Similarity proves nothing: read the pairs.")


def labels(folder: CourseFolder, students: set[str]) -> dict[str, str]:
    """What to call students in a terminal: by their folders, or by numbers in an anonymous course."""
    if not is_anonymous(folder):
        return {student: student for student in students}
    return {student: name for student, (name, _) in names_of(folder, people_of(folder, students)).items()}
