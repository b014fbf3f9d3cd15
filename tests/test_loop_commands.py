"""next, hint, solution and reset, as a learner meets them, and what the shell completes."""

import ast
import fcntl
import json
import os
import pty
import re
import shutil
import struct
import subprocess
import sys
import termios
from pathlib import Path

import nbformat
import pytest
from test_cli import (
    COLORS,
    DIGITS,
    MISTAKES,
    REPOSITORY,
    SEQUENCES,
    SOLUTION,
    SOON,
    STUB,
    WIDTH,
    Finished,
    Workspace,
    assert_narrow,
    environment,
    read_terminal,
)

from grader.cli.app import run
from grader.cli.commands import map as map_command
from grader.cli.commands.hint import first_failing
from grader.cli.commands.reset import keep_copy
from grader.course import find_lesson, ready_lessons
from grader.engine.judge.source import read_source
from grader.engine.session import Session, load_checks
from grader.progress.record import read_progress

pytestmark = pytest.mark.skipif(os.name == "nt", reason="grading needs POSIX")

CHECKS = {check.name: check for check in load_checks(find_lesson("pixels").checks_path)}


@pytest.fixture
def learner(tmp_path):
    (tmp_path / "exercises").mkdir()
    made = Workspace(tmp_path)
    made.hold(STUB)
    return made


def words(printed: str) -> str:
    """What was printed, whatever the line breaks."""
    return " ".join(SEQUENCES.sub("", printed).split())


def solved(*slugs: str) -> str:
    moment = "2026-03-01T18:04:10+01:00"
    records = {slug: {"best": 10, "out_of": 10, "solved_at": moment} for slug in slugs}
    return json.dumps({"format": 3, "exercises": records, "answers": {}})


def have_solved(learner: Workspace, *slugs: str) -> None:
    learner.progress.parent.mkdir(exist_ok=True)
    learner.progress.write_text(solved(*slugs), "utf-8")


# next


def test_next_names_what_to_read_edit_and_run(learner):
    shown = learner.digits("next")
    assert (shown.status, shown.err) == (0, "")
    for name in (
        "Pixels",
        "lessons/01_pixels.md",
        "exercises/01_pixels.py",
        "./digits lab pixels",
        "./digits watch pixels",
    ):
        assert name in shown.out
    assert_narrow(shown.out)
    have_solved(learner, "pixels", "softmax_regression")
    assert "./digits watch baseline" in learner.digits("next").out


def test_a_check_of_an_untouched_exercise_names_the_next_steps(learner):
    shown = learner.digits("check", "pixels")
    assert (shown.status, shown.err) == (0, "")
    for command in ("./digits lab pixels", "./digits watch pixels"):
        assert command in shown.out
    learner.hold(MISTAKES / "divided-by-256.py")
    assert "./digits watch" not in learner.digits("check", "pixels").out


@pytest.mark.thorough
def test_next_says_when_everything_is_solved(learner):
    have_solved(learner, *(lesson.slug for lesson in ready_lessons()))
    for command in (["next"], ["hint"], []):
        shown = learner.digits(*command)
        assert shown.status == 0
        assert "is solved" in shown.out


# hint


def test_each_call_shows_the_next_hint_and_the_last_one_stays(learner):
    learner.hold(MISTAKES / "divided-by-256.py")
    hints = CHECKS["scale_pixels"].hints
    for level in (1, 2, 3, 3):
        shown = learner.digits("hint", "pixels")
        assert (shown.status, shown.err) == (0, "")
        assert CHECKS["scale_pixels"].title in shown.out
        assert [hint in words(shown.out) for hint in hints] == [number <= level for number in (1, 2, 3)]
        assert read_progress(learner.folder).of(find_lesson("pixels")).hints_shown == {"scale_pixels": level}
        assert_narrow(shown.out)


@pytest.mark.thorough
def test_hints_start_over_once_the_check_has_passed(learner):
    for _ in range(2):
        learner.hold(MISTAKES / "divided-by-256.py")
        learner.digits("hint", "pixels")
        shown = words(learner.digits("hint", "pixels").out)
        assert CHECKS["scale_pixels"].hints[1] in shown
        assert CHECKS["scale_pixels"].hints[2] not in shown
        learner.hold(SOLUTION)
        learner.digits("check", "pixels")


@pytest.mark.thorough
def test_a_hint_about_another_check_forgets_those_that_pass_by_now(learner):
    learner.hold(MISTAKES / "divided-by-256.py")
    learner.digits("hint", "pixels")
    learner.hold(MISTAKES / "one-hot-wrong-axis.py")
    shown = words(learner.digits("hint", "pixels").out)
    assert CHECKS["one_hot"].title in shown
    assert CHECKS["one_hot"].hints[0] in shown
    assert json.loads(learner.progress.read_text("utf-8"))["exercises"]["pixels"]["hints_shown"] == {"one_hot": 1}


@pytest.mark.thorough
def test_hints_cost_nothing(learner):
    learner.hold(MISTAKES / "divided-by-256.py")
    for _ in range(3):
        learner.digits("hint", "pixels")
    learner.hold(SOLUTION)
    assert "10 of 10 points" in learner.digits("check", "pixels").out


def test_an_untouched_exercise_gets_the_first_hint_of_its_first_check(learner):
    first = next(iter(CHECKS.values()))
    shown = words(learner.digits("hint").out)  # the next open exercise
    assert first.title in shown
    assert first.hints[0] in shown


def test_what_was_written_comes_before_what_was_not(learner):
    learner.exercise.write_text(
        STUB.read_text("utf-8") + "\n\ndef one_hot(labels, num_classes=10):\n    return labels\n", "utf-8"
    )
    assert CHECKS["one_hot"].title in learner.digits("hint", "pixels").out


@pytest.mark.thorough
def test_a_long_title_is_told_to_its_end(learner):
    first = {lesson: load_checks(lesson.checks_path)[0] for lesson in ready_lessons() if lesson.runtime == "numpy"}
    lesson = max(first, key=lambda lesson: len(first[lesson].title))
    shutil.copy(lesson.exercise_path(REPOSITORY), lesson.exercise_path(learner.folder))
    shown = learner.digits("hint", lesson.slug).out
    assert first[lesson].title not in shown  # it takes two lines
    assert first[lesson].title in words(shown)
    assert_narrow(shown)


def test_no_hint_is_left_when_everything_passes_and_that_counts_as_a_check(learner):
    learner.hold(SOLUTION)
    shown = learner.digits("hint", "pixels")
    assert shown.status == 0
    assert "All checks of pixels pass" in shown.out
    assert "solved_at" in learner.progress.read_text("utf-8")


def test_a_file_that_cannot_be_loaded_gets_no_hint_but_the_reason(learner):
    learner.exercise.write_text("def broken(:\n", "utf-8")
    shown = learner.digits("hint", "pixels")
    assert shown.status == 0
    assert "exercises/01_pixels.py:1: def broken(:" in words(shown.out)
    assert "hints_shown" not in learner.progress.read_text("utf-8")


def test_a_hint_that_cannot_be_remembered_is_given_all_the_same(learner):
    learner.progress.parent.write_text("", "utf-8")
    shown = learner.digits("hint", "pixels")
    assert shown.status == 0
    assert next(iter(CHECKS.values())).hints[0] in words(shown.out)
    assert "could not be recorded" in words(shown.out)


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("path", "failing", "trained"),
    [
        ("tests/mistakes/05_dense/softmax-and-from-logits.py", "compiled", False),
        ("tests/alternatives/05_dense/functional.py", None, True),
    ],
)
def test_a_hint_trains_only_when_nothing_else_is_left(engine, path, failing, trained):
    lesson = find_lesson("dense")
    training = {check.name for check in load_checks(lesson.checks_path) if check.trains}
    with Session(lesson, read_source(REPOSITORY / path), engine) as session:
        found = first_failing(session)
    assert (found and found.name) == failing
    assert training <= set(session.results) if trained else not training & set(session.results)


# solution


def test_the_reference_opens_once_the_exercise_passes(learner):
    refused = learner.digits("solution", "pixels")
    assert refused.status == 1
    assert "np.bincount" not in refused.out
    assert "./digits hint pixels" in refused.out
    learner.hold(SOLUTION)
    opened = learner.digits("solution", "pixels")  # graded now
    assert (opened.status, opened.err) == (0, "")
    assert opened.out.count("np.bincount(labels, minlength=num_classes)") == 1  # the same on both sides: shown once
    assert "the reference; yours is the same " in opened.out
    learner.hold(STUB)
    again = learner.digits("solution", "pixels")  # solved before
    assert (again.status, again.err) == (0, "")
    assert again.out.count("np.bincount(labels, minlength=num_classes)") == 1
    assert_narrow(again.out)


def test_the_reference_comes_with_its_comments_and_without_marks_and_docstrings(learner):
    have_solved(learner, "pixels")
    shown = learner.digits("solution", "pixels").out
    assert "# bincount alone stops at the largest label it finds" in shown
    assert "SOLUTION" not in shown
    assert '"""' not in shown
    names = re.findall(r"^ (\w+)$", shown, re.MULTILINE)
    assert names == re.findall(r"^def (\w+)", SOLUTION.read_text("utf-8"), re.MULTILINE)


@pytest.mark.thorough
@pytest.mark.parametrize("columns", [80, 120, 200])
def test_both_stand_side_by_side_where_there_is_room(learner, columns):
    have_solved(learner, "pixels")
    learner.hold(REPOSITORY / "tests/alternatives/01_pixels/plain_loops.py")
    shown = SEQUENCES.sub("", learner.on_terminal("solution", "pixels", columns=columns).out)
    beside = [line for line in shown.splitlines() if "the reference" in line and "yours" in line]
    assert len(beside) == (len(re.findall("the reference ", shown)) if columns >= 120 else 0)
    assert max(map(len, shown.splitlines())) <= columns
    for code in (SOLUTION, learner.exercise):
        for name in re.findall(r"minlength|np\.zeros|range\(", code.read_text("utf-8")):
            assert name in shown


@pytest.mark.thorough
def test_the_code_is_colored_on_a_terminal_that_allows_it(learner):
    have_solved(learner, "pixels")
    plain = learner.on_terminal("solution", "pixels", NO_COLOR="1").out
    keyword = r"\x1b\[[\d;]*38;5;133[\d;]*mreturn"
    assert re.search(keyword, learner.on_terminal("solution", "pixels").out)
    assert re.search(r"\x1b\[[\d;]*35[\d;]*mreturn", learner.on_terminal("solution", "pixels", TERM="xterm").out)
    assert not COLORS.search(plain)
    assert "\x1b" not in learner.digits("solution", "pixels").out
    assert learner.digits("solution", "pixels", PYTHONIOENCODING="ascii").out.isascii()


@pytest.mark.thorough
def test_spoil_asks_first_and_takes_no_pipe_for_an_answer(learner):
    refused = learner.digits("solution", "pixels", "--spoil")
    assert (refused.status, refused.out) == (2, "")
    assert re.fullmatch(r"digits: [^\n]*--yes[^\n]*\n", refused.err)
    assert "np.bincount" in learner.digits("solution", "pixels", "--spoil", "--yes").out
    assert "np.bincount" in answered(learner, "y\n").out
    for answer in ("n\n", "\n"):
        kept_shut = answered(learner, answer)
        assert "[y/N]" in kept_shut.out
        assert "np.bincount" not in kept_shut.out
        assert kept_shut.status == 0


@pytest.mark.parametrize("columns", [40, 60])
def test_the_question_before_a_spoiler_fits_a_narrow_terminal(learner, columns):
    told = SEQUENCES.sub("", answered(learner, "n\n", columns=columns, TERM="xterm").out)
    assert max(map(len, told.splitlines())) <= columns
    assert "after you have solved the exercise yourself. Show it now? [y/N]:" in words(told)


def answered(learner: Workspace, answer: str, columns: int = WIDTH, **variables: str) -> Finished:
    """`digits solution pixels --spoil` on a terminal where the learner types."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    os.write(ours, answer.encode())
    process = subprocess.Popen(
        [DIGITS, "solution", "pixels", "--spoil"],
        cwd=learner.folder,
        env=environment({"TERM": "dumb"} | variables),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    printed = b""
    while part := read_terminal(ours):
        printed += part
    status = process.wait(SOON)
    os.close(ours)
    return Finished(status, printed.decode())


OWN = {
    "a syntax error": "def one_hot(labels:\n    retrun 1\n",
    "escape sequences": "def one_hot(labels):\n    return '\x1b]0;owned\x07\x1b[31mred'\n",
    "one long line": "def one_hot(labels):\n    return [" + "'word', " * 200 + "'" + "x" * 300 + "']\n",
    "deeply nested": "x = " + "(" * 5000 + ")" * 5000 + "\n",
    "nothing": "",
    "no UTF-8": "def one_hot(labels):\n    return '\udcff'\n",
    "an invalid escape": "def one_hot(labels):\n    return '\\d'\n",
    "an exercise of constants": "one_hot = lambda labels: 'mine'\n",
}


@pytest.mark.sampled
@pytest.mark.parametrize("code", OWN.values(), ids=OWN)
def test_whatever_ones_own_file_holds_does_no_harm(learner, code):
    have_solved(learner, "pixels")
    learner.exercise.write_text(code, "utf-8", errors="surrogateescape")
    shown = learner.digits("solution", "pixels")
    assert (shown.status, shown.err) == (0, "")
    assert "np.bincount" in shown.out
    assert "\x1b" not in shown.out
    assert "\x07" not in shown.out
    assert ("'mine'" in shown.out) == ("'mine'" in code)
    on_terminal = learner.on_terminal("solution", "pixels").out
    assert_narrow(on_terminal)
    assert "]0;owned" not in on_terminal


@pytest.mark.thorough
def test_a_notebook_is_compared_too(learner):
    have_solved(learner, "pixels")
    code = SOLUTION.read_text("utf-8").replace("(labels: np.ndarray, ", "(labels, ")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    learner.exercise.unlink()
    nbformat.write(notebook, learner.exercise.with_suffix(".ipynb"))
    shown = learner.digits("solution", "pixels").out
    assert "yours, exercises/01_pixels.ipynb" in shown
    assert shown.count("np.bincount(labels, minlength=num_classes)") == 2  # written differently in the notebook


def test_what_is_the_same_is_shown_once_and_lines_that_differ_are_marked(learner):
    have_solved(learner, "pixels")
    code = SOLUTION.read_text("utf-8").replace("labels, minlength=num_classes", "labels, None, num_classes")
    learner.exercise.write_text(
        code.replace("return images[..., np.newaxis]", "return images[..., None]  # mine"), "utf-8"
    )
    for variables, mark in (({}, "│"), ({"PYTHONIOENCODING": "ascii"}, "|")):
        shown = learner.digits("solution", "pixels", **variables).out
        assert shown.count("yours is the same") == 3
        assert f"{mark}     return np.bincount(labels, minlength=num_classes)\n" in shown
        assert f"{mark}     return np.bincount(labels, None, num_classes)\n" in shown
        assert f"{mark}     return images[..., None]  # mine\n" in shown
        assert f"{mark} def" not in shown
        assert_narrow(shown)
    learner.exercise.write_text(code.replace("# bincount", "# As I said, bincount"), "utf-8")
    assert "the same except for comments" not in learner.digits("solution", "pixels").out  # that function differs more
    learner.exercise.write_text(SOLUTION.read_text("utf-8").replace("# bincount", "# Mine: bincount"), "utf-8")
    shown = learner.digits("solution", "pixels").out
    assert shown.count("the reference; yours is the same except for comments and layout") == 1
    assert "# Mine" not in shown


LONG = "    return np.bincount(labels, minlength=num_classes)"
ALSO_LONG = (
    "    return np.bincount(np.asarray(labels, dtype=np.int64).reshape(-1), minlength=num_classes)  # " + "mine " * 9
)


def code_in(shown: str) -> str:
    """What is below the headings of a solution."""
    lines = SEQUENCES.sub("", shown).partition("\n label_counts\n")[2].split("\n")
    ends = [number for number, line in enumerate(lines) if line.endswith("───")]
    starts = [next(n for n in range(end, -1, -1) if lines[n].startswith(("the reference", "yours"))) for end in ends]
    headings = {number for start, end in zip(starts, ends, strict=True) for number in range(start, end + 1)}
    return "\n".join(line for n, line in enumerate(lines) if n not in headings and not re.fullmatch(r" \w+", line))


def piped_from(learner: Workspace, columns: int) -> str:
    """`digits solution pixels | cat` in a terminal with so many columns."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    command, variables = [DIGITS, "solution", "pixels"], environment({"PYTHONIOENCODING": "utf-8"})
    finished = subprocess.run(
        command, cwd=learner.folder, env=variables, stdin=theirs, stdout=subprocess.PIPE, stderr=theirs, check=True
    )
    os.close(theirs)
    os.close(ours)
    return finished.stdout.decode()


def test_a_solution_in_a_pipe_is_python_in_whole_lines_whatever_the_terminal(learner):
    have_solved(learner, "pixels")
    learner.exercise.write_text(SOLUTION.read_text("utf-8").replace(LONG, ALSO_LONG), "utf-8")
    shown = piped_from(learner, 40)
    assert shown == piped_from(learner, 100)
    assert f"  # {'mine ' * 8}mine\n│ {ALSO_LONG.partition('  #')[0]}\n" in shown
    assert shown.count("the reference; yours is the same ───") == 4
    learner.hold(SOLUTION)
    ast.parse(code_in(piped_from(learner, 60)))


@pytest.mark.parametrize("columns", [40, 60])
def test_a_solution_in_a_narrow_terminal_is_still_python(learner, columns):
    have_solved(learner, "pixels")
    learner.exercise.write_text(SOLUTION.read_text("utf-8").replace("# bincount", "# Mine: bincount"), "utf-8")
    shown = SEQUENCES.sub("", learner.on_terminal("solution", "pixels", columns=columns).out)
    assert max(map(len, shown.splitlines())) <= columns
    assert "the reference; yours is the same except for comments and layout" in words(shown)
    assert "…" not in shown
    code = code_in(shown)
    stub = re.compile(r'\n +""".*?"""', re.DOTALL)  # a docstring is not shown
    assert ast.dump(ast.parse(code)) == ast.dump(
        ast.parse(stub.sub("", SOLUTION.read_text("utf-8").partition("np\n")[2]))
    )
    assert columns > 40 or "    return np.bincount(labels, \\\n            minlength=num_classes)\n" in code


def test_what_is_longer_than_the_window_can_be_scrolled(learner):
    have_solved(learner, "pixels")
    pager = learner.folder / "pager"
    pager.write_text(f"#!{sys.executable}\nimport sys\nprint('PAGED', len(sys.stdin.read().splitlines()))\n", "utf-8")
    pager.chmod(0o755)
    assert re.search(r"PAGED \d\d", learner.on_terminal("solution", "pixels", PAGER=str(pager)).out)
    for told in (
        learner.on_terminal("solution", "pixels", "--no-pager", PAGER=str(pager)),
        learner.on_terminal("solution", "pixels", PAGER="no-such-program"),
        learner.on_terminal("solution", "pixels", PAGER=str(pager), TERM="dumb"),
        learner.digits("solution", "pixels", PAGER=str(pager)),
    ):
        assert "PAGED" not in told.out
        assert "np.bincount" in told.out


# A copy of the course without solutions


@pytest.fixture
def bare_course(tmp_path):
    """A copy of the course that has no solutions; its learner works in it."""
    (tmp_path / "grader").symlink_to(REPOSITORY / "grader")
    (tmp_path / "exercises").mkdir()
    shutil.copy(STUB, tmp_path / "exercises")
    return Workspace(tmp_path)


def run_bare(course: Workspace, *arguments: str) -> Finished:
    code = "import sys; from grader.cli import main; main()"
    return course.run(sys.executable, "-c", code, *arguments, PYTHONPATH=str(course.folder))


def test_a_copy_without_solutions_says_so_kindly(bare_course):
    bare_course.hold(SOLUTION)
    shown = run_bare(bare_course, "solution", "pixels")
    assert (shown.status, shown.out) == (2, "")
    assert re.fullmatch(r"digits: This copy of the course comes without solutions/[^\n]+\n", shown.err)


def test_a_copy_without_solutions_and_history_cannot_reset_and_touches_nothing(bare_course):
    bare_course.hold(SOLUTION)
    shown = run_bare(bare_course, "reset", "pixels")
    assert shown.status == 2
    assert re.fullmatch(r"digits: This copy of the course has neither solutions/ nor [^\n]+\n", shown.err)
    assert bare_course.exercise.read_bytes() == SOLUTION.read_bytes()


@pytest.mark.thorough
@pytest.mark.skipif(not shutil.which("git"), reason="there is no git here")
def test_a_copy_without_solutions_takes_the_stub_from_its_history(bare_course):
    """Also when the learner has committed their own work since."""

    def git(*arguments: str) -> None:
        identity = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
        subprocess.run(["git", *identity, *arguments], cwd=bare_course.folder, check=True, capture_output=True)

    git("init")
    for source in (STUB, MISTAKES / "divided-by-256.py", SOLUTION):
        bare_course.hold(source)
        git("add", "exercises")
        git("commit", "--allow-empty", "-m", source.name)
    reset = run_bare(bare_course, "reset", "pixels")
    assert (reset.status, reset.err) == (0, "")
    assert bare_course.exercise.read_bytes() == STUB.read_bytes()
    assert "nothing to reset" in run_bare(bare_course, "reset", "pixels").out


# reset


def kept_files(learner: Workspace) -> list[Path]:
    return sorted((learner.folder / ".digits" / "kept").glob("*"))


def test_reset_gives_a_fresh_stub_and_keeps_the_work_and_the_points(learner):
    learner.hold(SOLUTION)
    learner.digits("check", "pixels")
    reset = learner.digits("reset", "pixels")
    assert (reset.status, reset.err) == (0, "")
    assert learner.exercise.read_bytes() == STUB.read_bytes()
    [kept] = kept_files(learner)
    assert kept.read_bytes() == SOLUTION.read_bytes()
    assert f".digits/kept/{kept.name}" in reset.out
    assert re.fullmatch(r"01_pixels-\d{8}-\d{6}\.py", kept.name)
    assert " 10/10" in learner.digits().out
    assert {path.name for path in learner.exercise.parent.iterdir()} == {"01_pixels.py"}


@pytest.mark.thorough
def test_an_untouched_stub_is_left_alone(learner):
    before = learner.exercise.stat().st_mtime_ns
    reset = learner.digits("reset", "pixels")
    assert reset.status == 0
    assert "nothing to reset" in reset.out
    assert learner.exercise.stat().st_mtime_ns == before
    assert not kept_files(learner)


@pytest.mark.thorough
def test_a_file_that_is_gone_comes_back(learner):
    shutil.copy(STUB, learner.folder / "exercises" / "02_baseline.py")  # so that this stays a workspace
    learner.exercise.unlink()
    assert learner.digits("reset", "pixels").status == 0
    assert learner.exercise.read_bytes() == STUB.read_bytes()
    assert not kept_files(learner)


def test_two_files_that_are_kept_at_once_get_two_names(tmp_path):
    for content in ("first", "second", "third"):
        (tmp_path / "work.py").write_text(content, "utf-8")
        keep_copy(tmp_path / "work.py", tmp_path)
    kept = (tmp_path / ".digits" / "kept").iterdir()
    assert {path.read_text("utf-8") for path in kept} == {"first", "second", "third"}


@pytest.mark.thorough
def test_a_notebook_is_reset_to_a_notebook(learner):
    notebook_path = learner.exercise.with_suffix(".ipynb")
    notebook_path.write_text(json.dumps(nbformat.v4.new_notebook()), "utf-8")
    work = notebook_path.read_bytes()
    assert learner.digits("reset", "exercises/01_pixels.ipynb").status == 0
    [kept] = kept_files(learner)
    assert kept.read_bytes() == work
    fresh = nbformat.read(notebook_path, as_version=4)
    nbformat.validate(fresh)
    assert "def one_hot" in "".join(cell.source for cell in fresh.cells)
    assert learner.exercise.read_bytes() == STUB.read_bytes()
    checked = learner.digits("check", "exercises/01_pixels.ipynb").out
    assert "5 to write: label_counts," in checked
    for cell in fresh.cells:
        if cell.cell_type == "code":
            cell.execution_count, cell.outputs = 7, [nbformat.v4.new_output("stream", text="hello")]
    nbformat.write(fresh, notebook_path)
    assert "nothing to reset" in learner.digits("reset", "exercises/01_pixels.ipynb").out
    assert len(kept_files(learner)) == 1


@pytest.mark.thorough
@pytest.mark.parametrize("obstacle", ["no place to keep it", "a full disk"])
def test_a_reset_that_fails_leaves_the_work_where_it_was(learner, obstacle):
    learner.hold(SOLUTION)
    command = [DIGITS, "reset", "pixels"]
    if obstacle == "a full disk":
        command = ["bash", "-c", f"ulimit -f 0; exec {DIGITS} reset pixels"]
    else:
        learner.progress.parent.mkdir()
        (learner.progress.parent / "kept").write_text("in the way", "utf-8")
    reset = learner.run(*command)
    assert reset.status == 2
    assert re.fullmatch(
        r"digits: exercises/01_pixels.py cannot be reset \([^\n]+\. Your work is unchanged\.\n", reset.err
    )
    assert learner.exercise.read_bytes() == SOLUTION.read_bytes()
    assert {path.name for path in learner.exercise.parent.iterdir()} == {"01_pixels.py"}


def test_a_file_that_cannot_be_read_is_not_reset(learner):
    learner.exercise.unlink(missing_ok=True)
    learner.exercise.symlink_to("/proc/self/mem")  # not even root can read its beginning
    reset = learner.digits("reset", "pixels")
    assert reset.status == 2
    assert "exercises/01_pixels.py cannot be reset (Input/output error). Your work is unchanged." in reset.err


# What the program calls itself


@pytest.mark.parametrize(("folder", "name"), [(REPOSITORY, "./digits"), (REPOSITORY.parent, "digits")])
def test_the_program_is_called_as_it_was_started(monkeypatch, capsys, folder, name):
    monkeypatch.chdir(folder)
    assert run(["test", "--help"]) in {0, None}
    assert f"Other options go to pytest: {name} test -k protocol." in words(capsys.readouterr().out)
    assert run(["test", "pixls"]) == 2
    assert f"by words in their names: {name} test -k protocol." in words(capsys.readouterr().err)


@pytest.mark.parametrize(("folder", "name"), [(REPOSITORY, "./digits"), (REPOSITORY.parent, "digits")])
def test_a_failure_of_the_grader_says_how_to_see_more(monkeypatch, capsys, folder, name):
    monkeypatch.chdir(folder)
    monkeypatch.delenv("DIGITS_DEBUG", raising=False)
    monkeypatch.setattr(map_command, "show", lambda: 1 / 0)
    assert run([]) == 3
    told = words(capsys.readouterr().err)
    assert told.startswith("digits: The grader failed (ZeroDivisionError: division by zero).")
    assert told.endswith(f" For details, add --debug: {name} --debug COMMAND")


# Completion


def complete(learner: Workspace, typed: str) -> list[str]:
    last = str(len(typed.split(" ")) - 1)
    return learner.digits(COMP_WORDS=typed, COMP_CWORD=last, _DIGITS_COMPLETE="complete_bash").out.split()


@pytest.mark.thorough
@pytest.mark.parametrize("command", ["check", "hint", "solution", "reset"])
def test_the_shell_completes_names_of_exercises(learner, command):
    assert complete(learner, f"digits {command} den") == ["dense"]
    assert complete(learner, f"digits {command} ") == [lesson.slug for lesson in ready_lessons()]


def test_the_shell_completes_commands(learner):
    assert complete(learner, "digits solu") == ["solution"]


def test_completion_can_be_installed(learner):
    script = learner.run("bash", "-c", f"{DIGITS} --install-completion; true", HOME=str(learner.folder))
    assert "bash completion installed" in script.out
    assert "digits" in (learner.folder / ".bash_completions" / "digits.sh").read_text("utf-8")
