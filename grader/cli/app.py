"""The commands and their options. Each imports what it needs when it runs, so that every start is quick."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from grader.cli.classroom.app import class_
from grader.course import CourseError, ready_lessons

app = typer.Typer(
    name="digits",
    help="""Digits: from raw pixels to convolutional networks, graded in seconds.

    New here? Type digits for the map of the course, then digits next. Every command tells more: digits check --help.
    """,
    no_args_is_help=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
dev = typer.Typer(help="For maintainers: build, calibrate, measure.", rich_markup_mode=None, no_args_is_help=True)
app.add_typer(class_, name="class")
app.add_typer(dev, name="dev")

USAGE, GRADER_ERROR = 2, 3


def exercise_names(incomplete: str) -> Iterator[tuple[str, str]]:
    """What the shell completes an exercise's name to."""
    return ((lesson.slug, lesson.title) for lesson in ready_lessons() if lesson.slug.startswith(incomplete))


NAME = typer.Argument(help="Its name or number: dense, 5, exercises/05_dense.py.", autocompletion=exercise_names)
Exercise = Annotated[str | None, NAME]
OneExercise = Annotated[str, NAME]
Seed = Annotated[str | None, typer.Option(help="Fixes the random inputs. The same seed gives the same points.")]


def print_version(is_asked: bool) -> None:
    if is_asked:
        from importlib.metadata import version

        typer.echo(f"digits {version('digits-course')}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def show_map(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=print_version, help="Print the version.")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error of the grader.")] = False,
) -> None:
    if debug:
        os.environ["DIGITS_DEBUG"] = "1"
    if context.invoked_subcommand is None:
        from grader.cli.commands.map import show

        show()


@app.command()
def check(
    exercise: Exercise = None,
    seed: Seed = None,
    pdb: Annotated[bool, typer.Option("--pdb", help="Stop in the debugger where your code raises.")] = False,
) -> None:
    """Check your own exercise (all of them, if you name none).

    It says what is right, what is not, and which mistake it is. Check as often as you like: only the best counts.
    """
    from grader.cli.commands.check import check_exercises

    raise typer.Exit(check_exercises(exercise, seed, pdb))


@app.command()
def watch(exercise: Exercise = None) -> None:
    """Check an exercise again at every save.

    Hints come at the press of a key. Without a name it is the next open exercise. Quick checks come first; training
    runs in the background and ends with the next save. Press ? for the keys and q to quit.
    """
    from grader.cli.live.watch import watch_exercise

    raise typer.Exit(watch_exercise(exercise))


@app.command("next")
def show_next() -> None:
    """Say what to do next: what to read, what to edit, what to run."""
    from grader.cli.commands.next import show_next

    show_next()


@app.command()
def hint(exercise: Exercise = None) -> None:
    """Get unstuck: a question, the concept, then nearly the code.

    Each call shows one level more about the check that fails first. Hints cost nothing, and begin anew once that check
    passes. Without a name it is about the next open exercise.
    """
    from grader.cli.commands.hint import give_hint

    raise typer.Exit(give_hint(exercise))


@app.command("quiz")
def quiz(
    lesson: Annotated[str | None, typer.Argument(help="Its name or number.", autocompletion=exercise_names)] = None,
    again: Annotated[bool, typer.Option("--again", help="Ask also what you have answered before.")] = False,
) -> None:
    """Answer the predictions of a lesson, and learn at once why.

    They count for nothing. Without a name it is the old question of the day that the map shows; where there is none, it
    is the lesson that you are at.
    """
    from grader.cli.commands.quiz import quiz

    quiz(lesson, again)


@app.command()
def solution(
    exercise: OneExercise,
    spoil: Annotated[bool, typer.Option("--spoil", help="Show it before you have solved the exercise.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="With --spoil: do not ask whether you are sure.")] = False,
) -> None:
    """Compare your solution with the reference, once yours passes.

    A terminal of 120 columns or more shows them side by side.
    """
    from grader.cli.commands.solution import show_solution

    raise typer.Exit(show_solution(exercise, spoil, yes))


@app.command()
def reset(exercise: OneExercise) -> None:
    """Begin an exercise anew; your file is kept.

    You are told where. Your best points stay yours, too.
    """
    from grader.cli.commands.reset import reset_exercise

    reset_exercise(exercise)


@app.command()
def predict(
    images: Annotated[list[Path], typer.Argument(help="Photographs, scans or drawings of one digit each.")],
    model: Annotated[Path | None, typer.Option(help="The network that reads, a .keras file.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON list and nothing else.")] = False,
    explain: Annotated[Path | None, typer.Option(help="Draw every stage into this new .png file.")] = None,
) -> None:
    """Read your own handwriting from pictures.

    It says which digit, how sure, and what the network saw. Your own network reads if lesson 14 has saved one as
    models/capstone.keras, else the course's own. The exit status is 0 if every picture was read and 1 if one could not
    be.
    """
    from grader.cli.commands.predict import predict_images

    raise typer.Exit(predict_images(images, model, json, explain))


@app.command()
def lab(
    lesson: Exercise = None,
    browser: Annotated[bool, typer.Option(help="Open it in your browser.")] = True,
) -> None:
    """Read and run the lessons as notebooks, in JupyterLab.

    Without a name it begins with the lesson of the next open exercise. In a notebook, check("pixels") checks your work.
    Ctrl-C ends it.
    """
    from grader.cli.commands.lab import open_lab

    raise typer.Exit(open_lab(lesson, browser))


@app.command()
def grade(
    file: Annotated[Path, typer.Argument(help="The submission, a Python file or a notebook.")],
    exercise: Annotated[str | None, typer.Option(help="Which exercise it is; else its file name says so.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False,
    seed: Seed = None,
    allow_unsafe: Annotated[
        bool, typer.Option("--allow-unsafe", help="Grade even where nothing keeps the submission from your files.")
    ] = False,
) -> None:
    """Grade somebody's submission, as an instructor.

    The inputs are fresh and secret, and nothing of the learner's is believed.
    """
    from grader.cli.commands.grade import grade_file

    raise typer.Exit(grade_file(file, exercise, json, seed, allow_unsafe))


@app.command()
def demo() -> None:
    """See the grader at work, in a minute or two.

    It grades a right, a mistaken and a cheating submission, and shows what the student sees and what the instructor
    sees.
    """
    from grader.cli.commands.demo import run_demo

    run_demo()


@app.command()
def doctor() -> None:
    """Say what this machine can do, and whether anything is missing.

    That is versions, data, memory, notebooks, and how well other people's programs are walled in.
    """
    from grader.cli.commands.doctor import examine

    raise typer.Exit(examine())


@app.command(
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    add_help_option=False,
)
def test(context: typer.Context) -> None:
    """Run the project's own tests: the quick set, in about three minutes.

    With --all it is everything; with the name of a lesson, that lesson whole. Format and lint come first, then pytest,
    which gets all other options: digits test -k protocol.
    """
    from grader.cli.commands.test import run_tests

    raise typer.Exit(run_tests(context.args))


@dev.command()
def build(
    check_only: Annotated[bool, typer.Option("--check", help="Write nothing; fail if a file is out of step.")] = False,
) -> None:
    """Rewrite every generated file from its source."""
    from grader.cli.commands.dev import build_all

    raise typer.Exit(build_all(check_only))


@dev.command("check")
def check_lesson(
    lesson: Annotated[str | None, typer.Argument(help="Its slug; all lessons, if you name none.")] = None,
) -> None:
    """Say what a lesson still lacks, and what to do about it."""
    from grader.cli.commands.dev import check_lessons

    raise typer.Exit(check_lessons(lesson))


@dev.command()
def calibrate(
    exercise: Annotated[str, typer.Argument(help="The exercise whose reference solution is measured.")],
    seeds: Annotated[int, typer.Option(min=0, help="How many seeds; 0: the mistakes alone.")] = 20,
    minutes: Annotated[float | None, typer.Option(help="Stop after this many minutes with the seeds done.")] = None,
) -> None:
    """Train the reference and the known mistakes under grading conditions; write the accuracy threshold."""
    from grader.cli.commands.dev import calibrate_exercise

    raise typer.Exit(calibrate_exercise(exercise, seeds, minutes))


@dev.command()
def bench(
    what: Annotated[str, typer.Argument(help="engine, loop, sources, training, accuracy or class")] = "engine",
    count: Annotated[
        int | None, typer.Option(min=1, help="For class: how many networks everybody grades; else 30.")
    ] = None,
) -> None:
    """Measure what the README claims, beside peers in the same run."""
    from grader.cli.commands.dev import run_bench

    run_bench(what, count)


@dev.command()
def soak(
    count: Annotated[int, typer.Option(help="How many submissions.")] = 500,
    every: Annotated[int, typer.Option(help="Print figures after every so many.")] = 50,
) -> None:
    """Grade hundreds of honest and hostile submissions in a row and look for leaks."""
    from grader.cli.commands.dev import run_soak

    raise typer.Exit(run_soak(count, every))


@dev.command()
def screenshot() -> None:
    """Redraw the README's picture of a check."""
    from grader.cli.commands.dev import draw_screenshot

    draw_screenshot()


@dev.command()
def pictures(
    lesson: Annotated[str | None, typer.Argument(help="Its slug; all lessons, if you name none.")] = None,
) -> None:
    """Run lessons with the reference solutions and redraw their pictures."""
    from grader.cli.commands.dev import redraw_pictures

    redraw_pictures(lesson)


@dev.command()
def board() -> None:
    """Measure the board of lesson 14 again: accuracy, parameters and milliseconds of the references."""
    from grader.cli.commands.dev import measure_board

    measure_board()


@dev.command()
def photographs() -> None:
    """Make the photographs of lesson 13 again, from MNIST test digits."""
    from grader.cli.commands.dev import make_photographs

    make_photographs()


@dev.command("reference-model")
def reference_model() -> None:
    """Train the network again that digits predict uses until the learner has one."""
    from grader.cli.commands.dev import train_reference

    train_reference()


def run(arguments: list[str]) -> int:
    """Run a command line; errors that are the user's to mend come out as one sentence."""
    from grader.data import DataError
    from grader.engine.judge.processes import EngineError
    from grader.engine.judge.source import InvalidSubmission

    try:
        status = app(arguments, standalone_mode=False)  # the exit status, or what a command returns: nothing
    except typer.Abort:
        return 130
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped.\n")
        return 130
    except (CourseError, InvalidSubmission) as error:
        return complain(str(error), USAGE)
    except (DataError, EngineError, OSError) as error:
        if os.environ.get("DIGITS_DEBUG"):
            raise
        return complain(str(error), GRADER_ERROR)
    except Exception as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            sys.stdout.write(f"{error.format_message()}\n")
            return USAGE
        if hasattr(error, "format_message"):  # click's own: an unknown command or option
            return complain(f"{error.format_message()} Try: digits --help", USAGE)
        if os.environ.get("DIGITS_DEBUG"):
            raise
        return complain(
            f"The grader failed: {type(error).__name__}: {error}. With --debug it says where.", GRADER_ERROR
        )
    return status or 0


def complain(sentence: str, status: int) -> int:
    sys.stderr.write(f"digits: {sentence}\n")
    return status
