"""Runs git so that it never asks, never waits for long and never runs a hook."""

import os
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

from grader.course import CourseError

SECONDS = 300
OPTIONS = (
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "core.fsmonitor=false"),
    *("-c", "protocol.ext.allow=never"),
    *("-c", "http.lowSpeedLimit=1000", "-c", "http.lowSpeedTime=30"),
)
ELSEWHERE = {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_NAMESPACE", "GIT_PREFIX"}
QUIET = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "",
    "SSH_ASKPASS": "",
    "GIT_SSH_COMMAND": "ssh -o BatchMode=yes -o ConnectTimeout=15",
    "LC_ALL": "C",
}


def own_group() -> int | None:
    """While this process ignores Ctrl-C, git is not to get it: git's own handler ends it, whatever it has inherited."""
    return 0 if os.name != "nt" and signal.getsignal(signal.SIGINT) is signal.SIG_IGN else None


class GitFailed(CourseError):
    """A git command failed; ``said`` is the last line that it printed."""

    def __init__(self, said: str) -> None:
        super().__init__(f"git failed: {said}")
        self.said = said


class Git:
    """The git commands of one checkout."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, *arguments: str, given: bytes = b"", variables: Mapping[str, str] | None = None) -> bytes:
        """The output of a command.

        Raises:
            GitFailed: it failed, took too long, or there is no git.
        """
        own = {name: value for name, value in os.environ.items() if name not in ELSEWHERE}
        try:
            finished = subprocess.run(
                ["git", *OPTIONS, "-C", str(self.folder), *arguments],
                env=own | QUIET | dict(variables or {}),
                input=given,
                capture_output=True,
                timeout=SECONDS,
                check=False,
                process_group=own_group(),
            )
        except subprocess.TimeoutExpired:
            raise GitFailed(f"git {arguments[0]} took longer than {SECONDS} s") from None
        except OSError as error:
            raise GitFailed(f"it cannot be started ({error.strerror})") from None
        if finished.returncode:
            lines = finished.stderr.decode("utf-8", "replace").split("\n")
            raise GitFailed(next((line.strip() for line in lines if line.strip()), "it gave no reason"))
        return finished.stdout

    def words(self, *arguments: str) -> str:
        """The output of a command as text, empty if it fails."""
        try:
            return self.run(*arguments).decode("utf-8", "replace").strip()
        except GitFailed:
            return ""

    def tree(self, commit: str) -> dict[str, str]:
        """The files of a commit: the name of each one's content by its path."""
        return {path: fields.split()[2] for path, fields in self.entries(commit).items()}

    def entries(self, commit: str) -> dict[str, str]:
        """The files of a commit: mode, type and the name of each one's content by its path."""
        listed = self.run("ls-tree", "-r", "-z", commit).decode("utf-8", "surrogateescape")
        parted = (entry.partition("\t") for entry in listed.split("\0") if entry)
        return {path: fields for fields, _, path in parted}

    def content(self, blob: str | None) -> bytes | None:
        """The content of that name, or None for None."""
        return None if blob is None else self.run("cat-file", "blob", blob)

    def published(self, base: str, new: str, paths: list[str]) -> set[str]:
        """The names of all content that these files have had between two commits."""
        listed = self.run("rev-list", "--objects", f"{base}..{new}", "--", *paths) if paths else b""
        return {line.split()[0] for line in listed.decode("utf-8", "replace").splitlines()}

    def names_of_files(self, paths: list[str]) -> dict[str, str]:
        """The names that git gives to the content of files in the folder, by path."""
        lines = "".join(f"{path}\n" for path in paths).encode("utf-8", "surrogateescape")
        names = self.run("hash-object", "--stdin-paths", given=lines).decode().split()
        return dict(zip(paths, names, strict=True))
