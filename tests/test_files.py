"""Atomic writes leave the old file or the new one, and a lock ends with its holder."""

import errno
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from grader.files import locked, write_atomically

SOON = 60  # seconds until a test that hangs fails instead
OLD, NEW = b"old", b"new" * 1000


def run(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a program in a folder; `path` is the file there."""
    code = f"import os, sys; from pathlib import Path; from grader.files import *; path = Path('file')\n{code}"
    return subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, timeout=SOON, check=False
    )


@pytest.fixture
def path(tmp_path):
    (tmp_path / "file").write_bytes(OLD)
    return tmp_path / "file"


@pytest.mark.parametrize("durable", [False, True])
@pytest.mark.parametrize("data", [NEW, "Zoë\n"])
def test_a_file_is_made_and_replaced(tmp_path, data, durable):
    for _ in range(2):
        write_atomically(tmp_path / "file", data, durable=durable)
        assert (tmp_path / "file").read_bytes() == (data if isinstance(data, bytes) else data.encode())
    assert os.listdir(tmp_path) == ["file"]


def test_a_long_name_leaves_room_for_the_draft(tmp_path):
    write_atomically(tmp_path / ("x" * 255), NEW)
    assert os.listdir(tmp_path) == ["x" * 255]


@pytest.mark.parametrize(
    ("mode", "umask", "expected"),
    [(0o666, 0o022, 0o644), (0o666, 0o077, 0o600), (0o600, 0o000, 0o600), (0o644, 0o002, 0o644)],
)
def test_the_mode_is_that_of_a_new_file(path, mode, umask, expected):
    path.chmod(0o777)
    before = os.umask(umask)
    try:
        write_atomically(path, NEW, mode=mode)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == expected


# What goes wrong


def test_a_full_disk_leaves_the_old_file_and_no_draft(path):
    done = run(
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (9, 9))\n"
        "try: write_atomically(path, b'new' * 1000)\n"
        "except OSError: print('full')",
        path.parent,
    )
    assert (done.stdout, done.stderr) == ("full\n", "")
    assert path.read_bytes() == OLD
    assert os.listdir(path.parent) == ["file"]


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_an_interrupt_in_the_middle_leaves_the_old_file_and_no_draft(path, monkeypatch, call):
    def interrupt(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, call, interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(path, NEW, durable=True)
    assert path.read_bytes() == OLD
    assert os.listdir(path.parent) == ["file"]


def test_a_process_killed_in_the_middle_leaves_the_old_file(path):
    done = run("os.replace = lambda *names: os.kill(os.getpid(), 9)\nwrite_atomically(path, b'new')", path.parent)
    assert done.returncode == -signal.SIGKILL
    assert path.read_bytes() == OLD
    (draft,) = set(os.listdir(path.parent)) - {"file"}
    assert draft.startswith(".")
    assert draft.endswith(".draft")  # which `digits class` looks for and removes
    write_atomically(path, NEW)
    assert path.read_bytes() == NEW


@pytest.mark.parametrize("obstacle", ["no folder", "a file for a folder", "a folder for a file"])
def test_what_cannot_be_written_is_an_error_and_leaves_nothing(tmp_path, obstacle):
    target = tmp_path / "place" / "file"
    if obstacle == "a file for a folder":
        target.parent.write_bytes(OLD)
    elif obstacle == "a folder for a file":
        target.mkdir(parents=True)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(OSError, match=r"\[Errno"):
        write_atomically(target, NEW)
    assert sorted(tmp_path.rglob("*")) == before


def test_of_writers_at_once_one_wins_whole(path):
    contents = [bytes([letter]) * 200_000 for letter in b"abcdefgh"]
    threads = [threading.Thread(target=write_atomically, args=(path, content)) for content in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert path.read_bytes() in contents
    assert os.listdir(path.parent) == ["file"]


# Locks

HOLD = """
import sys, time
from pathlib import Path
from grader.files import locked

with locked(Path(sys.argv[1])):
    print("locked", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def lock(tmp_path):
    return tmp_path / "lock"


@pytest.fixture
def holder(lock):
    """Another process that holds the lock until its input ends."""
    command = [sys.executable, "-c", HOLD, str(lock)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"locked\n"
        yield process
        process.kill()


def test_another_process_is_kept_out_until_the_lock_is_released(lock, holder):
    with pytest.raises(BlockingIOError) as caught, locked(lock, wait=False):
        pass
    assert caught.value.errno == errno.EWOULDBLOCK
    threading.Timer(0.3, holder.stdin.close).start()
    started = time.monotonic()
    with locked(lock):
        assert time.monotonic() - started > 0.2
        assert holder.wait(SOON) == 0


def test_a_killed_holder_frees_the_lock(lock, holder):
    holder.kill()
    holder.wait()
    with locked(lock, wait=False):
        pass


def test_an_exception_frees_the_lock(lock):
    with pytest.raises(ZeroDivisionError), locked(lock):
        1 / 0  # noqa: B018
    with locked(lock, wait=False):
        pass


def test_processes_take_turns(tmp_path):
    """Each adds one to a number, slowly enough to get in the others' way if it could."""
    (tmp_path / "number").write_text("0")
    code = (
        "import time; from pathlib import Path; from grader.files import locked\n"
        "with locked(Path('lock')):\n"
        "    number = int(Path('number').read_text()); time.sleep(0.05); Path('number').write_text(str(number + 1))"
    )
    processes = [subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path) for _ in range(6)]
    assert [process.wait(SOON) for process in processes] == [0] * 6
    assert (tmp_path / "number").read_text() == "6"


def test_a_lock_file_that_is_there_keeps_its_content(lock):
    lock.write_bytes(OLD)
    with locked(lock):
        assert lock.read_bytes() == OLD
    assert lock.read_bytes() == OLD


def test_a_lock_that_cannot_be_made_is_an_error(tmp_path):
    (tmp_path / "place").write_bytes(OLD)
    with pytest.raises(OSError, match=r"\[Errno"), locked(tmp_path / "place" / "lock"):
        pass
