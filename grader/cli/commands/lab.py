"""`digits lab`: JupyterLab in the learner's copy of the course. Lessons open as notebooks.

JupyterLab keeps all its files in ``.digits/lab``, next to the learner's progress. It neither reads nor writes the
learner's own Jupyter settings.
"""

import json
import logging
import os
import secrets
import signal
from pathlib import Path
from typing import TYPE_CHECKING

from grader.cli.commands.next import next_open
from grader.cli.commands.recover import open_progress
from grader.cli.interrupts import say_stopped
from grader.cli.live.progress_line import progress
from grader.cli.terminal import Terminal
from grader.course import CourseError, Lesson, find_workspace, lessons
from grader.engine.judge.own_file import find_named

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp

SETTINGS = {  # JupyterLab's defaults; the learner can change them
    "@jupyterlab/docmanager-extension:plugin": {"defaultViewers": {"markdown": "Jupytext Notebook"}},
    "@jupyterlab/filebrowser-extension:browser": {"showLastModifiedColumn": False},  # which leaves no room for names
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
}
PAGE = {"disabledExtensions": {"@jupyter/nbgrader": True}}  # menus for instructors
SERVER_EXTENSIONS = {"jupyterlab": True, "jupyterlab_jupytext": True, "jupyter_server_terminals": True}


def open_lab(name: str | None, opens_browser: bool) -> int:
    """Serve the workspace until ctrl-C and open a lesson: the one named, else that of the next unsolved exercise."""
    terminal, workspace = Terminal(), find_workspace()
    lesson = find_named(name, workspace) if name else next_open(open_progress(terminal, workspace)) or lessons()[0]
    page = f"lessons/{lesson.stem}.md"
    if not (workspace / page).is_file():
        raise CourseError(f"There is no {page} in {workspace}. Run this in your copy of the course.")
    token = secrets.token_hex(16)
    with progress(terminal) as shown:
        shown.begin("starting JupyterLab")
        server = make_server(workspace, page, token, opens_browser)
    server.io_loop.add_callback(announce, terminal, lesson, server.port, token, opens_browser)  # once it listens
    server.start()
    say_stopped()
    return 0


def announce(terminal: Terminal, lesson: Lesson, port: int, token: str, opens_browser: bool) -> None:
    """Print the address."""
    terminal.title(lesson, "as a notebook in JupyterLab")
    terminal.line()
    terminal.line("   ", (f"http://localhost:{port}/?token={token}", "title"))
    terminal.line()
    where = "It opens in your browser. If not, open this address." if opens_browser else "Open this address."
    terminal.line((f" {where} Press Ctrl-C here to stop.", "quiet"))


def make_server(workspace: Path, page: str, token: str, opens_browser: bool) -> "ServerApp":
    """A JupyterLab server on a free local port, not started yet."""
    folder = workspace / ".digits" / "lab"
    try:
        write_settings(folder)
    except OSError as error:
        raise CourseError(
            f"JupyterLab cannot write to {folder} ({error.strerror}). Make that folder writable and try again."
        ) from None
    config, data = str(folder / "config"), str(folder / "data")
    os.environ |= {"JUPYTER_CONFIG_DIR": config, "JUPYTER_DATA_DIR": data, "JUPYTER_PATH": data}
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # for the kernels: keeps TensorFlow quiet

    from jupyterlab.labapp import LabApp
    from traitlets.config import Config

    logging.getLogger("asyncio").addFilter(is_worth_printing)
    is_root = hasattr(os, "getuid") and os.getuid() == 0
    settings = Config(
        ServerApp={
            "root_dir": str(workspace),
            "open_browser": opens_browser,
            "allow_root": is_root,
            "log_level": "ERROR",
            "contents_manager_class": "grader.cli.commands.lab_files.LessonFiles",
        },
        LabApp={
            "default_url": f"/lab/tree/{page}?file-browser-path=/",
            "extension_manager": "readonly",
            "log_level": "ERROR",
        },
        IdentityProvider={"token": token},
        KernelSpecManager={"allowed_kernelspecs": {"python3"}},
    )
    server = LabApp.make_serverapp(jpserver_extensions=SERVER_EXTENSIONS, config=settings)
    server.initialize(argv=[], starter_extension=LabApp.name, find_extensions=False)
    for number in {signal.SIGINT, signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)}:
        signal.signal(number, lambda *_: server.stop(from_signal=True))
    return server


def is_worth_printing(record: logging.LogRecord) -> bool:
    """Whether to print a message of the server's event loop. When the learner closes a page while an answer is on its
    way, Jupyter lets the loop print a traceback, although nothing is wrong."""
    from tornado.websocket import WebSocketClosedError

    return not (record.exc_info and isinstance(record.exc_info[1], WebSocketClosedError))


def write_settings(folder: Path) -> None:
    """Write our settings: how lessons open, and one kernel. The kernel has the name that the lessons use, so opening a
    lesson does not change its file."""
    from ipykernel.kernelspec import get_kernel_dict

    kernel = get_kernel_dict(["--log-level=ERROR"]) | {"display_name": "Python 3"}
    files = {
        "config/labconfig/default_setting_overrides.json": SETTINGS,
        "config/labconfig/page_config.json": PAGE,
        "data/kernels/python3/kernel.json": kernel,
    }
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(json.dumps(content, indent=2) + "\n", "utf-8")
