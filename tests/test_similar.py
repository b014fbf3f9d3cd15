"""Similar submissions: a copy is found under other names and in a notebook, and the code of the stub is no copy."""

import io
import keyword
import re
import subprocess
import sys
import time
import tokenize
from collections.abc import Sequence
from pathlib import Path

import jupytext
import nbformat
import pytest
from class_of_records import TESTS, digits
from copydetect import compare_files
from markupsafe import Markup, escape

from grader.classroom.publish import tokens
from grader.classroom.publish.groups import Link, groups_of
from grader.classroom.publish.similar import LARGEST, _fingerprint, _marked
from grader.classroom.publish.tokens import hides_code, tokens_of
from grader.cli.classroom import publish
from grader.course import REPOSITORY, CourseError

pytestmark = pytest.mark.classroom

SOLUTION = REPOSITORY / "solutions" / "08_evaluation.py"
STUB = REPOSITORY / "exercises" / "08_evaluation.py"
SHARES = [  # the exercise, two students, their share
    ("evaluation", "a", "b", 0.65),
    ("pixels", "a", "b", 1.0),
    ("pixels", "a", "d", 0.65),
    ("pixels", "b", "c", 0.7),
    ("pixels", "c", "d", 0.9),
    ("pixels", "x", "y", 1.0),
]
HONEST = sorted((TESTS / "alternatives" / "08_evaluation").glob("*.py"))
HOSTILE = ["\n ", " \n", "\n", " ", "(", "([{", "'''\\", '"""\\', "'\"", "f'{", "\\", "1e+", "rb", "#\n", "\\'''"]


def submit(course: Path, student: str, code: str, name: str = "evaluation.py") -> None:
    folder = course / "submitted" / student / "evaluation"
    folder.mkdir(parents=True)
    (folder / name).write_text(code, "utf-8")


NAMES = ("matrix", "y_true", "y_pred", "num_classes", "counts", "precision", "recall")
LIKE_MY = [f"my_{name}" for name in NAMES]
BUILTINS = ("list", "min", "max", "sum", "Exception", "self", "print")  # which a lexer would tell from other names


def renamed(code: str, to: Sequence[str] = LIKE_MY) -> str:
    """A copy that should not look like one."""
    for name, other in zip(NAMES, to, strict=True):
        code = re.sub(rf"\b{name}\b", other, code)
    return "# All my own work.\n\n" + re.sub(r'"""[\s\S]*?"""', '"""Done."""', code)


@pytest.fixture
def course(tmp_path) -> Path:
    for number, path in enumerate(HONEST):
        submit(tmp_path, f"honest{number}", path.read_text("utf-8"))
    return tmp_path


def similar(course: Path, *options: str) -> str:
    finished = digits("class", "similar", course, *options)
    assert (finished.returncode, finished.stderr) == (0, "")
    return finished.stdout


@pytest.mark.thorough
def test_honest_solutions_are_not_similar(course):
    assert "0 pairs share 60% or more" in similar(course)
    assert "No pair is as similar as that." in (course / "reports" / "similar.html").read_text("utf-8")


def test_a_copy_is_found_under_other_names_and_in_a_notebook(course):
    code = SOLUTION.read_text("utf-8")
    submit(course, "ada", code)
    submit(course, "bo", renamed(code))
    notebook = jupytext.writes(jupytext.reads(code, fmt="py:percent"), fmt="ipynb")
    submit(course, "cy", notebook, "evaluation.ipynb")
    said = similar(course, "--exercise", "evaluation")
    assert "3 pairs share 60% or more" in said
    assert re.search(r"^ +(all|\d+%|\d+% to \d+%) +evaluation +3 students: ada, bo, cy *$", said, re.M)
    page = (course / "reports" / "similar.html").read_text("utf-8")
    shares = re.findall(r"<bdi>(\w+)</bdi> and <bdi>(\w+)</bdi>, (\d+)%", page)
    assert {pair[:2] for pair in shares} == {("ada", "bo"), ("ada", "cy"), ("bo", "cy")}
    assert all(int(share) > 80 for *_, share in shares)
    assert page.count('<div class="codes">') == 2  # two pairs connect three students
    assert "<summary>1 more pair of this group</summary>" in page


def test_no_choice_of_names_hides_a_copy():
    code = SOLUTION.read_text("utf-8")
    one, *others = map(_fingerprint, (code, renamed(code), renamed(code, BUILTINS)))
    plain, hidden = (max(compare_files(one, other)[1]) for other in others)
    assert hidden == plain > 0.95


def test_names_of_any_alphabet_hide_no_copy():
    code = SOLUTION.read_text("utf-8")
    other = re.sub(r"\by_true\b", "y\N{MIDDLE DOT}1", re.sub(r"\by_pred\b", "\N{ESTIMATED SYMBOL}2", code))
    assert tokens_of(other).text == tokens_of(code).text != tokens_of(code.replace("y_true", "1")).text


def test_code_that_seems_to_be_a_text_is_told():
    code = "x = 1\ny = x + x\n"
    assert not hides_code(code, tokens_of(code))
    assert hides_code(code, tokens_of("'''" + code))


def test_no_submission_makes_the_comparison_slow(tmp_path):
    """Blank lines and what is never closed: a tokenizer may need a time for them that grows quadratically."""
    for number, text in enumerate(HOSTILE):
        for student in (f"ada{number}", f"bo{number}"):
            submit(tmp_path, student, ("x = 1" + text * LARGEST)[: LARGEST - 1] + "\\")
    assert f"{2 * len(HOSTILE)} submissions compared" in similar(tmp_path)  # which has a time limit
    before = time.process_time()
    for text in HOSTILE:
        tokens_of(text * (1_000_000 // len(text)))
    assert time.process_time() - before < 120  # hours, if it were quadratic


@pytest.mark.parametrize("path", [SOLUTION, STUB, *HONEST, Path(tokens.__file__)], ids=lambda path: path.name)
def test_tokens_are_those_of_python_and_know_where_they_stand(path):
    code, expected, depth = path.read_text("utf-8"), "", 0
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        kind = tokenize.tok_name[token.type]
        depth -= kind == "FSTRING_END"  # since Python 3.12 the parts of an f-string are tokens, too
        if not depth and kind in {"NAME", "NUMBER", "STRING", "OP", "FSTRING_START"}:
            literally = kind == "OP" or keyword.iskeyword(token.string)
            expected += token.string if literally else {"NAME": "V", "NUMBER": "N"}.get(kind, "S")
        depth += kind == "FSTRING_START"
    found = tokens_of(code)
    assert found.text == expected
    stand = [code[start] for start, character in zip(found.starts, found.text, strict=True) if character in "()[]{},"]
    assert "".join(stand) == re.sub(r"[^()\[\]{},]", "", found.text)


def test_passages_are_marked_where_they_stand():
    shared = "def f(a, b):\n    return [a + b, a - b, a * b, {a: b}, (a, b), a[b], a // b]"
    code = f"# <first>\nimport os\n{shared}\n\nwhile True:  # end\n    pass\n"
    one, other = _fingerprint(code), _fingerprint(f"{shared}  # the same\n".replace("a", "zip"))
    _, _, passages = compare_files(one, other)
    assert _marked(code, passages[0]) == escape(code).replace("def", Markup("<mark>def")).replace(
        "b]\n\n", Markup("b]\n\n</mark>")
    )


def test_a_large_group_is_one_line_and_the_page_has_contents(course):
    for number in range(17):
        submit(course, f"s{number:02}", SOLUTION.read_text("utf-8"))
    said = similar(course)
    assert "136 pairs share 60% or more" in said
    assert re.search(r"^ +all +evaluation +17 students: s00, s01, ", said, re.M)
    page = (course / "reports" / "similar.html").read_text("utf-8")
    assert "<h3>17 students share all of evaluation</h3>" in page
    assert '<a href="#evaluation">evaluation</a>: a group of 17 students' in page
    assert '<h2 id="evaluation">' in page
    assert page.count('<div class="codes">') == 16


def test_the_table_says_right_below_it_that_it_is_not_whole(course, monkeypatch, capsys):
    monkeypatch.setattr(publish, "MOST_GROUPS", 1)
    for number, path in enumerate((SOLUTION, SOLUTION, HONEST[0])):
        submit(course, f"s{number}", path.read_text("utf-8"))
    submit(course, "zoe", "no notebook", "evaluation.ipynb")
    publish.show_similar(course, None, 60)
    lines = [line.strip() for line in capsys.readouterr().out.splitlines() if line.strip()]
    place = lines.index("These are the 1 most similar of 2 groups.")
    assert re.match(r"all +evaluation +", lines[place - 1])
    assert lines[place + 1].startswith("not compared")


def test_groups_are_what_pairs_connect():
    links = [Link(slug, (one, other), share) for slug, one, other, share in SHARES]
    groups = groups_of(links)
    assert [(group.students, group.amount) for group in groups] == [
        (("a", "b", "c", "d"), "70% to 100%"),
        (("x", "y"), "all"),
        (("a", "b"), "65%"),
    ]
    assert [link.students for link in groups[0].links] == [("a", "b"), ("c", "d"), ("b", "c")]
    assert [link.students for link in groups[0].others] == [("a", "d")]


def test_what_the_stub_gave_is_no_copy(course):
    for student in ("ada", "bo"):
        submit(course, student, STUB.read_text("utf-8"))
    assert "0 pairs share 60% or more" in similar(course)


def test_what_the_class_released_is_no_copy(course):
    given = STUB.read_text("utf-8") + "\n".join(
        f"TABLE_{number} = [{number}, {number} + 1, {number} * 2]" for number in range(20)
    )
    released = course / "release" / "evaluation" / "evaluation.ipynb"
    released.parent.mkdir(parents=True)
    released.write_text(nbformat.writes(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(given)])))
    for student in ("ada", "bo"):
        submit(course, student, given)
    assert "0 pairs share 60% or more" in similar(course)


def test_what_cannot_be_compared_is_named_and_stops_nothing(course):
    submit(course, "ada", "x = 1\n" * 50_000)
    submit(course, "bo", "no notebook", "evaluation.ipynb")
    submit(course, "cy", "def broken(:\n")
    said = similar(course)
    assert "evaluation.py is too large to be compared." in said
    assert "evaluation.ipynb is not a notebook" in said
    assert f"{len(HONEST) + 1} submissions compared" in said
    page = (course / "reports" / "similar.html").read_text("utf-8")
    assert "<li><bdi>ada</bdi>, evaluation: <bdi>evaluation.py is too large to be compared.</bdi></li>" in page


def test_no_code_or_name_becomes_part_of_the_page(course):
    hostile = SOLUTION.read_text("utf-8") + "\n# <script>alert(1)</script><img src=x onerror=alert(2)>\n"
    for student in ("<script>alert(3)<script>", "<b>x"):
        submit(course, student, hostile)
    similar(course, "--threshold", "1")
    page = (course / "reports" / "similar.html").read_text("utf-8")
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 2
    assert not re.search(r"<(script|img|b)\b", page)
    assert "http" not in page.partition("<body>")[0].replace("http-equiv", "")


def test_a_wrong_folder_is_told_before_anything_is_fetched(tmp_path, monkeypatch):
    monkeypatch.setattr(publish, "fetch", lambda _: pytest.fail("It was fetched."))
    (tmp_path / "course.toml").touch()
    with pytest.raises(CourseError, match=r"There is no folder .*submitted"):
        publish.show_similar(tmp_path, None, 60)


def test_without_copydetect_a_sentence_says_what_to_install(course):
    """The command in an interpreter that cannot find the package."""
    program = (
        "import sys; sys.modules['copydetect'] = None; from grader.cli import environment; "
        "environment.is_the_launchers = lambda: False; from grader.cli.app import run; sys.exit(run(sys.argv[1:]))"
    )
    finished = subprocess.run(
        [sys.executable, "-c", program, "class", "similar", course], capture_output=True, text=True, check=False
    )
    assert finished.returncode == 2
    assert finished.stderr == (
        "digits: Finding similar submissions needs the package copydetect. Install it with: pip install copydetect\n"
    )
    assert not (course / "reports").exists()
