"""Which room may import from which. The arrows run one way, and no check knows the solutions."""

import ast
import sys
from pathlib import Path

import pytest

from grader.course import PACKAGE

ROOMS = {  # room: the rooms of the package that it may import from, itself aside
    "course": set(),
    "data": set(),
    "api": {"course", "data"},
    "engine": {"api", "course"},
    "checks": {"api"},
    "feedback": {"engine"},
    "feedback_html": {"engine", "feedback"},
    "progress": {"engine", "course"},
    "predictions": {"course"},
    "lesson": {"predictions", "progress", "course"},
    "authoring": {"engine", "course", "data", "lesson", "predictions"},
    "notebook": {"engine", "feedback", "feedback_html", "progress", "course"},
    "reading": {"course", "data"},
    "classroom": {"engine", "feedback", "feedback_html", "course", "data"},
    "cli": {"authoring", "classroom", "engine", "feedback", "progress", "predictions", "reading", "course", "data"},
}
ORACLES = {"numpy", "scipy", "sklearn"} | sys.stdlib_module_names  # what a check may use beside grader.api
FILES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def imports(path: Path) -> set[str]:
    """The modules that a file imports, wherever in it."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= (
                {f"{node.module}.{alias.name}" for alias in node.names} if node.module == "grader" else {node.module}
            )
    return names


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_arrows_between_rooms_run_one_way(path):
    if path.name == "conftest.py":  # pytest's door to the engine, which lies where pytest looks for it
        return
    visited = {name.split(".")[1] for name in imports(path) if name.startswith("grader.")}
    assert visited - {room(path)} <= ROOMS[room(path)]


@pytest.mark.parametrize("path", sorted((PACKAGE / "checks").glob("test_*.py")), ids=lambda path: path.stem)
def test_a_check_knows_its_api_and_oracles_only(path):
    assert {name.split(".")[0] for name in imports(path)} <= ORACLES | {"grader"}


def test_nothing_in_the_package_imports_a_solution_or_an_exercise():
    for path in FILES:
        assert not {name.split(".")[0] for name in imports(path)} & {"solutions", "exercises"}


def test_the_judges_side_never_imports_tensorflow():
    runner_side = {"models.py", "training.py", "local.py"}
    for path in FILES:
        if path.name not in runner_side and room(path) != "authoring":  # which trains in processes of its own
            assert not {name.split(".")[0] for name in imports(path)} & {"tensorflow", "keras"}, path
