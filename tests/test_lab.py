"""`digits lab`: the real JupyterLab, asked as programs ask it, and seen in a real browser."""

import json
import os
import re
import shutil
import signal
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from socket import MSG_PEEK
from typing import Any
from urllib.parse import urlsplit

import jupytext
import pytest
import websocket
from conftest import READY, REPOSITORY
from servers import DIGITS, start

from grader.authoring.outputs import recorded_cells
from grader.cli.commands.lab_files import put_back, set_aside
from grader.engine.judge.processors import descendants

if os.name == "nt":
    pytest.skip("signals here are those of POSIX", allow_module_level=True)

LESSON, EXERCISE = "lessons/01_pixels.md", "exercises/01_pixels.py"
MISTAKE = REPOSITORY / "tests" / "mistakes" / "01_pixels" / "reshape-as-transpose.py"
SETTINGS = ".jupyter/lab/user-settings/@jupyterlab/docmanager-extension/plugin.jupyterlab-settings"
OTHERWISE = '{"defaultViewers": {"markdown": "Editor"}}'
ADDRESS = re.compile(r"http://localhost:\d+/\?token=[0-9a-f]{32}\b")
SOON = 120  # seconds until a test that hangs fails instead


class Lab:
    """A running `digits lab` in a learner's folder, with a home folder whose own JupyterLab settings differ."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.folder, self.home = folder, folder / "home"
        self.settings = self.home / SETTINGS
        self.settings.parent.mkdir(parents=True)
        self.settings.write_text(OTHERWISE)
        options = ["lab", "--no-browser", *arguments]
        self.process, self.printed, self.address = start(options, folder, ADDRESS, HOME=str(self.home))

    def ask(self, path: str, method: str = "GET", content: Any = None) -> Any:
        """Ask the server's programming interface."""
        parts = urlsplit(self.address)
        request = urllib.request.Request(
            f"http://{parts.netloc}/{path}",
            json.dumps(content).encode() if content else None,
            {"Authorization": parts.query.replace("=", " ")},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=SOON) as answer:
            return json.load(answer)

    def ends(self, number: int) -> int:
        """The exit status after a signal."""
        self.process.send_signal(number)
        status = self.process.wait(SOON)
        self.printed += self.process.stdout.read()
        return status


def make_folder(folder: Path) -> Path:
    """A copy of the course with one lesson and its stub."""
    for name in (LESSON, EXERCISE):
        (folder / name).parent.mkdir()
        shutil.copy(REPOSITORY / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """One that all tests look at; the last one ends it."""
    opened = Lab(make_folder(tmp_path_factory.mktemp("course")))
    yield opened
    opened.process.kill()
    opened.process.wait()


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SOON
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.thorough
def test_a_lesson_opens_as_a_notebook_and_saving_it_with_outputs_changes_nothing(lab):
    assert lab.printed.startswith(" 1  Pixels")
    kernels = lab.ask("api/kernelspecs")["kernelspecs"]
    assert list(kernels) == ["python3"]
    assert Path(kernels["python3"]["spec"]["argv"][0]).parent == DIGITS.parent
    settings = lab.ask("lab/api/settings/@jupyterlab/docmanager-extension:plugin")
    assert settings["schema"]["properties"]["defaultViewers"]["default"]["markdown"] == "Jupytext Notebook"
    assert settings["settings"] == {}  # nothing of what stands in the learner's home
    text = (lab.folder / LESSON).read_bytes()
    notebook = lab.ask(f"api/contents/{LESSON}?type=notebook")
    cells = notebook["content"]["cells"]
    assert notebook["content"]["metadata"]["language_info"]["name"] == "python"  # else JupyterLab would add it
    code = next(cell for cell in cells if cell["cell_type"] == "code")
    code |= {"execution_count": 1, "outputs": [{"output_type": "stream", "name": "stdout", "text": "60000"}]}
    notebook["content"]["metadata"]["language_info"] = {"name": "python", "version": "3"}  # as JupyterLab adds
    lab.ask(f"api/contents/{LESSON}", "PUT", notebook)
    assert (lab.folder / LESSON).read_bytes() == text


@pytest.mark.parametrize("lesson", READY, ids=lambda lesson: lesson.slug)
def test_every_lesson_is_written_as_a_notebook_saves_it(lesson):
    path = REPOSITORY / "lessons" / f"{lesson.stem}.md"
    notebook = jupytext.read(path)
    set_aside(notebook)
    assert not [cell.source for cell in notebook.cells if cell.source.startswith(("```text", "<picture>"))]
    put_back(notebook)
    assert jupytext.writes(notebook, fmt="md") == path.read_text("utf-8")


def test_what_a_cell_has_printed_stays_with_it_when_cells_move():
    text = "```python\nprint(1)\n```\n\n```text\n1\n```\n\n```python\nprint(2)\n```\n\n```text\n2\n```\n\nTwo.\n"
    notebook = jupytext.reads(text, fmt="md")
    set_aside(notebook)
    assert [cell.source for cell in notebook.cells] == ["print(1)", "print(2)", "Two."]
    first, second, words = notebook.cells
    notebook.cells = [second, first, words]
    put_back(notebook)
    assert [cell.source for cell in notebook.cells] == [
        "print(2)",
        "```text\n2\n```",
        "print(1)",
        "```text\n1\n```\n\nTwo.",
    ]


def test_a_folder_without_lessons_or_without_room_ends_in_a_sentence(tmp_path):
    folder = make_folder(tmp_path)

    def said() -> str:
        finished = subprocess.run(
            [DIGITS, "lab", "--no-browser"], cwd=folder, capture_output=True, text=True, timeout=SOON, check=False
        )
        assert finished.returncode == 2
        assert finished.stderr.count("\n") == 1
        return finished.stderr

    (folder / ".digits").mkdir()
    (folder / ".digits" / "lab").write_text("in the way")
    assert said().startswith(f"digits: JupyterLab cannot write to {folder}/.digits/lab (")
    shutil.rmtree(folder / "lessons")
    assert said().startswith(f"digits: There is no {LESSON} in {folder}.")


@pytest.mark.thorough
def test_a_browser_shows_lesson_1_as_a_notebook_and_the_feedback_of_a_check(lab, browser):
    shutil.copy(MISTAKE, lab.folder / EXERCISE)
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    page.set_default_timeout(SOON * 1000)
    page.goto(lab.address)
    page.get_by_role("heading", name="Lesson 1. Pixels").wait_for()
    page.get_by_text("Python 3 | Idle").wait_for()  # until then JupyterLab may lose what is asked of the kernel
    page.wait_for_timeout(1000)
    assert page.locator(".jp-mod-dirty").count() == 0  # nobody has changed anything
    assert page.locator(".jp-DirListing-item").get_by_text("exercises", exact=True).is_visible()
    first = page.locator(".jp-CodeCell").first
    first.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    lesson = lab.folder / LESSON
    first.get_by_text(recorded_cells(lesson.read_text("utf-8"))[0].written).wait_for()
    text, saved_at = lesson.read_bytes(), lesson.stat().st_mtime_ns
    page.keyboard.press("Control+s")
    wait_until(lambda: lesson.stat().st_mtime_ns != saved_at and lesson.read_bytes() == text)
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    page.keyboard.press("Enter")
    page.keyboard.type("from grader.notebook import check; check()")
    page.keyboard.press("Control+Enter")
    table = page.locator("table", has_text="of 10 points")
    table.get_by_text("reshape-as-transpose").wait_for()
    assert table.locator("img").count() == 2
    assert table.get_by_text("from exercises/01_pixels.py").is_visible()
    assert table.locator("tr").first.evaluate("row => getComputedStyle(row).backgroundColor") == "rgba(0, 0, 0, 0)"
    page.close()


@pytest.mark.thorough
def test_running_all_cells_stops_in_one_line_at_a_function_that_is_not_written(lab, browser):
    shutil.copy(REPOSITORY / EXERCISE, lab.folder / EXERCISE)
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    page.set_default_timeout(SOON * 1000)
    page.goto(lab.address)
    page.get_by_text("Python 3 | Idle").wait_for()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    stopped = page.get_by_text("in exercises/01_pixels.py first, then run this cell again.")
    stopped.wait_for()
    page.get_by_text("Python 3 | Idle").wait_for()
    assert page.get_by_text("Traceback").count() == 0
    cell = page.locator(".jp-CodeCell", has=stopped)
    assert cell.locator(".jp-InputPrompt").inner_text().strip() != "[*]:"
    assert page.locator(".jp-CodeCell").last.locator(".jp-InputPrompt").inner_text().strip() == "[ ]:"
    page.close()


@pytest.mark.thorough
def test_a_page_that_closes_while_a_cell_prints_is_no_error(tmp_path):
    lab = Lab(make_folder(tmp_path))
    kernel = lab.ask("api/kernels", "POST", {"name": "python3"})["id"]
    parts = urlsplit(lab.address)
    socket = websocket.create_connection(f"ws://{parts.netloc}/api/kernels/{kernel}/channels?{parts.query}")
    header = {"msg_id": "1", "msg_type": "execute_request", "session": "1", "username": "", "version": "5.3"}
    code = "from IPython.display import HTML, display; display(HTML('x' * 10**8))"
    content = {"code": code, "silent": False, "store_history": False, "user_expressions": {}, "allow_stdin": False}
    request = {"channel": "shell", "header": header, "parent_header": {}, "metadata": {}, "content": content}
    socket.send(json.dumps(request))
    wait_until(lambda: len(socket.sock.recv(1 << 20, MSG_PEEK)) > 100_000)  # more than fits: the rest waits
    socket.shutdown()
    wait_until(lambda: lab.ask(f"api/kernels/{kernel}")["connections"] == 0)
    assert lab.ends(signal.SIGINT) == 0
    assert lab.printed.splitlines()[5:] == ["Stopped."]


@pytest.mark.thorough
def test_ctrl_c_ends_it_with_its_kernels_and_no_settings_of_jupyter_were_touched(lab):
    kernels = [pid for pid in descendants(lab.process.pid) if "ipykernel" in Path(f"/proc/{pid}/cmdline").read_text()]
    assert lab.ends(signal.SIGINT) == 0
    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in kernels))
    assert lab.printed.splitlines()[5:] == ["Stopped."]
    assert [path for path in (lab.home / ".jupyter").rglob("*") if path.is_file()] == [lab.settings]
    assert lab.settings.read_text() == OTHERWISE
    assert not (lab.home / ".local" / "share" / "jupyter").exists()


@pytest.mark.thorough
def test_the_doctor_looks_at_all_that_the_course_needs():
    printed = subprocess.run([DIGITS, "doctor"], capture_output=True, text=True, timeout=SOON, check=True).stdout
    for finding in (
        "Python",
        "keras",
        "checksum correct",
        "GiB of memory",
        "a kernel starts",
        "does not protect",
        "next check",
    ):
        assert finding in printed
    assert max(map(len, printed.splitlines())) <= 80
    assert printed.endswith("Everything the course needs is here.\n")
