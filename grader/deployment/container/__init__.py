"""Fills the folder of a container: the files beside this one, the exercise and an example."""

import ast
import json
import sys
from importlib.metadata import version
from pathlib import Path
from string import Template

import numpy as np

from grader.definitions import needed, read_cells
from grader.engine.judge.source import Source

HERE = Path(__file__).parent
FUNCTIONS = ("load_exported", "predict_exported", "respond")  # what the server calls
TEMPLATES = ("Dockerfile", "README.md")
SERVER, MODULE, NETWORK, EXAMPLE = "server.py", "deployment.py", "network.npz", "digit.json"
PROGRAMS = (HERE / SERVER, HERE.parent / "no_new_connections.py")
FILES = {*TEMPLATES, *(path.name for path in PROGRAMS), MODULE, NETWORK, EXAMPLE}


def fill(folder: Path, source: Source, image: np.ndarray) -> Path:
    """Write all files of a container but the network.

    Args:
        source: the exercise of lesson 15.
        image: uint8 (28, 28), for an example of a request.

    Returns:
        The exercise as a Python file.
    """
    # The same Python and NumPy as here, where the network was tried.
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    for name in TEMPLATES:
        template = Template((HERE / f"{name}.template").read_text("utf-8"))
        (folder / name).write_text(template.substitute(python=python, numpy=version("numpy")), "utf-8")
    for path in PROGRAMS:
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / MODULE).write_bytes(as_module(source))
    (folder / EXAMPLE).write_text(json.dumps({"image": image.tolist()}), "utf-8")
    for path in [folder, *folder.iterdir()]:  # whatever the umask is: in the image, another user reads them
        path.chmod(0o755 if path.is_dir() else 0o644)
    return folder / MODULE


def as_module(source: Source) -> bytes:
    """The exercise as a Python file: of a notebook, the functions that the server calls and what they use."""
    if not source.cells:
        return source.code
    code = source.code.decode("utf-8", "replace")
    statements = [statement for cell in read_cells(code, source.cells) for statement in cell.statements]
    chosen = needed(statements, FUNCTIONS)
    parts = [text_of(code, statement) for statement in statements if statement in chosen]
    return ("\n\n\n".join([f"# From {source.name}.", *parts]) + "\n").encode()


def text_of(code: str, statement: ast.stmt) -> str:
    """A statement as it was written, with its decorators, which Python does not count as part of it."""
    decorators = [f"@{ast.get_source_segment(code, node)}\n" for node in getattr(statement, "decorator_list", ())]
    return "".join([*decorators, ast.get_source_segment(code, statement) or ""])
