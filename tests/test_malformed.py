"""Notebooks and malformed files: what is honest is graded, whatever its form; the rest gets one sentence.

Files made on the spot go to the reader itself, and most of them through `digits grade` too.
"""

import io
import json
import os
import re
import subprocess
import sys
import tarfile
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from conftest import TESTS

from grader.course import REPOSITORY, find_lesson
from grader.engine.judge.notebook_code import MAX_CELLS, NotANotebook, code_of
from grader.engine.judge.source import MAX_BYTES, MAX_NOTEBOOK_BYTES, InvalidSubmission, Source, read_source

DIGITS = Path(sys.executable).with_name("digits")
PIXELS = find_lesson("pixels")
SOLUTION = (REPOSITORY / "solutions" / "01_pixels.py").read_text("utf-8")
PARTS = SOLUTION.rstrip("\n").split("\n\n\n")  # one for the imports, one for each function
SOON = 60  # seconds until a command that hangs fails instead


def code(source: Any, **more: Any) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "source": source, **more}


def text(source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def notebook(*cells: Any, **more: Any) -> bytes:
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **more}).encode()


def in_cells(source: str) -> bytes:
    """Python code as a notebook: a cell for each part, with Markdown and magics between them."""
    cells = [code("%matplotlib inline\nimport os\n!true"), text("# Exercise\n\n%not code")]
    for part in source.rstrip("\n").split("\n\n\n"):
        cells += [code(part.splitlines(keepends=True)), text("What do you see?")]
    return notebook(*cells, code(""))


def digits(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess:
    environment = os.environ | {"PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        [DIGITS, *arguments],
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=SOON,
        check=False,
    )


def graded_by_command(names: list[str], folder: Path) -> list[dict[str, Any]]:
    """The verdicts of `digits grade --json` on some files of a folder, two at a time."""

    def grade(name: str) -> dict[str, Any]:
        done = digits("grade", "--exercise", "pixels", "--json", "--", name, cwd=folder)
        assert (done.returncode, done.stderr) == (0, "")
        return json.loads(done.stdout)

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(grade, names))


def assert_one_sentence(message: str) -> None:
    assert message.isprintable()
    assert message.endswith(".")
    assert message.count(". ") == 0


# Notebooks that are read, whatever their form

BIG_OUTPUT = {"output_type": "stream", "name": "stdout", "text": "#" * (MAX_NOTEBOOK_BYTES - 3 * len(SOLUTION))}
HALF = {"output_type": "stream", "name": "stdout", "text": "\ud83d"}
COOKIE = "# -*- coding: latin-1 -*-\nassert len('ë') == 1"
HONEST = {
    "lists of lines": in_cells(SOLUTION),
    "texts": notebook(*map(code, PARTS)),
    "one cell": notebook(code(SOLUTION)),
    "version 3": json.dumps(
        {
            "metadata": {"name": ""},
            "nbformat": 3,
            "worksheets": [
                {"cells": [{"cell_type": "heading", "level": 1, "source": "Pixels"}]},
                {"cells": [{"cell_type": "code", "language": "python", "input": part} for part in PARTS]},
            ],
        }
    ).encode(),
    "version 3 with lists of lines": json.dumps(
        {"worksheets": [{"cells": [{"cell_type": "code", "input": SOLUTION.splitlines(keepends=True)}]}]}
    ).encode(),
    "duplicate ids": notebook(*(code(part, id="same") for part in PARTS)),
    "unknown minor version and fields": notebook(*map(code, PARTS), nbformat_minor=99, future={"a": [1]}),
    "cells and nothing else": json.dumps({"cells": [{"cell_type": "code", "source": part} for part in PARTS]}).encode(),
    "outputs and metadata of wrong types": notebook(*(code(part, outputs=7, metadata=None, id=[]) for part in PARTS)),
    "outputs as large as allowed": notebook(code(SOLUTION, outputs=[BIG_OUTPUT])),
    "half of a character in an output": notebook(code(SOLUTION, outputs=[HALF])),
    "other cells": notebook(text("# Hi"), {"cell_type": "raw"}, {"cell_type": "new kind"}, code(SOLUTION), code([])),
    "byte order mark": b"\xef\xbb\xbf" + notebook(code(SOLUTION)),
    "CRLF": notebook(*(code(part.replace("\n", "\r\n")) for part in PARTS)),
    "CR alone": notebook(*(code(part.replace("\n", "\r")) for part in PARTS)),
    "encoding that is none": notebook(code(COOKIE), *map(code, PARTS)),
    "indented cell": notebook(code("  import numpy as np\n\n  %time 1"), *map(code, PARTS)),
    "as many cells as allowed": notebook(code(SOLUTION), *(code("x = 1") for _ in range(MAX_CELLS - 1))),
    "as Jupyter indents it": json.dumps(json.loads(in_cells(SOLUTION)), indent=1, ensure_ascii=False).encode(),
}


@pytest.mark.parametrize("raw", HONEST.values(), ids=HONEST)
def test_an_honest_notebook_is_graded_in_every_form(raw, grade, tmp_path):
    path = tmp_path / "01_pixels.ipynb"
    path.write_bytes(raw)
    verdict = grade(PIXELS, path)
    assert (verdict.outcome, verdict.score) == ("graded", 10.0), verdict.message


@pytest.mark.parametrize("path", sorted((TESTS / "mistakes" / "01_pixels").glob("*.py")), ids=lambda path: path.stem)
def test_a_notebook_gets_the_same_points_as_its_code_in_a_file(path, grade, tmp_path):
    twin = tmp_path / "01_pixels.ipynb"
    twin.write_bytes(in_cells(path.read_text("utf-8")))
    of_file, of_notebook = (
        [(check.name, check.outcome, check.points, check.mistake, check.message) for check in grade(PIXELS, one).checks]
        for one in (path, twin)
    )
    assert of_notebook == of_file


def test_a_notebook_without_code_has_no_functions(grade, tmp_path):
    path = tmp_path / "empty.ipynb"
    path.write_bytes(notebook(text("I wrote nothing.")))
    verdict = grade(PIXELS, path)
    assert (verdict.outcome, verdict.score, verdict.message) == ("graded", 0.0, "")
    assert "defines no function label_counts." in verdict.checks[0].message


# What is left out of a cell. Each row: the cell, the Python that stays of it, and how many lines were left out.

LEFT_OUT = {
    "line magic": ("%matplotlib inline\nx = 1", "\nx = 1", 1),
    "shell": ("!pip install numpy\n%pip install numpy\n%cd ..", "\n\n", 3),
    "help": ("?len\nlen?\nx.y??\n*int*?", "\n\n\n", 4),
    "assigned": ("x = !ls\na, b = !ls\nc.d = %time 3\ne[0] = !ls", "\n\n\n", 4),
    "in a block": ("if 1:\n    %time x\n\t!ls\nelse:\n    x?", "if 1:\n    pass\n\tpass\nelse:\n    pass", 3),
    "over several lines": ("!echo a \\\n  b \\\n  c\nx = 1\n%cd a\\\n%cd b", "\n\n\nx = 1\n\n", 2),
    "with open quotes and brackets": ("!echo \"it's (\n%cd [\nx = 1", "\n\nx = 1", 2),
    "after a string": ("r'\\'\n%a\n'\\\\'\n!b\n'''\\''''\n%c", "r'\\'\n\n'\\\\'\n\n'''\\''''\n", 3),
    "after brackets": ("x = (7\n  % 4)\n%timeit x", "x = (7\n  % 4)\n", 1),
    "a cell magic that is not first": ("x = 1\n%%time", "x = 1\n", 1),
}
KEPT = {
    "operator in brackets": "x = (7\n  % 4\n)",
    "operator after a backslash": "x = 7 \\\n  % 4",
    "triple quotes": 's = """\n%not magic\n!no\nwhat?\n%%time\n"""',
    "docstring": "def f():\n    '''Why?\n    %x\n    '''\n    return 1",
    "string over two lines": "s = 'abc\\\n%d' % 3",
    "formatted string": "print(f'''{\n7 % 2}''')",
    "comment in brackets": "x = [\n  7, # (\n  % 4\n]",
    "comment with a question": "x = 1  # why?\n# why?",
    "string with a question": "x = 'why?'\ny = '# why?'",
    "other operators": "x != 1\nx %= 3\nx = -7 % 4\nprint('a = %d' % 3)\nx = '=%d' % 3\nprint('=!')",
    "code that is broken": "if 1: !ls",
    "no code": "\n\n  \n# nothing",
}
CELLS = {name: row[0] for name, row in LEFT_OUT.items()} | KEPT


@pytest.mark.parametrize(("cell", "python", "number"), LEFT_OUT.values(), ids=LEFT_OUT)
def test_lines_that_are_no_python_are_left_out_with_a_note(cell, python, number):
    which = "line with magics or shell commands was" if number == 1 else "lines with magics or shell commands were"
    assert code_of(notebook(code(cell)))[:2] == (f"{python}\n".encode(), (f"{number} {which} left out.",))


@pytest.mark.parametrize("cell", KEPT.values(), ids=KEPT)
def test_python_stays_as_it_is(cell):
    assert code_of(notebook(code(cell)))[:2] == (f"{cell}\n".encode(), ())


@pytest.mark.parametrize("cell", CELLS.values(), ids=CELLS)
def test_ipython_agrees_on_what_is_python(cell):
    transformer = pytest.importorskip("IPython.core.inputtransformer2").TransformerManager()
    assert bool(code_of(notebook(code(cell))).notes) == ("get_ipython()" in transformer.transform_cell(cell))


def test_the_standard_library_passes_through_a_notebook_unchanged():
    for path in sorted(Path(os.__file__).parent.glob("*.py"))[::5]:
        source = path.read_text("utf-8").rstrip("\n")
        if source and "coding" not in "".join(source.splitlines()[:2]):
            assert code_of(notebook(code(source)))[:2] == (f"{source}\n".encode(), ()), path


def test_of_a_cell_with_a_magic_the_python_stays_and_what_is_none_is_left_out_whole():
    cells = ["%%bash\nrm x\n", "x = 1", "\n %%time\ny = 2\n%cd", "%%html\n<b>", "!z", "%%capture out\nz = 3"]
    found = code_of(notebook(*map(code, cells)))
    assert found.text == b"x = 1\n\n#\ny = 2\n\n\n#\nz = 3\n"
    assert found.notes == (
        "2 lines with magics or shell commands were left out.",
        "Code cell 1 (%%bash) and code cell 4 (%%html) were left out: not Python.",
    )


def test_of_many_cells_a_few_are_named():
    assert code_of(notebook(code("%%bash\nls"))).notes == ("Code cell 1 (%%bash) was left out: not Python.",)
    (note,) = code_of(notebook(*[code("%%sql\nSELECT")] * 9)).notes
    assert note.endswith("code cell 5 (%%sql) and 4 more were left out: not Python.")


def test_a_cell_that_is_left_open_does_not_reach_into_the_next():
    raw = notebook(code("x = ("), code("%cd"), code('s = """'), code("!ls"))
    assert code_of(raw).text == b'x = (\n\ns = """\n\n'


def test_notes_stand_in_the_verdict_only_if_it_is_graded(grade, tmp_path):
    path = tmp_path / "01_pixels.ipynb"
    path.write_bytes(in_cells(SOLUTION))
    verdict = grade(PIXELS, path)
    assert verdict.message == "2 lines with magics or shell commands were left out."
    assert verdict.flags == []
    path.write_bytes(in_cells("import os\n\n\ndef label_counts(labels, num_classes=os._exit(0)):\n    pass"))
    verdict = grade(PIXELS, path)
    assert (verdict.outcome, "left out" in verdict.message) == ("crashed", False)


# Lines are counted as the learner sees them


def test_a_line_is_told_by_its_cell(grade, tmp_path):
    path = tmp_path / "01_pixels.ipynb"
    answer = "def label_counts(labels, num_classes=10):\n    return labels[99999]"
    cells = [code("import os\n!ls\n"), text("a"), code(""), code("%cd\n\nn = 1 / 0\n"), code(answer.replace("10", "n"))]
    path.write_bytes(notebook(*cells))
    verdict = grade(PIXELS, path)
    assert verdict.outcome == "graded"
    assert verdict.message.endswith(
        "Code cell 3 raised ZeroDivisionError: division by zero (line 3); that line and the rest of the cell were left "
        "out. Code cell 4 raised NameError: name 'n' is not defined (line 1); that line and the rest of the cell were "
        "left out."
    )
    assert verdict.checks[0].message.startswith("label_counts is not defined. Code cell 4 raised NameError")
    path.write_bytes(notebook(code("x = 1\n\n"), code("y = 2\nz = ("), code(answer)))
    verdict = grade(PIXELS, path)
    assert verdict.outcome == "graded"
    assert verdict.message == "Code cell 2 is not Python ('(' was never closed, line 2) and was left out."
    result = verdict.checks[0]
    assert "(code cell 3, line 2 in label_counts: return labels[99999])" in result.message
    assert result.line == 2


def test_a_line_that_a_submission_makes_up_has_a_place_too():
    source = Source(b"", "a.ipynb", cells=(1, 1, 5))
    assert [source.place(line) for line in (-7, 0, 1, 4, 5, 10**30)] == [
        (0, -7),
        (0, 0),
        (2, 1),
        (2, 4),
        (3, 1),
        (3, 10**30 - 4),
    ]
    assert Source(b"", "a.py").where(7) == "a.py:7"


# Notebooks that cannot be read. Each row: the file, and what the sentence says.

PART = "is not a notebook, or is incomplete; save it again from Jupyter."
NONE = "is JSON, but no notebook; save it again from Jupyter."
EMPTY = "holds no cells; save it again from Jupyter."
DEEP = "is nested too deeply for a notebook; save it again from Jupyter."
NOT_TEXT = "is not UTF-8 text; save it again from Jupyter."
TOO_LARGE = "is larger than 50 MiB; clear its outputs in Jupyter and save it again."
MALFORMED = {
    "empty file": (b"", PART),
    "truncated": (in_cells(SOLUTION)[:-200], PART),
    "two notebooks": (in_cells(SOLUTION) * 2, PART),
    "Python": (SOLUTION.encode(), PART),
    "page of HTML": (b"<!DOCTYPE html><title>Log in</title>", PART),
    "NUL bytes": (b"\0" * 100, PART),
    "number of many digits": (b'{"cells": ' + b"1" * 10_000 + b"}", NONE),
    "null": (b"null", NONE),
    "list": (b"[]", NONE),
    "text": (b'"cells"', NONE),
    "cells are null": (notebook(cells=None), EMPTY),
    "cells are an object": (notebook(cells={"0": code(SOLUTION)}), NONE),
    "cell is a text": (notebook(SOLUTION), NONE),
    "cell is a list": (notebook([code(SOLUTION)]), NONE),
    "cell without a type": (notebook({"source": SOLUTION}), NONE),
    "type is a list": (notebook({"cell_type": ["code"], "source": SOLUTION}), NONE),
    "cell without a source": (notebook({"cell_type": "code"}), NONE),
    "source is a number": (notebook(code(7)), NONE),
    "source is an object": (notebook(code({"0": "x = 1"})), NONE),
    "source is a list of numbers": (notebook(code([1, 2])), NONE),
    "source is a list of lists": (notebook(code([["x = 1"]])), NONE),
    "worksheets are an object": (b'{"worksheets": {"cells": []}}', NONE),
    "worksheet is a text": (b'{"worksheets": ["cells"]}', NONE),
    "no cells": (b'{"metadata": {}, "nbformat": 4}', EMPTY),
    "empty list of cells": (notebook(), EMPTY),
    "no worksheets": (b'{"worksheets": [], "nbformat": 3}', EMPTY),
    "worksheet without cells": (b'{"worksheets": [{}]}', EMPTY),
    "nested lists": (b"[" * MAX_BYTES, NONE),
    "nested objects": (b'{"x":' * 100_000, DEEP),
    "nested where nobody looks": (
        notebook(code(SOLUTION))[:-1] + b',"x":' + b"[" * 50_000 + b"]" * 50_000 + b"}",
        DEEP,
    ),
    "Latin-1": (json.dumps({"cells": [code("x = 'Zoë'")]}, ensure_ascii=False).encode("latin-1"), NOT_TEXT),
    "UTF-16": (in_cells(SOLUTION).decode().encode("utf-16"), NOT_TEXT),
    "too many cells": (notebook(*[code("")] * (MAX_CELLS + 1)), "holds more than 2000 cells; delete those that"),
    "too large": (notebook(code(SOLUTION, outputs=["#" * MAX_NOTEBOOK_BYTES])), TOO_LARGE),
    "too much code": (notebook(code("#" * MAX_BYTES)), "holds more than 5 MiB of code."),
}


@pytest.mark.parametrize(("raw", "words"), MALFORMED.values(), ids=MALFORMED)
def test_what_is_no_notebook_is_invalid(raw, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("a.ipynb").write_bytes(raw)
    with pytest.raises(InvalidSubmission) as refused:
        read_source(Path("a.ipynb"))
    assert str(refused.value).startswith(f"a.ipynb {words}")
    assert_one_sentence(str(refused.value))


@pytest.mark.thorough
def test_the_command_says_of_a_malformed_notebook_what_the_reader_says(tmp_path):
    chosen = ["truncated", "cell is a text", "nested lists"]
    for number, name in enumerate(chosen):
        (tmp_path / f"{number}.ipynb").write_bytes(MALFORMED[name][0])
    with (tmp_path / "huge.ipynb").open("wb") as file:
        file.truncate(100_000_000)
    names = [f"{number}.ipynb" for number in range(len(chosen))] + ["huge.ipynb"]
    expected = [MALFORMED[name][1] for name in chosen] + [TOO_LARGE]
    for name, words, verdict in zip(names, expected, graded_by_command(names, tmp_path), strict=True):
        assert (verdict["outcome"], verdict["score"], verdict["max_score"]) == ("invalid", 0.0, 10.0)
        assert verdict["message"] == f"{name} {words}"
        assert (verdict["checks"], verdict["flags"]) == ([], [])


HEAVY = {
    "brackets": notebook(code("(" * (MAX_BYTES // 4))),
    "quotes": notebook(code("'" * (MAX_BYTES // 2))),
    "triple quotes": notebook(code("'''" * (MAX_BYTES // 6))),
    "backslashes": notebook(code("\\" * (MAX_BYTES // 3))),
    "lines": notebook(code("\n" * (MAX_BYTES // 8))),
    "magics": notebook(code("%a\n" * (MAX_BYTES // 8))),
    "blanks": notebook(code(" " * (MAX_BYTES // 2) + "?")),
    "names": notebook(code("a," * (MAX_BYTES // 4) + "!")),
    "assignments": notebook(code("a" + "= " * (MAX_BYTES // 4))),
    "encodings": notebook(code("#" + "coding" * (MAX_BYTES // 12))),
    "small objects": b'{"cells": [' + b"{}," * (MAX_BYTES // 4) + b"{}]}",
}


@pytest.mark.sampled
@pytest.mark.parametrize("raw", HEAVY.values(), ids=HEAVY)
def test_no_notebook_takes_long_to_read(raw):
    started = time.monotonic()
    try:
        code_of(raw)
    except NotANotebook:
        pass
    assert time.monotonic() - started < 10


# `digits check`


@pytest.mark.thorough
def test_check_takes_a_notebook_that_is_named_or_stands_alone(tmp_path):
    exercises = tmp_path / "exercises"
    exercises.mkdir()
    (exercises / "01_pixels.ipynb").write_bytes(in_cells(SOLUTION))
    alone = digits("check", "pixels", cwd=tmp_path)
    assert "10 of 10 points" in alone.stdout
    assert "2 lines with magics or shell commands were left out." in " ".join(alone.stdout.split())
    (exercises / "01_pixels.py").write_text("", "utf-8")
    assert "\n 0 of 10 points" in digits("check", "pixels", cwd=tmp_path).stdout
    assert "10 of 10 points" in digits("check", "exercises/01_pixels.ipynb", cwd=tmp_path).stdout
    (exercises / "01_pixels.ipynb").write_bytes(b"{")
    broken = digits("check", "exercises/01_pixels.ipynb", cwd=tmp_path)
    assert (broken.returncode, broken.stdout) == (2, "")
    assert broken.stderr == f"digits: exercises/01_pixels.ipynb {PART}\n"


# Archives


def zipped(flags: int = 0, **files: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    raw = bytearray(packed.getvalue())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.find(signature) + offset] |= flags
    return bytes(raw)


def tarred_link() -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        link = tarfile.TarInfo("01_pixels.py")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    return packed.getvalue()


ARCHIVES = {
    "slip.zip": zipped(**{"../../slipped.py": SOLUTION.encode()}),
    "bomb.zip": zipped(**{"01_pixels.py": bytes(50_000_000)}),
    "encrypted.zip": zipped(1, **{"01_pixels.py": SOLUTION.encode()}),
    "link.tar.gz": tarred_link(),
    "cut.7z": b"7z\xbc\xaf\x27\x1c\0\4",
}


def test_an_archive_is_invalid_and_stays_closed(tmp_path, monkeypatch):
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    for name, raw in ARCHIVES.items():
        for ending in ("", ".py", ".ipynb"):
            Path(name + ending).write_bytes(raw)
    there = sorted(tmp_path.rglob("*"))
    (verdict,) = graded_by_command(["slip.zip"], folder)
    assert verdict["outcome"] == "invalid"
    assert verdict["message"].startswith("slip.zip is neither a Python file nor a notebook: its name should end in .py")
    for name in ARCHIVES:
        for ending, words in ((".py", "contains NUL bytes; save it as UTF-8 text."), (".ipynb", "is n")):
            with pytest.raises(InvalidSubmission, match=f"^{re.escape(name + ending)} {words}"):
                read_source(Path(name + ending))
    monkeypatch.setattr(Path, "open", None)
    for name in ARCHIVES:
        with pytest.raises(InvalidSubmission, match=f"^{re.escape(name)} is neither a Python file nor a notebook"):
            read_source(Path(name))
    assert sorted(tmp_path.rglob("*")) == there


# Names of files. Each row: the name, and how a message shows it.

NAMES = {
    "newline": ("a\nb.py", "a?b.py"),
    "carriage return": ("a\rb.py", "a?b.py"),
    "escape sequence": ("\x1b[31m\x9b1ma.py", "?[31m?1ma.py"),
    "right-to-left mark": ("a\u202eyp.exe.py", "a?yp.exe.py"),
    "invisible characters": ("a\u200b\u2066\ufeffb.py", "a???b.py"),
    "line separator": ("a\u2028b.py", "a?b.py"),
    "quotes": ("a'\"`b.py", "a'\"`b.py"),
    "HTML": ("<script>alert(1)<&script>.py", "<script>alert(1)<&script>.py"),
    "formula": ("=1+1,a.py", "=1+1,a.py"),
    "shell and format": ("$(touch x);{0}%s.py", "$(touch x);{0}%s.py"),
    "leading dash": ("--json.py", "--json.py"),
    "emoji": ("🦆é中.py", "🦆é中.py"),
    "not UTF-8": ("\udcff.py", "?.py"),
    "blanks": ("  .py", "  .py"),
    "as long as can be": ("a" * 252 + ".py", "a" * 252 + ".py"),
}


@pytest.mark.skipif(os.name == "nt", reason="Windows allows few of these names")
@pytest.mark.parametrize(("name", "shown"), NAMES.values(), ids=NAMES)
def test_an_odd_file_name_is_shown_in_one_harmless_line(name, shown, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    try:
        Path(name).write_bytes(b"\0")
    except OSError:
        pytest.skip("this file system does not take the name")
    with pytest.raises(InvalidSubmission) as refused:
        read_source(Path(name))
    assert str(refused.value) == f"{shown} contains NUL bytes; save it as UTF-8 text."
    assert_one_sentence(str(refused.value))


@pytest.mark.thorough
@pytest.mark.skipif(os.name == "nt", reason="Windows allows few of these names")
def test_the_command_shows_odd_file_names_harmlessly_too(tmp_path):
    rows = [NAMES[name] for name in ("newline", "right-to-left mark", "leading dash", "emoji")]
    for name, _ in rows:
        (tmp_path / name).write_bytes(b"\0")
    for (_, shown), verdict in zip(rows, graded_by_command([name for name, _ in rows], tmp_path), strict=True):
        assert verdict["message"] == f"{shown} contains NUL bytes; save it as UTF-8 text."


@pytest.mark.skipif(os.name == "nt", reason="Windows allows few of these names")
@pytest.mark.parametrize("name", ["a\nb.py", "🦆\u202e.py", "--json.py", "'\"<b>.ipynb"])
def test_a_submission_with_an_odd_name_is_graded(name, grade, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = Path(name)
    is_notebook = path.suffix == ".ipynb"
    for added, expected in (("", ("graded", 10)), ("def broken(:", ("graded", 10) if is_notebook else ("invalid", 0))):
        source = SOLUTION.rstrip("\n") + "\n\n\n" + added
        path.write_bytes(in_cells(source) if is_notebook else source.encode())
        verdict = grade(PIXELS, path)
        assert (verdict.outcome, verdict.score) == expected
        assert verdict.message.isprintable()


@pytest.mark.skipif(os.name == "nt", reason="Windows allows few of these names")
def test_an_odd_name_of_no_file_does_no_harm(tmp_path):
    for name in ("\x1b[31m\n01_pixels.py", "a" * 300 + ".py"):
        done = digits("grade", name, "--exercise", "pixels", cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, "")
        assert re.fullmatch(r"digits: There is no file [^\n\x1b]+\.\n", done.stderr)


def test_names_may_differ_by_case(tmp_path, grade):
    assert find_lesson("01_PIXELS.IPYNB") == find_lesson("Pixels.PY") == PIXELS
    right, wrong = tmp_path / "Pixels.PY", tmp_path / "pixels.py"
    wrong.write_bytes(b"")
    right.write_text(SOLUTION, "utf-8")
    assert grade(PIXELS, right).score == 10.0
    if len(list(tmp_path.iterdir())) == 2:  # the file system tells them apart
        assert grade(PIXELS, wrong).score == 0.0
    shouted = tmp_path / "A.IPYNB"
    shouted.write_bytes(in_cells(SOLUTION))
    assert grade(PIXELS, shouted).score == 10.0
