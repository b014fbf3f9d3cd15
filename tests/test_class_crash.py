"""A class whose grading is cut short: what had a result keeps it, nothing is doubled, and the next run goes on."""

import contextlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import time

import pytest
from a_class import DIGITS, ENVIRONMENT, MISTAKES, SOLUTION, SOON, Class

from grader.engine.judge.processors import descendants

pytestmark = pytest.mark.classroom

SIZE = 24
MOMENTS = int(os.environ.get("DIGITS_MOMENTS", "3"))  # at which it is killed; a maintainer may want more
NAMESPACE = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--mount"]


@pytest.fixture
def a_class(tmp_path):
    """A class of whom every third made a mistake."""
    course = Class(tmp_path / "course")
    for number in range(SIZE):
        course.submit(f"student{number:02}", SOLUTION if number % 3 else MISTAKES / "divided-by-256.py")
    return course


def start(a_class: Class) -> subprocess.Popen:
    """Grade in the background, in a process group of its own."""
    command = [DIGITS, "class", "grade", "--seed", "7"]
    return subprocess.Popen(
        command,
        cwd=a_class.root,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    )


def wait_for_records(a_class: Class, number: int) -> None:
    deadline = time.monotonic() + SOON
    while len(list(a_class.root.glob("graded/pixels/[!.]*"))) < number:
        assert time.monotonic() < deadline
        time.sleep(0.005)


def assert_complete(a_class: Class) -> None:
    """Every student has the one right result, and nothing else is left."""
    assert [a_class.score(f"student{number:02}") for number in range(SIZE)] == [
        10 if number % 3 else 8 for number in range(SIZE)
    ]
    assert len(list(a_class.root.glob("graded/pixels/*"))) == len(os.listdir(a_class.root / "graded/pixels")) == SIZE
    assert set(os.listdir(a_class.root / ".digits")) <= {"lock", "seed"}


def soon_gone(processes: set[int]) -> set[int]:
    """Those of some processes that are left after as long as it may take them to end."""
    deadline = time.monotonic() + 20
    while (left := {pid for pid in processes if is_alive(pid)}) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left


def is_alive(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.sampled
@pytest.mark.parametrize("moment", range(MOMENTS))
def test_killing_it_loses_no_result_and_the_next_run_goes_on(a_class, moment):
    chance = random.Random()
    number, pause = chance.randrange(SIZE - 4), chance.random() / 5
    process = start(a_class)
    wait_for_records(a_class, number)
    time.sleep(pause)
    started = set(descendants(process.pid)) - {process.pid}
    os.killpg(process.pid, signal.SIGKILL)
    told, _ = process.communicate()
    assert soon_gone(started) == set(), f"after {number} results and {pause:.2f} s"
    before = a_class.records()  # all that is there can be read
    assert {student for _, student in before} >= set(re.findall(r"student\d\d", told))

    out = a_class.grade()
    missing = SIZE - len(before)
    assert (f" {missing} submission" if missing else f" {SIZE} graded before and unchanged.") in out
    assert_complete(a_class)
    assert {key: record for key, record in a_class.records().items() if key in before} == before


@pytest.mark.thorough
def test_stopping_it_is_quick_to_obey_and_as_harmless(a_class):
    a_class.submit("student98", b"while True: pass")
    a_class.submit("student99", b"while True: pass")
    process = start(a_class)
    wait_for_records(a_class, 20)
    os.kill(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=SOON)
    assert process.returncode == 130
    assert "Traceback" not in out + err
    assert re.search(r"Stopped\. \d+ of \d+ are graded; run it again to go on\.", out)
    assert not {"student98", "student99"} & {student for _, student in a_class.records()}
    shutil.rmtree(a_class.root / "submitted" / "student98")
    shutil.rmtree(a_class.root / "submitted" / "student99")
    a_class.grade()
    assert_complete(a_class)


@pytest.mark.thorough
def test_a_forced_run_that_is_killed_goes_on_with_what_it_has_not_graded(a_class):
    a_class.grade()
    first = {student: a_class.record(student)["graded"] for _, student in a_class.records()}
    time.sleep(1)  # times of grading are told in seconds
    command = [DIGITS, "class", "grade", "--seed", "7", "--force", "--jobs", "1"]
    process = subprocess.Popen(command, cwd=a_class.root, env=ENVIRONMENT, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + SOON
    while not any(record["graded"] != first[student] for (_, student), record in a_class.records().items()):
        assert time.monotonic() < deadline
    process.kill()
    process.wait()
    assert_complete(a_class)
    a_class.grade()
    assert not [student for (_, student), record in a_class.records().items() if record["graded"] == first[student]]


@pytest.mark.thorough
def test_a_zygote_that_dies_costs_nothing(a_class):
    slow = "def {}(*arguments, **keywords):\n    time.sleep(8)\n"  # for long enough on a busy machine, too
    names = ("label_counts", "scale_pixels")
    a_class.submit("zara", "\n\n".join(["import time", *map(slow.format, names)]).encode())
    process = start(a_class)
    wait_for_records(a_class, SIZE)
    time.sleep(1.5)  # until zara's is being graded, too
    zygote = next(pid for pid in descendants(process.pid) if "grader.engine.runner.zygote" in command_of(pid))
    os.kill(zygote, signal.SIGKILL)
    _, err = process.communicate(timeout=SOON)
    assert (process.returncode, err) == (0, "")
    verdict = a_class.verdict("zara")
    assert verdict["outcome"] == "graded"
    assert "has ended" not in json.dumps(verdict)


def command_of(pid: int) -> str:
    with contextlib.suppress(OSError), open(f"/proc/{pid}/cmdline") as file:
        return file.read()
    return ""


@pytest.mark.thorough
@pytest.mark.skipif(
    not shutil.which("unshare") or subprocess.run([*NAMESPACE, "true"], check=False, capture_output=True).returncode,
    reason="needs unshare to mount a small disk",
)
def test_a_full_disk_is_told_and_the_next_run_goes_on(a_class):
    (a_class.root / "graded").mkdir()
    script = f"""
        mount -t tmpfs -o size=32k none graded
        {DIGITS} class grade --seed 7 > full.out 2> full.err; echo $? > status
        mkdir survivors; cp -a graded/. survivors
        mount -o remount,size=1m none graded
        {DIGITS} class grade --seed 7 > again.out 2> again.err
        cp -a graded/. kept; umount graded; cp -a kept/. graded; rm -r kept
    """
    subprocess.run([*NAMESPACE, "bash", "-c", script], cwd=a_class.root, env=ENVIRONMENT, check=True, timeout=SOON)
    assert (a_class.root / "status").read_text() == "3\n"
    err = (a_class.root / "full.err").read_text()
    assert re.fullmatch(r"digits: graded cannot be written \(No space left on device\)\. [^\n]+\n", err)
    survivors = list((a_class.root / "survivors" / "pixels").iterdir())
    assert 0 < len(survivors) < SIZE
    assert (a_class.root / "again.err").read_text() == ""
    assert f" {SIZE - len(survivors)} submissions to grade" in (a_class.root / "again.out").read_text()
    assert_complete(a_class)
    for path in survivors:
        assert path.read_bytes() == a_class.record_path(path.stem).read_bytes()


def test_a_place_that_cannot_be_written_is_told(a_class):
    (a_class.root / "graded").write_text("in the way")
    finished = a_class.digits("grade")
    assert finished.status == 3
    assert re.fullmatch(r"digits: graded cannot be written \([^\n]+\)\. [^\n]+\n", finished.err)
    assert (a_class.root / "graded").read_text() == "in the way"
    (a_class.root / "graded").unlink()
    shutil.rmtree(a_class.root / ".digits")
    (a_class.root / ".digits").write_text("in the way")
    finished = a_class.digits("grade")
    assert finished.status == 3
    assert re.fullmatch(r"digits: .digits cannot be written \([^\n]+\)\. [^\n]+\n", finished.err)
