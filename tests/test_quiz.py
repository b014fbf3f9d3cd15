"""The predictions: what authors write, what is made of it, and how learners answer in a terminal and in a notebook."""

import json
import os
import re
import shutil
import subprocess
import sys
import threading
import tomllib
from dataclasses import dataclass
from datetime import date, timedelta

import nbformat
import pytest
from conftest import READY
from nbclient import NotebookClient
from test_cli import (
    DIGITS,
    REPOSITORY,
    SEQUENCES,
    SOON,
    STUB,
    Finished,
    Workspace,
    assert_narrow,
    environment,
    read_terminal,
)

from grader.authoring.quiz import predict_blocks, quiz_json, sealed_questions
from grader.course import PACKAGE, CourseError, find_lesson
from grader.quiz import QUIZ_PATH, questions, scramble

ANSWERS = tomllib.loads((REPOSITORY / "solutions" / "quiz.toml").read_text("utf-8"))
LESSONS = [pytest.param(lesson, id=lesson.slug) for lesson in READY]
STATED = re.compile(r"\b(?:(?:It|it|answer|question) is |Answer: \()([a-h])(?=[,.;:)]| and | for )")
PIXELS = ANSWERS["pixels"]
RIGHT = {answer["key"]: answer["answer"] for answer in PIXELS}
KEYS = list(RIGHT)

posix = pytest.mark.skipif(os.name == "nt", reason="the terminals and locks here are those of POSIX")


def lesson_text(lesson) -> str:
    return (REPOSITORY / "lessons" / f"{lesson.stem}.md").read_text("utf-8")


def words(printed: str) -> str:
    """What was printed, whatever the line breaks."""
    return " ".join(SEQUENCES.sub("", printed).split())


# What authors write, and what is made of it


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_predict_block_can_be_asked_and_has_an_answer_and_a_reason(lesson):
    asked = questions(lesson)
    assert len(asked) == lesson_text(lesson).count("**Predict.**") >= 2
    assert [question.key for question in asked] == [answer["key"] for answer in ANSWERS[lesson.slug]]
    for question, answer in zip(asked, ANSWERS[lesson.slug], strict=True):
        assert question.right == answer["answer"]
        assert question.reason == " ".join(answer["reason"].split())
        assert question.reason.endswith((".", "!", "?"))
        assert len(question.reason) < 250
        assert re.fullmatch(r"[a-z][a-z0-9_]*", question.key)
        assert not re.search(r"<!--|\*\*\w|\$", question.told + "".join(question.choices.values()))


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_answer_is_the_one_that_the_lesson_gives(lesson):
    _, *parts = lesson_text(lesson).split("**Predict.**")
    for question, text in zip(questions(lesson), parts, strict=True):
        stated = STATED.findall(text)
        assert stated in ([question.right], []), question.text
        assert stated or f": {question.right}. " in " ".join(text.split())


def test_the_file_is_in_step():
    assert QUIZ_PATH.read_text("utf-8") == quiz_json(), "run ./digits dev build"


def test_no_answer_is_in_plain_sight():
    assert b"generated" in QUIZ_PATH.read_bytes()[:20]
    sealed = [question.sealed for lesson in READY for question in questions(lesson)]
    assert len(set(sealed)) == len(sealed)  # a letter looks different everywhere
    assert all(re.fullmatch("[0-9a-f]{32}", each) for each in sealed)
    told = [question.reason[:40].encode() for lesson in READY for question in questions(lesson)]
    for path in PACKAGE.rglob("*"):
        if path.suffix in {".py", ".toml", ".json", ".md"}:
            assert not [reason for reason in told if reason in path.read_bytes()], path


def test_a_wrong_letter_opens_nothing():
    for question in questions(find_lesson("dense")):
        for letter in question.choices:
            opened = scramble(question, letter, bytes.fromhex(question.scrambled))
            assert (opened == question.reason.encode()) == (letter == question.right) == question.is_right(letter)


def test_choices_may_stand_on_one_line_on_several_or_in_a_list():
    for choices in (
        "a) 1 b) f(x) or *so* c) `2`",
        "a) 1\n> b) f(x)\n> or so\n> c) `2`",
        "- a) 1\n> - b) f(x) or so\n> - c) `2`",
    ):
        [(asked, found)] = predict_blocks(
            f"> **Predict.** How *many*\n> are `a  b` <!-- true: x = 1 +- 0 -->?\n>\n> {choices}\n"
        )
        assert asked == "How many are `a b`?"
        assert found == {"a": "1", "b": "f(x) or so", "c": "`2`"}


def test_a_remark_after_the_choices_is_no_choice():
    [(_, choices)] = predict_blocks("> **Predict.** Which?\n>\n> a) 1 b) 2\n>\n> (Or c) none?)\n\n> A quotation.\n")
    assert choices == {"a": "1", "b": "2"}


@pytest.mark.parametrize("choices", ["", "a) 1", "b) 1 c) 2", "a) 1 c) 2"])
def test_choices_that_are_not_a_b_and_so_on_are_refused(choices):
    with pytest.raises(CourseError, match="'Which\\?' are not a\\), b\\)"):
        predict_blocks(f"> **Predict.** Which?\n>\n> {choices}\n")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda answers: answers[1:], "01_pixels.md asks 'Two bytes.*answers it 0 times"),
        (lambda answers: [*answers, answers[0] | {"key": "more"}], "01_pixels.md asks 'Two bytes.*answers it 2 times"),
        (lambda answers: [*answers, answers[0] | {"key": "more", "asks": "What?"}], "'What.', which 01_pixels.md does"),
        (lambda answers: [answers[0] | {"key": "mean_image"}, *answers[1:]], "pixels.*have the same key"),
        (lambda answers: [answers[0] | {"answer": "e"}, *answers[1:]], "'byte_sum', 'e', is not one of the choices"),
        (lambda answers: [{"key": "byte_sum"}, *answers[1:]], "pixels.*missing.*'asks'"),
        (lambda answers: [answers[0] | {"resaon": "so"}, *answers[1:]], "pixels.*'resaon'"),
    ],
)
def test_answers_that_do_not_fit_their_lesson_are_refused_in_a_sentence(change, sentence):
    with pytest.raises(CourseError, match=sentence):
        list(sealed_questions(find_lesson("pixels"), change(PIXELS)))


# A copy of the course


@dataclass
class Copy(Workspace):
    """A copy of the course, with its own commands."""

    def digits(self, *arguments: str, **options: str) -> Finished:
        program = "from grader.cli import main; main()"
        return self.run(sys.executable, "-c", program, *arguments, PYTHONPATH=str(self.folder), **options)

    def replace(self, path: str, old: str, new: str) -> None:
        text = (self.folder / path).read_text("utf-8")
        assert old in text
        (self.folder / path).write_text(text.replace(old, new), "utf-8")


@pytest.fixture
def copy(tmp_path):
    for name in ("grader", "lessons", "exercises", "solutions"):
        ignored = shutil.ignore_patterns("__pycache__", "images", "*.npz")
        shutil.copytree(REPOSITORY / name, tmp_path / name, ignore=ignored)
    return Copy(tmp_path)


@pytest.mark.thorough
def test_a_changed_question_makes_the_build_stale_and_a_build_fixes_it(copy):
    copy.replace("lessons/01_pixels.md", "What does the mean image look like?", "What does it look like?")
    stale = copy.digits("dev", "build", "--check")
    assert (stale.status, stale.err) == (1, "")
    assert stale.out.splitlines()[0].startswith("grader/quiz.json is out of date")
    built = copy.digits("dev", "build")
    assert (built.status, built.err) == (0, "")
    told = re.fullmatch(r"grader/quiz\.json rewritten\. Its old version is now (\S+)\n", built.out)
    assert told, built.out
    assert (copy.folder / told[1]).read_bytes() == (REPOSITORY / "grader/quiz.json").read_bytes()
    assert "What does it look like?" in words(copy.digits("quiz", "pixels", typed="s\n").out)


@pytest.mark.thorough
def test_a_copy_without_solutions_and_lessons_asks_all_the_same(copy):
    shutil.rmtree(copy.folder / "solutions")
    shutil.rmtree(copy.folder / "lessons")
    shown = copy.digits("quiz", "pixels", typed=f"{RIGHT[KEYS[0]]}\n")
    assert shown.status == 0
    assert "Right." in shown.out
    assert words(PIXELS[0]["reason"]) in words(shown.out)
    copy.replace("grader/quiz.json", "and divide by 60,000", "and divide by 6")
    changed = copy.digits("quiz", "pixels", typed="c\n")
    assert changed.status == 2
    assert "quiz.json was changed by hand" in changed.err
    (copy.folder / "grader" / "quiz.json").unlink()
    assert "has no questions" in copy.digits("quiz", "pixels").out
    assert copy.digits("next").status == 0


# In a terminal


@dataclass
class Learner(Workspace):
    """A learner who types."""

    def predict(self, *arguments: str, typed: str = "", **variables: str) -> Finished:
        """Run `digits quiz` with lines from a pipe."""
        return self.digits("quiz", *arguments, typed=typed, **variables)

    def press(self, *arguments: str, keys: bytes) -> Finished:
        """Run `digits quiz` on a terminal and press a key at each prompt."""
        import pty
        import termios

        from test_watch import take_terminal

        ours, theirs = pty.openpty()
        modes = termios.tcgetattr(ours)
        process = subprocess.Popen(
            [DIGITS, "quiz", *arguments],
            cwd=self.folder,
            env=environment({"PYTHONIOENCODING": "utf-8", "TERM": "xterm-256color", "COLUMNS": "80"}),
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            preexec_fn=take_terminal,  # noqa: PLW1509 (nothing else makes ctrl-C a signal)
        )
        os.close(theirs)
        printed, pressed = b"", 0
        overdue = threading.Timer(SOON, process.kill)
        overdue.start()
        try:
            while part := read_terminal(ours):
                printed += part
                if SEQUENCES.sub("", printed.decode("utf-8", "ignore")).count("q quits) ") > pressed < len(keys):
                    os.write(ours, keys[pressed : pressed + 1])
                    pressed += 1
            status = process.wait(SOON)
            assert termios.tcgetattr(ours) == modes
        finally:
            overdue.cancel()
            process.kill()
            os.close(ours)
        text = SEQUENCES.sub("", printed.decode().replace("\r\n", "\n"))
        assert "Traceback" not in text
        return Finished(status, text)

    @property
    def stored(self) -> dict:
        return json.loads(self.progress.read_text("utf-8"))

    def have_solved(self, count: int, **fields: object) -> None:
        moment = "2026-03-01T18:04:10+01:00"
        solved = {lesson.slug: {"best": 10, "out_of": 10, "solved_at": moment} for lesson in READY[:count]}
        self.progress.parent.mkdir(exist_ok=True)
        self.progress.write_text(json.dumps({"format": 3, "exercises": solved, "answers": {}} | fields), "utf-8")


@pytest.fixture
def learner(tmp_path):
    (tmp_path / "exercises").mkdir()
    made = Learner(tmp_path)
    made.hold(STUB)
    return made


def wrong(key: str) -> str:
    return next(letter for letter in "ab" if letter != RIGHT[key])


def test_answers_are_judged_explained_and_kept_and_do_not_affect_the_points(learner):
    typed = [RIGHT[KEYS[0]], wrong(KEYS[1]), f"{RIGHT[KEYS[2]].upper()}) surely", RIGHT[KEYS[3]]]
    shown = learner.predict("pixels", typed="\n".join(typed) + "\n")
    assert (shown.status, shown.err) == (0, "")
    assert_narrow(shown.out)
    assert shown.out.count("Right.") == 3
    assert f"No. Answer: ({RIGHT[KEYS[1]]}) a soft oval blot" in shown.out
    for answer, question in zip(PIXELS, questions(find_lesson("pixels")), strict=True):
        assert words(answer["reason"]) in words(shown.out)
        assert question.told in words(shown.out)
        assert all(f"{letter}) {choice}" in words(shown.out) for letter, choice in question.choices.items())
    assert "do not affect your points" in shown.out
    assert "4 of 4 answered, 3 of them right." in shown.out
    assert learner.stored["answers"] == {"pixels": RIGHT | {KEYS[1]: wrong(KEYS[1])}}
    assert learner.stored["exercises"] == {}


@pytest.mark.thorough
def test_what_was_answered_is_not_asked_again_unless_wished(learner):
    first = learner.predict("pixels", typed=f"{wrong(KEYS[0])}\ns\nq\n")
    assert "1 of 4 answered, 0 of them right." in first.out
    assert "Continue with: ./digits quiz pixels\n" in first.out
    second = learner.predict("1", typed="".join(f"{RIGHT[key]}\n" for key in KEYS[1:]))
    assert "1 of 4\n" not in second.out
    assert "4 of 4 answered, 3 of them right." in second.out
    third = learner.predict("pixels")
    assert "of 4\n" not in third.out
    assert "./digits quiz pixels --again" in third.out
    fourth = learner.predict("pixels", "--again", typed=f"{RIGHT[KEYS[0]]}\n")
    assert "4 of 4 answered, 4 of them right." in fourth.out


def test_without_a_name_it_is_the_lesson_that_one_is_at(learner):
    assert "Pixels" in learner.predict().out
    learner.have_solved(1)
    assert "nearest mean" in learner.predict().out


def test_what_is_no_choice_is_asked_for_again(learner):
    shown = learner.predict("pixels", typed=f"\n?\n300\n\x1b[31m\n{RIGHT[KEYS[0]]}\n")
    assert shown.out.count("Please type a, b, c or d.") == 4
    assert "\x1b" not in shown.out
    assert "1 of 4 answered, 1 of them right." in shown.out


def test_the_old_name_of_the_quiz_still_works_and_says_so(learner):
    typed = f"{RIGHT[KEYS[0]]}\n"
    old = learner.digits("predict-it", "pixels", typed=typed)
    assert old.status == 0
    assert old.err == 'digits: "predict-it" is now called "quiz"; the old name goes away in version 0.3.\n'
    assert learner.stored["answers"] == {"pixels": {KEYS[0]: RIGHT[KEYS[0]]}}
    assert old.out.replace(" --again", "") == learner.predict("pixels", "--again", typed=typed).out
    assert "predict-it" not in learner.digits("--help").out


def test_without_anybody_to_answer_it_ends(learner):
    shown = learner.predict("pixels")
    assert (shown.status, shown.err) == (0, "")
    assert "None answered yet." in shown.out
    assert not learner.progress.exists()


def test_plain_characters_will_do(learner):
    shown = learner.predict("convolution", typed="b\n" * 6, PYTHONIOENCODING="ascii")
    assert shown.status == 0
    assert shown.out.isascii()
    assert_narrow(shown.out)


def test_an_unknown_lesson_ends_in_a_sentence(learner):
    shown = learner.predict("pixle")
    assert (shown.status, shown.out) == (2, "")
    assert "There is no exercise called 'pixle'. Did you mean pixels?" in shown.err


@posix
def test_on_a_terminal_single_keys_do(learner):
    shown = learner.press("pixels", keys=f"{RIGHT[KEYS[0]]}s\n{RIGHT[KEYS[2]]}q".encode())
    assert shown.status == 0
    assert shown.out.count("Right.") == 2
    assert "2 of 4 answered, 2 of them right." in shown.out
    assert learner.stored["answers"] == {"pixels": {key: RIGHT[key] for key in (KEYS[0], KEYS[2])}}


@pytest.mark.sampled
@posix
@pytest.mark.parametrize(("key", "status"), [(b"\x03", 130), (b"\x04", 0)], ids=["ctrl-C", "ctrl-D"])
def test_leaving_keeps_what_was_answered(learner, key, status):
    shown = learner.press("pixels", keys=RIGHT[KEYS[0]].encode() + key)
    assert shown.status == status
    assert "1 of 4 answered, 1 of them right." in shown.out
    assert "Continue with: ./digits quiz pixels" in words(shown.out)
    assert learner.stored["answers"] == {"pixels": {KEYS[0]: RIGHT[KEYS[0]]}}


def test_a_place_that_cannot_be_written_ends_in_a_sentence(learner):
    learner.progress.parent.write_text("a file where the folder should be", "utf-8")
    shown = learner.predict("pixels", typed=f"{RIGHT[KEYS[0]]}\n{RIGHT[KEYS[1]]}\n")
    assert (shown.status, shown.err) == (0, "")
    assert shown.out.count("(Your answers could not be saved in") == 1
    assert "2 of 4 answered, 2 of them right." in shown.out


@pytest.mark.sampled
@pytest.mark.parametrize(
    "damaged",
    [
        "{",
        '{"format": 2, "exercises": {}, "answers": {"pixels": 3}}',
        '{"format": 3, "exercises": {}, "answers": [], "recalled_on": [1]}',
        '{"format": 3, "exercises": {}, "answers": {"pixels": {"byte_sum": "\\ud800", "mean_image": "zebra"}}}',
        '{"format": 3, "exercises": {}, "answers": {"long_gone": {"no": "c"}}, "recalled_on": {"x": null}}',
    ],
)
def test_a_damaged_progress_file_strands_nobody(learner, damaged):
    learner.progress.parent.mkdir()
    learner.progress.write_text(damaged, "utf-8")
    shown = learner.predict("pixels", typed="".join(f"{RIGHT[key]}\n" for key in KEYS))
    assert (shown.status, shown.err) == (0, "")
    assert "4 of 4 answered, 4 of them right." in shown.out
    assert learner.stored["answers"]["pixels"] == RIGHT


# The review question


def shown_question(printed: str) -> tuple[str, str] | None:
    """The lesson and the question that the map or `digits next` shows."""
    found = re.search(r"Do you remember\? from lesson \d+, (\w+) (.+?) a\) ", words(printed))
    return found and found.groups()


@pytest.mark.thorough
def test_the_map_and_next_show_one_review_question_and_the_quiz_asks_it(learner):
    learner.have_solved(6)
    shown = learner.digits()
    slug, told = shown_question(shown.out)
    assert slug in [lesson.slug for lesson in READY[1:5]]  # from the seventh, two to five lessons back
    assert_narrow(shown.out)
    assert "answer ./digits quiz\n" in shown.out
    assert shown_question(learner.digits("next").out) == (slug, told)
    [asked] = [question for question in questions(find_lesson(slug)) if question.told == told]
    answered = learner.predict(typed=f"{asked.right}\n")
    assert shown_question(answered.out) == (slug, told)
    assert "Right." in answered.out
    assert learner.stored["answers"] == {slug: {asked.key: asked.right}}
    for command in ([], ["next"]):  # one a day is enough
        assert shown_question(learner.digits(*command).out) is None
    assert READY[6].title in learner.predict().out
    learner.have_solved(6, answers=learner.stored["answers"], recalled_on=str(date.today() - timedelta(days=1)))
    later = shown_question(learner.digits().out)
    assert later is not None
    assert later != (slug, told)


@pytest.mark.thorough
def test_what_was_answered_wrongly_comes_before_what_is_known(learner):
    back = READY[1:5]
    known = {lesson.slug: {question.key: question.right for question in questions(lesson)} for lesson in back}
    slug, missed = back[2].slug, questions(back[2])[1]
    known[slug][missed.key] = next(letter for letter in missed.choices if letter != missed.right)
    learner.have_solved(6, answers=known)
    assert shown_question(learner.digits("next").out) == (slug, missed.told)
    known[slug][missed.key] = missed.right
    learner.have_solved(6, answers=known)
    assert shown_question(learner.digits("next").out) is not None  # what is known may fade


@pytest.mark.parametrize("answer", ["\ud800", "z"])
def test_an_answer_that_is_no_letter_is_none(learner, answer):
    known = {lesson.slug: {question.key: question.right for question in questions(lesson)} for lesson in READY[1:5]}
    known["dense"]["untrained"] = answer
    learner.have_solved(6, answers=known)
    assert shown_question(learner.digits("next").out) == ("dense", questions(find_lesson("dense"))[0].told)


@pytest.mark.parametrize("solved", [0, 1])
def test_nobody_is_asked_about_what_they_have_just_read(learner, solved):
    learner.have_solved(solved)
    assert shown_question(learner.digits().out) is None


# In a notebook


def test_in_a_notebook_answer_says_the_same_and_keeps_the_answer(learner):
    first = PIXELS[0]
    code = f"""
from grader.lesson import answer
answer("pixels", 1, "{wrong(first["key"])}")
answer("pixels", 1, "{first["answer"].upper()}")
answer("pixels", 9, "a")
answer("pixels", 2, 2)
answer("nowhere", 1, "a")
"""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    NotebookClient(notebook, timeout=SOON, resources={"metadata": {"path": str(learner.folder)}}).execute()
    printed = "".join(output["text"] for output in notebook.cells[0].outputs).splitlines()
    reason = " ".join(first["reason"].split())
    assert printed[:4] == [f"No. Answer: ({first['answer']}) 44", reason, "Right.", reason]
    assert printed[4:6] == [
        "Lesson 1, pixels, has 4 predictions. Choose one from 1 to 4.",
        "Answer with one of a, b, c, d, in quotes.",
    ]
    assert printed[6].startswith("There is no exercise called 'nowhere'.")
    assert learner.stored["answers"] == {"pixels": {first["key"]: first["answer"]}}
