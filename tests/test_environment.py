"""A damaged environment is told as such, never as a traceback or as the learner's fault."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from grader.cli.commands import doctor
from grader.cli.commands.test import run_tests
from grader.cli.environment import damaged, is_the_launchers, require
from grader.course import CourseError
from grader.engine.judge.processes import DamagedEnvironment, Zygote
from grader.launcher import place

CURE = "To repair it: ./digits --repair"


@pytest.mark.parametrize(
    ("package", "command"),
    [("typer", []), ("rich", []), ("rich", ["next"]), ("msgspec", ["check", "pixels"]), ("numpy", ["check", "pixels"])],
)
def test_a_package_that_is_missing_is_one_sentence(package, command):
    code = f"import sys; sys.modules[{package!r}] = None; from grader.cli import main; main()"
    result = subprocess.run([sys.executable, "-c", code, *command], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout) == (3, "")
    assert result.stderr.startswith(f"digits: The environment is damaged: {package}")
    assert result.stderr.endswith(f" cannot be imported. {CURE}\n")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("kind", ["private", "shared"])
def test_a_library_that_runners_lack_is_named(kind, tmp_path):
    """keras's files are gone, for one: the process that starts runners finds out."""
    code = "from grader.engine.runner import zygote; zygote.LIBRARIES['numpy'] = ('no_such_library',); zygote.main()"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket"))
        listener.listen()
        ours, theirs = socket.socketpair()
        given = listener if kind == "shared" else theirs
        command = [sys.executable, "-c", code, "numpy", kind, str(given.fileno())]
        with subprocess.Popen(command, pass_fds=[given.fileno()], stderr=subprocess.DEVNULL, cwd=tmp_path):
            theirs.close()
            if kind == "shared":
                ours.close()
                ours = socket.socket(socket.AF_UNIX)
                ours.connect(str(tmp_path / "socket"))
            zygote = Zygote("numpy", ours)
            with pytest.raises(DamagedEnvironment, match=f"no_such_library cannot be imported. {CURE}"):
                _ = zygote.tier
            zygote.close()


def test_missing_files_of_a_package_are_counted(tmp_path, monkeypatch):
    folder = tmp_path / "half-1.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: half\nVersion: 1\n")
    (folder / "RECORD").write_text("half/here.py,,\nhalf/gone.py,,\nhalf/gone too.py,,\nhalf/__pycache__/here.pyc,,\n")
    (tmp_path / "half").mkdir()
    (tmp_path / "half" / "here.py").write_text("")
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    assert list(damaged()) == [("half", 2)]
    told = (False, "half lacks 2 of its files. To repair the environment: ./digits --repair")
    assert told in list(doctor.find_packages())
    shutil.rmtree(folder)
    assert list(damaged()) == []


def test_a_command_that_lacks_its_packages_says_how_to_get_them(monkeypatch):
    monkeypatch.setattr("grader.cli.environment.find_spec", lambda name: None)
    monkeypatch.setattr("grader.cli.environment.is_the_launchers", lambda: False)
    with pytest.raises(CourseError, match=r"run \./digits test in the course folder"):
        require("dev", "./digits test")


def test_a_wrong_argument_of_test_is_told_before_anything_is_fetched(monkeypatch):
    monkeypatch.setattr("grader.cli.commands.test.require", lambda *_: pytest.fail("It was fetched."))
    with pytest.raises(CourseError, match="no file of tests called 'nosuch'"):
        run_tests(["nosuch"])


@pytest.mark.parametrize("name", ["MARK", "STAMP"])
def test_an_environment_that_the_launcher_filled_gets_its_extras_from_it(name, tmp_path, monkeypatch):
    """Also one that somebody else made, with no mark."""
    for other in ("MARK", "STAMP"):
        monkeypatch.setattr(place, other, str(tmp_path / other))
    monkeypatch.setattr(place, "VENV", sys.prefix)
    assert not is_the_launchers()
    (tmp_path / name).touch()
    assert is_the_launchers()


def test_this_environment_is_whole():
    assert os.path.exists(Path(sys.prefix) / "pyvenv.cfg")
    assert list(damaged()) == []
