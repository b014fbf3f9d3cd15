"""The progress file: what it keeps, what it survives, and how it is rebuilt."""

import json
import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from test_cli import DIGITS, MISTAKES, REPOSITORY, SOLUTION, STUB, Workspace, assert_narrow, rows

from grader.course import find_lesson
from grader.progress.record import read_progress, record_answer, record_check

pytestmark = pytest.mark.skipif(os.name == "nt", reason="grading needs POSIX")

PIXELS = find_lesson("pixels")


@pytest.fixture
def learner(tmp_path):
    (tmp_path / "exercises").mkdir()
    made = Workspace(tmp_path)
    made.hold(STUB)
    return made


def write(learner: Workspace, content: object) -> None:
    learner.progress.parent.mkdir(exist_ok=True)
    learner.progress.write_text(json.dumps(content), "utf-8")


def stored(learner: Workspace) -> dict:
    return json.loads(learner.progress.read_text("utf-8"))


def ago(minutes: float) -> datetime:
    return datetime.now().astimezone().replace(microsecond=0) - timedelta(minutes=minutes)


def set_aside(learner: Workspace) -> list[Path]:
    return list(learner.progress.parent.glob("progress-damaged-*.json"))


# What is kept


def test_best_and_latest_points_are_kept_and_the_map_shows_the_best(learner):
    for source, latest, best in (
        (STUB, 0, 0),
        (MISTAKES / "divided-by-256.py", 8, 8),
        (SOLUTION, 10, 10),
        (STUB, 0, 10),
    ):
        learner.hold(source)
        assert learner.digits("check", "pixels").status == 0
        kept = stored(learner)["exercises"]["pixels"]
        assert (kept["latest"], kept["best"], kept["out_of"]) == (latest, best, 10)
        assert ("solved_at" in kept) == (best == 10)
        shown = learner.digits().out
        assert rows(shown)["pixels"].endswith(f" {best}/10")
        assert f"\n {best} of " in shown
        assert ("./digits watch pixels" in shown) == (best < 10)
    assert {path.name for path in learner.progress.parent.iterdir()} == {"progress.json", "progress.lock"}


@pytest.mark.thorough
def test_a_submission_that_cannot_be_loaded_earns_nothing_and_costs_nothing(learner):
    learner.hold(MISTAKES / "divided-by-256.py")
    learner.digits("check", "pixels")
    learner.exercise.write_text("def broken(:\n", "utf-8")
    learner.digits("check", "pixels")
    record = read_progress(learner.folder).of(PIXELS)
    assert (record.latest, record.best) == (0, 8)


@pytest.mark.sampled
@pytest.mark.parametrize(
    ("checked", "saved", "least", "most"),
    [(6, 1, 300, 600), (600, 1, 900, 900), (6, 60, 0, 0)],
    ids=["a short while", "after a long break", "nothing was saved in between"],
)
def test_time_spent_is_what_lies_between_two_checks_with_a_save_in_between(learner, checked, saved, least, most):
    write(learner, {"format": 3, "exercises": {"pixels": {"latest": 0, "latest_at": ago(checked).isoformat()}}})
    os.utime(learner.exercise, (ago(saved).timestamp(),) * 2)
    learner.digits("check", "pixels")
    assert least <= read_progress(learner.folder).of(PIXELS).seconds <= most


def test_the_map_tells_the_time_spent(learner):
    write(learner, {"format": 2, "exercises": {"pixels": {"seconds": 3900}, "dense": {"seconds": 600}}})
    shown = learner.digits().out
    assert " 1h05 " in rows(shown)["pixels"]
    assert " 10m " in rows(shown)["dense"]
    assert "about 1h15 of work" in shown
    assert_narrow(shown)


def test_answers_are_kept_by_lesson_and_question(tmp_path):
    record_answer(tmp_path, "dense", "first_loss", "a")
    record_answer(tmp_path, "dense", "first_loss", "c")
    record_answer(tmp_path, "cnn", "shapes", "b")
    record_check(tmp_path, "dense", 3, 10)
    assert read_progress(tmp_path).answers == {"dense": {"first_loss": "c"}, "cnn": {"shapes": "b"}}


def test_of_commands_at_once_none_loses_what_another_wrote(tmp_path):
    code = """
import sys, pathlib
from grader.progress.record import record_answer
record_answer(pathlib.Path(), 'dense', sys.argv[1], 'a')
"""
    started = [subprocess.Popen([sys.executable, "-c", code, str(number)], cwd=tmp_path) for number in range(12)]
    assert [process.wait(120) for process in started] == [0] * 12
    assert set(read_progress(tmp_path).answers["dense"]) == {str(number) for number in range(12)}


# Updates of the course


@pytest.mark.thorough
def test_what_was_solved_stays_solved_when_the_lesson_is_worth_more_or_less(learner):
    moment = ago(60).isoformat()
    for best in (8, 12):
        entry = {"best": best, "out_of": best, "best_at": moment, "latest": best, "latest_at": moment}
        write(learner, {"format": 3, "exercises": {"pixels": entry | {"solved_at": moment}}})
        shown = learner.digits().out
        assert "●" in rows(shown)["pixels"]
        assert rows(shown)["pixels"].endswith(f" {min(best, 10)}/10")
        assert "./digits watch pixels" not in shown
    learner.digits("check", "pixels")  # an untouched stub
    assert "●" in rows(learner.digits().out)["pixels"]


def test_lessons_that_are_gone_and_fields_of_a_newer_version_are_kept(learner):
    newer = {
        "format": 99,
        "exercises": {"pixels": {"best": 3, "badge": "gold"}, "perceptron": {"best": 9, "out_of": 10}},
        "answers": {"perceptron": {"sign": "b"}},
        "streak": [1, 2, 3],
    }
    write(learner, newer)
    learner.hold(SOLUTION)
    assert learner.digits("check", "pixels").status == 0
    now = stored(learner)
    assert now["exercises"].pop("pixels")["badge"] == "gold"
    assert now["exercises"] == {"perceptron": {"best": 9, "out_of": 10}}
    assert (now["format"], now["answers"], now["streak"]) == (99, newer["answers"], [1, 2, 3])
    assert not set_aside(learner)


@pytest.mark.parametrize("number", [2, 3])
def test_a_record_is_kept_whatever_the_format_was(learner, number):
    """Format 2 named the hints differently. What changes nothing writes nothing; the next change writes format 3."""
    hints, moment = {"scale_pixels": 2, "one_hot": 1}, ago(60).isoformat()
    entry = {"best": 8, "out_of": 10, "best_at": moment, "latest": 8, "latest_at": moment, "seconds": 60}
    renamed = {2: "rungs", 3: "hints_shown"}[number]
    others = {"answers": {"dense": {"untrained": "c"}}, "recalled_on": "2026-03-02"}
    write(learner, {"format": number, "exercises": {"pixels": entry | {renamed: hints}}} | others)
    before = learner.progress.read_bytes()
    record = read_progress(learner.folder).of(PIXELS)
    assert (record.hints_shown, record.best, record.seconds) == (hints, 8, 60)
    assert learner.progress.read_bytes() == before
    record_answer(learner.folder, "dense", "untrained", "c")  # which it holds already
    assert learner.progress.read_bytes() == before
    record_answer(learner.folder, "cnn", "shapes", "b")
    others["answers"]["cnn"] = {"shapes": "b"}
    assert stored(learner) == {"format": 3, "exercises": {"pixels": entry | {"hints_shown": hints}}} | others
    assert not set_aside(learner)


def test_the_next_hint_follows_those_that_format_2_has_recorded(learner):
    learner.hold(MISTAKES / "divided-by-256.py")
    write(learner, {"format": 2, "exercises": {"pixels": {"rungs": {"scale_pixels": 1}}}, "answers": {}})
    assert "hint 2 of 3" in learner.digits("hint", "pixels").out
    assert stored(learner)["exercises"]["pixels"]["hints_shown"] == {"scale_pixels": 2}


def test_the_first_format_is_read_and_renewed(learner):
    write(learner, {"points": {"pixels": 8, "perceptron": 5}})
    assert rows(learner.digits().out)["pixels"].endswith(" 8/10")
    learner.digits("check", "pixels")
    assert stored(learner)["exercises"]["pixels"]["best"] == 8
    assert stored(learner)["exercises"]["perceptron"] == {"best": 5}
    assert not set_aside(learner)


# Damage

DAMAGED = {
    "empty": b"",
    "half written": b'{"format": 3, "exercises": {"pix',
    "no JSON": b"points: 3",
    "no UTF-8": b"\xff\xfe\x00",
    "a list": b"[1, 2]",
    "no exercises": b"{}",
    "exercises are a list": b'{"format": 3, "exercises": [1]}',
    "answers are a number": b'{"format": 3, "exercises": {}, "answers": 3}',
    "a record is a word": b'{"format": 3, "exercises": {"pixels": "ten"}}',
    "points are words": b'{"format": 3, "exercises": {"pixels": {"best": "many"}}}',
    "points are null": b'{"points": {"pixels": null}}',
    "points are not a number": b'{"format": 3, "exercises": {"pixels": {"best": NaN}}}',
    "points are infinite": b'{"format": 3, "exercises": {"pixels": {"best": 1e999}}}',
    "points are huge": b'{"format": 3, "exercises": {"pixels": {"best": 1' + b"0" * 400 + b"}}}",
    "a time is a word": b'{"format": 3, "exercises": {"pixels": {"solved_at": "yesterday"}}}',
    "a time has no zone": b'{"format": 3, "exercises": {"pixels": {"latest_at": "2026-03-01T18:04:10"}}}',
    "a level of format 2 is a word": b'{"format": 2, "exercises": {"pixels": {"rungs": {"one_hot": "two"}}}}',
    "the hints of format 2 are a list": b'{"format": 2, "exercises": {"pixels": {"rungs": [1]}}}',
    "exercises of format 2 are a list": b'{"format": 2, "exercises": [1]}',
    "a level is a word": b'{"format": 3, "exercises": {"pixels": {"hints_shown": {"one_hot": "two"}}}}',
    "nested": b"[" * 100_000,
}


@pytest.mark.sampled
@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_file_is_set_aside_and_rebuilt_from_the_work(learner, content):
    learner.hold(SOLUTION)
    learner.progress.parent.mkdir()
    learner.progress.write_bytes(content)
    shown = learner.digits()
    assert (shown.status, shown.err) == (0, "")
    [kept] = set_aside(learner)
    assert kept.read_bytes() == content
    assert "progress file was damaged" in shown.out
    assert f".digits/{kept.name}" in shown.out
    assert_narrow(shown.out)
    assert rows(shown.out)["pixels"].endswith(" 10/10")
    again = learner.digits().out
    assert "damaged" not in again
    assert rows(again)["pixels"].endswith(" 10/10")


def test_check_rebuilds_a_damaged_file_too(learner):
    learner.progress.parent.mkdir()
    learner.progress.write_text("{", "utf-8")
    (learner.folder / "exercises" / "02_baseline.py").write_bytes(
        (REPOSITORY / "solutions/02_baseline.py").read_bytes()
    )
    checked = learner.digits("check", "pixels")
    assert "progress file was damaged" in checked.out
    assert rows(learner.digits().out)["baseline"].endswith(" 10/10")


@pytest.mark.thorough
def test_what_would_have_to_be_trained_is_unknown_until_its_next_check(learner):
    """What is not written to the end was not solved, so there is nothing to be unknown about."""
    for stem in ("05_dense", "10_cnn"):
        folder = "solutions" if stem == "05_dense" else "exercises"
        (learner.folder / "exercises" / f"{stem}.py").write_bytes((REPOSITORY / folder / f"{stem}.py").read_bytes())
    learner.progress.parent.mkdir()
    learner.progress.write_text("oh no", "utf-8")
    for _ in range(2):
        shown = rows(learner.digits().out)
        assert shown["dense"].endswith(" ?/10")
        assert shown["cnn"].endswith(" 0/10")
    record_check(learner.folder, "dense", 4, 10)
    assert rows(learner.digits().out)["dense"].endswith(" 4/10")


def test_one_damaged_record_costs_no_other(learner):
    sound = {"best": 7, "out_of": 10}
    write(
        learner, {"format": 3, "exercises": {"dense": sound, "pixels": {"best": None}}, "answers": {"cnn": {"a": "b"}}}
    )
    learner.hold(SOLUTION)
    shown = rows(learner.digits().out)
    assert shown["dense"].endswith(" 7/10")
    assert shown["pixels"].endswith(" 10/10")
    assert stored(learner)["exercises"]["dense"] == sound
    assert stored(learner)["answers"] == {"cnn": {"a": "b"}}
    assert len(set_aside(learner)) == 1


@pytest.mark.thorough
def test_a_folder_in_the_files_place_is_set_aside_with_what_is_in_it(learner):
    learner.progress.mkdir(parents=True)
    (learner.progress / "note.txt").write_text("mine", "utf-8")
    learner.hold(SOLUTION)
    assert learner.digits("check", "pixels").status == 0
    assert rows(learner.digits().out)["pixels"].endswith(" 10/10")
    [kept] = set_aside(learner)
    assert (kept / "note.txt").read_text("utf-8") == "mine"


@pytest.mark.sampled
@pytest.mark.parametrize("obstacle", ["a file where the folder belongs", "a full disk"])
def test_points_that_cannot_be_kept_are_shown_and_told_about(learner, obstacle):
    before = {"format": 2, "exercises": {"pixels": {"best": 3}}, "answers": {}, "more": "x" * 5 * 2**20}
    if obstacle == "a file where the folder belongs":
        learner.progress.parent.write_text("", "utf-8")
    else:
        write(learner, before)
    learner.hold(SOLUTION)
    checked = learner.run("bash", "-c", f"ulimit -f 4096; exec {DIGITS} check pixels")
    assert checked.status == 0
    assert "10 of 10 points" in checked.out
    assert "could not be saved" in checked.out
    assert learner.digits().status == 0
    if learner.progress.is_file():
        assert stored(learner) == before


def test_a_full_disk_leaves_the_file_as_it_was(tmp_path):
    record_check(tmp_path, "pixels", 3, 10)
    before = (tmp_path / ".digits" / "progress.json").read_bytes()
    code = (
        "import resource, pathlib, grader.progress.record as p; resource.setrlimit(resource.RLIMIT_FSIZE, (9, 9))\n"
        "try: p.record_check(pathlib.Path('.'), 'pixels', 10, 10)\n"
        "except OSError: print('full')"
    )
    finished = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert finished.stdout == "full\n"
    assert {path.name for path in (tmp_path / ".digits").iterdir()} == {"progress.json", "progress.lock"}
    assert (tmp_path / ".digits" / "progress.json").read_bytes() == before
