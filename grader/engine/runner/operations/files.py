"""Files in the runner's scratch folder, which is its current one and ends with it."""

import numpy as np

from grader.engine.runner.operations.registry import operation
from grader.engine.runner.workspace import Workspace
from grader.engine.wire.requests import ReadFile, WriteFile


@operation(ReadFile)
def read_file(workspace: Workspace, request: ReadFile) -> np.ndarray:
    """The bytes of a file. A read error counts as the submission's, which should have written the file."""
    return np.fromfile(request.path, np.uint8)


@operation(WriteFile)
def write_file(workspace: Workspace, request: WriteFile) -> None:
    """Write bytes to a file."""
    request.contents.tofile(request.path)
