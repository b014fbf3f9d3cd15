"""Finds the pictures in folders."""

from pathlib import Path

from grader.handwriting.words import shortened

ENDINGS = frozenset(".jpg .jpeg .png .gif .bmp .tif .tiff .webp .avif .heic .heif .mpo".split())
NAMED = 3  # files that are no pictures, by name


def pictures_in(paths: list[Path]) -> tuple[list[Path], list[str]]:
    """The files among some paths, and the pictures in each folder among them, sorted by name.

    Returns:
        The files, and a sentence for each folder that holds something else as well. A folder without any picture stays
        among the files, to be reported as such. Hidden files are passed over.
    """
    files, skipped = list[Path](), list[str]()
    for path in paths:
        if not path.is_dir():
            files.append(path)
            continue
        try:
            inside = sorted(entry for entry in path.iterdir() if not entry.name.startswith("."))
        except OSError:
            inside = []
        pictures = [entry for entry in inside if entry.suffix.lower() in ENDINGS and not entry.is_dir()]
        others = [entry.name + ("/" if entry.is_dir() else "") for entry in inside if entry not in pictures]
        files += pictures or [path]
        if pictures and others:
            skipped.append(what_else(path, others))
    return files, skipped


def what_else(folder: Path, names: list[str]) -> str:
    """What in a folder is not a picture."""
    listed = ", ".join(shortened(name, 30) for name in names[:NAMED])
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return (
        f"In {shortened(folder, 36)}: {listed}{more}, which are not pictures."
        if len(names) > 1
        else (f"In {shortened(folder, 36)}: {listed}, which is not a picture.")
    )
