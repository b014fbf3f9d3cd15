"""`digits lab`: JupyterLab on the learner's copy of the course, with the lessons opening as notebooks.

Everything that JupyterLab keeps lies in ``.digits/lab`` beside the learner's progress: their own settings of Jupyter
are neither read nor written.
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
from grader.cli.live.progress_line import progress
from grader.cli.terminal import Terminal
from grader.course import CourseError, Lesson, find_lesson, find_workspace, lessons

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp

SETTINGS = {  # of JupyterLab, where the learner has not chosen otherwise
    "@jupyterlab/docmanager-extension:plugin": {"defaultViewers": {"markdown": "Jupytext Notebook"}},
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
}
PAGE = {"disabledExtensions": {"@jupyter/nbgrader": True}}  # menus for instructors
SERVER_EXTENSIONS = {"jupyterlab": True, "jupyterlab_jupytext": True, "jupyter_server_terminals": True}


def open_lab(name: str | None, opens_browser: bool) -> int:
    """Serve the workspace until ctrl-C, beginning with a lesson: the one named, or that of the next open exercise."""
    terminal, workspace = Terminal(), find_workspace()
    lesson = find_lesson(name) if name else next_open(open_progress(terminal, workspace)) or lessons()[0]
    page = f"lessons/{lesson.stem}.md"
    if not (workspace / page).is_file():
        raise CourseError(f"There is no {page} in {workspace}. Run this in your copy of the course.")
    token = secrets.token_hex(16)
    with progress(terminal) as shown:
        shown.begin("starting JupyterLab")
        server = make_server(workspace, page, token, opens_browser)
    server.io_loop.add_callback(announce, terminal, lesson, server.port, token, opens_browser)  # once it listens
    server.start()
    return 0


def announce(terminal: Terminal, lesson: Lesson, port: int, token: str, opens_browser: bool) -> None:
    """Say where to click."""
    terminal.line((f" {lesson.number}  {lesson.title}", "heading"), ("   as a notebook in JupyterLab", "quiet"))
    terminal.line()
    terminal.line("   ", (f"http://localhost:{port}/?token={token}", "title"))
    terminal.line()
    where = "It opens in your browser. If not, open this address." if opens_browser else "Open this address."
    terminal.line((f" {where} Ctrl-C here ends it.", "quiet"))


def make_server(workspace: Path, page: str, token: str, opens_browser: bool) -> "ServerApp":
    """A server of JupyterLab that listens on a free port of this machine, and is not started yet."""
    folder = workspace / ".digits" / "lab"
    try:
        write_settings(folder)
    except OSError as error:
        raise CourseError(f"JupyterLab needs to write in {folder}, and cannot ({error.strerror}).") from None
    config, data = str(folder / "config"), str(folder / "data")
    os.environ |= {"JUPYTER_CONFIG_DIR": config, "JUPYTER_DATA_DIR": data, "JUPYTER_PATH": data}
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # for the kernels: TensorFlow has much to say

    from jupyterlab.labapp import LabApp
    from traitlets.config import Config

    logging.getLogger("asyncio").addFilter(says_more_than_a_closed_page)
    is_root = hasattr(os, "getuid") and os.getuid() == 0
    settings = Config(
        ServerApp={
            "root_dir": str(workspace),
            "open_browser": opens_browser,
            "allow_root": is_root,
            "log_level": "ERROR",
        },
        LabApp={"default_url": f"/lab/tree/{page}", "extension_manager": "readonly", "log_level": "ERROR"},
        IdentityProvider={"token": token},
        KernelSpecManager={"allowed_kernelspecs": {"python3"}},
    )
    server = LabApp.make_serverapp(jpserver_extensions=SERVER_EXTENSIONS, config=settings)
    server.initialize(argv=[], starter_extension=LabApp.name, find_extensions=False)
    for number in {signal.SIGINT, signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)}:
        signal.signal(number, lambda *_: server.stop(from_signal=True))
    return server


def says_more_than_a_closed_page(record: logging.LogRecord) -> bool:
    """Whether to print what the server's loop reports. That an answer was still on its way to a page that the learner
    has closed is no fault, and Jupyter leaves it to the loop, which prints a traceback."""
    from tornado.websocket import WebSocketClosedError

    return not (record.exc_info and isinstance(record.exc_info[1], WebSocketClosedError))


def write_settings(folder: Path) -> None:
    """Write what is ours to set: how lessons open, and one kernel, which is called as in the lessons, so that opening
    one changes nothing in it."""
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
