"""Bad submissions through the front doors: whatever is handed in, people get a sentence and never a traceback.

Each row is handed to `digits check` and to `digits grade --json` at the same time. A file that is no submission is
wrong usage; one that cannot be loaded has an outcome of its own; and what one function does costs the points of its
own checks and no others.
"""

import codecs
import json
import os
import re
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

DIGITS = Path(sys.executable).with_name("digits")
REPOSITORY = Path(__file__).parent.parent
CHECKS = REPOSITORY / "grader" / "checks"
SOLUTION = (REPOSITORY / "solutions" / "01_pixels.py").read_text("utf-8")
AFTER = SOLUTION.count("\n") + 1  # the number of the first line that is added to the solution
EXERCISE = "exercises/01_pixels.py"
NAMES = [
    "label_counts",
    "scale_pixels",
    "scale_pixels_changes_nothing",
    "flatten_images",
    "add_channel_axis",
    "one_hot",
]
SOON = 120  # seconds until a test that hangs fails instead
STEERING = re.compile(r"(PYTEST|DIGITS|COLUMNS$|NO_COLOR$|FORCE_COLOR$|TTY_|PYTHONIOENCODING$)")

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the files and signals here are those of POSIX")


# How the doors are used


@dataclass
class Finished:
    """How a command ended and what it printed."""

    status: int
    out: str
    err: str

    @property
    def words(self) -> str:
        """All that it printed, in one line."""
        return " ".join((self.out + self.err).split())

    @property
    def verdict(self) -> dict[str, Any]:
        return json.loads(self.out)


class Workspace:
    """A folder with an exercise that holds whatever the test wants."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.exercise = folder, folder / EXERCISE
        self.exercise.parent.mkdir()
        # The folder is a workspace even when the exercise of the test is missing or no file.
        (self.exercise.parent / "05_dense.py").write_text("# another exercise\n", "utf-8")

    def run(self, *commands: list[str | Path]) -> list[Finished]:
        """Run commands at the same time; none may print a traceback or what steers a terminal."""
        environment = {key: value for key, value in os.environ.items() if not STEERING.match(key)}
        environment |= {"PYTHONIOENCODING": "utf-8"}
        running = [
            subprocess.Popen(
                command,
                cwd=self.folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
            for command in commands
        ]
        try:
            printed = [process.communicate(timeout=SOON) for process in running]
        finally:
            for process in running:
                process.kill()
        finished = [
            Finished(process.returncode, out.decode(), err.decode())
            for process, (out, err) in zip(running, printed, strict=True)
        ]
        for result in finished:
            assert "Traceback" not in result.out + result.err
            assert_harmless(result.out + result.err)
        return finished

    def check_and_grade(self) -> tuple[Finished, Finished]:
        """Both doors at once: the learner's, and the instructor's with the same seed."""
        check, grade = self.run([DIGITS, "check", "pixels"], [DIGITS, "grade", EXERCISE, "--json", "--seed", "0"])
        if grade.status == 0:
            assert grade.err == ""
            for text in texts(grade.verdict):
                assert_harmless(text)
                assert_tidy(text)
        return check, grade


@pytest.fixture
def workspace(tmp_path):
    return Workspace(tmp_path)


def texts(node: Any) -> list[str]:
    """All strings in a decoded JSON value."""
    if isinstance(node, str):
        return [node]
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return [text for child in children for text in texts(child)]


def assert_harmless(text: str) -> None:
    """Nothing in it can steer a terminal."""
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", text), repr(text)


def assert_tidy(text: str) -> None:
    """It is one line in which no part has stayed empty or come twice."""
    assert "\n" not in text
    assert not re.search(r"  |: \)|\bit it\b|\) it ", text), text


def outcomes(verdict: dict[str, Any]) -> dict[str, str]:
    return {check["name"]: check["outcome"] for check in verdict["checks"]}


def message_of(verdict: dict[str, Any], name: str) -> str:
    return next(check["message"] for check in verdict["checks"] if check["name"] == name)


# What is no file to grade: wrong usage


def make_socket(path: Path) -> None:
    here = os.getcwd()
    os.chdir(path.parent)  # the path of a socket must be short
    try:
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(path.name)
    finally:
        os.chdir(here)


NO_FILES = {
    "missing": (lambda path: None, "There is no file exercises/01_pixels.py"),
    "directory": (Path.mkdir, "exercises/01_pixels.py is a folder"),
    "fifo": (os.mkfifo, "exercises/01_pixels.py is not an ordinary file"),
    "socket": (make_socket, "exercises/01_pixels.py is not an ordinary file"),
    "device": (lambda path: path.symlink_to("/dev/zero"), ("is not an ordinary file", "is a link")),
    "dangling link": (lambda path: path.symlink_to("nowhere.py"), "There is no file"),
    "link to itself": (lambda path: path.symlink_to(path.name), "There is no file exercises/01_pixels.py"),
}


@pytest.mark.sampled
@pytest.mark.parametrize(("make", "words"), NO_FILES.values(), ids=NO_FILES)
def test_what_is_no_file_is_wrong_usage(workspace, make, words):
    make(workspace.exercise)
    said = words if isinstance(words, tuple) else (words, words)  # to a learner, and to an instructor
    for result, sentence in zip(workspace.check_and_grade(), said, strict=True):
        assert_wrong_usage(result, sentence)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_unreadable_file_is_wrong_usage(workspace):
    workspace.exercise.write_text(SOLUTION, "utf-8")
    workspace.exercise.chmod(0)
    for result in workspace.check_and_grade():
        assert (result.status, result.out) == (2, "")
        assert re.fullmatch(r"digits: [^\n]*exercises/01_pixels\.py[^\n]*\bread(able)?\b[^\n]*\n", result.err)


def assert_wrong_usage(result: Finished, words: str) -> None:
    assert (result.status, result.out) == (2, "")
    assert re.fullmatch(r"digits: [^\n]+\.\n", result.err)
    assert words in result.err


# Files that are read


HONEST = {
    "byte order mark and CRLF": codecs.BOM_UTF8 + SOLUTION.replace("\n", "\r\n").encode(),
    "CR alone": SOLUTION.replace("\n", "\r").encode(),
    "latin-1 cookie": ("# -*- coding: latin-1 -*-\nauthor = 'Zoë'\n" + SOLUTION).encode("latin-1"),
    "as large as allowed": (SOLUTION + "#" * (5 * 1024 * 1024 - len(SOLUTION.encode()))).encode(),
    "no newline at the end": SOLUTION.rstrip("\n").encode(),
}


@pytest.mark.sampled
@pytest.mark.parametrize("code", HONEST.values(), ids=HONEST)
def test_an_honest_file_is_graded_however_it_is_encoded(workspace, code):
    workspace.exercise.write_bytes(code)
    check, grade = workspace.check_and_grade()
    assert (check.status, grade.status) == (0, 0)
    assert (grade.verdict["outcome"], grade.verdict["score"]) == ("graded", 10.0)
    assert "10 of 10 points" in check.out


def test_an_empty_file_has_no_functions_and_no_points(workspace):
    workspace.exercise.write_bytes(b"")
    check, grade = workspace.check_and_grade()
    assert (check.status, grade.status) == (0, 0)
    assert (grade.verdict["outcome"], grade.verdict["score"]) == ("graded", 0.0)
    assert outcomes(grade.verdict) == dict.fromkeys(NAMES, "failed")
    assert message_of(grade.verdict, "one_hot") == "exercises/01_pixels.py defines no function one_hot."
    folded = "5 to write: label_counts, scale_pixels, flatten_images, add_channel_axis, one_hot"
    assert folded in check.words
    assert "went wrong" not in check.words
    assert "0 of 10 points" in check.out


NOT_PYTHON = {
    "NUL bytes": (b"\0" * 100, "exercises/01_pixels.py contains NUL bytes; save it as UTF-8 text."),
    "UTF-16": (SOLUTION.encode("utf-16"), "exercises/01_pixels.py contains NUL bytes; save it as UTF-8 text."),
    "too large": (b"#" * (5 * 1024 * 1024 + 1), "exercises/01_pixels.py is larger than 5 MiB."),
}


@pytest.mark.sampled
@pytest.mark.parametrize(("code", "words"), NOT_PYTHON.values(), ids=NOT_PYTHON)
def test_what_is_not_python_is_invalid(workspace, code, words):
    workspace.exercise.write_bytes(code)
    check, grade = workspace.check_and_grade()
    assert_wrong_usage(check, words)
    assert_not_loaded(grade, "invalid", words)


def test_another_suffix_is_invalid(workspace):
    (workspace.folder / "pixels.txt").write_text(SOLUTION, "utf-8")
    (grade,) = workspace.run([DIGITS, "grade", "pixels.txt", "--exercise", "pixels", "--json"])
    assert_not_loaded(grade, "invalid", "pixels.txt is neither a Python file nor a notebook")


def test_somebody_elses_link_is_not_followed_and_ones_own_is(workspace, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("bb33f7320b3e\n")
    link = workspace.exercise.with_name("eve.py")
    link.symlink_to(secret)
    (grade,) = workspace.run([DIGITS, "grade", link, "--exercise", "pixels", "--json"])
    assert (grade.status, grade.out) == (2, "")
    assert "eve.py is a link, and links are not followed. Give the file itself." in grade.err
    assert "bb33" not in grade.err
    real = tmp_path / "mine.py"
    real.write_text(SOLUTION, "utf-8")
    workspace.exercise.symlink_to(real)
    (check,) = workspace.run([DIGITS, "check", "pixels"])
    assert "10 of 10 points" in check.out


def assert_not_loaded(grade: Finished, outcome: str, *words: str) -> None:
    verdict = grade.verdict
    assert grade.status == 0
    assert (verdict["outcome"], verdict["score"], verdict["max_score"]) == (outcome, 0.0, 10.0)
    assert verdict["checks"] == []
    for part in words:
        assert part in verdict["message"]


# Files that cannot be loaded. Each row: what stands after the solution, the outcome, and what the sentence says.

NOT_LOADED = {
    "syntax error": ("def broken(:", "invalid", "exercises/01_pixels.py:{}: def broken(: (SyntaxError"),
    "indentation error": ("  x = 1", "invalid", "exercises/01_pixels.py:{}: x = 1 (IndentationError"),
    "tab error": ("\n\nif 1:\n        x = 1\n\tx = 2", "invalid", "exercises/01_pixels.py:{}: x = 2 (TabError"),
    "too deep for the parser": ("(" * 10_000, "invalid", "SyntaxError: too many nested parentheses"),
    "too deep for the compiler": ("x = " + "-" * 200_000 + "1", "invalid", "an expression is nested too deeply"),
    "os._exit(0)": ("import os; os._exit(0)", "crashed", "ended the program"),
    "os._exit(3)": ("import os; os._exit(3)", "crashed", "ended the program"),
    "os.abort": ("import os; os.abort()", "crashed", "was ended by SIGABRT"),
    "infinite loop": (
        "while True: pass",
        "timeout",
        "exercises/01_pixels.py used 10 s of processor time without an answer while it was being loaded.",
    ),
}
RAISING = {  # what stands in the file, and what is said of its last line
    "import error": ("import numpie", "ModuleNotFoundError: No module named 'numpie'"),
    "exception": ("raise RuntimeError('oh no')", "RuntimeError: oh no"),
    "exception without a text": ("assert 1 == 2", "AssertionError"),
    "exception that cannot be shown": (
        "class Odd(Exception):\n    def __str__(self):\n        raise ValueError\n\n\nraise Odd",
        "Odd",
    ),
    "keyboard interrupt": ("raise KeyboardInterrupt", "KeyboardInterrupt"),
    "sys.exit": ("import sys; sys.exit(0)", "SystemExit: 0"),
}


@pytest.mark.sampled
@pytest.mark.parametrize(("added", "outcome", "words"), NOT_LOADED.values(), ids=NOT_LOADED)
def test_a_file_that_cannot_be_loaded_has_an_outcome_of_its_own(workspace, added, outcome, words):
    workspace.exercise.write_text(f"{SOLUTION}{added}\n", "utf-8")
    assert_says(workspace, outcome, words.format(AFTER + added.count("\n")))


@pytest.mark.sampled
@pytest.mark.parametrize(("added", "error"), RAISING.values(), ids=RAISING)
def test_an_exception_before_the_functions_ends_the_file(workspace, added, error):
    workspace.exercise.write_text(f"{added}\n{SOLUTION}", "utf-8")
    line, code = added.count("\n") + 1, added.rpartition("\n")[2]
    assert_says(workspace, "crashed", f"exercises/01_pixels.py:{line}: {code} ({error}")


@pytest.mark.sampled
@pytest.mark.parametrize(("added", "error"), RAISING.values(), ids=RAISING)
def test_an_exception_after_the_functions_costs_a_remark(workspace, added, error):
    workspace.exercise.write_text(f"{SOLUTION}{added}\n", "utf-8")
    check, grade = workspace.check_and_grade()
    line = AFTER + added.count("\n")
    remark = f"exercises/01_pixels.py raised {error} in line {line}, after its last function; no points lost."
    assert (grade.verdict["outcome"], grade.verdict["score"], grade.verdict["message"]) == ("graded", 10.0, remark)
    assert remark in check.words
    assert "10 of 10 points" in check.out


def assert_says(workspace: Workspace, outcome: str, words: str) -> None:
    """`digits check` and `digits grade` say that the exercise was not loaded, and why."""
    check, grade = workspace.check_and_grade()
    assert_not_loaded(grade, outcome, words)
    assert check.status == 0
    assert f" {outcome}" in check.words
    assert words in check.words
    assert "0 of 10 points" in check.out


@pytest.mark.sampled
@pytest.mark.parametrize(
    "code",
    [("name = 'Zoë'\n" + SOLUTION).encode("latin-1"), "中文".encode("utf-16")],
    ids=["latin-1 without a cookie", "UTF-16 without NUL bytes"],
)
def test_the_wrong_encoding_is_a_syntax_error(workspace, code):
    workspace.exercise.write_bytes(code)
    check, grade = workspace.check_and_grade()
    assert_not_loaded(grade, "invalid", "exercises/01_pixels.py", "SyntaxError", "'utf-8' codec can't decode")
    assert "'utf-8' codec can't decode" in check.words


@pytest.mark.sampled
@pytest.mark.parametrize("place", ["at import", "in a function"])
@pytest.mark.skipif(not hasattr(signal, "SIGRTMIN"), reason="no real-time signals here")
def test_a_signal_without_a_name_is_the_submissions_own(workspace, place):
    body = "    os.kill(os.getpid(), signal.SIGRTMIN + 6)"
    function = f"import os, signal\ndef flatten_images(images):\n{body}\n"
    workspace.exercise.write_text(
        SOLUTION + function + ("flatten_images(0)\n" if place == "at import" else ""), "utf-8"
    )
    check, grade = workspace.check_and_grade()
    assert (check.status, grade.status) == (0, 0)
    if place == "at import":
        assert_not_loaded(grade, "crashed", "exercises/01_pixels.py")
    else:
        assert (grade.verdict["score"], outcomes(grade.verdict)["flatten_images"]) == (8.0, "crashed")


# Functions that misbehave. Each row: flatten_images and what stands before it, the outcome of its check, the sentence.
# Its check is in the middle of six: the others must count.

PLACE = "exercises/01_pixels.py:{} in flatten_images"
MISBEHAVING = {
    "missing": ("del flatten_images", "failed", "exercises/01_pixels.py defines no function flatten_images."),
    "not a function": ("flatten_images = 3", "failed", "exercises/01_pixels.py defines no function flatten_images."),
    "wrong arity": ("def flatten_images(images, width):\n    return images", "failed", "required positional argument"),
    "no arguments": ("def flatten_images():\n    return 1", "failed", "takes 0 positional arguments but 1 was given"),
    "exception": (
        "def flatten_images(images):\n    return images[99999]",
        "failed",
        (PLACE.format(AFTER + 1), "return images[99999]"),
    ),
    "no recursion's end": (
        "def flatten_images(images):\n    return flatten_images(images)",
        "failed",
        "RecursionError",
    ),
    "sys.exit": (
        "import sys\ndef flatten_images(images):\n    sys.exit(0)",
        "failed",
        (PLACE.format(AFTER + 2), "sys.exit(0)"),
    ),
    "keyboard interrupt": (
        "def flatten_images(images):\n    raise KeyboardInterrupt",
        "failed",
        (PLACE.format(AFTER + 1), "raise KeyboardInterrupt"),
    ),
    "generator exit": ("def flatten_images(images):\n    raise GeneratorExit", "failed", "GeneratorExit"),
    "exception that cannot be shown": (
        "class Odd(Exception):\n    def __str__(self):\n        raise ValueError\n"
        "def flatten_images(images):\n    raise Odd",
        "failed",
        (PLACE.format(AFTER + 4), "raise Odd"),
    ),
    "input": (
        "def flatten_images(images):\n    return input('width? ')",
        "failed",
        "EOFError: EOF when reading a line",
    ),
    "os._exit(0)": (
        "import os\ndef flatten_images(images):\n    os._exit(0)",
        "crashed",
        "flatten_images(…) ended the program",
    ),
    "os._exit(3)": (
        "import os\ndef flatten_images(images):\n    os._exit(3)",
        "crashed",
        "flatten_images(…) ended the program",
    ),
    "os.abort": ("import os\ndef flatten_images(images):\n    os.abort()", "crashed", "was ended by SIGABRT."),
    "segmentation fault": (
        "import ctypes\ndef flatten_images(images):\n    return ctypes.string_at(0)",
        "crashed",
        "flatten_images(…) was ended by SIG",
    ),
    "closed descriptors": (
        "import os\ndef flatten_images(images):\n    os.closerange(0, 100)\n    return images",
        "crashed",
        "flatten_images(…) ",
    ),
    "two answers": (
        "import os\ndef flatten_images(images):\n    os.fork()\n    return images.reshape(len(images), -1)",
        "any",
        "",
    ),
    "never returns": (
        "def flatten_images(images):\n    while True:\n        pass",
        "timeout",
        "flatten_images(…) used 10 s of processor time without an answer.",
    ),
}


@pytest.mark.sampled
@pytest.mark.parametrize(("body", "outcome", "words"), MISBEHAVING.values(), ids=MISBEHAVING)
def test_what_one_function_does_costs_its_own_points_only(workspace, body, outcome, words):
    workspace.exercise.write_text(f"{SOLUTION}{body}\n", "utf-8")
    check, grade = workspace.check_and_grade()
    assert (check.status, grade.status) == (0, 0)
    assert grade.verdict["outcome"] == "graded"
    if outcome == "any":  # it depends on which process is first; but it ends, and in no error of the grader
        assert grade.verdict["score"] >= 6
        return
    assert outcomes(grade.verdict) == {**dict.fromkeys(NAMES, "passed"), "flatten_images": outcome}
    assert grade.verdict["score"] == 8.0
    for part in (words,) if isinstance(words, str) else words:
        assert part in message_of(grade.verdict, "flatten_images")
        assert part in check.words
    assert "8 of 10 points" in check.out


# Functions that print


def test_printing_changes_no_points(workspace):
    body = "def flatten_images(images):\n    print('now', 1 + 1)\n    return images.reshape(len(images), -1)\n"
    workspace.exercise.write_text(SOLUTION + body, "utf-8")
    check, grade = workspace.check_and_grade()
    assert grade.verdict["score"] == 10.0
    assert "10 of 10 points" in check.out


@pytest.mark.sampled
@pytest.mark.parametrize("right", [True, False], ids=["a check that passes", "a check that fails"])
def test_what_a_function_printed_is_shown(workspace, right):
    value = "images.reshape(len(images), -1)" if right else "images"
    body = f"def flatten_images(images):\n    print('now', 1 + 1)\n    return {value}\n"
    workspace.exercise.write_text(SOLUTION + body, "utf-8")
    check, grade = workspace.check_and_grade()
    assert grade.verdict["score"] == (10.0 if right else 8.0)
    assert "printed now 2" in check.words


def test_a_hundred_megabytes_of_output_do_no_harm(workspace):
    loop = "for _ in range(100):\n        print('x' * 1_000_000)"
    body = f"def flatten_images(images):\n    {loop}\n    return images\n"
    workspace.exercise.write_text(SOLUTION + body, "utf-8")
    check, grade = workspace.check_and_grade()
    assert outcomes(grade.verdict) == {**dict.fromkeys(NAMES, "passed"), "flatten_images": "failed"}
    assert "xxxxxxxxxx" in check.out
    assert len(check.out) + len(grade.out) < 10_000


# Submissions that want to draw on the terminal: `Workspace.run` looks for control characters in all that is printed

PAINT = r"\x1b[2J\x1b[31m100/100\x1b]0;title\x07\x9b31m"
PAINTERS = {
    "print": f"def flatten_images(images):\n    print('{PAINT}')\n    return images",
    "descriptors": f"import os\ndef flatten_images(images):\n    os.write(1, b'{PAINT}')\n    os.write(2, b'{PAINT}')",
    "text of an exception": f"def flatten_images(images):\n    raise ValueError('{PAINT}')",
    "class of an exception": f"def flatten_images(images):\n    raise type('{PAINT}', (Exception,), {{}})",
    "line of an exception": "def flatten_images(images):\n    raise ValueError('\x1b[31m100/100')",
    "name of a function": f"def flatten_images(images):\n    1 / 0\n"
    f"flatten_images.__code__ = flatten_images.__code__.replace(co_name='{PAINT}')",
    "string": f"def flatten_images(images):\n    return '{PAINT}'",
    "class of an object": f"def flatten_images(images):\n    return type('{PAINT}', (), {{}})()",
    "field of a dtype": f"def flatten_images(images):\n    return np.zeros(3, [('{PAINT}', 'f4')])",
}


@pytest.mark.sampled
@pytest.mark.parametrize("body", PAINTERS.values(), ids=PAINTERS)
def test_no_control_character_of_a_submission_reaches_anybody(workspace, body):
    workspace.exercise.write_text(f"{SOLUTION}{body}\n", "utf-8")
    check, grade = workspace.check_and_grade()
    workspace.run([DIGITS, "grade", EXERCISE], [sys.executable, "-m", "pytest", CHECKS, "-k", "flatten_images", "-q"])
    assert (check.status, grade.status) == (0, 0)
    assert outcomes(grade.verdict) == {**dict.fromkeys(NAMES, "passed"), "flatten_images": "failed"}
    assert "8 of 10 points" in check.out


@pytest.mark.thorough
def test_no_control_character_of_a_file_name_reaches_anybody(workspace):
    name = "\x1b[31m01_pixels.py"
    commands = [[DIGITS, "grade", name, "--exercise", "pixels", *more] for more in ([], ["--json"])]
    for code in (SOLUTION, SOLUTION + "def broken(:\n", "\0"):
        (workspace.folder / name).write_text(code, "utf-8")
        workspace.run(*commands)
    (workspace.folder / name).unlink()
    missing, _ = workspace.run(*commands)
    assert missing.status == 2


@pytest.mark.thorough
def test_no_control_character_of_a_model_reaches_anybody(workspace):
    solution = (REPOSITORY / "solutions" / "05_dense.py").read_text("utf-8")
    painter = f"""
import keras

Painter = type('{PAINT}', (keras.optimizers.Adam,), {{}})

def compile_model(model):
    model.compile(Painter(name="adam"), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model
"""
    file = workspace.folder / "05_dense.py"
    file.write_text(solution + painter, "utf-8")
    (grade,) = workspace.run([DIGITS, "grade", "05_dense.py"])
    assert grade.status == 0
    assert "uses the optimizer" in grade.words


# Values that are no answer. Each row: what comes back, as an expression of the right shape, and how it is told.

BAD_VALUES = {
    "None": ("None", "None"),
    "NaN": ("np.full(shape, np.nan, np.float32)", "nan at [0, 0", "finite numbers"),
    "infinity": ("np.full(shape, -np.inf, np.float32)", "-inf at [0, 0", "finite numbers"),
    "one axis": ("np.zeros(shape, np.float32).reshape(-1)", "float32 ("),
    "no images": ("np.zeros((0,) + shape[1:], np.float32)", "float32 (0, "),
    "five axes": ("np.zeros(shape + (1,) * (5 - len(shape)), np.float32)", "an array of shape ("),
    "array of strings": ("np.full(shape, '0.5')", "an array of dtype <U3 and shape ("),
    "array of objects": ("np.zeros(shape, object)", "an array of dtype object and shape ("),
    "array of complex numbers": ("np.zeros(shape, complex)", "an array of dtype complex128 and shape ("),
    "array of dates": ("np.zeros(shape, 'datetime64[D]')", "an array of dtype datetime64[D] and shape ("),
    "array of records": ("np.zeros(shape, [('a', 'f4')])", "an array of dtype ["),
    "huge array": ("np.broadcast_to(np.float32(1), (100_000, 28, 28))", "an array of shape (100000, 28, 28)"),
    "array without axes": ("np.array(7)", "7"),
    "number": ("0.5", "0.5"),
    "huge integer": ("10**50", "a huge integer"),
    "string": ("'0.5'", "the string '0.5'"),
    "half a surrogate pair": (r"'\ud800'", "the string '?'"),
    "bytes": ("b'0.5'", "an object of type bytes"),
    "list": ("np.zeros(shape).tolist()", "a list of "),
    "tuple of arrays": ("(np.zeros(shape), 1)", "a tuple of 2"),
    "dictionary": ("{'a': 1}", "a dict of 1"),
    "huge nested list": ("[[0.0] * 1000] * 1000", "a list that is too large"),
    "many arrays": ("[np.zeros(3)] * 300", "a list that is too large"),
    "list within itself": ("ouroboros", "a list of 1"),
    "generator": ("(row for row in np.zeros(shape))", "an object of type generator"),
    "function": ("np.zeros_like", "a function"),
    "always equal": ("AlwaysEqual()", "an object of type AlwaysEqual"),
    "no array after all": ("NoArray()", "an object of type NoArray"),
    "array that is always equal": ("np.full(shape, 7, np.float32).view(EqualArray)", "7 at [0, 0"),
}
CLASSES = """
class AlwaysEqual:
    def __eq__(self, other):
        return True

class NoArray:
    def __array__(self, *arguments, **keywords):
        raise ValueError("no")

class EqualArray(np.ndarray):
    def __eq__(self, other):
        return True

ouroboros = []
ouroboros.append(ouroboros)

def scale_pixels(images):
    return answer(images.shape)

def one_hot(labels, num_classes=10):
    return answer((len(labels), num_classes))
"""


@pytest.mark.sampled
@pytest.mark.parametrize("row", BAD_VALUES.values(), ids=BAD_VALUES)
def test_a_bad_value_is_told_in_one_sentence(workspace, row):
    value, returned, *expected = row
    workspace.exercise.write_text(f"{SOLUTION}{CLASSES}\ndef answer(shape):\n    return {value}\n", "utf-8")
    check, grade = workspace.check_and_grade()
    assert (check.status, grade.status) == (0, 0)
    passed = ["label_counts", "flatten_images", "add_channel_axis"]
    assert [
        name for name, outcome in outcomes(grade.verdict).items() if outcome == "passed" and name in passed
    ] == passed
    for name, arguments in (("scale_pixels", r"uint8 \(4, 28, 28\)"), ("one_hot", r"\[(\d, ){11}\d\]")):
        assert outcomes(grade.verdict)[name] == "failed"
        message = message_of(grade.verdict, name)
        assert re.match(rf"{name}\({arguments}\) returned {re.escape(returned)}", message)
        told = f"{expected[0]}." if expected else "an array of float32 of shape ("
        if returned != "7 at [0, 0":  # there the form is right, and the expected value is told
            assert f"; expected {told}" in message
        assert re.fullmatch(r"[^;\n]+; expected [^;\n]+\.", message)
        assert re.search(rf"called {name}\({arguments}\) returned {re.escape(returned)}", check.words)
