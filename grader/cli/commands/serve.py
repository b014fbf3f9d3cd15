"""`digits serve`: the learner's exported network, for everybody who can reach this machine's port."""

import asyncio
import contextlib
import logging
import os
import signal
import sys
from typing import NoReturn

from grader.cli.commands.check import read_own_work
from grader.cli.commands.train import reference_source
from grader.cli.interrupts import say_stopped
from grader.cli.terminal import Terminal
from grader.course import Lesson, find_workspace, lessons, manifest
from grader.deployment.networks import find_network
from grader.deployment.own_code import SLUG, OwnCode
from grader.deployment.server import PredictionServer
from grader.engine.judge.client import clean

SWITCH_SECONDS = 0.001  # for which a thread of Python may keep others from running; Python's own value is 0.005
MOST_FILES = 4096


def serve_network(name: str | None, host: str, port: int, drain: float, use_reference: bool) -> NoReturn:
    """Serve a network until Ctrl-C or SIGTERM, and end the process.

    Raises:
        CourseError: there is no network, the exercise is not finished, or the port is taken.
    """
    terminal, workspace, lesson = Terminal(), find_workspace(), deployment_lesson()
    source = reference_source(lesson) if use_reference else read_own_work(lesson, workspace)
    network = find_network(name, workspace, source)
    own = OwnCode(source)
    respond = own.load(network)
    own.expect_finished(respond)
    logging.getLogger("tornado").addHandler(logging.NullHandler())  # what strangers send wrong is counted, not told
    sys.setswitchinterval(SWITCH_SECONDS)
    allow_files()

    def say(line: str) -> None:
        line = clean(line)  # what respond raises may repeat what a client sent
        with contextlib.suppress(OSError, SystemExit):  # a terminal that has gone ends no server
            terminal.line(f" {line}")

    async def run() -> int:
        server = PredictionServer(network.stem, respond, say, host, port)
        stopped = stop_signals()
        announce(terminal, server.address, network.stem, source.name)
        await stopped.wait()
        say("Stopping. What was accepted is still answered.")
        return await server.stop(drain)

    if cut_off := asyncio.run(run()):
        say(f"{cut_off} request{'s were' if cut_off > 1 else ' was'} cut off before the answer was there.")
    say_stopped()
    with contextlib.suppress(OSError):
        sys.stdout.flush()
    os._exit(0)  # without waiting for a thread that respond may have started


def deployment_lesson() -> Lesson:
    """The lesson whose functions answer; it counts even where a class has not chosen it."""
    return next(lesson for lesson in (*lessons(), *manifest()) if lesson.slug == SLUG)


def stop_signals() -> asyncio.Event:
    """An event that the first Ctrl-C or SIGTERM sets. The second one ends the process at once."""
    stopped = asyncio.Event()

    def stop() -> None:
        if stopped.is_set():
            os._exit(say_stopped("Requests that were under way are lost."))
        stopped.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    return stopped


def allow_files() -> None:
    """Let this process open as many files as its connections need, where the system's first answer is less."""
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (MOST_FILES if most < 0 else min(MOST_FILES, most), most))


def announce(terminal: Terminal, address: str, network: str, name: str) -> None:
    """Print the address, and what answers there."""
    terminal.line(f" {network} answers with {name}:")
    terminal.line()
    terminal.line("   ", (address, "title"))
    terminal.line()
    terminal.line((" Open it to see how to ask. Press Ctrl-C here to stop.", "quiet"))
