"""Ctrl-C at any moment of a command: one line, and never a traceback."""

import os
import signal
import subprocess
import sys
import time

import pytest

if os.name == "nt":
    pytest.skip("the pseudo-terminals here are those of POSIX", allow_module_level=True)

from test_cli import DIGITS, REPOSITORY
from test_watch import Window, environment, folder, take_terminal  # noqa: F401  (a fixture)

DELAYS = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.7, 1.0, 1.5)
DURING_IMPORT = """
import os, signal, sys
from importlib.abc import MetaPathFinder

class Interrupt(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == {module!r}:
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Interrupt())
sys.argv[1:] = {arguments!r}
from grader.cli import main
main()
"""
IN_A_DESTRUCTOR = """
import os, signal, sys, time
from grader.cli.interrupts import run_until_stopped

class Odd:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGINT)
        sum(range(1000))

def command():
    Odd()
    time.sleep(60)

sys.exit(run_until_stopped(command))
"""


@pytest.mark.parametrize("command", ["next", "check dense", "lab --no-browser"])
@pytest.mark.parametrize("delay", DELAYS)
def test_ctrl_c_is_silent_at_any_moment(folder, command, delay):  # noqa: F811
    (folder / "lessons").mkdir()
    (folder / "lessons" / "01_pixels.md").write_text("# Pixels\n", "utf-8")
    (folder / "exercises" / "05_dense.py").write_bytes((REPOSITORY / "exercises" / "05_dense.py").read_bytes())
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # as the launcher does: the program inherits it
    try:
        window = Window(folder, DIGITS, *command.split())
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    try:
        time.sleep(delay)
        window.press("\x03")
        status = window.ends()
        assert status in {130, 0, -signal.SIGINT}  # 0: it was done, or lab was told to stop; SIGINT: it was leaving
        assert b"Traceback" not in window.written
        assert b"Error" not in window.written
        if status == 130:
            assert "Stopped." in window.text
            assert "^C" not in window.text
    finally:
        window.close()


@pytest.mark.parametrize("module", ["typer", "rich", "rich.console", "numpy", "grader.cli.commands.next"])
def test_ctrl_c_during_an_import_is_silent(module):
    program = DURING_IMPORT.format(module=module, arguments=["next"])
    finished = subprocess.run(
        [sys.executable, "-c", program], env=environment(), capture_output=True, text=True, check=False, timeout=120
    )
    if finished.returncode != 0:  # numpy may not be imported at all
        assert (finished.returncode, finished.stderr) == (130, "Stopped.\n")


def test_ctrl_c_where_nothing_can_be_raised_stops_a_moment_later():
    finished = subprocess.run(
        [sys.executable, "-c", IN_A_DESTRUCTOR], capture_output=True, text=True, check=False, timeout=50
    )
    assert (finished.returncode, finished.stderr) == (130, "Stopped.\n")


def test_a_stopped_check_says_that_nothing_was_recorded(folder):  # noqa: F811
    (folder / "exercises" / "01_pixels.py").write_text("def label_counts(labels):\n    while True: pass\n", "utf-8")
    window = Window(folder, DIGITS, "check", "pixels")
    try:
        window.until(" s · label_counts")
        window.press("\x03")
        assert window.ends() == 130
        assert window.text.rstrip().endswith("Stopped. Nothing was recorded.")
        assert " s · " not in window.text
        assert "^C" not in window.text
        assert not (folder / ".digits" / "progress.json").exists()
    finally:
        window.close()
