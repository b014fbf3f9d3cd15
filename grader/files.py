"""Files that are written whole or not at all, copies that are kept, and locks that one process holds at a time."""

import contextlib
import errno
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path


def write_atomically(path: Path, data: str | bytes, *, mode: int = 0o666, durable: bool = False) -> None:
    """Replace a file, or make it: a reader finds the old content or the new, never a part of it.

    Args:
        data: bytes, or text to be written as UTF-8.
        mode: the permissions of the new file; as for every new file, the umask takes some away.
        durable: the new content is on the disk before this returns, and a power cut cannot damage the old one.

    Raises:
        OSError: it cannot be written. The old file is as it was, and the draft is gone.
    """
    draft = path.with_name(f".{secrets.token_hex(8)}.draft")
    try:
        with open(draft, "xb", opener=partial(os.open, mode=mode)) as file:
            file.write(data.encode() if isinstance(data, str) else data)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        os.replace(draft, path)
    except BaseException:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise
    if durable:
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Put a file's new name on the disk, too, where the system can do that."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def keep_copy(path: Path, workspace: Path) -> Path | None:
    """Copy a file into .digits/kept under a unique name with the time in it. Returns that path if there was a file."""
    if not path.exists():
        return None
    folder, stem, number = workspace / ".digits" / "kept", f"{path.stem}-{time.strftime('%Y%m%d-%H%M%S')}", 1
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / f"{stem}{path.suffix}"
    while os.path.lexists(kept):
        number += 1
        kept = folder / f"{stem}-{number}{path.suffix}"
    try:
        shutil.copy2(path, kept)
    except OSError:
        kept.unlink(missing_ok=True)  # half a copy is useless
        raise
    return kept


@contextlib.contextmanager
def locked(path: Path, wait: bool = True) -> Iterator[None]:
    """Hold a lock, which the operating system releases when this process ends, however it ends.

    The lock file stays: if it were removed, two processes could each hold a lock on a file of that name.

    Args:
        path: the lock file; it and its folder are made if they are missing.
        wait: until another process has released the lock.

    Raises:
        BlockingIOError: another process holds the lock, and ``wait`` is false.
        OSError: the lock file cannot be made, or its file system has no such locks.
    """
    from filelock import FileLock, Timeout  # only here: importing it takes longer than most uses of this module

    # No fallback to a soft lock, which would outlive a holder that is killed.
    lock = FileLock(path, timeout=-1 if wait else 0, fallback_to_soft=False)
    try:
        lock.acquire()
    except Timeout:
        raise BlockingIOError(errno.EWOULDBLOCK, "another process holds this lock", str(path)) from None
    try:
        yield
    finally:
        lock.release()
