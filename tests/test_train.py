"""`digits train` as a learner meets it: their own network, trained on all digits, shown and kept."""

import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyte
import pytest
from conftest import solution
from PIL import Image

from grader.course import REPOSITORY, find_lesson, lessons
from grader.training.recipes import RECIPES

DIGITS = Path(sys.executable).with_name("digits")
PHOTO = REPOSITORY / "grader" / "data" / "photographs" / "14_digit4.jpg"
SOON = 300  # seconds until a test that hangs fails instead
STEERING = re.compile(r"(PYTEST|DIGITS|COLUMNS$|LINES$|NO_COLOR$|FORCE_COLOR$|TTY_|PYTHONIOENCODING$|TERM$|TF_)")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A learner's folder; in it, exercises as they are at first."""
    shutil.copytree(REPOSITORY / "exercises", tmp_path / "exercises")
    return tmp_path


def solve(folder: Path, slug: str, old: str = "", new: str = "") -> Path:
    """Put the solution in the place of an exercise, with one change."""
    lesson = find_lesson(slug)
    path = lesson.exercise_path(folder)
    text = solution(lesson).read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    return path


def environment(**variables: str) -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if not STEERING.match(key)} | variables


def digits(folder: Path, *arguments: object, status: int = 0, **variables: str) -> str:
    """What a command prints, blanks and line breaks made single blanks."""
    finished = subprocess.run(
        [DIGITS, *map(str, arguments)],
        cwd=folder,
        env=environment(PYTHONIOENCODING="utf-8") | variables,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=SOON,
        check=False,
    )
    said = finished.stdout + finished.stderr
    assert finished.returncode == status, said
    assert "Traceback" not in said
    return said


def files(folder: Path) -> set[str]:
    return {path.name for path in (folder / "models").glob("*")} | {path.name for path in folder.glob("models/.*")}


@pytest.mark.trains
def test_ones_own_network_is_trained_shown_kept_and_reads(folder):
    solve(folder, "dense", "return model.fit(", 'print("hello \x1b[2J")\n    return model.fit(')
    said = digits(folder, "train", "dense", "--epochs", 2, "--batch-size", 500)
    for number in (1, 2):
        pattern = rf"epoch {number} of 2  loss 0\.\d{{3}}  accuracy \d\d\.\d%  validation \d\d\.\d%  [\d.]+ s\n"
        assert re.search(pattern, said)
    assert "hello" in said
    assert "\x1b" not in said
    assert "375/375" not in said  # Keras's own lines
    assert 85 < float(re.search(r"([\d.]+)% of 10,000 test digits right", said)[1]) < 100
    matrix = re.findall(r"^   (\d)((?: +(?:\d+|·)){10})$", said, re.MULTILINE)
    counts = [[0 if cell == "·" else int(cell) for cell in row.split()] for _, row in matrix]
    assert sum(map(sum, counts)) == 10_000
    right = sum(counts[digit][digit] for digit in range(10))
    assert f" {right / 100:.2f}% of 10,000" in said
    recall = re.search(r"^ +3 +[\d.]+% +([\d.]+)%$", said, re.MULTILINE)[1]
    assert float(recall) == pytest.approx(100 * counts[3][3] / sum(counts[3]), abs=0.051)
    assert max(map(len, said.splitlines())) <= 80
    assert files(folder) == {"dense.keras", "dense.png"}
    with Image.open(folder / "models" / "dense.png") as drawing:
        assert drawing.width > 900
    first = (folder / "models" / "dense.keras").read_bytes()
    assert len(first) < 600_000  # without what the optimizer remembers
    again = digits(folder, "train", "5", "--epochs", 1, "--batch-size", 5000, PYTHONIOENCODING="ascii")
    assert again.isascii()
    assert "dense.1.keras" in again
    assert (folder / "models" / "dense.1.keras").read_bytes() == first
    read = " ".join(digits(folder, "predict", PHOTO, "--model", "dense").split())
    assert "model models/dense.keras, as you asked" in read
    assert "pixels from 0 to 1" in read


@pytest.mark.trains
@pytest.mark.thorough
@pytest.mark.parametrize("slug", [slug for slug in RECIPES if slug != "dense"])
def test_every_network_of_the_course_can_be_trained(folder, slug):
    said = digits(folder, "train", slug, "--reference", "--epochs", 1)
    assert 85 < float(re.search(r"([\d.]+)% of 10,000 test digits right", said)[1]) < 100
    assert re.search(r"epoch 1 of 1  loss ", said)
    assert files(folder) == {f"{slug}-reference.keras", f"{slug}-reference.png"}
    read = " ".join(digits(folder, "predict", PHOTO, "--model", f"{slug}-reference").split())
    assert float(re.search(r"gets ([\d.]+)% of 500 test digits", read)[1]) > 85


@pytest.mark.trains
def test_a_network_in_numpy_is_trained_and_goes_where_it_was_asked_to(folder):
    solve(folder, "softmax_regression")
    said = digits(folder, "train", "softmax_regression", "--epochs", 2, "--output", folder / "mine.keras")
    assert re.search(r"epoch 2 of 2  loss 0\.\d{3}  accuracy \d\d\.\d%", said)
    assert (folder / "mine.keras").is_file()
    assert (folder / "mine.png").is_file()
    assert not (folder / "models").exists()


@pytest.mark.trains
def test_what_cannot_be_trained_gets_a_sentence(folder):
    assert "build_model in exercises/05_dense.py is not written yet." in digits(folder, "train", "dense", status=2)
    solve(folder, "dense", "layers.Flatten()", "layers.Flatte()")
    broken = digits(folder, "train", "dense", status=2)
    assert re.search(r"exercises/05_dense.py:\d+ in build_model raised AttributeError: [^\n]*Flatte", broken)
    solve(folder, "dense", "return model\n", "return None\n")
    assert "compile_model in exercises/05_dense.py returned NoneType" in digits(folder, "train", "dense", status=2)
    solve(folder, "dense", "import keras", "import os\nos._exit(3)\nimport keras")
    assert "exit status 3" in digits(folder, "train", "dense", status=2)
    assert files(folder) == set()


def test_wrong_usage_gets_a_sentence(folder):
    no_network = digits(folder, "train", "pixels", status=2)
    assert all(slug in no_network for slug in RECIPES)
    assert "set in its own code" in digits(folder, "train", "capstone", "--batch-size", 5, status=2)
    assert ".keras file" in digits(folder, "train", "dense", "--output", "dense.h5", status=2)
    assert "no such folder" in digits(folder, "train", "dense", "--output", "nowhere/dense.keras", status=2)
    unwritable = digits(folder, "train", "dense", "--reference", "--output", "/proc/dense.keras", status=2)
    assert "The network cannot be saved as /proc/dense.keras" in unwritable
    assert "epoch" not in unwritable  # it was told before the training
    missing = digits(folder, "predict", PHOTO, "--model", "dense", status=2)
    assert "Train it first: ./digits train dense" in missing
    assert "Check the name" in digits(folder, "predict", PHOTO, "--model", "densest", status=2)


class Shown:
    """A command in a terminal of 40 columns."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.screen = pyte.Screen(40, 100)
        self._stream, self.printed = pyte.ByteStream(self.screen), b""
        self.pid, self._terminal = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            variables = environment(TERM="xterm", COLUMNS="40", LINES="100", PYTHONIOENCODING="utf-8")
            os.execve(DIGITS, [str(DIGITS), *arguments], variables)

    def read(self, until: bytes = b"\0") -> None:
        """Read what is printed, until there is a certain text or the end."""
        deadline = time.monotonic() + SOON
        while until not in self.printed and time.monotonic() < deadline:
            try:
                part = os.read(self._terminal, 65536)
            except OSError:  # what Linux says when the other end is closed
                break
            if not part:
                break
            self.printed += part
            self._stream.feed(part)

    @property
    def lines(self) -> list[str]:
        return [line.rstrip() for line in self.screen.display if line.strip()]

    def status(self) -> int:
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


@pytest.mark.trains
def test_everything_has_room_in_40_columns(folder):
    shown = Shown(folder, "train", "softmax_regression", "--reference", "--epochs", "2")
    shown.read()
    assert shown.status() == 0
    assert any(re.fullmatch(r" epoch 2 of 2  loss 0\.\d{3}  \d\d\.\d%", line) for line in shown.lines)
    rows = [line for line in shown.lines if re.fullmatch(r"   \d(?: +(?:\d+|·|\+\+)){10}", line)]
    assert len(rows) == 10, shown.lines  # none of them is broken
    assert all("·" in row for row in rows)  # what was read right is left out
    assert any("├" in line or "└" in line for line in shown.lines)
    assert " errors: true (rows), read as (columns)" in shown.lines


@pytest.mark.trains
def test_control_c_stops_it_and_leaves_nothing(folder):
    """In a terminal of 40 columns, in which every line must have room."""
    solve(folder, "learning_curves")
    shown = Shown(folder, "train", "learning_curves", "--epochs", "5000", "--batch-size", "10000")
    shown.read(until=b"epoch    4 of 5000")
    os.kill(shown.pid, signal.SIGINT)
    shown.read()
    assert shown.status() == 130
    assert shown.lines[-1] == " Stopped. Nothing was saved."
    assert any(re.fullmatch(r" epoch    \d of 5000  loss \d\.\d{3}  \d\d\.\d%", line) for line in shown.lines)
    assert files(folder) == set()
    assert not [line for line in processes() if str(folder) in line]


def processes() -> list[str]:
    """Working folder and command of each process that can be seen."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            found.append(f"{os.readlink(entry / 'cwd')} {(entry / 'cmdline').read_bytes()!r}")
        except OSError:
            continue
    return found


@pytest.mark.trains
def test_a_check_with_all_points_offers_the_training(folder):
    solve(folder, "softmax_regression")
    said = digits(folder, "check", "softmax_regression")
    assert said.rstrip().splitlines()[-3:] == [
        " Compare with the reference: ./digits solution softmax_regression",
        " Train it on all digits and keep it: ./digits train softmax_regression",
        " Next exercise, pixels: ./digits next",
    ]
    solve(folder, "softmax_regression", "errors /= len(labels)", "")
    assert "./digits train" not in digits(folder, "check", "softmax_regression")


@pytest.mark.trains
def test_a_check_in_a_notebook_offers_the_training_too(folder):
    check = [sys.executable, "-c", "from grader.notebook import check; check('softmax_regression')"]

    def said() -> str:
        return subprocess.run(check, cwd=folder, capture_output=True, text=True, timeout=SOON, check=True).stdout

    solve(folder, "softmax_regression")
    assert " terminal  Train it on all digits and keep it: ./digits train softmax_regression\n" in said()
    solve(folder, "softmax_regression", "errors /= len(labels)", "")
    assert "./digits train" not in said()


def test_the_exercises_with_an_offer_are_those_that_can_be_trained():
    assert set(RECIPES) == {lesson.slug for lesson in lessons() if lesson.has_network}


def test_another_file_is_never_taken_for_ones_own(folder):
    elsewhere = folder / "elsewhere" / "05_dense.py"
    elsewhere.parent.mkdir()
    shutil.copy(solution(find_lesson("dense")), elsewhere)
    said = digits(folder, "train", elsewhere, status=2)
    assert "is not your file for dense" in said
    assert not (folder / "models").exists()
