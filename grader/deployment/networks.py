"""Which exported network `digits serve` is to use."""

from pathlib import Path

from grader.course import CourseError
from grader.engine.judge.source import Source, short_name
from grader.training.keeping import FOLDER

EXPORTED, TRAINED = ".npz", ".keras"
FIRST = "Train one and export it: ./digits train cnn, then ./digits export cnn"


def find_network(name: str | None, workspace: Path, source: Source) -> Path:
    """The file of an exported network. One that was trained and not exported since is exported first.

    Args:
        name: that of a network in models, or the path of a file; None for the newest one.
        source: the learner's exercise, which exports.

    Raises:
        CourseError: there is no such network, or it cannot be exported.
    """
    folder = workspace / FOLDER
    if name is not None and is_path(name):
        return file_at(Path(name), folder, source)
    stem = newest(folder) if name is None else name.removesuffix(EXPORTED).removesuffix(TRAINED)
    exported, trained = folder / f"{stem}{EXPORTED}", folder / f"{stem}{TRAINED}"
    if trained.is_file() and not (exported.is_file() and exported.stat().st_mtime >= trained.stat().st_mtime):
        from grader.deployment.exporting import export_npz

        export_npz(trained, exported, source)
    if not exported.is_file():
        there = sorted({path.stem for path in candidates(folder, EXPORTED) + candidates(folder, TRAINED)})
        known = f"It has {', '.join(there)}." if there else FIRST
        raise CourseError(f"There is no network called {stem} in the folder {FOLDER}. {known}")
    return exported


def is_path(name: str) -> bool:
    """Whether a path was typed, not the name of a network."""
    return len(Path(name).parts) > 1 or Path(name).is_file()


def file_at(path: Path, folder: Path, source: Source) -> Path:
    """The file that was typed; one in models under its name there, so that it is exported if need be."""
    if path.suffix not in {EXPORTED, TRAINED}:
        raise CourseError(f"{short_name(path)} is no exported network: its name should end in {EXPORTED}.")
    if path.absolute().parent == folder.absolute():
        return find_network(path.stem, folder.parent, source)
    if path.suffix == TRAINED:
        raise CourseError(f"{short_name(path)} has not been exported. Put it into {FOLDER}, or export it yourself.")
    if not path.is_file():
        raise CourseError(f"There is no file {short_name(path)}.")
    return path


def newest(folder: Path) -> str:
    """The name of the network that was exported last; if there is none, of the one that was trained last."""
    found = candidates(folder, EXPORTED) or candidates(folder, TRAINED)
    if not found:
        raise CourseError(f"There is no network in the folder {FOLDER} yet. {FIRST}")
    return max(found, key=lambda path: path.stat().st_mtime).stem


def candidates(folder: Path, ending: str) -> list[Path]:
    """The networks with an ending; not the drafts, whose names begin with a point."""
    return [path for path in folder.glob(f"*{ending}") if path.is_file() and not path.name.startswith(".")]
