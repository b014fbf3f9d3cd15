"""The commands of `digits class` and their options: a whole class. Each imports what it needs when it runs."""

from pathlib import Path
from typing import Annotated

import typer

class_ = typer.Typer(
    help="For instructors: grade a whole class, report, export.", rich_markup_mode=None, no_args_is_help=True
)

Folder = Annotated[Path, typer.Argument(help="The course folder; the current one, unless you name another.")]
HERE = Path(".")


@class_.command()
def grade(
    folder: Folder = HERE,
    exercise: Annotated[str | None, typer.Option(help="Only this exercise; else all that were handed in.")] = None,
    jobs: Annotated[
        int | None,
        typer.Option(min=1, help="How many at a time; else one for each core. With more, honest work may look slow."),
    ] = None,
    seed: Annotated[
        str | None, typer.Option(help="Fixes the random inputs; else the course's own secret does.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Grade again what has been graded already.")] = False,
    allow_unsafe: Annotated[
        bool, typer.Option("--allow-unsafe", help="Grade even where nothing keeps a submission from your files.")
    ] = False,
    cluster: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Let the workers of a Dask scheduler grade: tcp://HOST:8786.")
    ] = None,
) -> None:
    """Grade what lies in submitted/, several at a time.

    A result is kept as soon as it is there: stop whenever you like, and the next run goes on. What was graded already
    is not run again unless the submission or its checks have changed.
    """
    from grader.cli.classroom.grade import grade_class

    raise typer.Exit(grade_class(folder, exercise, jobs, seed, force, allow_unsafe, cluster))


@class_.command()
def collect(
    archives: Annotated[
        list[Path] | None, typer.Argument(metavar="[ZIP]...", help="Else those in downloaded/.")
    ] = None,
    exercise: Annotated[str | None, typer.Option(help="Which exercise was handed in.")] = None,
    folder: Annotated[Path, typer.Option(help="The course folder.")] = HERE,
) -> None:
    """Unpack what Canvas or Moodle has exported.

    Submissions go from a ZIP file to submitted/, each to a folder of the student's own. Nothing is lost: what a newer
    attempt replaces is kept in .digits/replaced.
    """
    from grader.cli.classroom.collect import collect_uploads

    raise typer.Exit(collect_uploads(folder, archives or [], exercise))


@class_.command()
def init(
    folder: Annotated[Path, typer.Argument(help="Where the course will be; it is made if it is not there.")],
) -> None:
    """Make a course folder to begin with.

    In it nbgrader's commands work as well as these. Nothing that is there is overwritten.
    """
    from grader.cli.classroom.init import init_course

    init_course(folder)


@class_.command()
def release(
    exercises: Annotated[list[str] | None, typer.Argument(metavar="EXERCISE", help="Else all of them.")] = None,
    folder: Annotated[Path, typer.Option(help="The course folder.")] = HERE,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Anew from the course, even where you have edited it.")
    ] = False,
) -> None:
    """Make assignments: notebooks for your students.

    nbgrader makes them from the course's solutions and checks. Your version is in source/, theirs in release/. What you
    have edited in source/ is released as you have edited it.
    """
    from grader.cli.classroom.release import release_exercises

    release_exercises(folder, exercises or [], fresh)


@class_.command()
def gradebook(
    folder: Folder = HERE,
    gradebook: Annotated[
        str | None, typer.Option("--gradebook", metavar="URL", help="Another one than nbgrader_config.py names.")
    ] = None,
) -> None:
    """Fill nbgrader's gradebook with the results.

    Do it as often as you like. Scores that you have set by hand win and stay. For PostgreSQL the URL reads
    postgresql://user:password@host/database.
    """
    from grader.cli.classroom.gradebook import fill_gradebook

    fill_gradebook(folder, gradebook)


@class_.command()
def report(folder: Folder = HERE) -> None:
    """Make pages from the results: one for each student, one for you.

    They open in any browser, on a phone too, can be printed, and ask the network for nothing. Names come from
    roster.csv, if the course folder has one: student,first_name,last_name,email,lms_id.
    """
    from grader.cli.classroom.report import report_class

    report_class(folder)


@class_.command()
def export(
    folder: Folder = HERE,
    form: Annotated[str, typer.Option("--format", help="csv, canvas, moodle, gradescope or github")] = "csv",
    exercise: Annotated[str | None, typer.Option(help="Only this exercise.")] = None,
    repository: Annotated[
        str | None, typer.Option(metavar="OWNER/NAME", help="For github: where your copy of the course is.")
    ] = None,
) -> None:
    """Write grades for spreadsheets, Canvas or Moodle.

    A submission that the grader could not grade gets an empty cell, never a zero. Other formats make an autograder for
    Gradescope or a workflow for GitHub Classroom.
    """
    from grader.cli.classroom.export import export_class

    export_class(folder, form, exercise, repository)


@class_.command()
def similar(
    folder: Folder = HERE,
    exercise: Annotated[str | None, typer.Option(help="Only this exercise.")] = None,
    threshold: Annotated[
        float, typer.Option(min=1, max=100, help="Show pairs that share at least so much of their code, in per cent.")
    ] = 60,
) -> None:
    """Find submissions that resemble each other.

    Other names make no difference, and what the stub gave is left out. It needs a package of its own: pip install
    copydetect
    """
    from grader.cli.classroom.similar import show_similar

    show_similar(folder, exercise, threshold)
