"""`digits dev check` says what a lesson lacks. Each rule is tried on a copy of a lesson with one thing broken."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import READY

from grader import course
from grader.authoring import course_check, quiz
from grader.authoring.course_check import RULES, course_problems, find_any_lesson, problems
from grader.cli.app import run
from grader.course import REPOSITORY, Calibration, calibrations, find_lesson

LESSON = find_lesson("dense")
STEM = LESSON.stem
LESSON_FILE, SOLUTION, EXERCISE = f"lessons/{STEM}.md", f"solutions/{STEM}.py", f"exercises/{STEM}.py"
CHECKS, MISTAKES, ALTERNATIVES = f"grader/checks/test_{STEM}.py", f"tests/mistakes/{STEM}", f"tests/alternatives/{STEM}"
COPIED = (f"lessons/images/{STEM}", SOLUTION, "solutions/quiz.toml", EXERCISE, CHECKS, "README.md", "docs")

MORE_CHECKS = """

@check(points=1, title="", hints=("Why?", "So."))
def test_extra(submission):
    pass
"""
MORE_MISTAKES = '''

from grader.api import mistake


@mistake("Not_a_name", question="Think about it.")
def extra():
    """No sentence"""
'''


@pytest.fixture
def copy(tmp_path, monkeypatch) -> Path:
    """The root of a copy of the course that holds one lesson and the texts of the others. The rules look at it then."""
    texts = [path.relative_to(REPOSITORY).as_posix() for path in (REPOSITORY / "lessons").glob("*.md")]
    for name in (*COPIED, *texts, MISTAKES, ALTERNATIVES):
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (REPOSITORY / name).is_dir() else shutil.copy)(REPOSITORY / name, target)
    for module in (course, course_check, quiz):
        monkeypatch.setattr(module, "REPOSITORY", tmp_path)
    monkeypatch.setattr(quiz, "ANSWERS_PATH", tmp_path / "solutions" / "quiz.toml")
    monkeypatch.setattr(course, "PACKAGE", tmp_path / "grader")
    monkeypatch.delitem(sys.modules, f"grader.checks.test_{STEM}", raising=False)  # the copy's is another module
    yield tmp_path
    sys.modules.pop(f"grader.checks.test_{STEM}", None)


def delete(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


def append(name: str, text: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        (folder / name).write_text((folder / name).read_text("utf-8") + text, "utf-8")

    return change


def substitute(name: str, pattern: str, replacement: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        text, count = re.subn(pattern, replacement, (folder / name).read_text("utf-8"))
        assert count
        (folder / name).write_text(text, "utf-8")

    return change


def write(name: str, text: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        (folder / name).write_text(text, "utf-8")

    return change


def keep_only(name: str, count: int) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        for path in sorted((folder / name).iterdir())[count:]:
            path.unlink()

    return change


BROKEN = [  # the rule that notices it, what is broken, and a sentence that `dev check` must say
    (
        "missing_files",
        delete(LESSON_FILE),
        f"{LESSON_FILE} is missing. Write the lesson there, as a Markdown notebook.",
    ),
    ("missing_files", delete(EXERCISE), f"{EXERCISE} is missing. Run ./digits dev build."),
    ("missing_files", delete(CHECKS), f"{CHECKS} is missing. Write the checks there."),
    ("missing_files", delete(SOLUTION), f"{SOLUTION} is missing. Write the reference there, with ### BEGIN SOLUTION"),
    ("unreadable_checks", append(CHECKS, "\nimport no_such_module\n"), f"{CHECKS} cannot be loaded (ModuleNotFound"),
    ("stub_out_of_step", append(EXERCISE, "\n# mine\n"), "is out of step with its solution. Run ./digits dev build."),
    ("stub_out_of_step", write(SOLUTION, "def build_model():\n    pass\n"), "has no region between ### BEGIN SOLUTION"),
    ("wrong_points", append(CHECKS, MORE_CHECKS), "add up to 11 points, but grader/course.toml says 10."),
    ("incomplete_checks", append(CHECKS, MORE_CHECKS), "The check extra has no title."),
    ("incomplete_checks", append(CHECKS, MORE_CHECKS), "The check extra has 2 hints and needs 3. Write a question,"),
    ("too_few_examples", keep_only(MISTAKES, 5), f"{MISTAKES} holds 5 files and needs at least 6."),
    ("too_few_examples", keep_only(ALTERNATIVES, 3), f"{ALTERNATIVES} holds 3 files and needs at least 4."),
    ("misworded_mistakes", append(CHECKS, MORE_MISTAKES), "The mistake 'Not_a_name' needs a name in lower case"),
    ("misworded_mistakes", append(CHECKS, MORE_MISTAKES), "Not_a_name has no complete explanation."),
    ("misworded_mistakes", append(CHECKS, MORE_MISTAKES), "Not_a_name does not end with a question mark."),
    ("mistakes_without_a_file", append(CHECKS, MORE_MISTAKES), "has the diagnosis Not_a_name. Add a submission"),
    ("wrong_headers", write(f"{MISTAKES}/new.py", "import keras\n"), "Begin it with the line: # diagnosis: NAME"),
    ("wrong_headers", write(f"{MISTAKES}/new.py", "# diagnosis: no-such-mistake\n"), "which no check can name."),
    (
        "wrong_headers",
        write(f"{MISTAKES}/new.py", "# diagnosis: wrong-width\n# in: make_model\n# checks: hidden_layer\n"),
        "says # in: make_model, but there is no such function in the solution.",
    ),
    (
        "wrong_headers",
        write(f"{MISTAKES}/new.py", "# diagnosis: wrong-width\n# in: build_model\n# checks: hidden_layer, width\n"),
        "says # checks: width, but there is no such check.",
    ),
    (
        "incomplete_lesson",
        substitute(LESSON_FILE, rf"{LESSON.minutes}\sminutes", "an hour"),
        "does not say how long it takes",
    ),
    ("wrong_form", write(f"lessons/images/{STEM}/new.svg", "<svg/>"), "new.svg is not shown in the lesson."),
    (
        "answers_given_away",
        substitute("solutions/quiz.toml", r"\[\[dense\]\]", '[[dense]]\ngives_away = ["Lesson 5", "no such words"]'),
        f"{LESSON_FILE} says 'Lesson 5' in line ",
    ),
    (
        "answers_given_away",
        substitute("solutions/quiz.toml", r"\[\[dense\]\]", '[[dense]]\ngives_away = ["Lesson 1"]'),
        "lessons/01_pixels.md says 'Lesson 1' in line ",
    ),
    (
        "answers_given_away",
        substitute("solutions/quiz.toml", r"\[\[dense\]\]", '[[dense]]\ngives_away = "Lesson 1"'),
        "is no list of strings. Write a list.",
    ),
    (
        "wrong_predictions",
        append("solutions/quiz.toml", '\n[[dense]]\nkey = "x"\nasks = "Why?"\nanswer = "a"\nreason = ""\n'),
        "quiz.toml answers 'Why?', which",
    ),
    ("wrong_predictions", substitute("solutions/quiz.toml", r"(?s)\[\[dense\]\].*", ""), "answers it 0 times."),
    (
        "wrong_threshold",
        substitute(LESSON_FILE, r"at least (\d)", r"about \1"),
        "does not quote the threshold. Write in",
    ),
]


def test_a_complete_lesson_has_no_problems(copy):
    assert list(problems(LESSON)) == []


@pytest.mark.parametrize(("rule", "break_it", "sentence"), BROKEN)
def test_what_is_broken_is_said(rule, break_it, sentence, copy):
    break_it(copy)
    said = list(getattr(course_check, rule)(LESSON))
    assert [text for text in said if sentence in text], said
    assert set(said) <= set(problems(LESSON))


def test_every_rule_is_tried():
    assert {rule for rule, _, _ in BROKEN} == {rule.__name__ for rule in RULES}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"seeds": 5}, "was measured with 5 seeds and needs 20. Run ./digits dev calibrate dense."),
        ({"threshold": 0.949}, "is higher than the measurements allow."),
        ({"weakest_mean": 0.93}, "is higher than the measurements allow."),
        ({"weakest_alternative": None}, "The alternatives of dense have not been trained for its threshold."),
        (
            {"nearest_mistake": "scaled-twice", "nearest_accuracy": 0.94},
            "The mistake scaled-twice reaches the threshold of dense, and no other check notices it.",
        ),
    ],
)
def test_a_threshold_is_measured_with_care(change, sentence, monkeypatch):
    found: dict[str, Calibration] = {"dense": replace(calibrations()["dense"], **change)}
    monkeypatch.setattr(course_check, "calibrations", lambda: found)
    assert [text for text in problems(LESSON) if sentence in text]


def test_a_threshold_that_nobody_measured_is_missing(monkeypatch):
    monkeypatch.setattr(course_check, "calibrations", dict)
    assert list(problems(LESSON)) == [
        "dense checks an accuracy, but grader/calibration.toml has no threshold for it. "
        "Run ./digits dev calibrate dense."
    ]


def test_a_quiz_that_was_not_built_again_is_out_of_step(monkeypatch):
    monkeypatch.setattr(course_check, "questions", lambda lesson: ())
    assert list(problems(LESSON)) == [
        "The quiz of dense is out of step with the lesson and its answers. Run ./digits dev build."
    ]


def test_a_lesson_that_is_only_in_the_manifest_lacks_everything(monkeypatch):
    new = replace(LESSON, number=99, slug="serving")
    monkeypatch.setattr(course_check, "lessons", lambda: (new,))
    assert find_any_lesson("serving") is new
    assert find_any_lesson("dense") is LESSON
    missing = [text.split(" is missing")[0] for text in problems(new) if " is missing" in text]
    assert missing == [
        f"{folder}99_serving.{ending}"
        for folder, ending in [
            ("lessons/", "md"),
            ("solutions/", "py"),
            ("exercises/", "py"),
            ("grader/checks/test_", "py"),
        ]
    ]


def test_files_of_no_lesson_are_found(copy):
    (copy / "solutions" / "99_serving.py").write_text("", "utf-8")
    (copy / "tests" / "mistakes" / "99_serving").mkdir()
    said = list(course_problems(READY))
    assert [text.split(" belongs")[0] for text in said if "belongs to no lesson" in text] == [
        "solutions/99_serving.py",
        "tests/mistakes/99_serving",
    ]


def test_a_word_that_two_lessons_list_is_found(copy):
    for name in (LESSON_FILE, "lessons/01_pixels.md"):
        append(name, "\n## Words to look up\n\n- [no such word](GLOSSARY.md#no-such-word): means nothing.\n")(copy)
    said = [text for text in course_problems(READY) if "no such word" in text]
    assert said == [f"01_pixels.md and {STEM}.md both list 'no such word'. Keep it in the lesson that introduces it."]


def test_no_submission_runs(monkeypatch):
    def refuse(*arguments: object, **keywords: object) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    assert list(problems(LESSON)) == []


def test_the_course_lacks_nothing(capsys):
    assert run(["dev", "check"]) == 0
    assert capsys.readouterr().out == "Nothing is missing.\n"
    assert list(course_problems(READY)) == []


def test_the_command_prints_each_sentence_and_fails(capsys, monkeypatch):
    monkeypatch.setattr(course_check, "problems", lambda lesson: iter([f"{lesson.slug} lacks a file. Add it."]))
    assert run(["dev", "check", "dense"]) == 1
    assert capsys.readouterr().out == "dense lacks a file. Add it.\n"
    assert run(["dev", "check", "no_such_lesson"]) == 2
