"""`digits class wheel`: what students install, and the first cell of a notebook that installs it."""

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from a_class import ENVIRONMENT, SOLUTION, Class
from bare_kernel import without_the_grader
from conftest import REPOSITORY
from nbclient import NotebookClient
from nbformat import read
from nbformat.v4 import new_code_cell, new_notebook
from test_choices import OWN_SOLUTION, choose, write_own

from grader.authoring.notebooks import SETUP

PYTHON = sys.executable


@pytest.fixture(scope="module")
def a_class(tmp_path_factory) -> Class:
    made = Class(tmp_path_factory.mktemp("Prof. Ünï's course"))
    assert made.digits("init", ".").status == 0
    write_own(made, "points = 4\n[accuracy]\ndense = 0.5")
    return made


@pytest.fixture(scope="module")
def wheel(a_class) -> Path:
    finished = a_class.digits("wheel")
    assert finished.status == 0, finished.err
    (path,) = (a_class.root / "reports").glob("*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Path:
    """Where pip has installed the wheel. What it needs is in the environment of the tests."""
    folder = tmp_path_factory.mktemp("installed")
    pip = [PYTHON, "-m", "pip", "install", "--no-index", "--no-deps", "--target", folder, wheel]
    subprocess.run(pip, check=True, capture_output=True)
    return folder


def test_the_wheel_has_no_solution_and_no_secret(wheel, a_class):
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        everything = b"".join(archive.read(name) for name in names if not name.endswith(".npz"))
    assert {"grader/class/course.toml", "grader/class/own/ps1/checks.py", "grader/data/mnist.npz"} <= set(names)
    assert not [name for name in names if "solutions" in Path(name).parts or "/own/ps1/sol" in name]
    assert not [name for name in names if not name.startswith(("grader/", "digits_course-"))]
    assert (a_class.root / ".digits" / "seed").read_bytes().strip() not in everything
    assert b"np.sum(values) / len(values))\n    ### END" not in everything
    for path in (REPOSITORY / "solutions").glob("*.py"):
        assert path.read_bytes() not in everything


def test_the_address_of_the_wheel_does_not_change_its_version(wheel, a_class):
    before = (a_class.root / "course.toml").read_text("utf-8")
    versions = set()
    try:
        for line in (
            "",
            '# wheel = "https://example.org/digits.whl"   # where\n',
            f'wheel = "https://example.org/{wheel.name}"\n',
        ):
            choose(a_class, f"{line}{before}")
            versions.add(re.search(r"digits_course-\S+?\.whl", "".join(a_class.digits("wheel").out.split()))[0])
    finally:
        choose(a_class, before)
    assert versions == {wheel.name}


def test_the_version_changes_with_the_settings_of_the_class(wheel, a_class):
    again = a_class.digits("wheel")
    assert wheel.name in "".join(again.out.split())
    before = (a_class.root / "course.toml").read_text("utf-8")
    choose(a_class, before.replace("0.5", "0.6"))
    try:
        a_class.digits("wheel")
        assert len(list((a_class.root / "reports").glob("*.whl"))) == 2
    finally:
        choose(a_class, before)


def test_the_installed_wheel_checks_with_the_settings_of_the_class(installed, tmp_path):
    def said(program: str) -> str:
        variables = ENVIRONMENT | {"PYTHONPATH": str(installed)}
        done = subprocess.run(
            [PYTHON, "-c", program], cwd=tmp_path, env=variables, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    assert said("import grader; print(grader.__file__)").startswith(str(installed))
    program = "from grader.choices import *; use_choices_here(); from grader.course import find_lesson as f; print("
    assert said(program + "f('dense').bar, f('ps1').title)") == "0.5 The mean"
    (tmp_path / "ps1.py").write_text(OWN_SOLUTION, "utf-8")
    (tmp_path / "pixels.py").write_bytes(SOLUTION.read_bytes())
    for name in ("ps1", "pixels"):
        command = [PYTHON, "-c", "from grader.cli import main; main()", "grade", f"{name}.py"]
        variables = ENVIRONMENT | {"PYTHONPATH": str(installed)}
        done = subprocess.run(command, cwd=tmp_path, env=variables, capture_output=True, text=True, check=False)
        assert (done.returncode, "All checks pass" in done.stdout or "of" in done.stdout) == (0, True), done.stderr


@pytest.mark.thorough
def test_the_first_cell_of_a_released_notebook_installs_the_grader(a_class, wheel, tmp_path, monkeypatch):
    """In a kernel that has everything but the grader, and pip puts it where the kernel looks for it."""
    before = (a_class.root / "course.toml").read_text("utf-8")
    address = tmp_path / wheel.name
    address.write_bytes(wheel.read_bytes())
    choose(a_class, f'wheel = "{address}"\n{before}')
    try:
        assert a_class.digits("release", "ps1", "--fresh").status == 0
    finally:
        choose(a_class, before)
    released = read(a_class.root / "release" / "ps1" / "ps1.ipynb", 4)
    setup = next(cell.source for cell in released.cells if "import grader" in cell.source)
    assert f"%pip install --quiet {address}" in setup
    target = tmp_path / "site"
    hide = without_the_grader(target, monkeypatch)
    cells = [hide, setup, "import grader; print(grader.__file__)", OWN_SOLUTION]
    cells.append('from grader.notebook import points\n\npoints("ps1", "mean")')
    notebook = new_notebook(cells=[new_code_cell(cell) for cell in cells])
    NotebookClient(notebook, resources={"metadata": {"path": str(tmp_path)}}).execute()
    assert str(target) in notebook.cells[2].outputs[0].text
    assert notebook.cells[-1].outputs[-1].data["text/plain"] == "4.0"
    assert os.path.isdir(target / "grader")


def test_the_first_cell_costs_nothing_and_is_not_mentioned(a_class, wheel):
    setup = SETUP.format(wheel="https://example.org/digits.whl")
    notebook = new_notebook(cells=[new_code_cell(setup), new_code_cell(OWN_SOLUTION)])
    from nbformat import writes

    a_class.submit("ada", writes(notebook).encode(), "ps1", "ps1.ipynb")
    a_class.grade()
    assert a_class.score("ada", "ps1") == 4
    assert a_class.record("ada", "ps1")["verdict"]["message"] == ""
