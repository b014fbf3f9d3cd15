"""Zygotes that outlive the command that started them, so that a learner's next check is quick.

Each listens on a socket in a folder that only its owner can open, and ends by itself when it was not used for a while.
Its name is made of everything that it depends on, so a changed course or environment gets a new one.
"""

import hashlib
import os
import socket
import stat
import sys
import tempfile
from pathlib import Path

from grader.course import Runtime
from grader.engine.judge.processes import EngineError, Zygote, spawn
from grader.files import locked


def connect(runtime: Runtime) -> Zygote:
    """Connect to the shared zygote of a runtime; start it if there is none.

    Where there can be none (a folder that cannot be written, a path too long for a socket) a private one does, too.
    """
    try:
        return connect_to_shared(runtime)
    except OSError:
        return Zygote.private(runtime)


def connect_to_shared(runtime: Runtime) -> Zygote:
    """Connect to the shared zygote of a runtime; start it if there is none.

    Raises:
        OSError: there can be none here.
        EngineError: it does not answer, or its folder belongs to another user.
    """
    folder = own_folder()
    home = folder / f"{runtime}-{fingerprint()}"
    connection = try_to_connect(str(home / "socket")) or start(runtime, home, folder / "lock")
    if connection is None:
        raise EngineError(f"The process that starts runners cannot be reached in {home}.")
    return Zygote(runtime, connection)


def start(runtime: Runtime, home: Path, lock: Path) -> socket.socket | None:
    """Start the shared zygote, unless another command that began at the same time has done so, and connect to it."""
    address = str(home / "socket")
    with locked(lock):
        connection = try_to_connect(address)
        if connection is None:
            home.mkdir(exist_ok=True)
            Path(address).unlink(missing_ok=True)
            with socket.socket(socket.AF_UNIX) as listener:
                listener.bind(address)
                listener.listen()
                spawn(runtime, "shared", listener, home)
            connection = try_to_connect(address)
    return connection


def running() -> list[str]:
    """The runtimes whose zygote is running in the background now."""
    runtimes = []
    for home in sorted(own_folder().glob(f"*-{fingerprint()}")):
        connection = try_to_connect(str(home / "socket"))
        if connection:
            connection.close()
            runtimes.append(home.name.partition("-")[0])
    return runtimes


def own_folder() -> Path:
    """A folder for sockets that only this user can open.

    Raises:
        EngineError: another user has made it, or others may open it.
    """
    folder = Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()) / f"digits-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or stat.S_IMODE(found.st_mode) != 0o700:
        raise EngineError(f"{folder} is not a folder that only you can open. Remove it and try again.")
    return folder


def try_to_connect(address: str) -> socket.socket | None:
    """A connection to a Unix socket; None where no process listens."""
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.connect(address)
    except OSError:
        connection.close()
        return None
    return connection


def fingerprint() -> str:
    """16 hexadecimal digits that change when the interpreter, its packages or the engine do."""
    engine, prefix = Path(__file__).parents[1], Path(sys.prefix)
    depends_on = [*engine.rglob("*.py"), prefix / "pyvenv.cfg", *prefix.glob("lib/python*/site-packages")]
    states = [f"{path} {path.stat().st_mtime_ns}" for path in sorted(depends_on) if path.exists()]
    return hashlib.sha256("\n".join([sys.executable, *states]).encode()).hexdigest()[:16]
