"""`digits draw`: a page in the browser to draw digits, which networks read at once."""

import asyncio
import contextlib
import signal
import webbrowser
from collections.abc import Callable

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
    server, stopped = DrawServer(find_workspace(), make_engine), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    announce(Terminal(), server.address, opens_browser)
    if opens_browser:
        webbrowser.open(server.address)
    await stopped.wait()
    server.stop()


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
