"""Programs that some tests need and no Python package brings: from Debian, where they are missing."""

import fcntl
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

MINUTES = 10


def program(package: str, *names: str) -> str | None:
    """The path of the first of some programs that is there, after installing their package if none is."""
    path = find(names)
    if path is None and shutil.which("apt-get") and os.geteuid() == 0:
        with Path(tempfile.gettempdir(), "digits-tests-apt-get").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # a test worker beside this one may be installing, too
            if find(names) is None:
                apt_get("update")
                apt_get("install", "-y", "--no-install-recommends", package)
        path = find(names)
    return path


def find(names: tuple[str, ...]) -> str | None:
    return next(filter(None, map(shutil.which, names)), None)


def apt_get(*arguments: str) -> None:
    subprocess.run(
        ["apt-get", "-oDPkg::Lock::Timeout=300", *arguments],
        env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        timeout=60 * MINUTES,
        check=False,
    )
