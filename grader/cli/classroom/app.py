"""The commands of `digits class` and their options, in the order in which a term uses them. Each imports what it needs
when it runs."""

from pathlib import Path
from typing import Annotated

import typer

class_ = typer.Typer(
    help="For instructors: grade a whole class, report, export.", rich_markup_mode=None, no_args_is_help=True
)

Folder = Annotated[Path, typer.Argument(help="The course folder. Default: the current folder.")]
HERE = Path(".")
FORMATS = (
    "csv, totals, canvas, moodle, moodle-worksheet, canvas-feedback, moodle-feedback, gradescope, github, classroom50 "
    "or prairielearn."
)


@class_.command()
def init(
    folder: Annotated[Path, typer.Argument(help="The new course folder.")],
) -> None:
    """Make a course folder.

    nbgrader's own commands work in it, too. Files that exist already are not overwritten.
    """
    from grader.cli.classroom.collect import init_course

    init_course(folder)


@class_.command()
def wheel(folder: Folder = HERE) -> None:
    """Make the grader for your students: a wheel, which pip installs.

    It has the checks and the settings of your course, and neither solutions nor the secret. Put it where your students
    can get it, name the place in course.toml as wheel, and release: then the first cell of each notebook installs it.
    """
    from grader.cli.classroom.publish import make_wheel

    make_wheel(folder)


@class_.command()
def release(
    exercises: Annotated[list[str] | None, typer.Argument(metavar="EXERCISE", help="Default: all exercises.")] = None,
    folder: Annotated[Path, typer.Option(help="The course folder.")] = HERE,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Start over from the course's version, even if you have edited it.")
    ] = False,
) -> None:
    """Make assignments: notebooks for your students.

    nbgrader makes them from the course's solutions and checks. Your version is in source/, theirs in release/. If you
    have edited your version, it is released as you have edited it.
    """
    from grader.cli.classroom.gradebook import release_exercises

    release_exercises(folder, exercises or [], fresh)


@class_.command()
def due(
    exercise: Annotated[str | None, typer.Argument(metavar="[EXERCISE]", help="Default: show all due dates.")] = None,
    when: Annotated[
        str | None, typer.Argument(metavar="[WHEN]", help="2026-03-01T23:59, in this computer's time zone.")
    ] = None,
    extension: Annotated[
        list[str] | None, typer.Option(metavar="STUDENT=TIME", help="More time for one student: ada=3d. None: ada=0.")
    ] = None,
    grace: Annotated[
        str | None, typer.Option(metavar="TIME", help="Work that is at most this late counts as on time: 15m.")
    ] = None,
    clear: Annotated[bool, typer.Option("--clear", help="Remove the due date.")] = False,
    folder: Annotated[Path, typer.Option(help="The course folder.")] = HERE,
) -> None:
    """Show or set when assignments are due.

    A time is 3d, 12h, 30m or 1d12h. Due dates and extensions are in nbgrader's gradebook, too, and its late-submission
    plugin sets what being late costs.
    """
    from grader.cli.classroom.due import set_due

    set_due(folder, exercise, when, grace, extension or [], clear)


@class_.command()
def collect(
    archives: Annotated[
        list[Path] | None, typer.Argument(metavar="[ZIP]...", help="Default: the ZIP files in downloaded/.")
    ] = None,
    exercise: Annotated[str | None, typer.Option(help="The exercise that was submitted.")] = None,
    times: Annotated[bool, typer.Option("--times", help="Use the times in the ZIP file as submission times.")] = False,
    folder: Annotated[Path, typer.Option(help="The course folder.")] = HERE,
) -> None:
    """Unpack what Canvas or Moodle has exported.

    Submissions go from a ZIP file to submitted/, each into its student's folder. Nothing is lost: what a newer attempt
    replaces is kept in .digits/replaced. The exit status is 1 if anything had to be left in an archive.
    """
    from grader.cli.classroom.collect import collect_uploads

    raise typer.Exit(collect_uploads(folder, archives or [], exercise, times))


@class_.command()
def grade(
    folder: Folder = HERE,
    exercise: Annotated[str | None, typer.Option(help="Only this exercise. Default: all exercises.")] = None,
    jobs: Annotated[
        int | None,
        typer.Option(min=1, help="How many at a time. Default: one per core. With more, code may run out of time."),
    ] = None,
    seed: Annotated[
        str | None, typer.Option(help="Fixes the random inputs. Default: the secret of the course.")
    ] = None,
    student: Annotated[str | None, typer.Option(help="Only this student, the name of a folder in submitted/.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Grade again, even if nothing has changed.")] = False,
    allow_unsafe: Annotated[
        bool,
        typer.Option(
            "--allow-unsafe", help="Grade even without a sandbox, although submissions can then reach your files."
        ),
    ] = False,
    cluster: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Grade on the workers of a Dask scheduler: tcp://HOST:8786.")
    ] = None,
) -> None:
    """Grade what is in submitted/, several at a time.

    Each result is saved as soon as it is there: stop whenever you like, and the next run continues. A submission is
    graded again only if it or its checks have changed.
    """
    from grader.cli.classroom.grade import grade_class

    raise typer.Exit(grade_class(folder, exercise, jobs, seed, student, force, allow_unsafe, cluster))


@class_.command()
def gradebook(
    folder: Folder = HERE,
    gradebook: Annotated[
        str | None, typer.Option("--gradebook", metavar="URL", help="Default: the one in nbgrader_config.py.")
    ] = None,
) -> None:
    """Enter the results into nbgrader's gradebook.

    Do it as often as you like: scores that you have set by hand never change. The URL of a PostgreSQL database is
    postgresql://user:password@host/database.
    """
    from grader.cli.classroom.gradebook import fill_gradebook

    fill_gradebook(folder, gradebook)


@class_.command()
def report(folder: Folder = HERE) -> None:
    """Make pages from the results: one for each student, one for you.

    They open in any browser, even on a phone, can be printed, and load nothing from the network. Names come from
    roster.csv, if the course folder has one: student,first_name,last_name,email,lms_id, or Canvas's own gradebook.
    """
    from grader.cli.classroom.publish import report_class

    report_class(folder)


@class_.command()
def similar(
    folder: Folder = HERE,
    exercise: Annotated[str | None, typer.Option(help="Only this exercise.")] = None,
    threshold: Annotated[
        float, typer.Option(min=1, max=100, help="Show pairs that share at least this percentage of their code.")
    ] = 60,
) -> None:
    """Find submissions that resemble each other.

    Renaming does not hide a copy, and the code of the stub is left out. The first run installs the package copydetect.
    In an environment of your own, it says how to install it.
    """
    from grader.cli.classroom.publish import show_similar

    show_similar(folder, exercise, threshold)


@class_.command()
def export(
    folder: Folder = HERE,
    form: Annotated[str, typer.Option("--format", help=FORMATS)] = "csv",
    exercises: Annotated[
        list[str] | None,
        typer.Option(
            "--exercise", metavar="EXERCISE", help="Only this exercise; for github, give it as often as you like."
        ),
    ] = None,
    repository: Annotated[
        str | None,
        typer.Option(
            metavar="OWNER/NAME",
            help="For github and classroom50: your copy of the course. For prairielearn: the name of the image.",
        ),
    ] = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="Also results whose submissions are no longer in submitted/.")
    ] = False,
) -> None:
    """Write grades for spreadsheets, Canvas or Moodle.

    Scores, comments and extensions that you have set in the gradebook count. A submission that the grader could not
    grade gets an empty cell, never a zero. csv has a row for each student and exercise, totals a row for each student.
    moodle-worksheet, canvas-feedback and moodle-feedback are what these take back for one exercise. gradescope,
    classroom50 and prairielearn make an autograder of one exercise, and github makes a workflow for GitHub Actions.
    """
    from grader.cli.classroom.publish import export_class

    export_class(folder, form, exercises or [], repository, keep)
