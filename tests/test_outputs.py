"""What cells print is written below them in the lesson, and is compared with what they print now."""

import nbformat
import pytest

from grader.authoring import lessons, record
from grader.authoring.outputs import differences, printed_by, read_tolerance, recorded_cells, with_outputs
from grader.authoring.pictures import with_picture_blocks
from grader.cli.app import run
from grader.cli.commands import dev
from grader.course import CourseError

LESSON = """\
# Lesson 1. Pixels

```python
print("one line")
print("loss 0.31")
```

```text +-0.02
one line
loss 0.30
```

Between.

```python
x = 1
```

```text
what it printed in an earlier version
```

```python
1 / 4
```

{last}
The end.
"""
DRAWING = """\
```python
import matplotlib.pyplot as plt
from grader.lesson import show

figure, panel = plt.subplots()
show(figure, "01_pixels/line")
```

![An "empty" picture with *two* axes
and `nothing` else.](images/01_pixels/line.svg)
"""
BLOCK = """\
<picture>
  <source media="(prefers-color-scheme: dark)" srcset="images/01_pixels/line-dark.svg">
  <img alt="An &quot;empty&quot; picture with two axes and nothing else." src="images/01_pixels/line.svg">
</picture>
"""


# Comparing


@pytest.mark.parametrize(
    ("tolerance", "written", "printed", "is_right"),
    [
        ("", "loss 0.30", "loss 0.30", True),
        ("", "loss 0.30", "loss 0.31", False),
        ("", "two\nlines", "two  \nlines\n", True),
        ("+-0.02", "loss 0.30", "loss 0.32", True),
        ("+-0.02", "loss 0.30", "loss 0.33", False),
        ("+-0.02", "loss 0.30", "cost 0.30", False),
        ("+-0.02", "loss 0.30", "loss nan", False),
        ("+-0.02", "loss -0.01", "loss  0.01", True),
        ("+-1", "[ 9. 10.]", "[10. 11.]", True),
        ("+-1", "9 and 10", "9 and 10 and 11", False),
        ("+-10%", "60,000 in 100 s", "60,000 in 109 s", True),
        ("+-10%", "60,000 in 100 s", "60,000 in 111 s", False),
        ("+-10%", "60,000 digits", "66,001 digits", False),
        ("+-10% +-0.5", "0.1 and 100", "0.6 and 110", True),
        ("+-0.5", "82.03% of float32, 28x28", "82.5% of float32, 28x28", True),
        ("+-50", "82.03% of float32", "82.03% of float64", False),
        ("+-1", "one line", "one line\nand another", False),
    ],
)
def test_an_output_is_right_within_its_tolerance(tolerance, written, printed, is_right):
    assert (differences(written, printed, read_tolerance(tolerance)) == []) == is_right


def test_a_difference_is_told_in_words():
    told = differences("a 1\nb 2 and 3\nc", "a 1.2\nb 4 and 3\nd", read_tolerance("+-0.5"))
    assert told == ["Line 2 has 4 instead of 2: 'b 4 and 3'.", "Line 3 is 'd' instead of 'c'."]
    assert differences("a\nb", "a", read_tolerance("")) == ["Line 2 was not printed: 'b'."]
    assert differences("a", "a\nb", read_tolerance("")) == ["Line 2 is not written down: 'b'."]


def test_printed_is_what_goes_to_the_page_and_the_value_of_the_last_line():
    new = nbformat.v4.new_output
    outputs = [
        new("stream", name="stdout", text="one \n\x1b[31mred\x1b[0m\n"),
        new("stream", name="stderr", text="a warning\n"),
        new("stream", name="stdout", text="10%\r100%\n"),
        new("display_data", {"text/plain": "<Figure>"}),
        new("execute_result", {"text/plain": "array([1])"}),
    ]
    assert printed_by(nbformat.v4.new_code_cell(outputs=outputs)) == "one\nred\n100%\narray([1])"


# Reading and writing


def test_only_what_is_wrong_is_rewritten():
    text = LESSON.format(last="A ~~~~ line.\r\n")
    after, changed = with_outputs(text, ["one line\nloss 0.31", "", "0.25"])
    assert [cell.first_line for cell in changed] == ["x = 1", "1 / 4"]
    expected = text.replace("```text\nwhat it printed in an earlier version\n```\n\n", "")
    assert after == expected.replace("1 / 4\n```\n", "1 / 4\n```\n\n```text\n0.25\n```\n")
    assert with_outputs(after, ["one line\nloss 0.31", "", "0.25"]) == (after, [])


def test_a_new_output_keeps_its_tolerance():
    after, _ = with_outputs(LESSON, ["one line\nloss 0.40", "", ""])
    assert "```text +-0.02\none line\nloss 0.40\n```" in after
    assert recorded_cells(after)[0].words == "+-0.02"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("```text\nstray\n```\n", "The output in line 1 is not right below a cell."),
        ("```python\n1\n```\nWords.\n```text\n1\n```\n", "The output in line 5 is not right below a cell."),
        ("```python\n1\n```\n\n```text about 1\n1\n```\n", "'about 1' is no tolerance. Write +-0.02"),
        ("```python\n1\n", "The fence in line 1 has no end. Add the line ```"),
    ],
)
def test_outputs_that_cannot_be_read_are_explained(text, told):
    with pytest.raises(CourseError, match=r".") as raised:
        recorded_cells(text)
    assert str(raised.value).startswith(told)


def test_an_output_that_would_end_its_fence_is_refused():
    with pytest.raises(CourseError, match="has a line that begins with ```"):
        with_outputs("```python\nprint(x)\n```\n", ["```python"])


def test_a_picture_gets_its_dark_variant():
    code = "```python\nx = '''\n![In code.](images/01_pixels/line.svg)\n'''\n```\n"
    assert with_picture_blocks(code + DRAWING) == code + DRAWING.partition("\n\n!")[0] + "\n\n" + BLOCK
    assert with_picture_blocks(BLOCK) == BLOCK


# The command


@pytest.fixture
def course(tmp_path, monkeypatch):
    """The folder of a course whose first lesson is short."""
    for module in (lessons, record, dev):
        monkeypatch.setattr(module, "REPOSITORY", tmp_path)
    images = tmp_path / "lessons" / "images" / "01_pixels"
    images.mkdir(parents=True)
    (images / "old.svg").write_text("<svg/>", "utf-8")
    (tmp_path / "lessons" / "01_pixels.md").write_text(LESSON.format(last=DRAWING), "utf-8")
    return tmp_path


def test_the_command_brings_a_lesson_up_to_date(course, capsys):
    path = course / "lessons" / "01_pixels.md"
    assert run(["dev", "lessons", "pixels"]) == 0
    told = capsys.readouterr().out
    drawn = course / "lessons" / "images" / "01_pixels"
    assert {path.name for path in drawn.iterdir()} == {"line.svg", "line-dark.svg"}
    assert "lessons/images/01_pixels/old.svg  deleted" in told
    assert "new output of the cell: x = 1\n" in told
    assert "new output of the cell: 1 / 4\n" in told
    assert "print(" not in told
    text = path.read_text("utf-8")
    assert BLOCK in text
    assert [cell.written for cell in recorded_cells(text)] == ["one line\nloss 0.30", None, "0.25", None]
    assert run(["dev", "lessons", "pixels"]) == 0
    assert "s. Nothing has changed.\n" in capsys.readouterr().out
    assert path.read_text("utf-8") == text


def test_a_lesson_that_fails_stays_as_it_is(course, capsys):
    path = course / "lessons" / "01_pixels.md"
    path.write_text(path.read_text("utf-8").replace("x = 1\n", "\nx = 1 / 0\n"), "utf-8")
    before = path.read_text("utf-8")
    assert run(["dev", "lessons", "pixels"]) == 2
    assert capsys.readouterr().err == (
        "digits: 01_pixels.md does not run to its end: its cell 'x = 1 / 0' failed with ZeroDivisionError: "
        "division by zero\n"
    )
    assert path.read_text("utf-8") == before
    assert (course / "lessons" / "images" / "01_pixels" / "old.svg").is_file()
