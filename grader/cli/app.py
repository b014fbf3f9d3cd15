"""The commands and their options. Each command imports what it needs only when it runs, to keep startup fast."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from grader.cli.classroom.app import class_
from grader.cli.environment import require
from grader.cli.grouped_help import GroupedHelp
from grader.cli.interrupts import Interrupted
from grader.cli.plain import problem
from grader.cli.usage import for_people, program, sentence
from grader.course import CourseError, ready_lessons


@contextmanager
def interruptible() -> Iterator[None]:
    """Around what typer runs, so that Ctrl-C arrives in `run_until_stopped`, with what it has to say."""
    try:
        yield
    except (KeyboardInterrupt, typer.Abort) as stopped:  # Abort: at a question of typer's
        raise Interrupted(*stopped.args) from None


class Commands(GroupedHelp):
    """All commands. Ctrl-C passes typer by, which would leave without a word."""

    def make_context(self, *arguments: Any, **options: Any) -> Any:
        with interruptible():
            return super().make_context(*arguments, **options)

    def invoke(self, ctx: Any) -> Any:
        with interruptible():
            return super().invoke(ctx)


app = typer.Typer(
    cls=Commands,
    name="digits",
    no_args_is_help=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
dev = typer.Typer(help="For maintainers: build, calibrate, measure.", rich_markup_mode=None, no_args_is_help=True)


@dev.callback()
def need_packages_for_developers() -> None:
    require("dev", "./digits dev")


app.add_typer(class_, name="class")
app.add_typer(dev, name="dev")

USAGE, GRADER_ERROR = 2, 3


def exercise_names(incomplete: str) -> Iterator[tuple[str, str]]:
    """The completions that the shell offers for an exercise's name."""
    return ((lesson.slug, lesson.title) for lesson in ready_lessons() if lesson.slug.startswith(incomplete))


NAME = typer.Argument(help="A name or number: dense, 5, exercises/05_dense.py.", autocompletion=exercise_names)
Exercise = Annotated[str | None, NAME]
OneExercise = Annotated[str, NAME]
CheckName = Annotated[str | None, typer.Argument(help="A check, or the function that it is about, such as one_hot.")]
Seed = Annotated[str | None, typer.Option(help="Fix the random inputs. The same seed gives the same points.")]


def print_version(is_asked: bool) -> None:
    if is_asked:
        from importlib.metadata import version

        typer.echo(f"digits {version('digits-course')}")
        raise typer.Exit


def say_who_repairs(is_asked: bool) -> None:
    """The launcher takes this option, so here it was the bare command in an activated environment."""
    if is_asked:
        raise CourseError("To repair the environment, run ./digits --repair in the course folder.")


@app.callback(invoke_without_command=True)
def show_map(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", "-V", is_eager=True, callback=print_version, help="Print the version.")
    ] = False,
    repair: Annotated[
        bool, typer.Option("--repair", is_eager=True, callback=say_who_repairs, help="Rebuild the environment.")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback if the grader itself fails.")] = False,
) -> None:
    if debug:
        os.environ["DIGITS_DEBUG"] = "1"
    if context.invoked_subcommand not in {"class", "grade"}:  # they grade the work of others, and are told the folder
        from grader.choices import use_choices_here

        use_choices_here()
    if context.invoked_subcommand is None:
        from grader.cli.commands.map import show

        show()


@app.command()
def check(
    exercise: Exercise = None,
    seed: Seed = None,
    pdb: Annotated[bool, typer.Option("--pdb", help="Stop in the debugger if your code raises an error.")] = False,
) -> None:
    """Check your work: one exercise, or all of them.

    It shows what is right, what is wrong, and which mistake you made. Check as often as you like: your best result
    counts.
    """
    from grader.cli.commands.check import check_exercises

    raise typer.Exit(check_exercises(exercise, seed, pdb))


@app.command()
def watch(exercise: Exercise = None) -> None:
    """Check an exercise each time you save it.

    Quick checks run first. Training runs in the background and stops when you save again. Press h for a hint, ? for
    all keys, q to quit. Without a name, it watches the next unsolved exercise.
    """
    from grader.cli.live.watch import watch_exercise

    raise typer.Exit(watch_exercise(exercise))


@app.command("next")
def show_next() -> None:
    """Show what to do next: what to read, edit and run."""
    from grader.cli.commands.next import show_next

    show_next()


@app.command()
def hint(exercise: Exercise = None, check: CheckName = None) -> None:
    """Get unstuck: a question, the concept, a worked hint.

    Each call shows the next hint for the check that you name, or else for the first one that fails. Hints cost no
    points and start over once that check passes. Without an exercise, you get a hint for the next unsolved one.
    """
    from grader.cli.commands.hint import give_hint

    raise typer.Exit(give_hint(exercise, check))


@app.command("quiz")
def quiz(
    lesson: Annotated[
        str | None, typer.Argument(help="A name or number: dense, 5.", autocompletion=exercise_names)
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Also ask the questions you have answered before.")] = False,
) -> None:
    """Answer the prediction questions of a lesson.

    You see at once whether you are right, and why. Your answers do not affect your points. Without a name, you get
    today's review question, or the lesson of the next unsolved exercise if there is none.
    """
    from grader.cli.commands.quiz import quiz

    quiz(lesson, again)


@app.command("predict-it", hidden=True)
def predict_it(
    lesson: Annotated[str | None, typer.Argument(help="A name or number: dense, 5.")] = None,
    again: Annotated[bool, typer.Option("--again", help="Also ask the questions you have answered before.")] = False,
) -> None:
    """The old name of digits quiz."""
    complain('"predict-it" is now called "quiz"; the old name goes away in version 0.3.', 0)
    quiz(lesson, again)


@app.command("try")
def try_call(exercise: OneExercise, check: CheckName = None) -> None:
    """Repeat the failing call yourself, at a Python prompt.

    The inputs of the call are there under the names of your function's parameters, and so is everything else in your
    file. Without a check, you get the first one that fails.
    """
    from grader.cli.commands.try_ import try_call

    raise typer.Exit(try_call(exercise, check))


@app.command()
def solution(
    exercise: OneExercise,
    spoil: Annotated[
        bool, typer.Option("--spoil", help="Show it even though you have not solved the exercise.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="With --spoil: do not ask for confirmation.")] = False,
    no_pager: Annotated[bool, typer.Option("--no-pager", help="Print it all at once.")] = False,
) -> None:
    """Compare your code with the reference, once yours passes.

    In a terminal with at least 120 columns, you see them side by side. A bar marks lines that differ. If your window
    is too short, you can scroll with the arrow keys; press q to go back.
    """
    from grader.cli.commands.solution import show_solution

    raise typer.Exit(show_solution(exercise, spoil, yes, not no_pager))


@app.command()
def reset(exercise: OneExercise) -> None:
    """Start an exercise over. Your old file is kept.

    You find it in .digits/kept. You also keep your best points.
    """
    from grader.cli.commands.reset import reset_exercise

    reset_exercise(exercise)


@app.command()
def train(
    lesson: OneExercise,
    epochs: Annotated[int | None, typer.Option(min=1, help="How many times to go through all digits.")] = None,
    batch_size: Annotated[int | None, typer.Option(min=1, help="How many digits to use for each update.")] = None,
    reference: Annotated[bool, typer.Option("--reference", help="Train the course's solution, not yours.")] = False,
    output: Annotated[
        Path | None, typer.Option(help="Save the network here, in a .keras file; by default in models.")
    ] = None,
) -> None:
    """Train your own network on all 60,000 digits and keep it.

    You see each epoch, the curves, and how the network does on the test digits. It is saved as models/dense.keras, and
    predict --model dense reads your handwriting with it. An older network is kept beside it. No points depend on it.
    """
    from grader.cli.commands.train import train_network

    raise typer.Exit(train_network(lesson, epochs, batch_size, reference, output))


@app.command("board")
def show_board(
    networks: Annotated[
        list[str] | None,
        typer.Argument(help="Networks in models, such as cnn, or .keras files. Default: all in models."),
    ] = None,
) -> None:
    """Compare your networks with the course's: accuracy, size, time.

    Each takes turns with the reference of lesson 14, in the sandbox, on the 10,000 test digits, so you can compare
    times from different computers. Training times are known only for networks that ./digits train has saved. The lines
    below the table say whether another network beats yours: clearly better in something, clearly worse in nothing.
    Accuracies inside the interval and small differences in time count as equal.
    """
    from grader.cli.commands.board import show_board

    raise typer.Exit(show_board(networks or []))


@app.command()
def export(
    network: Annotated[
        str | None, typer.Argument(help="A network of models, such as cnn, or a .keras file. Default: the newest.")
    ] = None,
    form: Annotated[
        str, typer.Option("--format", help="The format: npz, onnx, litert, litert-int8 or container.")
    ] = "npz",
    output: Annotated[
        Path | None, typer.Option(help="Write this file or folder; by default, one beside the network.")
    ] = None,
    reference: Annotated[bool, typer.Option("--reference", help="Use the course's solution, not yours.")] = False,
) -> None:
    """Write a trained network for places without Keras.

    npz is written by your own export_network of lesson 15. onnx and litert are for ONNX Runtime and for LiteRT on
    phones; litert-int8 has its weights rounded to 8 bits. Their first use installs what they need. container is a
    folder for docker build: a server with the network and your own code, for NumPy alone. Each is tried on the test
    digits, and you see what has changed.
    """
    from grader.cli.commands.export import export_network

    raise typer.Exit(export_network(network, form, output, reference))


@app.command()
def update(
    place: Annotated[
        Path | None,
        typer.Argument(metavar="FOLDER_OR_ZIP", help="A newer copy of the course, if this one is not from git."),
    ] = None,
) -> None:
    """Get the newest version of the course.

    Your exercises, points and notes stay. Where an exercise or a lesson has changed, the change is merged into your
    work if it fits; otherwise your file stays as it is and the new one is put into .digits/new.
    """
    from grader.cli.commands.update import update_course

    update_course(place)


@app.command()
def predict(
    images: Annotated[list[Path], typer.Argument(help="Photos, scans or drawings of digits, or folders with them.")],
    model: Annotated[
        Path | None, typer.Option(help="The network to use: dense, once you have trained it, or a .keras file.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON list and nothing else.")] = False,
    explain: Annotated[Path | None, typer.Option(help="Draw every processing step in this new .png file.")] = None,
) -> None:
    """Recognize your own handwritten digits in pictures.

    For each picture you see the digit, the confidence, and what the network saw; for a page with several digits, each
    line from left to right. It uses your own network if lesson 14 has saved one as models/capstone.keras, otherwise the
    one that comes with the course. The exit status is 0 if every picture could be read, otherwise 1.

    With --json there is one entry for each digit, with path, digit, confidence and probabilities. On a page, each has
    its line, position and box as well (left, top, right, bottom, as fractions of the picture), and an entry that may
    not be a digit has a doubt.
    """
    from grader.cli.commands.predict import predict_images

    raise typer.Exit(predict_images(images, model, json, explain))


@app.command()
def draw(browser: Annotated[bool, typer.Option(help="Open the page in your browser.")] = True) -> None:
    """Draw a digit in your browser and watch networks read it.

    Choose a network from the lessons, or your own once ./digits train has saved it. See what it sees, how each layer
    responds, and what breaks it. Drawings that you keep with their labels become your own test set, in
    .digits/drawings. Press Ctrl-C to stop.
    """
    from grader.cli.commands.draw import open_draw

    raise typer.Exit(open_draw(browser))


@app.command()
def serve(
    network: Annotated[
        str | None, typer.Argument(help="A network in models, or an .npz file. Default: the one exported last.")
    ] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Where to listen; 0 for any free port.")] = 8000,
    host: Annotated[str, typer.Option(help="The address to listen at; 0.0.0.0 for all networks.")] = "127.0.0.1",
    drain: Annotated[
        float, typer.Option(min=0, max=60, help="Seconds to go on answering open connections when it stops.")
    ] = 2,
    reference: Annotated[bool, typer.Option("--reference", help="Use the course's solution, not yours.")] = False,
) -> None:
    """Answer requests over HTTP with your exported network.

    POST /predict calls your respond of lesson 15, which runs outside of the sandbox, like any program of yours.
    GET /healthz says whether the server is ready, GET /metrics what it has counted. Ctrl-C or SIGTERM stops it: what
    was accepted is still answered, if that takes no more than six seconds. A second one stops it at once.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy: more threads make single digits slower
    from grader.cli.commands.serve import serve_network

    serve_network(network, host, port, drain, reference)


@app.command()
def lab(
    lesson: Exercise = None,
    browser: Annotated[bool, typer.Option(help="Open JupyterLab in your browser.")] = True,
) -> None:
    """Open the lessons as notebooks in JupyterLab.

    In a notebook, check("pixels") checks your work. Without a name, JupyterLab opens the lesson of the next unsolved
    exercise. Press Ctrl-C to stop it.
    """
    from grader.cli.commands.lab import open_lab

    raise typer.Exit(open_lab(lesson, browser))


@app.command("help")
def show_help(
    context: typer.Context,
    command: Annotated[list[str] | None, typer.Argument(help="Default: the list of all commands.")] = None,
) -> None:
    """Show what a command does and which options it has."""
    from grader.cli.usage import help_of

    typer.echo(help_of(context.find_root(), command or []))


@app.command("list", hidden=True)
def show_list() -> None:
    """The map, by the name that other programs give it."""
    from grader.cli.commands.map import show

    show()


@app.command()
def grade(
    file: Annotated[Path, typer.Argument(help="The submission: a Python file or a notebook.", readable=False)],
    exercise: Annotated[
        str | None,
        typer.Option(help="The exercise, if the file is not named after it.", autocompletion=exercise_names),
    ] = None,
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            help="Print one document and nothing else: json, junit, gradescope, prairielearn or classroom50.",
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Short for --format json.")] = False,
    course: Annotated[
        Path | None, typer.Option(help="The course folder whose course.toml applies; by default, none does.")
    ] = None,
    seed: Seed = None,
    allow_unsafe: Annotated[
        bool, typer.Option("--allow-unsafe", help="Grade even if this machine has no sandbox to protect your files.")
    ] = False,
) -> None:
    """Grade one submission, as an instructor.

    It runs in a sandbox on fresh, secret inputs. Nothing that the submission reports about itself is trusted. The exit
    status is 0 whatever the score, and 3 if the grader itself failed; then there is no score.
    """
    from grader.cli.commands.grade import grade_file

    if json and form not in {None, "json"}:
        raise CourseError(f"--json is short for --format json. Leave out one of --json and --format {form}.")
    raise typer.Exit(grade_file(file, exercise, "json" if json else form, seed, allow_unsafe, course))


@app.command()
def demo() -> None:
    """See the grader at work, in half a minute or so.

    It grades a correct, an incorrect and a cheating submission, and shows what students and instructors see.
    """
    from grader.cli.commands.demo import run_demo

    run_demo()


@app.command()
def doctor() -> None:
    """Show what this machine can do and what is missing.

    It checks versions, data, memory, notebooks, and how well submissions are isolated from your files.
    """
    from grader.cli.commands.doctor import examine

    raise typer.Exit(examine())


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def test(context: typer.Context) -> None:
    """Run the project's own tests.

    By default, it runs the quick tests, which take a few minutes. --all runs all tests; the name of a lesson runs all
    tests of that lesson. Format and lint run first. Other options go to pytest: ./digits test -k protocol.
    """
    from grader.cli.commands.test import run_tests

    raise typer.Exit(run_tests(context.args))


@dev.command()
def build(
    check_only: Annotated[bool, typer.Option("--check", help="Write nothing; fail if a file is out of date.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Also replace exercises that somebody has worked on.")] = False,
) -> None:
    """Rewrite every generated file from its source."""
    from grader.cli.commands.dev import build_all

    raise typer.Exit(build_all(check_only, force))


@dev.command("check")
def check_lesson(
    lesson: Annotated[str | None, typer.Argument(help="Its slug; all lessons, if you name none.")] = None,
) -> None:
    """Say what a lesson still lacks, and what to do about it."""
    from grader.cli.commands.dev import check_lessons

    raise typer.Exit(check_lessons(lesson))


@dev.command()
def calibrate(
    exercise: Annotated[str, typer.Argument(help="The exercise whose reference solution to measure.")],
    seeds: Annotated[int, typer.Option(min=0, help="For the reference; 0 grades the known mistakes only.")] = 20,
    alternative_seeds: Annotated[int, typer.Option(min=2, help="For each of the alternatives.")] = 8,
    minutes: Annotated[
        float | None, typer.Option(help="For each of them; then it uses the seeds that have finished.")
    ] = None,
) -> None:
    """Train correct solutions and known mistakes; set the threshold."""
    from grader.cli.commands.dev import calibrate_exercise

    raise typer.Exit(calibrate_exercise(exercise, seeds, alternative_seeds, minutes))


@dev.command()
def bench(
    what: Annotated[
        str, typer.Argument(help="engine, loop, draw, site, serve, install, sources, training, class, growth.")
    ] = "engine",
    count: Annotated[
        int | None, typer.Option(min=1, help="For class: how many networks each grader gets; 30 by default.")
    ] = None,
) -> None:
    """Measure the README's figures, next to peers in the same run."""
    from grader.cli.commands.dev import run_bench

    run_bench(what, count)


@dev.command()
def soak(
    count: Annotated[int, typer.Option(help="How many submissions.")] = 500,
    every: Annotated[int, typer.Option(help="Print figures each time this many are graded.")] = 50,
) -> None:
    """Grade hundreds of honest and hostile submissions; look for leaks."""
    from grader.cli.commands.dev import run_soak

    raise typer.Exit(run_soak(count, every))


@dev.command()
def screenshot() -> None:
    """Redraw the README's pictures."""
    from grader.cli.commands.dev import draw_screenshot

    draw_screenshot()


@dev.command("lessons")
def record_lessons(
    lesson: Annotated[str | None, typer.Argument(help="A name or number; all lessons by default.")] = None,
) -> None:
    """Run lessons; write down their outputs and redraw their pictures.

    The exercises are the reference solutions. Below each cell of the lesson, its output is written into a text fence.
    An output that is right within the tolerance of its fence, such as +-0.02 or +-10%, stays as it is.
    """
    from grader.cli.commands.dev import record_lessons

    record_lessons(lesson)


@dev.command("board")
def measure_board() -> None:
    """Measure the course's networks for the board."""
    from grader.cli.commands.dev import measure_board

    measure_board()


@dev.command("ladder")
def measure_ladder(
    seeds: Annotated[
        int, typer.Option(min=0, help="Trainings of each stage; 0 only chooses how many digits it sees.")
    ] = 10,
    again: Annotated[bool, typer.Option("--again", help="Choose the numbers of digits again.")] = False,
) -> None:
    """Measure how fast 99% can be reached, one change after another."""
    from grader.cli.commands.dev import measure_ladder

    measure_ladder(seeds, again)


@dev.command("ideas")
def measure_ideas(seeds: Annotated[int, typer.Option(min=2, help="Trainings with each idea.")] = 10) -> None:
    """Measure what is said to make a training faster, and is not on the ladder."""
    from grader.cli.commands.dev import measure_ideas

    measure_ideas(seeds)


@dev.command("goals")
def measure_goals(seeds: Annotated[int, typer.Option(min=2, help="Trainings of each network.")] = 5) -> None:
    """Measure the best network, the smallest and the dense ones."""
    from grader.cli.commands.dev import measure_goals

    measure_goals(seeds)


@dev.command()
def photographs() -> None:
    """Recreate the photographs of lesson 13 from MNIST test digits."""
    from grader.cli.commands.dev import make_photographs

    make_photographs()


@dev.command()
def familiarity() -> None:
    """Measure again how far a picture may be from all training digits."""
    from grader.cli.commands.dev import measure_familiarity

    measure_familiarity()


@dev.command()
def networks() -> None:
    """Train the networks that come with digits draw again."""
    from grader.cli.commands.dev import train_networks

    train_networks()


@dev.command()
def page(folder: Annotated[Path, typer.Argument(help="Where to write it.")]) -> None:
    """Write the page of digits draw as files that need no server."""
    from grader.cli.commands.dev import write_draw_page

    write_draw_page(folder)


@dev.command()
def site(
    folder: Annotated[Path, typer.Argument(help="Where to write it; what is there is replaced.")],
    repository: Annotated[str, typer.Option(help="Where the repository is on the web.")] = "",
    ref: Annotated[
        str, typer.Option(help="Its branch or tag for links and notebooks. Default: the newest commit.")
    ] = "",
) -> None:
    """Write the course as a website that needs no network, even opened from a disk."""
    from grader.cli.commands.dev import build_site

    build_site(folder, repository, ref)


@dev.command()
def notebooks(
    folder: Annotated[Path, typer.Argument(help="Where to write them.")],
    repository: Annotated[str, typer.Option(help="Where the repository is on the web.")] = "",
) -> None:
    """Write the lessons as notebooks for Colab, with the grader that they install."""
    from grader.cli.commands.dev import write_notebooks

    write_notebooks(folder, repository)


@dev.command("reference-model")
def reference_model() -> None:
    """Retrain the network that digits predict uses by default."""
    from grader.cli.commands.dev import train_reference

    train_reference()


def run(arguments: list[str]) -> int:
    """Run a command line; errors that the user can fix are printed as one sentence."""
    from grader.data import DataError
    from grader.engine.judge.processes import EngineError
    from grader.engine.judge.source import InvalidSubmission

    try:
        command = for_people(typer.main.get_command(app))  # returns the exit status, or None if it simply ends
        status = command.main(args=arguments, prog_name=program(), standalone_mode=False)
    except (CourseError, InvalidSubmission) as error:
        return complain(str(error), USAGE)
    except (DataError, EngineError, OSError) as error:
        if os.environ.get("DIGITS_DEBUG"):
            raise
        return complain(str(error), GRADER_ERROR)
    except ImportError:
        raise  # a package is missing: see grader.cli
    except Exception as error:
        message = getattr(error, "format_message", None)
        if message and type(error).__name__ == "NoArgsIsHelpError":
            sys.stdout.write(f"{message()}\n")
            return USAGE
        if message:  # click's own: an unknown command or option
            return complain(sentence(error), USAGE)
        if os.environ.get("DIGITS_DEBUG"):
            raise
        failure = f"The grader failed ({type(error).__name__}: {error})."
        return complain(f"{failure} For details, add --debug: {program()} --debug COMMAND", GRADER_ERROR)
    return status or 0


def complain(said: str, status: int) -> int:
    sys.stderr.write(f"{problem(said)}\n")
    return status
