"""Installs the course: uv into the environment, then uv the rest; pip, where uv is not to be had."""

import os
import sys
from typing import IO

from grader.launcher import aside, environment, settings
from grader.launcher.network import Way, probe, way_to_index
from grader.launcher.place import (
    DEBUG,
    LOCK,
    LOG,
    MARK,
    STAMP,
    VENV,
    Problem,
    complete,
    extras_here,
    in_scripts,
    is_ready,
    is_usable,
    say,
    serves,
)
from grader.launcher.problems import explain, is_disk_full, is_offline, no_index
from grader.launcher.progress import Progress
from grader.launcher.running import run

WHAT = {
    None: "The course needs its packages. Installing them in {} takes half a minute or more, once.",
    "dev": "This command needs the developers' packages. Installing them, once.",
    "class": "This command needs a package that only instructors use. Installing it, once.",
    "deploy": "This format needs packages that nothing else uses. Installing them, once.",
}
CHANGED = "The course's packages changed. Bringing them up to date."
REPAIR = "Rebuilding the environment in {}. Your work stays as it is."
STILL_WITHOUT = "The package index cannot be reached{}, so the packages stay as they are for now."
IN_A_HURRY = {"PIP_RETRIES": "1", "PIP_DEFAULT_TIMEOUT": "10", "UV_HTTP_RETRIES": "1", "UV_HTTP_CONNECT_TIMEOUT": "10"}


def install(extra: str | None = None, is_repair: bool = False) -> None:
    """Bring the environment to the state of the project's files, with an extra if a command needs it.

    Raises:
        Problem: that cannot be done.
    """
    try:
        environment.check_folders()
        os.makedirs(VENV, exist_ok=True)
        with open(LOCK, "a") as lock:
            environment.take(lock)
            aside.recover()
            if is_repair or not is_ready(extra):  # else another launcher did it while we waited
                Installation(lock, extra, is_repair).run()
    except OSError as error:
        raise explain(str(error)) from error


class Installation:
    """One installation, with the lock that keeps others from doing the same."""

    def __init__(self, lock: IO[str], extra: str | None, is_repair: bool) -> None:
        self.lock = lock
        self.is_repair = is_repair
        self.was_complete = is_usable()
        self.has_extra = serves(extras_here(), extra)
        self.extras = extras_here() | ({extra} if extra else set())
        self.opening = self._opening(extra)
        self.progress = Progress()
        self.way: Way | None = None
        self.hurry: dict[str, str] = {}

    def _opening(self, extra: str | None) -> str:
        if self.is_repair:
            return REPAIR.format(VENV)
        if not self.was_complete:
            return WHAT[None].format(VENV)
        return CHANGED if self.has_extra else WHAT[extra]

    def run(self) -> None:
        # First, so that nothing is lost where there is none.
        python = None if environment.can_stay(self.is_repair) else environment.find_python()
        say(self.opening)
        open(LOG, "w").close()
        has_pip = not python or environment.works()  # pip knows the index; else only the new one will
        if has_pip and not self._finds_index():
            return
        if not python:
            self._fill()
            return
        with aside.replacing():
            environment.make(python, self.progress, self.lock)
            if has_pip or self._finds_index():
                self._fill()

    def _fill(self) -> None:
        """Install the packages."""
        self.progress.stage("Finding and downloading the packages.")
        finished = complete(self.extras)  # before an installer reads the same files: a later change is to be noticed
        forget(STAMP)
        status, output, installer = self._install()
        if status or not os.path.isfile(in_scripts(VENV, "digits")):
            raise explain(output, installer, status, self.way)
        vouch(finished)
        say(f"Installed in {self.progress.seconds:.0f} seconds.")

    def _finds_index(self) -> bool:
        """Read pip's settings and look for the index. Returns whether to install, or to go on with what is here.

        Raises:
            Problem: the index cannot be reached, and the course cannot start without it.
        """
        self.settings = settings.of_pip()
        self.way = way_to_index(self.settings)
        answer = probe(self.way)
        if isinstance(answer, OSError):
            with open(LOG, "a", encoding="utf-8") as log:
                log.write(f"The package index cannot be reached {self.way}: {answer}\n")
            if self.was_complete and self.has_extra and not self.is_repair:
                say(STILL_WITHOUT.format(f" {self.way}"))
                return False
            intact = " The environment is as it was." if os.path.exists(STAMP) else ""
            raise Problem(no_index(self.way) + intact) from answer
        if answer == "no answer yet":
            say("The package index has not answered yet. Press Ctrl-C to stop; your work is safe.")
            self.hurry = IN_A_HURRY
        return True

    def _install(self) -> tuple[int, str, str]:
        """Install with uv, or with pip where uv cannot. Returns the status, the output, and who it was."""
        told = settings.for_uv(self.settings)
        if told is not None and os.environ.get("DIGITS_INSTALLER") != "pip" and self._get_uv():
            status, output = self._run_uv({**told, **self.hurry})
            if status <= 0 or is_offline(output) or is_disk_full(output):
                return status, output, "uv"
        return *self._run_pip(), "pip"

    def _get_uv(self) -> bool:
        """Whether uv is in the environment, with which the rest takes seconds instead of minutes."""
        with self.progress.unfollowed():
            return self._pip(["--only-binary", "uv", "uv"])[0] == 0

    def _run_pip(self) -> tuple[int, str]:
        return self._pip([*["--force-reinstall"] * (self.is_repair and os.path.exists(MARK)), *self._course()])

    def _pip(self, what: list[str]) -> tuple[int, str]:
        command = [in_scripts(VENV, "python"), "-m", "pip", "--disable-pip-version-check", "install", "--no-input"]
        command += ["--no-user"]  # somebody's setting for other places: in an environment, pip would refuse
        return run([*command, *what, "-c", "constraints.txt"], self.progress, self.lock, self.hurry)

    def _run_uv(self, variables: dict[str, str]) -> tuple[int, str]:
        command = [in_scripts(VENV, "uv"), "--no-config", "pip", "install", "--python", in_scripts(VENV, "python")]
        command += ["--no-python-downloads", *["--no-index"] * (not settings.has_index(self.settings))]
        command += ["--reinstall"] * self.is_repair
        return run([*command, *self._course(), "-c", "constraints.txt"], self.progress, self.lock, variables)

    def _course(self) -> list[str]:
        names = ",".join(sorted(self.extras))
        return ["-e", f".[{names}]" if names else "."]


def forget(path: str) -> None:
    if os.path.exists(path):
        os.remove(path)


def vouch(finished: bytes) -> None:
    """Write the stamp, and what it vouches for to the disk before it."""
    if hasattr(os, "sync"):
        os.sync()
    with open(STAMP + ".new", "wb") as file:
        file.write(finished)
        file.flush()
        os.fsync(file.fileno())
    os.replace(STAMP + ".new", STAMP)
    if DEBUG:
        sys.stderr.write(f"Full log: {LOG}\n")
