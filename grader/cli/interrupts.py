"""Ctrl-C at any moment: one line, exit status 130, and never a traceback."""

# Nothing more up here: an interrupt while these are imported is the only one that is not handled.
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

STATUS = 130
MOMENT = 0.05  # seconds
CLEAR_LINE = "\r\x1b[2K"  # of the progress line, and of the ^C that a terminal echoes


class Interrupted(BaseException):
    """A KeyboardInterrupt on its way through typer, which would take that for its own. Its text says what was lost."""


def leave_at_once() -> None:
    """Let Ctrl-C end the process, because there is nothing to clean up yet. An exception in the middle of an import
    could be printed or swallowed by whatever is being imported. The launcher has held Ctrl-C back until now."""
    handle(lambda *_: os._exit(say_stopped()))
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def run_until_stopped(command: Callable[[], int]) -> int:
    """Run a command; returns its exit status, or that of Ctrl-C."""
    sys.unraisablehook = raise_later
    try:
        handle(signal.default_int_handler)
        return command()
    except (KeyboardInterrupt, Interrupted) as stopped:
        handle(signal.SIG_IGN)  # a second Ctrl-C would print a traceback after all
        return say_stopped(str(stopped))
    finally:
        handle(lambda *_: os._exit(STATUS))


def handle(handler: Any) -> None:
    """Set what Ctrl-C does, unless the process was started to ignore it, as in the background of a shell."""
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, handler)


def raise_later(unraisable: "sys.UnraisableHookArgs") -> None:
    """Ctrl-C in a place that cannot raise, such as a destructor, is raised a moment later, in another one."""
    if not (unraisable.exc_type and issubclass(unraisable.exc_type, KeyboardInterrupt)):
        sys.__unraisablehook__(unraisable)
        return
    import threading

    again = threading.Timer(MOMENT, os.kill, (os.getpid(), signal.SIGINT))  # a real signal ends a sleep, too
    again.daemon = True
    again.start()


def say_stopped(note: str = "") -> int:
    """Say so in one line, past Python's buffers: a signal's handler may be in the middle of one; returns the status."""
    clear = ""
    if os.isatty(2):
        clear = "\n" if os.environ.get("TERM") == "dumb" else CLEAR_LINE
    os.write(2, f"{clear}Stopped.{' ' if note else ''}{note}\n".encode())
    return STATUS
