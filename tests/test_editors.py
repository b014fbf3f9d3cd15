"""What pytest and an editor's test explorer make of the exercises: a test for each check, at the learner's function."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from test_cli import DIGITS, MISTAKES, REPOSITORY, SOLUTION, SOON, STUB, environment
from test_watch import Window

from grader.course import ready_lessons
from grader.engine.session import load_checks

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the pseudo-terminals here are those of POSIX")

# VS Code adds a plugin of its own to pytest, which reads the same attributes of items and reports as this one.
EDITOR = """
import json, os, sys

def pytest_collection_finish(session):
    for item in session.items:
        assert item.parent.path == item.path
        line = item.location[1] + 1
        tell(id=f"{item.path}::" + item.nodeid.split("::", 1)[1], name=item.name, path=str(item.path), line=line)
    tell(modules=sorted({"tensorflow", "keras", "matplotlib"} & sys.modules.keys()))

def pytest_report_teststatus(report, config):
    if report.when == "call":
        tell(ran=report.nodeid, outcome=report.outcome, text=report.longreprtext)

def tell(**fields):
    with open(os.environ["EDITOR_LOG"], "a") as log:
        log.write(json.dumps(fields) + "\\n")
"""


@dataclass
class Told:
    """What the editor was told, and what pytest printed."""

    status: int
    out: str
    items: list[dict[str, Any]]
    modules: list[str]
    reports: dict[str, dict[str, str]]


@pytest.fixture
def folder(tmp_path):
    """A learner's folder with the project's settings and one exercise."""
    (tmp_path / "exercises").mkdir()
    shutil.copy(REPOSITORY / "pyproject.toml", tmp_path)
    shutil.copy(STUB, tmp_path / "exercises")
    return tmp_path


@pytest.fixture
def editor(folder, tmp_path_factory) -> Callable[..., Told]:
    """Runs pytest as an editor does."""
    plugins = tmp_path_factory.mktemp("plugins")
    (plugins / "editor.py").write_text(EDITOR, "utf-8")
    log = plugins / "log"

    def run(*arguments: str, cwd: Path = folder) -> Told:
        log.unlink(missing_ok=True)
        finished = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "editor", "-p", "no:cacheprovider", *arguments],
            cwd=cwd,
            env=environment({"PYTHONPATH": str(plugins), "EDITOR_LOG": str(log)}),
            capture_output=True,
            text=True,
            timeout=SOON,
            check=False,
        )
        told = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
        items = [fields for fields in told if "id" in fields]
        modules = next(fields["modules"] for fields in told if "modules" in fields)
        reports = {fields["ran"].partition("::")[2]: fields for fields in told if "ran" in fields}
        return Told(finished.returncode, finished.stdout + finished.stderr, items, modules, reports)

    return run


def hold(folder: Path, source: Path | str) -> Path:
    """Let the exercise be a copy of a file, or a text."""
    path = folder / "exercises" / "01_pixels.py"
    path.write_text(source if isinstance(source, str) else source.read_text("utf-8"), "utf-8")
    return path


def settings(name: str) -> dict[str, Any]:
    return json.loads((REPOSITORY / name).read_text("utf-8"))


def test_the_explorer_of_vs_code_shows_every_check_of_the_course_and_nothing_else(editor):
    arguments = settings(".vscode/settings.json")["python.testing.pytestArgs"]
    told = editor("--rootdir", str(REPOSITORY), "--collect-only", *arguments, cwd=REPOSITORY)
    checks = [(lesson, check) for lesson in ready_lessons() for check in load_checks(lesson.checks_path)]
    path = str(REPOSITORY / "exercises")
    assert [item["id"] for item in told.items] == [f"{path}/{le.stem}.py::{check.name}" for le, check in checks]
    assert told.modules == []
    assert told.status == 0


def test_pytest_without_arguments_means_the_exercises(editor):
    told = editor("--collect-only", "-q")
    assert {Path(item["path"]).parent.name for item in told.items} == {"exercises"}
    assert len(told.items) == 6


@pytest.mark.parametrize("source", [STUB, SOLUTION], ids=["stub", "solution"])
def test_each_test_is_at_the_learners_own_function(editor, folder, source):
    lines = hold(folder, source).read_text("utf-8").splitlines()
    for item in editor("--collect-only").items:
        found = re.match(r"def (\w+)", lines[item["line"] - 1])
        assert found, item
        assert found[1] in item["name"] or item["line"] == next(
            number for number, line in enumerate(lines, start=1) if line.startswith("def ")
        )


def test_a_check_that_was_not_attempted_is_skipped_with_its_reason(editor):
    told = editor("-rs")
    assert {report["outcome"] for report in told.reports.values()} == {"skipped"}
    assert told.status == 0
    assert re.search(r"SKIPPED \[1\] exercises/01_pixels\.py:\d+: label_counts is not written yet", told.out), told.out


def test_a_failure_shows_the_feedback_and_its_summary_names_the_mistake(editor, folder):
    hold(folder, MISTAKES / "divided-by-256.py")
    told = editor()
    assert told.status == 1
    outcomes = {name: report["outcome"] for name, report in told.reports.items()}
    assert [name for name, outcome in outcomes.items() if outcome != "passed"] == ["scale_pixels"]
    shown = told.reports["scale_pixels"]["text"]
    assert "question   What should full ink, 255, become?" in shown
    assert "Traceback" not in shown
    assert "FAILED exercises/01_pixels.py::scale_pixels - divided-by-256: The pixels" in told.out


def test_one_test_runs_by_the_name_that_the_explorer_gives_it(editor, folder):
    hold(folder, SOLUTION)
    chosen = editor("--collect-only").items[1]
    assert {name: report["outcome"] for name, report in editor(chosen["id"]).reports.items()} == {
        chosen["name"]: "passed"
    }


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("def broken(:\n", "exercises/01_pixels.py:1: def broken(: (SyntaxError: invalid syntax)"),
        ("raise RuntimeError('oh no')\n", ":1: raise RuntimeError('oh no') (RuntimeError: oh no)"),
        ("\0", "exercises/01_pixels.py contains NUL bytes"),
    ],
    ids=["syntax", "raises", "bytes"],
)
def test_a_broken_file_is_collected_and_fails_once_with_a_sentence(editor, folder, source, sentence):
    hold(folder, source)
    assert len(editor("--collect-only").items) == 6
    told = editor()
    outcomes = [report["outcome"] for report in told.reports.values()]
    assert outcomes == ["failed"] + 5 * ["skipped"]
    first = next(iter(told.reports.values()))
    assert sentence in first["text"]


def test_collecting_runs_nothing_of_the_exercise(editor, folder):
    seen = folder / "seen"
    hold(folder, f"open({str(seen)!r}, 'w')\n" + SOLUTION.read_text("utf-8"))
    for arguments in ((), ("exercises",), ("exercises/01_pixels.py",), ("exercises/01_pixels.py::one_hot",)):
        assert editor("--collect-only", *arguments).items
        assert not seen.exists()


def test_under_an_editors_debugger_the_code_runs_where_breakpoints_are(editor, folder, tmp_path_factory):
    seen = folder / "seen"
    hold(folder, SOLUTION.read_text("utf-8") + f"\nopen({str(seen)!r}, 'w').write(__file__)\n")
    editor("exercises/01_pixels.py::one_hot")
    assert not seen.exists()  # the sandbox does not let it
    debugger = tmp_path_factory.mktemp("debugger")
    (debugger / "pydevd.py").write_text("", "utf-8")  # what VS Code's and PyCharm's debuggers import first
    told = editor("-o", f"pythonpath={debugger}", "-p", "pydevd", "exercises/01_pixels.py::one_hot")
    assert told.reports["one_hot"]["outcome"] == "passed"
    assert seen.read_text("utf-8") == str(folder / "exercises" / "01_pixels.py")


@pytest.mark.parametrize("leaving", ["q\n", "\x04"], ids=["q", "Ctrl-D"])
def test_pdb_stops_in_the_learners_function_and_can_be_typed_into(folder, leaving):
    hold(folder, "def one_hot(labels, num_classes=10):\n    rows = labels.nothing\n    return rows\n")
    command = [sys.executable, "-m", "pytest", "--pdb", "exercises/01_pixels.py::one_hot"]
    shown = Window(folder, *command, TERM="dumb")
    try:
        shown.until("(Pdb)")
        shown.press("p [len(labels) > 0, 40 + 2]\n")
        shown.until("[True, 42]")
        shown.press(leaving)
        shown.ends()
    finally:
        shown.close()
    text = shown.written.decode()
    assert "-> rows = labels.nothing" in text
    assert text.count("(Pdb)") == 2  # not a third time, in the frames of the grader
    assert "1 failed" in text
    assert "stopped in the debugger !" in text


def test_the_settings_name_what_is_there():
    assert settings(".vscode/settings.json")["python.testing.pytestEnabled"]
    assert settings(".vscode/settings.json")["python.defaultInterpreterPath"].endswith("/.venv/bin/python")
    launch = settings(".vscode/launch.json")["configurations"]
    assert {configuration["type"] for configuration in launch} == {"debugpy"}
    assert "debug-test" in [purpose for configuration in launch for purpose in configuration.get("purpose", [])]
    container = settings(".devcontainer/devcontainer.json")
    assert (REPOSITORY / ".devcontainer" / container["build"]["dockerfile"]).is_file()
    assert container["postCreateCommand"].split()[0] == f"./{DIGITS.name}"
    wanted = settings(".vscode/extensions.json")["recommendations"]
    assert container["customizations"]["vscode"]["extensions"] == wanted
