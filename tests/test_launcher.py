"""The launcher `digits`, started as a student starts it, in a small project with its own build backend.

pip, venv and the installation are the real ones. Only the project is small, so that nothing is downloaded.
"""

import ast
import contextlib
import io
import json
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from typer.main import get_command

from grader.cli.app import app, run
from grader.launcher import aside
from grader.launcher.before import answer
from grader.launcher.menu import HIDDEN, MENU, menu
from grader.launcher.network import PROXIES, probe, way_to_index
from grader.launcher.place import VENV, Problem, say
from grader.launcher.progress import Progress
from grader.launcher.settings import for_uv, has_index, read_list

REPOSITORY = Path(__file__).parent.parent
LAUNCHER = REPOSITORY / "digits"
MODULES = sorted((REPOSITORY / "grader" / "launcher").glob("*.py"))
BEFORE = [REPOSITORY / "grader" / name for name in ("__init__.py", "course.toml")]
FETCHING = [REPOSITORY / "grader" / name for name in ("course.py", "cli/__init__.py", "cli/environment.py")]
SHIPPED = [path.relative_to(REPOSITORY) for path in (LAUNCHER, *MODULES, *BEFORE, *FETCHING)]

pytestmark = [
    pytest.mark.install,
    pytest.mark.skipif(os.name == "nt", reason="the paths and signals here are those of POSIX"),
]

PYPROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "tiny"
version = "1"
"""

# Counts the installations in builds.txt, and fails as told in mischief.txt.
BACKEND = """
import os, pathlib, signal, sys, time, zipfile

mischief = pathlib.Path("mischief.txt").read_text() if os.path.exists("mischief.txt") else ""

def build_editable(folder, config_settings=None, metadata_directory=None):
    with open("builds.txt", "a") as builds:
        builds.write("x")
    if mischief == "slow":
        time.sleep(2.5)
    elif mischief == "stuck":
        time.sleep(60)
    elif mischief == "kill":
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(60)
    elif mischief == "full":
        raise OSError(28, "No space left on device")
    elif mischief == "readonly":
        raise OSError(30, "Read-only file system", "/somewhere")
    elif mischief == "broken":
        raise SystemExit("nobody knows why")
    requires = "Requires-Dist: " + mischief + "\\n" if mischief.startswith(("lacks", "wanted")) else ""
    name = "tiny-1-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(folder, name), "w") as wheel:
        wheel.writestr("tiny.pth", os.getcwd())
        about = "Metadata-Version: 2.1\\nName: tiny\\nVersion: 1\\nProvides-Extra: dev\\nProvides-Extra: class\\n"
        wheel.writestr("tiny-1.dist-info/METADATA", about + requires)
        wheel.writestr("tiny-1.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr("tiny-1.dist-info/entry_points.txt", "[console_scripts]\\ndigits = tiny:main\\n")
        wheel.writestr("tiny-1.dist-info/RECORD", "")
    return name
"""

PACKAGE = """
import json, signal, sys

def main():
    if sys.argv[1:] in (["test"], ["class", "similar"]):
        from grader.cli.environment import fetch
        from grader.course import CourseError
        try:
            fetch("dev" if sys.argv[1] == "test" else "class")
        except CourseError as error:
            sys.stderr.write(f"digits: {error}\\n")
            return 2
    holds_back = signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, [])
    print(json.dumps({"argv": sys.argv[1:], "prefix": sys.prefix, "holds Ctrl-C back": holds_back}))
    return int(sys.argv[1]) if sys.argv[1:2] and sys.argv[1].isdigit() else 0
"""


class Project:
    def __init__(self, root):
        self.root = root
        self.venv = root / ".venv"
        self.log = self.venv / "digits-install.log"
        root.mkdir()
        for name in SHIPPED:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(REPOSITORY / name, root / name)
        for name, text in {
            "pyproject.toml": PYPROJECT,
            "constraints.txt": "",
            "backend.py": BACKEND,
            "tiny.py": PACKAGE,
        }.items():
            (root / name).write_text(text)
        with (root / "grader" / "launcher" / "menu.py").open("a") as commands:
            commands.write('HIDDEN += tuple("0123456789")\n')  # the commands of the small program: how to end

    def environment(self, **changes):
        """This environment without what would change how the launcher or pip behaves."""
        drop = ("VIRTUAL_ENV", "CONDA_PREFIX", "DIGITS_", "PYTHON", "PIP_")
        env = {name: value for name, value in os.environ.items() if not name.startswith(drop)}
        env.update(PIP_CONFIG_FILE=os.devnull, PIP_NO_INDEX="1", COLUMNS="200")
        env.update({name: str(value) for name, value in changes.items()})
        return {name: value for name, value in env.items() if value}

    def command(self, *args):
        # The interpreter beneath the environment that runs these tests: in that one, digits may be installed.
        return [sys._base_executable, str(self.root / "digits"), *args]

    def start(self, *args, **env):
        pipe = subprocess.PIPE
        return subprocess.Popen(
            self.command(*args), cwd=self.root, env=self.environment(**env), stdout=pipe, stderr=pipe, text=True
        )

    def digits(self, *args, **env):
        command, environment = self.command(*args), self.environment(**env)
        return subprocess.run(
            command, cwd=self.root, env=environment, capture_output=True, text=True, check=False, timeout=180
        )

    def builds(self):
        path = self.root / "builds.txt"
        return len(path.read_text()) if path.exists() else 0

    def mischief(self, text):
        (self.root / "mischief.txt").write_text(text)

    def wait_for_build(self):
        end = time.monotonic() + 90
        while not self.builds():
            assert time.monotonic() < end, "pip never got to the project"
            time.sleep(0.02)


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path / "the course")  # a space, because homes and folders have them


@pytest.fixture(scope="session")
def bare_environment(tmp_path_factory):
    """An environment with only pip in it. Making one takes seconds, copying it does not."""
    folder = tmp_path_factory.mktemp("bare") / "env"
    subprocess.run([sys._base_executable, "-m", "venv", folder], check=True)
    return folder


@pytest.fixture
def with_environment(project, bare_environment):
    """The project next to which somebody made an empty .venv by hand."""
    shutil.copytree(bare_environment, project.venv, symlinks=True)
    return project


def told(result, status, *pieces):
    """That it failed with this status, and said so in sentences rather than with a traceback."""
    assert result.returncode == status, result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    last = result.stderr.splitlines()[-1]
    assert last.startswith("digits: ")
    for piece in pieces:
        assert str(piece) in last
    return last


def test_old_python_can_read_it():
    launcher = REPOSITORY / "grader" / "launcher"
    for path in (LAUNCHER, launcher / "__init__.py", launcher / "place.py", launcher / "start.py"):
        ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 6))


def test_first_start_installs_then_later_ones_do_not(project):
    first = project.digits("7", "a b", "--flag")
    assert first.returncode == 7, first.stderr
    told_on = {"argv": ["7", "a b", "--flag"], "prefix": str(project.venv), "holds Ctrl-C back": True}
    assert json.loads(first.stdout) == told_on
    assert "takes half a minute" in first.stderr
    assert "Installing 1 package." in first.stderr
    assert "\r" not in first.stderr
    assert project.builds() == 1

    later = project.digits("0")
    assert (later.returncode, later.stderr) == (0, "")
    assert project.builds() == 1

    link = project.root.parent / "link"
    link.symlink_to(project.root / "digits")
    linked = subprocess.run(
        [sys._base_executable, link, "3"], env=project.environment(), capture_output=True, text=True, check=False
    )
    assert (linked.returncode, linked.stderr) == (3, "")
    assert project.builds() == 1

    # A later start imports next to nothing before it hands over (-S: without what others add to every Python).
    verbose = subprocess.run(
        [sys._base_executable, "-S", "-X", "importtime", *project.command("0")[1:]],
        env=project.environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert project.digits("4", PYTHONSAFEPATH="1").returncode == 4

    imported = set(re.findall(r"\|\s+([\w.]+)$", verbose.stderr, re.MULTILINE))
    assert "os" in imported
    assert not imported & {"subprocess", "shutil", "hashlib", "json", "re", "tempfile", "venv", "threading"}

    # The interpreter goes away, as in an upgrade of the system.
    for python in (project.venv / "bin").glob("python*"):
        python.unlink()
        python.symlink_to("/nowhere/python3")
    repaired = project.digits("4")
    assert (repaired.returncode, project.builds()) == (4, 2), repaired.stderr


@pytest.mark.thorough
@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt"])
def test_changed_file_installs_again(with_environment, name):
    project = with_environment
    assert project.digits("0").returncode == 0
    kept = project.venv / "lib" / "kept"
    kept.write_text("")
    with (project.root / name).open("a") as file:
        file.write("# changed\n")
    again = project.digits("5")
    assert again.returncode == 5, again.stderr
    assert "packages changed" in again.stderr
    assert project.builds() == 2
    assert kept.exists()  # nothing is thrown away for it
    assert project.digits("0").stderr == ""


@pytest.mark.thorough
def test_constraints_and_extra_reach_pip(with_environment):
    project = with_environment
    (project.root / "constraints.txt").write_text("tiny==2\n")
    told(project.digits("0"), 1, "pip", project.log)
    (project.root / "constraints.txt").write_text("")
    assert project.digits("0").returncode == 0
    project.mischief("lacks; extra == 'dev'")
    told(project.digits("test"), 2, "The package index cannot be reached", project.log)
    assert "tiny[dev]" in project.log.read_text()
    assert "lacks" in project.log.read_text()


@pytest.mark.thorough
def test_moved_folder_is_repaired(with_environment, tmp_path):
    assert with_environment.digits("0").returncode == 0
    moved = tmp_path / "moved"
    with_environment.root.rename(moved)
    result = subprocess.run(
        [sys._base_executable, moved / "digits", "6"],
        env=with_environment.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 6, result.stderr
    assert json.loads(result.stdout)["prefix"] == str(moved / ".venv")


@pytest.mark.thorough
def test_half_made_environment_is_repaired(project):
    """What is left of a power cut while the environment was being made: no pip, and no stamp."""
    (project.venv / "bin").mkdir(parents=True)
    (project.venv / "pyvenv.cfg").write_text(f"home = {Path(sys._base_executable).parent}\n")
    (project.venv / "bin" / "python").symlink_to("/nowhere/python3")
    (project.venv / "digits-made").write_text("")
    result = project.digits("9")
    assert result.returncode == 9, result.stderr


@pytest.mark.thorough
def test_killed_launcher_then_second_one(with_environment):
    """After kill -9 in the middle, the next start completes the installation."""
    project = with_environment
    project.mischief("slow")
    launcher = project.start("0")
    project.wait_for_build()
    launcher.kill()
    launcher.communicate()
    assert not (project.venv / "digits-installed").exists()
    project.mischief("")
    result = project.digits("8")
    assert result.returncode == 8, result.stderr
    assert "Waiting until it is done" in result.stderr  # for the pip that outlived its launcher
    assert project.builds() == 2
    assert project.digits("0").stderr == ""


@pytest.mark.thorough
def test_control_c(with_environment):
    project = with_environment
    project.mischief("stuck")
    launcher = subprocess.Popen(
        project.command("0"), env=project.environment(), stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    project.wait_for_build()
    os.killpg(launcher.pid, signal.SIGINT)  # as a terminal does, to everything that runs in it
    error = launcher.communicate(timeout=90)[1]
    assert launcher.returncode == 130
    assert error.splitlines()[-1] == "digits: Stopped. Run the command again to continue."
    assert "Traceback" not in error
    project.mischief("")
    result = project.digits("2")
    assert (result.returncode, project.builds()) == (2, 2), result.stderr


@pytest.mark.thorough
def test_two_at_once_install_once(with_environment):
    project = with_environment
    project.mischief("slow")
    first = project.start("1")
    project.wait_for_build()
    second = project.digits("2")
    first.communicate(timeout=90)
    assert (first.returncode, second.returncode) == (1, 2)
    assert second.stderr == "digits: Another digits command is installing. Waiting until it is done.\n"
    assert project.builds() == 1


@pytest.mark.parametrize("name", ["VIRTUAL_ENV", "CONDA_PREFIX"])
def test_active_environment_is_used(project, tmp_path, name):
    script = tmp_path / "env" / "bin" / "digits"
    script.parent.mkdir(parents=True)
    script.write_text('#!/bin/sh\necho "active: $*"\nexit 5\n')
    script.chmod(0o755)
    result = project.digits("a", "b", **{name: tmp_path / "env"})
    assert (result.returncode, result.stdout, result.stderr) == (5, "active: a b\n", "")
    assert not project.venv.exists()


@pytest.mark.thorough
def test_launcher_in_active_environment_does_not_call_itself(with_environment, tmp_path):
    scripts = tmp_path / "env" / "bin"
    scripts.mkdir(parents=True)
    (scripts / "digits").symlink_to(with_environment.root / "digits")
    assert with_environment.digits("7", VIRTUAL_ENV=tmp_path / "env").returncode == 7


@pytest.mark.thorough
def test_digits_venv(project, bare_environment, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(bare_environment, elsewhere, symlinks=True)
    result = project.digits("0", DIGITS_VENV=elsewhere, PIP_USER="1")  # which some people set, but not for environments
    assert json.loads(result.stdout)["prefix"] == str(elsewhere), result.stderr
    assert not project.venv.exists()


def test_folder_of_somebody_else_is_left_alone(project, tmp_path):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "thesis.tex").write_text("Dear reader")
    told(project.digits("0", DIGITS_VENV=tmp_path / "thesis"), 2, "thesis", "not an environment")
    assert os.listdir(tmp_path / "thesis") == ["thesis.tex"]


def pretend(project, version, **env):
    """Start the launcher as if this were that Python."""
    code = (
        f"import runpy, sys; sys.version_info = {version!r}; sys.argv = [{str(project.root / 'digits')!r}, '3'];"
        "runpy.run_path(sys.argv[0], run_name='__main__')"
    )
    return subprocess.run(
        [sys._base_executable, "-c", code],
        cwd=project.root,
        env=project.environment(**env),
        capture_output=True,
        text=True,
        check=False,
    )


def test_old_python_alone(project, tmp_path):
    told(pretend(project, (3, 8, 0), PATH=tmp_path), 2, "needs Python 3.11 or newer, but this is 3.8")


@pytest.mark.thorough
def test_old_python_uses_newer_one_on_path(project, bare_environment, tmp_path):
    """Of two commands with the right name, one starts nothing. The other one is a Python (that copies to be quick)."""
    scripts = tmp_path / "bin"
    scripts.mkdir()
    real = f'[ "$2" = venv ] && exec cp -R "{bare_environment}/." "$3"\nexec "{sys._base_executable}" "$@"'
    for name, then in (("python3.13", "exit 127"), ("python3.12", real)):
        (scripts / name).write_text(f'#!/bin/sh\necho "{name} $1" >> "{tmp_path}/used"\n{then}\n')
        (scripts / name).chmod(0o755)
    result = pretend(project, (3, 8, 0), PATH=f"{scripts}:/bin:/usr/bin")
    assert result.returncode == 3, result.stderr
    assert f"python3.12 {project.root}/digits" in (tmp_path / "used").read_text()


def test_no_venv_module(project, tmp_path):
    """As on Debian, where the module is in a package of its own."""
    (tmp_path / "ensurepip.py").write_text("raise ImportError('not here')")
    result = project.digits("0", PYTHONPATH=tmp_path, PATH=tmp_path)
    told(result, 2, "no venv and ensurepip modules", "python3-venv")


def test_file_in_the_way(project):
    project.venv.write_text("mine")
    told(project.digits("0"), 2, project.venv, "a file, not a folder")
    assert project.venv.read_text() == "mine"


@pytest.mark.skipif(not Path("/sys/kernel").is_dir(), reason="needs a folder that not even root can write")
def test_folder_that_cannot_be_written(project):
    told(project.digits("0", DIGITS_VENV="/sys/digits-venv"), 2, "/sys/digits-venv cannot be written", "DIGITS_VENV")


def test_incomplete_course_folder(project):
    (project.root / "constraints.txt").unlink()
    told(project.digits("0"), 2, "constraints.txt is missing")
    assert not project.venv.exists()


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("mischief", "status", "piece"),
    [
        ("full", 1, "The disk is full"),
        ("readonly", 2, "cannot be written"),
        ("kill", 1, "pip was killed"),
        ("broken", 1, "pip failed with status 1"),
    ],
)
def test_failure_is_explained_and_the_next_start_repairs(with_environment, mischief, status, piece):
    project = with_environment
    project.mischief(mischief)
    told(project.digits("0"), status, piece, project.log)
    assert project.log.read_text()
    assert not (project.venv / "digits-installed").exists()
    project.mischief("")
    result = project.digits("3")
    assert result.returncode == 3, result.stderr


@pytest.mark.thorough
@pytest.mark.parametrize(
    "settings",
    [
        {"PIP_NO_INDEX": "1"},
        {"PIP_NO_INDEX": "", "PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "0"},
        {"PIP_NO_INDEX": "", "PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "1"},
    ],
)
def test_no_index(with_environment, settings):
    with_environment.mischief("lacks-everything")
    last = told(with_environment.digits("0", **settings), 1, "The package index cannot be reached")
    assert ("127.0.0.1 (port 9, from PIP_INDEX_URL)" in last) == ("PIP_INDEX_URL" in settings)


@pytest.mark.thorough
def test_version_that_the_index_lacks(with_environment, tmp_path):
    """Also that pip's settings count: the index here is a folder that a setting names."""
    project = with_environment
    (tmp_path / "links").mkdir()
    (tmp_path / "links" / "lacks-1-py3-none-any.whl").write_bytes(b"")
    project.mischief("lacks==2")
    told(project.digits("0", PIP_FIND_LINKS=tmp_path / "links"), 1, "No lacks==2 can be found", "3.11 to 3.13")


@pytest.mark.thorough
@pytest.mark.parametrize("how", [{"DIGITS_DEBUG": "1"}, {}])
def test_debug_shows_everything(with_environment, how):
    with_environment.mischief("broken")
    result = with_environment.digits("0", *([] if how else ["--debug"]), **how)
    assert result.returncode == 1
    assert "nobody knows why" in result.stderr
    assert "Traceback" in result.stderr


@pytest.mark.thorough
def test_on_a_terminal(with_environment):
    """One line that is drawn again and again, gone at the end, without color codes; stdout stays the command's."""
    import pty  # not on Windows

    project = with_environment
    project.mischief("slow")
    ours, theirs = pty.openpty()
    # A start that is not Python's UTF-8 mode: the spinner must not fail where the terminal has no more than ASCII.
    env = project.environment(TERM="xterm", PYTHONIOENCODING="ascii")
    launcher = subprocess.Popen(project.command("0"), env=env, stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    shown = b""
    try:
        while piece := os.read(ours, 4096):
            shown += piece
    except OSError:  # how Linux says that the other side was closed
        pass
    finally:
        os.close(ours)
    out = launcher.communicate(timeout=90)[0]
    assert launcher.returncode == 0
    assert json.loads(out)["argv"] == ["0"]
    assert b"\x1b" not in shown
    frames = re.findall(rb"\r([-|/\\]) (\d:\d\d)  (\w+)", shown)
    assert len({time for _, time, _ in frames}) >= 3
    assert len({frame for frame, _, _ in frames}) == 4
    assert shown.decode("ascii").splitlines()[-1].startswith("digits: Installed in")


SENTENCE = "The folder /home/ada/a-course-with-a-long-name cannot be written. To use another one, set DIGITS_VENV."


@pytest.mark.parametrize("columns", [20, 40, 60])
def test_a_sentence_is_wrapped_between_words(monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setattr(sys, "stderr", Screen())
    assert say(SENTENCE, 7) == 7
    told = sys.stderr.getvalue()
    assert told.split() == ["digits:", *SENTENCE.split()]
    assert not [line for line in told.splitlines() if len(line) > columns and " " in line]


def test_a_sentence_stays_one_line_where_nobody_reads_it(monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    say(SENTENCE)
    assert sys.stderr.getvalue() == f"digits: {SENTENCE}\n"


class Screen(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize("columns", [40, 60])
def test_a_narrow_terminal_breaks_no_word(project, columns):
    """The width is the terminal's own: nothing in the environment tells it."""
    import fcntl
    import pty
    import termios

    (project.root / "constraints.txt").unlink()
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    start = subprocess.run(project.command("0"), env=project.environment(COLUMNS=""), stderr=theirs, check=False)
    told = os.read(ours, 65536).decode()
    os.close(ours)
    os.close(theirs)
    assert start.returncode == 2
    assert told.split() == project.digits("0").stderr.split() != []
    assert len(told.splitlines()) > 1
    assert not [line for line in told.splitlines() if len(line) > columns and " " in line]


# the course itself


@pytest.mark.thorough
def test_the_base_is_all_that_learners_and_graders_need(tmp_path):
    """A fresh copy, installed from the package index: without what only developers use."""
    copy = tmp_path / "course"
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, check=True).stdout
    for name in filter(None, listed.decode().split("\0")):
        if (REPOSITORY / name).is_file() and not name.startswith("tests/"):
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(REPOSITORY / name, copy / name)
    drop = ("VIRTUAL_ENV", "CONDA_PREFIX", "DIGITS_", "PYTHON")
    env = {name: value for name, value in os.environ.items() if not name.startswith(drop)}

    def digits(*arguments):
        command = [sys._base_executable, copy / "digits", *arguments]
        return subprocess.run(command, cwd=copy, env=env, capture_output=True, text=True, check=False)

    first = digits("check", "pixels")
    assert (first.returncode, "0 of 10 points" in first.stdout) == (0, True), first.stderr
    assert "Installed in" in first.stderr
    for arguments in (
        ("hint", "pixels"),
        ("grade", "solutions/01_pixels.py"),
        ("train", "softmax_regression", "--reference", "--epochs", "1"),
        ("predict", "grader/data/photographs"),
        ("class", "init", str(tmp_path / "class")),
        ("update", "--help"),
    ):
        later = digits(*arguments)
        assert (later.returncode, "Install" in later.stderr) == (0, False), later.stderr
    installed = {path.name.partition("-")[0] for path in copy.glob(".venv/lib/*/site-packages/*.dist-info")}
    assert "tensorflow" in installed
    assert not installed & {"playwright", "ruff", "mypy", "distributed", "copydetect", "hypothesis"}


# before anything is installed


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], ["Hello!", " 14  Capstone", "./digits watch", "./digits lab"]),
        (["--help"], ["Learn:", "Teach:", "Maintain:", "--repair"]),
        (["help"], ["Learn:"]),
        (["--version"], ["digits 1"]),
        (["-V"], ["digits 1"]),
    ],
)
@pytest.mark.parametrize("columns", [40, 80])
def test_answers_before_anything_is_installed(project, arguments, words, columns):
    shown = project.digits(*arguments, COLUMNS=columns)
    assert (shown.returncode, shown.stderr) == (0, "")
    for word in words:
        assert word in shown.stdout
    assert max(map(len, shown.stdout.splitlines())) <= columns
    assert not project.venv.exists()


@pytest.mark.parametrize(
    ("group", "commands"),
    [("Learn", {"check", "watch", "hint", "next"}), ("Maintain", {"test", "dev"})],
)
def test_the_help_groups_the_commands_by_who_needs_them(group, commands):
    assert set(MENU[group]) >= commands
    below = "\n".join(menu(80)).partition(f"\n\n{group}:\n")[2].partition("\n\n")[0]
    assert set(re.findall(r"^  ([a-z]+) ", below, re.MULTILINE)) == set(MENU[group])


@pytest.mark.parametrize("arguments", [("class", "--help"), ("class", "grade", "-h"), ("help", "class")])
def test_help_of_a_command_installs_nothing(project, arguments):
    shown = project.digits(*arguments, COLUMNS=200)
    assert (shown.returncode, shown.stderr) == (0, "")
    summary, rest = shown.stdout.split("\n\n")
    assert summary == MENU["Teach"]["class"]
    assert "installs the course. After that, ./digits class --help shows everything." in " ".join(rest.split())
    assert not project.venv.exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("chek", "pixels"),
        ("pixels",),
        ("5",),
        ("help", "nonsense"),
        ("help", "5"),
        ("--debug", "lba", "-h"),
    ],
)
def test_an_unknown_command_installs_nothing_and_is_told_as_ever(arguments, capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Problem) as problem:
        answer(list(arguments))
    assert run(list(arguments)) == problem.value.status == 2
    assert capsys.readouterr().err == f"digits: {problem.value}\n"


def test_a_typo_installs_nothing(project):
    told(project.digits("chek", "pixels"), 2, "There is no command chek. Did you mean check?")
    assert not project.venv.exists()


def test_before_the_installation_all_commands_are_known():
    assert {name for group in MENU.values() for name in group} | set(HIDDEN) == set(get_command(app).commands)


@pytest.mark.thorough
def test_repair_with_help_is_a_question(project):
    assert "Learn:" in project.digits("--repair", "--help").stdout
    assert not project.venv.exists()
    assert project.digits("0").returncode == 0
    asked = project.digits("--repair", "--help")
    assert (json.loads(asked.stdout)["argv"], asked.stderr) == (["--help"], "")
    assert project.builds() == 1


def test_without_its_environment_the_map_does_not_forget_who_has_worked_here(project):
    (project.root / ".digits").mkdir()
    (project.root / ".digits" / "progress.json").write_text("{}")
    shown = project.digits()
    assert shown.returncode == 0
    assert "Your points are safe" in shown.stdout
    assert "Hello" not in shown.stdout


@pytest.mark.thorough
def test_extras_are_fetched_on_first_use_and_stay(with_environment):
    project = with_environment
    assert "course needs its packages" in project.digits("0").stderr
    needs_dev = project.digits("test")
    assert "developers' packages" in needs_dev.stderr
    assert project.digits("class", "similar").stderr == ""  # what is there for developers serves instructors, too
    assert project.builds() == 2
    (project.root / "constraints.txt").write_text("# changed\n")
    assert "Bringing them up to date" in project.digits("0").stderr
    assert project.digits("test").stderr == ""
    assert project.builds() == 3
    assert project.digits("dev", "--help").stderr == ""


@pytest.mark.thorough
def test_help_of_a_command_fetches_no_extra(with_environment):
    assert with_environment.digits("0").returncode == 0
    assert with_environment.digits("test", "--help").stderr == ""


# without a network

NO_PROXY = dict.fromkeys(PROXIES, "")
UNREACHABLE = {"PIP_NO_INDEX": "", "PIP_INDEX_URL": "http://127.0.0.1:9/simple"}


@pytest.mark.thorough
def test_without_a_network_the_packages_stay_as_they_are(with_environment):
    project = with_environment
    assert project.digits("0").returncode == 0
    (project.root / "constraints.txt").write_text("# changed\n")
    on_the_train = project.digits("5", **UNREACHABLE)
    assert on_the_train.returncode == 5
    assert "at 127.0.0.1 (port 9, from PIP_INDEX_URL), so the packages stay as they are" in on_the_train.stderr
    assert project.digits("class", "grade", **UNREACHABLE).returncode == 0  # it needs nothing more
    assert project.digits("6").returncode == 6
    assert project.builds() == 2
    told(project.digits("test", **UNREACHABLE), 2, "The package index cannot be reached", "127.0.0.1")
    assert project.digits("6").stderr == ""  # what could not be fetched leaves all as it was


def test_a_first_start_without_a_network_asks_no_installer(project):
    last = told(project.digits("0", **UNREACHABLE), 1, "The package index cannot be reached")
    assert "Full log" not in last  # pip, which would try five times, has written none
    assert project.builds() == 0


@pytest.mark.parametrize(
    ("variables", "told_as"),
    [
        ({"PIP_INDEX_URL": "http://ada:secret@127.0.0.1:9/simple"}, "at 127.0.0.1 (port 9, from PIP_INDEX_URL)"),
        ({"HTTPS_PROXY": "http://ada:secret@127.0.0.1:9"}, "through the proxy 127.0.0.1 (port 9, from HTTPS_PROXY)"),
        ({"PIP_PROXY": "ada:secret@127.0.0.1:9"}, "through the proxy 127.0.0.1 (port 9, from PIP_PROXY)"),
        ({"PIP_CONFIG_FILE": "pip.conf"}, "at 127.0.0.1 (port 9, from index-url in pip.conf)"),
    ],
)
def test_the_index_that_cannot_be_reached_is_named(with_environment, variables, told_as):
    project = with_environment
    (project.root / "pip.conf").write_text("[global]\nindex-url = http://ada:secret@127.0.0.1:9/simple\n")
    where = {name: value.replace("pip.conf", str(project.root / "pip.conf")) for name, value in variables.items()}
    said = project.digits("0", "--debug", **{**NO_PROXY, "PIP_NO_INDEX": "", **where})
    assert said.returncode == 1
    assert f"The package index cannot be reached {told_as}." in said.stderr.splitlines()[-1]
    assert "Connection refused" in said.stderr
    assert told_as in project.log.read_text()
    assert "Connection refused" in project.log.read_text()
    assert "secret" not in said.stderr + project.log.read_text()


@pytest.mark.parametrize("address", ["http://ada:se/cret@host", "http://ada:12/cret@host", "http://a#da:secret@host"])
def test_what_may_be_part_of_a_password_is_not_told(address, monkeypatch):
    for name in NO_PROXY:
        monkeypatch.delenv(name, raising=False)
    assert way_to_index({"index-url": address}) is None


def test_repair_without_a_network_removes_nothing(project):
    assert project.digits("0").returncode == 0
    kept = keep(project)
    repair = project.digits("--repair", **UNREACHABLE)
    assert kept.is_file()
    last = told(repair, 1, "The package index cannot be reached", "127.0.0.1")
    assert last.endswith("The environment is as it was.")
    assert project.digits("5").stderr == ""
    assert project.builds() == 1


@pytest.mark.thorough
def test_a_rebuild_that_fails_puts_the_old_environment_back(project):
    assert project.digits("0").returncode == 0
    kept = keep(project)
    before = everything(project)
    project.mischief("broken")
    told(project.digits("--repair"), 1, "pip failed with status 1", "The old environment is back in place.")
    assert kept.is_file()
    assert everything(project) == before
    later = project.digits("5")
    assert (later.returncode, later.stderr) == (5, "")


@pytest.mark.thorough
def test_after_a_kill_in_a_rebuild_the_next_start_puts_the_old_environment_back(project):
    assert project.digits("0").returncode == 0
    keep(project)
    before = everything(project)
    project.mischief("slow")
    (project.root / "builds.txt").unlink()
    launcher = project.start("--repair")
    project.wait_for_build()
    launcher.kill()
    launcher.communicate()
    assert everything(project) != before
    later = project.digits("5")
    assert later.returncode == 5, later.stderr
    assert "The last rebuild did not finish. The old environment is back in place." in later.stderr
    assert everything(project) == before
    project.mischief("")
    assert project.digits("--repair", "6").returncode == 6
    assert not list(project.venv.glob("digits-old*"))


class PowerCut(BaseException):
    """From here on, nothing on the disk changes."""


class Power:
    """Lets so many changes of the disk happen."""

    def __init__(self, monkeypatch):
        self.left = 10**6
        for name in ("rename", "mkdir", "rmdir", "remove", "unlink"):
            monkeypatch.setattr(os, name, self.using(getattr(os, name)))

    def using(self, change):
        def changed(*arguments, **options):
            self.left -= 1
            if self.left < 0:
                raise PowerCut
            return change(*arguments, **options)

        return changed


@pytest.mark.parametrize("ending", ["complete", "failed"])
def test_no_power_cut_mixes_the_old_and_the_new_environment(tmp_path, monkeypatch, ending):
    """The power goes before each change of the disk, and in the recovery once more."""
    for name in ("STAMP", "MARK", "OLD", "PART", "GONE", "VENV"):
        monkeypatch.setattr(aside, name, str(tmp_path / os.path.relpath(getattr(aside, name), VENV)))
    power = Power(monkeypatch)
    for first in range(100):
        power.left = 10**6
        make_environment(tmp_path, "old")
        power.left = first
        was_cut = rebuild(tmp_path, ending)
        check_environment(tmp_path)
        state = power.left
        for second in (*range(0, 30, 3), 10**6):
            power.left = second
            with contextlib.suppress(PowerCut):
                aside.recover()
            check_environment(tmp_path)
        assert len(os.listdir(tmp_path)) == 4
        assert (tmp_path / "digits-installed").is_file()
        if not was_cut:
            break
    assert 10 < first < 99
    assert state >= 0
    assert (tmp_path / "digits-installed").read_text() == ("new" if ending == "complete" else "old")


def make_environment(venv, which):
    for path in venv.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    fill_environment(venv, which)


def fill_environment(venv, which):
    (venv / "lib").mkdir()
    for name in ("digits-made", "pyvenv.cfg", "lib/one", "lib/two", "digits-installed"):
        (venv / name).write_text(which)


def rebuild(venv, ending):
    """Returns whether the power went meanwhile."""
    try:
        with aside.replacing():
            fill_environment(venv, "new")
            if ending == "failed":
                os.remove(venv / "digits-installed")
                raise Problem("It failed.")
    except PowerCut:
        return True
    except Problem:
        pass
    return False


def check_environment(venv):
    """What a start would trust is whole, and all of one making."""
    stamp = venv / "digits-installed"
    if stamp.is_file():
        parts = [venv / name for name in ("digits-made", "pyvenv.cfg", "lib/one", "lib/two")]
        assert {part.read_text() for part in parts} == {stamp.read_text()}


def keep(project):
    """A file in the environment that no rebuild would make."""
    path = next(project.venv.glob("lib/*/site-packages")) / "kept.py"
    path.write_text("")
    return path


def everything(project):
    changing = ("digits-lock", "digits-install.log")
    paths = (path for path in project.venv.rglob("*") if path.name not in changing and "__pycache__" not in path.parts)
    return sorted(str(path.relative_to(project.venv)) for path in paths)


def test_index_that_does_not_answer_is_noticed():
    """A socket whose queue is full answers nobody, as an index behind a broken network."""
    with socket.socket() as listener, contextlib.ExitStack() as waiting:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        way = way_to_index({"index-url": f"http://127.0.0.1:{listener.getsockname()[1]}/simple"})
        assert probe(way) == "reached"
        for _ in range(4):
            visitor = waiting.enter_context(socket.socket())
            visitor.setblocking(False)
            visitor.connect_ex(listener.getsockname())
        assert probe(way) == "no answer yet"
    assert isinstance(probe(way), ConnectionRefusedError)
    assert way_to_index({"no-index": "1"}) is way_to_index({"index-url": "file:///somewhere"}) is None
    assert probe(None) == "reached"


# repair


@pytest.mark.thorough
def test_repair_makes_the_environment_again(project):
    assert project.digits("0").returncode == 0
    lost, foreign = project.venv / "bin" / "digits", project.venv / "lib" / "foreign"
    lost.write_text("#!/bin/sh\nexit 99\n")
    foreign.write_text("")
    repaired = project.digits("--repair", "7")
    assert repaired.returncode == 7, repaired.stderr
    assert "Rebuilding the environment in" in repaired.stderr
    assert not foreign.exists()
    assert project.digits("--repair").returncode == 0
    assert project.builds() == 3


@pytest.mark.thorough
def test_repair_empties_no_environment_that_was_made_by_hand(with_environment):
    project = with_environment
    assert project.digits("0").returncode == 0
    mine = project.venv / "lib" / "mine"
    mine.write_text("")
    assert project.digits("--repair", "7").returncode == 7
    assert mine.exists()


# uv


@pytest.fixture(scope="session")
def links(tmp_path_factory):
    """A folder with the uv that the project pins, from the package index."""
    folder = tmp_path_factory.mktemp("links")
    pinned = re.search(r"(?m)^uv==\S+$", (REPOSITORY / "constraints.txt").read_text())
    assert pinned
    download = [sys.executable, "-m", "pip", "download", "--no-deps", "-q", "-d", folder, pinned[0]]
    subprocess.run(download, check=True)
    return folder


@pytest.mark.thorough
def test_uv_installs_with_the_settings_of_pip(with_environment, links, tmp_path):
    """The index is a folder that only a setting of pip names; uv finds there what the project requires."""
    project = with_environment
    shutil.copy(next(links.iterdir()), tmp_path)
    extra = tmp_path / "wanted-1-py3-none-any.whl"
    with zipfile.ZipFile(extra, "w") as wheel:
        wheel.writestr("wanted.py", "")
        wheel.writestr("wanted-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: wanted\nVersion: 1\n")
        wheel.writestr("wanted-1.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr("wanted-1.dist-info/RECORD", "")
    with (project.root / "pyproject.toml").open("a") as file:
        file.write('dependencies = ["wanted"]\n')
    project.mischief("wanted")
    result = project.digits("3", PIP_FIND_LINKS=tmp_path)
    assert result.returncode == 3, result.stderr
    assert "Resolved 2 packages" in project.log.read_text()  # as only uv says it
    assert list(project.venv.glob("lib/*/site-packages/wanted.py"))
    by_pip = project.digits("--repair", "4", PIP_FIND_LINKS=tmp_path, DIGITS_INSTALLER="pip")
    assert by_pip.returncode == 4, by_pip.stderr
    assert "Resolved" not in project.log.read_text()


@pytest.mark.thorough
def test_where_uv_fails_pip_tries_and_has_the_last_word(with_environment, links):
    with_environment.mischief("broken")
    told(with_environment.digits("0", PIP_FIND_LINKS=links), 1, "pip failed with status 1", with_environment.log)
    assert with_environment.builds() >= 2


def test_settings_of_pip_are_translated_for_uv():
    listed = """
global.index-url='http://mirror/simple'
global.extra-index-url='http://one/simple\\nhttp://two/simple'
install.index-url='http://nearer/simple'
:env:.cert='/etc/ours.pem'
:env:.config-file='/dev/null'
:env:.proxy='http://proxy:3128'
list.format='columns'
install.timeout='60'
"""
    settings = read_list(listed)
    assert settings["index-url"] == "http://nearer/simple"
    told_to_uv = for_uv(settings)
    assert told_to_uv == {
        "UV_DEFAULT_INDEX": "http://nearer/simple",
        "UV_EXTRA_INDEX_URL": "http://one/simple http://two/simple",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "SSL_CERT_FILE": "/etc/ours.pem",
        **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), "http://proxy:3128"),
    }
    assert for_uv({}) == {"UV_SYSTEM_CERTS": "1"}
    assert for_uv({"require-hashes": "true"}) is None  # then pip does it
    assert for_uv({"require-hashes": "false"}) is not None
    assert not has_index({"no-index": "1"})


@pytest.mark.parametrize(
    ("lines", "shown"),
    [
        (["Resolved 152 packages in 1s", "Downloading numpy (16.0MiB)"], "152 packages, 0 of 16 MB: numpy, 16 MB"),
        (
            [
                "Resolved 9 packages in 1s",
                "Downloading keras (2.0MiB)",
                "Downloading scipy (30.0MiB)",
                " Downloaded scipy",
            ],
            "9 packages, 30 of 32 MB: keras, 2 MB",
        ),
        (["Resolved 152 packages in 1s", "Prepared 2 packages in 2s"], "Installing the packages."),
        (["Installing collected packages: a, b"], "Installing 2 packages."),
        (["Collecting numpy>=2 (from digits)"], "Collecting numpy>=2"),
    ],
)
def test_progress_says_packages_and_megabytes(lines, shown):
    progress = Progress()
    for line in lines:
        progress.follow(line)
    assert shown in progress.text


LOCALES = [
    ({"LC_ALL": "C"}, "C.UTF-8"),
    ({"LANG": "POSIX"}, "C.UTF-8"),
    ({"LC_CTYPE": "C", "LANG": "en_US.UTF-8"}, "C.UTF-8"),
    ({}, "C.UTF-8"),
    ({"LC_ALL": "xx_XX.UTF-8"}, "C.UTF-8"),
    ({"LC_CTYPE": "C.UTF-8", "LANG": "C"}, "None"),
]


@pytest.mark.thorough
def test_the_c_locale_knows_accents(tmp_path, bare_environment):
    project = Project(tmp_path / "José")
    shutil.copytree(bare_environment, project.venv, symlinks=True)
    assert project.digits("0").returncode == 0
    (project.root / "tiny.py").write_text("import os\ndef main():\n    print(os.environ.get('LC_ALL'))\n")
    alone = {"LC_ALL": "", "LC_CTYPE": "", "LANG": "", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    for locale, expected in LOCALES:
        result = project.digits("0", **{**alone, **locale})
        assert (result.returncode, result.stdout) == (0, f"{expected}\n"), (locale, result.stderr)
