"""A kernel with all packages but the grader, as on another machine; pip puts the grader where the kernel looks."""

from pathlib import Path

from conftest import REPOSITORY

HIDE = """\
import sys

for finder in list(sys.meta_path):
    if "editable" in str(finder):
        sys.meta_path.remove(finder)
sys.path[:] = [path for path in sys.path if path != {repository!r}] + [{target!r}]"""


def without_the_grader(target: Path, monkeypatch) -> str:
    """Let pip install into the folder, from addresses alone; returns the first cell of a notebook."""
    target.mkdir()
    for name, value in {"PIP_TARGET": str(target), "PIP_NO_INDEX": "1", "PIP_NO_DEPS": "1"}.items():
        monkeypatch.setenv(name, value)
    return HIDE.format(repository=str(REPOSITORY), target=str(target))
