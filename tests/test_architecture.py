"""Which room may import from which. The arrows run one way, and the folders of the engine are the trust boundary."""

import ast
import sys
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from grader.course import PACKAGE

ROOMS = {  # room: the rooms that it may import from, itself aside
    "launcher": set(),  # without an environment, there is nothing else
    "course": set(),
    "data": set(),
    "verdict": set(),
    "files": set(),
    "definitions": set(),  # parses a submission, so only those import it that hold nothing worth stealing
    "connections": set(),
    "choices": {"course"},
    "api": {"course", "data"},
    "checks": {"api"},
    "engine.wire": set(),  # the protocol: it knows neither side
    "engine.isolation": set(),
    "engine.runner": {"engine.wire", "engine.isolation", "definitions"},  # nothing in it is believed
    "engine.judge": {"engine.wire", "engine.isolation", "api", "course", "files"},  # never the runner's code
    "engine": {"engine.judge", "engine.wire", "api", "course", "verdict"},
    "figures": set(),
    "feedback": {"figures", "verdict"},
    "progress": {"course", "verdict", "files"},
    "quiz": {"course"},
    "lesson": {"quiz", "progress", "figures", "course"},
    "training": {"course", "data", "engine.runner"},  # runs a learner's own code in a process of its own
    "deployment": {"connections", "course", "data", "definitions", "engine.judge", "engine.runner", "training"},
    "handwriting": {"api", "course", "data", "engine.judge", "engine.wire", "files"},
    "board": {"course", "data", "engine.judge", "handwriting", "training"},
    "draw": {"course", "files"},
    "draw.server": {"api", "connections", "course", "data", "draw", "engine.judge", "engine.wire", "handwriting"},
    "notebook": {
        "api",
        "engine",
        "engine.judge",
        "definitions",
        "feedback",
        "figures",
        "progress",
        "choices",
        "course",
        "verdict",
        "draw",
        "handwriting",
    },
    "classroom": {
        "engine",
        "engine.judge",
        "engine.isolation",
        "api",
        "feedback",
        "choices",
        "course",
        "data",
        "verdict",
        "files",
    },
    "pytest_plugin": {
        "engine",
        "engine.judge",
        "engine.runner",  # for a debugger, which needs one's own code in one's own process
        "api",
        "feedback",
        "choices",
        "course",
        "verdict",
    },
    "update": {"course", "files"},
    "authoring": {
        "draw",
        "training",
        "engine",
        "engine.judge",
        "api",
        "handwriting",
        "lesson",
        "quiz",
        "course",
        "data",
        "files",
    },
    "site": {"authoring", "board", "course", "data", "draw"},
    "benchmarks": {
        "authoring",
        "board",
        "deployment",
        "draw",
        "engine",
        "engine.judge",
        "training",
        "course",
        "data",
        "files",
    },
    "cli": {
        "api",
        "benchmarks",
        "authoring",
        "classroom",
        "engine",
        "engine.judge",
        "engine.runner",  # for `digits check --pdb` and `digits try`, which run one's own code in one's own process
        "engine.isolation",
        "training",
        "board",
        "deployment",
        "handwriting",
        "draw",
        "draw.server",
        "site",
        "feedback",
        "progress",
        "quiz",
        "update",
        "choices",
        "course",
        "data",
        "verdict",
        "files",
        "launcher",
    },
}
MOST_LEVELS = 7
ORACLES = {"numpy", "scipy", "sklearn"} | sys.stdlib_module_names  # what a check may use beside grader.api
KNOW_KERAS = {"engine.runner", "training", "authoring", "benchmarks"}  # none of them gives a verdict
EXPORT = {"grader.deployment.child", "grader.deployment.formats"}  # of their room, these alone: it serves without Keras
FILES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


@cache
def imports(path: Path) -> frozenset[str]:
    """The modules that a file imports, wherever in it. A name that is imported from a package may be one, too."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names |= {f"{node.module}.{alias.name}" for alias in node.names if is_module(f"{node.module}.{alias.name}")}
    return frozenset(names)


def is_module(name: str) -> bool:
    path = PACKAGE.parent / name.replace(".", "/")
    return path.is_dir() or path.with_suffix(".py").is_file()


def room_of(module: str) -> str:
    """The room of a module of the package: ``grader.engine.judge.client`` is in engine.judge."""
    first, *rest = module.split(".")[1:]
    is_inner = bool(rest) and f"{first}.{rest[0]}" in ROOMS
    return f"{first}.{rest[0]}" if is_inner else first


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")


def rooms_visited(path: Path) -> set[str]:
    """The rooms that a file imports from, its own aside. A bare package stands for nothing but its name."""
    names = [name for name in imports(path) if name.startswith("grader.")]
    modules = [name for name in names if not any(other.startswith(f"{name}.") for other in names)]
    return {room_of(name) for name in modules} - {room_of(module_of(path))}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_arrows_between_rooms_run_one_way(path):
    assert rooms_visited(path) <= ROOMS[room_of(module_of(path))]


@pytest.mark.parametrize("path", [path for path in FILES if "launcher" in path.parts], ids=lambda path: path.name)
def test_the_launcher_needs_the_standard_library_alone(path):
    names = {name.partition(".")[0] for name in imports(path)}
    assert names <= sys.stdlib_module_names | {"grader"}


def test_the_rooms_have_no_circle_and_few_levels():
    levels: dict[str, int] = {}
    for room in TopologicalSorter(ROOMS).static_order():  # raises at a circle
        levels[room] = 1 + max((levels[below] for below in ROOMS[room]), default=0)
    assert max(levels.values()) <= MOST_LEVELS, levels


def test_no_modules_import_each_other_in_a_circle():
    known = {module_of(path): path for path in FILES}
    graph = {module: {name for name in imports(path) if name in known} - {module} for module, path in known.items()}
    list(TopologicalSorter(graph).static_order())  # raises at a circle


@pytest.mark.parametrize("path", sorted((PACKAGE / "checks").rglob("*.py")), ids=lambda path: path.stem)
def test_a_check_knows_its_api_and_oracles_only(path):
    assert {name.split(".")[0] for name in imports(path)} <= ORACLES | {"grader"}
    statements = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.ImportFrom)]
    ours = {node.module for node in statements if node.module and node.module.startswith("grader")}
    assert {name for name in ours if not name.startswith("grader.checks")} <= {"grader.api"}


def test_nothing_in_the_package_imports_a_solution_or_an_exercise():
    for path in FILES:
        assert not {name.split(".")[0] for name in imports(path)} & {"solutions", "exercises"}


def test_the_judges_side_never_imports_tensorflow():
    for path in FILES:
        if room_of(module_of(path)) not in KNOW_KERAS and module_of(path) not in EXPORT:
            assert not {name.split(".")[0] for name in imports(path)} & {"tensorflow", "keras"}, path


DOCUMENTED = [path for path in FILES if room_of(module_of(path)).split(".")[0] in {"api", "engine"}]


def undocumented(body: list[ast.stmt], place: str = "") -> list[str]:
    """The public functions and classes of a module or class that have no docstring, and the methods of its classes."""
    missing = []
    for node in body:
        if not isinstance(node, (ast.FunctionDef, ast.ClassDef)) or node.name.startswith("_"):
            continue
        if not ast.get_docstring(node):
            missing.append(place + node.name)
        if isinstance(node, ast.ClassDef):
            missing += undocumented(node.body, f"{node.name}.")
    return missing


@pytest.mark.parametrize("path", DOCUMENTED, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_what_is_public_in_api_and_engine_has_a_docstring(path):
    tree = ast.parse(path.read_text("utf-8"))
    assert ast.get_docstring(tree)
    assert undocumented(tree.body) == []
