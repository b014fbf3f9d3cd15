"""`digits draw`: a page in the browser to draw digits, which networks read at once."""

import asyncio
import contextlib
import os
import signal
import threading
import webbrowser
from collections.abc import Callable, Iterator
from pathlib import Path

from grader.cli.interrupts import say_stopped
from grader.cli.terminal import Terminal
from grader.course import find_workspace
from grader.draw.server.app import DrawServer
from grader.engine.judge import background
from grader.engine.judge.processes import Engine


def open_draw(opens_browser: bool) -> int:
    """Serve the page until Ctrl-C."""
    with contextlib.ExitStack() as at_the_end:
        asyncio.run(serve(opens_browser, lambda: at_the_end.enter_context(Engine(background.connect))))
    say_stopped()
    return 0


async def serve(opens_browser: bool, make_engine: Callable[[], Engine]) -> None:
    workspace, stopped = find_workspace(), asyncio.Event()
    server = DrawServer(workspace, make_engine)
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    with redirection(workspace, server.address) if opens_browser else contextlib.nullcontext() as page:
        announce(Terminal(), server.address, page is not None)
        if page:  # in a thread: a browser for terminals returns when it is closed
            threading.Thread(target=webbrowser.open, args=[page.as_uri()], daemon=True).start()
        await stopped.wait()
    server.stop()


@contextlib.contextmanager
def redirection(workspace: Path, address: str) -> Iterator[Path | None]:
    """A file that only its owner can read and that leads to an address; None if it cannot be written.

    Other users of this machine can see the arguments of a program, and the address holds the key.
    """
    path = workspace / ".digits" / "draw.html"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(f'<!doctype html>\n<meta http-equiv="refresh" content="0; url={address}">\n')
    except OSError:
        yield None
        return
    try:
        yield path
    finally:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)


def announce(terminal: Terminal, address: str, opens_browser: bool) -> None:
    """Print the address."""
    terminal.line(" Draw a digit and watch networks read it:")
    terminal.line()
    terminal.line("   ", (address, "title"))
    terminal.line()
    where = (
        "The page opens in your browser. If it doesn't, open the address above."
        if opens_browser
        else "Open the address above."
    )
    terminal.line((f" {where} Press Ctrl-C here to stop.", "quiet"))
