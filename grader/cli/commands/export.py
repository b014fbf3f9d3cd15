"""`digits export`: writes a trained network as a file that needs no Keras, or as a folder for a container."""

from pathlib import Path

from grader.cli.commands.check import read_own_work
from grader.cli.commands.train import reference_source
from grader.cli.environment import require
from grader.cli.live.progress_line import Progress, progress
from grader.cli.terminal import Terminal
from grader.course import CourseError, find_workspace, manifest
from grader.deployment.container import FILES, NETWORK
from grader.deployment.exporting import ENDINGS, MOST_CHANGED, Trial, export_container, export_file, silent
from grader.engine.judge.client import clean
from grader.engine.judge.source import Source, short_name
from grader.feedback.text import paragraph
from grader.handwriting.network import MODELS, saved, trained

CONTAINER, NPZ = "container", "npz"
FORMATS = (*ENDINGS, CONTAINER)
RUNTIMES = {"onnx": "ONNX Runtime", "litert": "LiteRT", "litert-int8": "LiteRT"}
LESSON = "deployment"


def export_network(named: str | None, form: str, output: Path | None, use_reference: bool) -> int:
    """Export a network and say what has changed; returns the exit status.

    Raises:
        CourseError: there is no such network or format; the exercise is not finished, or fails; the network cannot be
            exported; or nothing can be written there.
    """
    terminal, workspace = Terminal(), find_workspace()
    if form not in FORMATS:
        raise CourseError(f"There is no format {form}. There are {', '.join(FORMATS[:-1])} and {FORMATS[-1]}.")
    runs_exercise = form in {NPZ, CONTAINER}
    if use_reference and not runs_exercise:
        raise CourseError(f"The format {form} runs no code of yours. Leave out --reference.")
    network = find_network(named, workspace)
    target = target_for(network, form, output)
    source = exercise(workspace, use_reference) if runs_exercise else None
    if not runs_exercise:
        require("deploy", f"./digits export --format {form}")
    try:
        trial = carry_out(terminal, network, form, target, source)
    except KeyboardInterrupt:
        terminal.line(" Stopped. Nothing was written.")
        return 130
    for label, text in said_at_the_end(network, form, target, trial):
        terminal.lines(paragraph(label, text, terminal.width, "question" if label == "note" else "quiet"))
    return 0


def carry_out(terminal: Terminal, network: Path, form: str, target: Path, source: Source | None) -> Trial | CourseError:
    with progress(terminal) as shown:

        def print_line(text: str) -> None:
            show_printed(terminal, shown, text)

        if form == CONTAINER:
            assert source
            return export_container(network, target, source, shown.begin, print_line)
        # What the libraries print about their own formats is not for learners.
        return export_file(network, form, target, source, shown.begin, print_line if source else silent)


def show_printed(terminal: Terminal, shown: Progress, text: str) -> None:
    """Show a line that the exercise has printed."""
    shown.clear()
    for line in clean(text, keep="\n").splitlines():
        terminal.line((f"   {line}", "quiet"))


def find_network(named: str | None, workspace: Path) -> Path:
    """The .keras file that was named, or the newest of the workspace.

    Raises:
        CourseError: there is none.
    """
    if named is None:
        networks = saved(workspace)
        if not networks:
            raise CourseError(f"There is no network in the folder {MODELS} yet. Train one first: ./digits train cnn")
        return max(networks, key=lambda path: path.stat().st_mtime)
    path = Path(named)
    if path.name == named and not named.endswith(".keras"):
        kept = workspace / MODELS / f"{named}.keras"
        return kept if kept.is_file() else trained(named, workspace)
    if not path.is_file():
        raise CourseError(f"There is no file {short_name(path)}. Check the path.")
    if path.suffix != ".keras":
        raise CourseError(f"{short_name(path)} is no network. Name a .keras file, as ./digits train saves it.")
    return path


def target_for(network: Path, form: str, output: Path | None) -> Path:
    """Where to write.

    Raises:
        CourseError: something else is there.
    """
    if form == CONTAINER:
        return folder_for(network, output)
    ending = ENDINGS[form]
    target = output or network.with_name(f"{network.stem}{'-int8' if form == 'litert-int8' else ''}{ending}")
    if target.suffix != ending:
        raise CourseError(
            f"The format {form} is written to a {ending} file, so {short_name(target)} must end in {ending}."
        )
    if target.is_dir():
        raise CourseError(f"{short_name(target)} is a folder. Name a file with --output.")
    return target.absolute()


def folder_for(network: Path, output: Path | None) -> Path:
    """The folder of a container: a new one, an empty one, or one that was written like this before."""
    folder = output or network.with_name(f"{network.stem}-container")
    if folder.exists() and not folder.is_dir():
        raise CourseError(f"{short_name(folder)} is a file. Name a folder with --output.")
    names = {path.name for path in folder.iterdir()} - {"__pycache__"} if folder.exists() else set()
    if names and not ({"Dockerfile", NETWORK} <= names <= FILES):
        raise CourseError(f"{short_name(folder)} holds other files. Name a new folder with --output.")
    return folder.absolute()


def exercise(workspace: Path, use_reference: bool) -> Source:
    lesson = next(lesson for lesson in manifest() if lesson.slug == LESSON)  # also where a class leaves it out
    return reference_source(lesson) if use_reference else read_own_work(lesson, workspace)


def said_at_the_end(network: Path, form: str, target: Path, trial: Trial | CourseError) -> list[tuple[str, str]]:
    """What was written, and what it does with the test digits."""
    size, before = size_of(target), size_of(network)
    said = [("written", f"{short_name(target)}: {size:,} bytes, {size / before:.0%} of {network.name} ({before:,}).")]
    if isinstance(trial, CourseError):
        return [*said, ("note", f"It was not tried. {trial}")]
    said += compared(form, trial)
    if form == NPZ and trial.changed > MOST_CHANGED * len(trial.labels):
        said.append(("note", "Rounding alone changes fewer labels. Check your code: ./digits check deployment"))
    if form == NPZ:
        name = target.stem if target.parent.name == MODELS else short_name(target)
        said.append(("next", f"Answer requests with it: ./digits serve {name}"))
    if form == CONTAINER:
        said.append(("build", f"docker build -t digits {short_name(target)}"))
        said.append(("run", "docker run --rm --read-only -p 8000:8000 digits"))
    return said


def compared(form: str, trial: Trial) -> list[tuple[str, str]]:
    """How the labels, the accuracy and the probabilities differ from those of Keras."""
    means, count, (before, after) = RUNTIMES.get(form, "NumPy alone"), len(trial.labels), trial.accuracies
    changed = "1 gets" if trial.changed == 1 else f"{trial.changed:,} get"
    labels = f"Of {count:,} test digits, {changed} another label than in Keras."
    off = f"No probability is off by more than {trial.difference:.2g}."
    return [
        ("tried", f"With {means}. {labels} {off}"),
        ("accuracy", f"{after:.2%} of these digits, {before:.2%} in Keras."),
    ]


def size_of(path: Path) -> int:
    """Bytes of a file, or of all files in a folder."""
    return sum(file.stat().st_size for file in path.iterdir()) if path.is_dir() else path.stat().st_size
