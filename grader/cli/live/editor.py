"""Opens the learner's editor at a line of a file."""

import os
import re
import shlex
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

from grader.api import Check
from grader.course import CourseError
from grader.engine.session import functions_called
from grader.verdict import CheckResult

COLON = {"code", "codium", "code-insiders", "cursor", "windsurf", "subl", "zed", "hx", "helix"}  # FILE:LINE
GOTO = {"code", "codium", "code-insiders", "cursor", "windsurf"}  # with -g before it
PLUS = {"vi", "vim", "nvim", "gvim", "nano", "pico", "emacs", "emacsclient", "joe", "micro", "kak", "ne", "mcedit"} | {
    "gedit",
    "xed",
    "pluma",
    "gnome-text-editor",
    "jed",
    "mg",
}  # +LINE FILE
WINDOWS = (
    GOTO
    | {"subl", "zed", "gvim", "gedit", "xed", "pluma", "gnome-text-editor", "kate", "kwrite", "mousepad"}
    | {
        "pycharm",
        "charm",
        "idea",
        "mate",
        "bbedit",
        "geany",
        "notepad",
        "notepad++",
        "spyder",
        "thonny",
        "xdg-open",
        "open",
    }
)  # editors with a window of their own; all others take over the terminal
UNASKED = ("code", "nano")  # editors to use where none is named; a beginner would not get out of vi
NO_EDITOR = "No editor is set. Quit (q), type: export EDITOR=nano (or the name of another editor), and start again."


@dataclass(frozen=True)
class Editor:
    """A command that opens an editor."""

    command: tuple[str, ...]

    @property
    def name(self) -> str:
        return Path(self.command[0]).name.lower().removesuffix(".exe").removesuffix(".cmd")

    @property
    def has_window(self) -> bool:
        """Whether the editor leaves the terminal alone."""
        return self.name in WINDOWS

    def at(self, path: Path, line: int) -> list[str]:
        """The command that opens a file at a line. An editor that nobody knows gets the file alone."""
        if self.name in COLON:
            return [*self.command, *["-g"][: self.name in GOTO], f"{path}:{line}"]
        return [*self.command, *[f"+{line}"][: self.name in PLUS], str(path)]


def find_editor() -> Editor:
    """The editor of the variable VISUAL or EDITOR, else Visual Studio Code, else nano.

    Raises:
        CourseError: there is none, or it is not installed.
    """
    for variable in ("VISUAL", "EDITOR"):
        command = split(os.environ.get(variable, ""))
        if command and not shutil.which(command[0]):
            raise CourseError(f"{variable} names {command[0]}, which is not installed. Set it to your editor.")
        if command:
            return Editor(tuple(command))
    installed = next((name for name in UNASKED if shutil.which(name)), None)
    if installed is None:
        raise CourseError(NO_EDITOR)
    return Editor((installed,))


def split(command: str) -> list[str]:
    try:
        return shlex.split(command)
    except ValueError:  # a quotation mark that is not closed
        return [command]


def open_beside(command: list[str]) -> None:
    """Start an editor that has a window of its own, and do not wait for it."""
    quiet = subprocess.DEVNULL
    subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)


def open_here(command: list[str]) -> None:
    """Run an editor in this terminal until the learner leaves it. Ctrl-C is meant for the editor."""
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        subprocess.run(command, check=False)
    finally:
        signal.signal(signal.SIGINT, before)


def line_to_fix(path: Path, result: CheckResult, check: Check) -> int:
    """The line of the learner's file that a failing check is about: where it raised, else the function it calls."""
    if path.suffix != ".py":
        return 1
    if result.line:
        return result.line
    text = path.read_text("utf-8", "replace")
    for name in (*functions_called(check), check.name):
        found = re.search(rf"^[ \t]*def[ \t]+{re.escape(name)}\b", text, re.MULTILINE)
        if found:
            return text.count("\n", 0, found.end()) + 1
    return 1
