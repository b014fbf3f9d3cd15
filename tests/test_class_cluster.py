"""`digits class grade --cluster`: the same results from other processes, even if some are lost."""

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from a_class import DIGITS, ENVIRONMENT, MISTAKES, SOLUTION, SOON, STUB, Class

from grader.classroom.grade import cluster as cluster_module
from grader.classroom.grade.cluster import grade_here, own_grader
from grader.classroom.grade.queue import checks_fingerprint
from grader.classroom.grade.workers import Work
from grader.course import CourseError, find_lesson
from grader.engine.isolation import root
from grader.engine.judge.source import read_source

PIXELS = find_lesson("pixels")

pytestmark = pytest.mark.classroom

pytest.importorskip("distributed")

DASK = [sys.executable, "-m", "dask"]
SCHEDULER = [*DASK, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
WORKER = [*DASK, "worker", "--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1"]


class Cluster:
    """A scheduler, and workers that are processes of this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes: list[subprocess.Popen] = []
        self._start(SCHEDULER)
        deadline = time.monotonic() + SOON
        while not (folder / "scheduler").is_file() or not (folder / "scheduler").read_text().endswith("}"):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        self.address = json.loads((folder / "scheduler").read_text())["address"]

    def _start(self, command: list[str]) -> subprocess.Popen:
        command = [*command, "--scheduler-file", str(self.folder / "scheduler")]
        log = (self.folder / "log").open("a")
        with log:
            process = subprocess.Popen(command, cwd=self.folder, env=ENVIRONMENT, stdout=log, stderr=log)
        self.processes.append(process)
        return process

    def add_worker(self) -> subprocess.Popen:
        from distributed import Client

        with Client(self.address, set_as_default=False) as client:
            before = len(client.nthreads())
            worker = self._start(WORKER)
            client.wait_for_workers(before + 1, timeout=SOON)
        return worker

    def end(self) -> None:
        for process in reversed(self.processes):
            process.kill()
            process.wait()


@pytest.fixture
def cluster(tmp_path) -> Iterator[Cluster]:
    (tmp_path / "cluster").mkdir()
    cluster = Cluster(tmp_path / "cluster")
    yield cluster
    cluster.end()


@pytest.fixture
def a_class(tmp_path):
    course = Class(tmp_path / "course")
    works = [SOLUTION, STUB, *sorted(MISTAKES.glob("*.py"))[:9]]
    for number, work in enumerate(works):
        course.submit(f"student{number:02}", work)
    course.submit("broken", b"def broken(:\n")
    course.place("empty").mkdir(parents=True)  # nothing was submitted
    return course


def verdicts(a_class: Class) -> dict[str, dict]:
    return {student: a_class.verdict(student) for _, student in a_class.records()}


@pytest.mark.thorough
def test_a_cluster_gives_the_same_results_and_losing_a_worker_loses_nothing(a_class, cluster, tmp_path):
    finished = a_class.digits("grade", "--cluster", cluster.address)
    assert finished.status == 2
    assert "has no workers yet" in finished.err

    a_class.grade()
    here = verdicts(a_class)
    worker = cluster.add_worker()
    cluster.add_worker()
    out = a_class.grade("--force", "--cluster", cluster.address)
    assert " 12 submissions to grade, 2 at a time." in out
    assert verdicts(a_class) == here

    a_class.submit("slow", b"import time\n\n\ndef label_counts(labels, num_classes=10):\n    time.sleep(4)\n")
    command = [DIGITS, "class", "grade", "--seed", "7", "--force", "--cluster", cluster.address]
    with subprocess.Popen(
        command, cwd=a_class.root, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    ) as process:
        for line in process.stdout:
            if re.match(r" student0\d", line):  # in the middle
                worker.send_signal(signal.SIGKILL)
                break
        out, err = process.communicate(timeout=SOON)
    assert (process.returncode, err) == (0, "")
    assert verdicts(a_class) == here | {"slow": a_class.verdict("slow")}
    assert a_class.verdict("slow")["outcome"] == "graded"


@pytest.mark.thorough
def test_a_cluster_that_goes_away_ends_the_command_in_a_sentence(a_class, cluster):
    cluster.add_worker()
    process = subprocess.Popen(
        [DIGITS, "class", "grade", "--seed", "7", "--cluster", cluster.address],
        cwd=a_class.root,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    with process:
        process.stdout.readline()
        cluster.end()
        _, err = process.communicate(timeout=SOON)
    assert process.returncode == 3
    assert re.fullmatch(r"digits: The cluster at [^\n]+ is gone or cannot grade \([^\n]+\)\. [^\n]+\n", err)
    before = a_class.records()
    a_class.grade()
    assert len(a_class.records()) == 12
    assert {key: record for key, record in a_class.records().items() if key in before} == before


@pytest.mark.sampled
@pytest.mark.parametrize("address", ["nonsense", "tcp://127.0.0.1:9"])
def test_no_cluster_at_that_address_is_told(a_class, address):
    finished = a_class.digits("grade", "--cluster", address)
    assert (finished.status, finished.out) == (2, "")
    assert re.fullmatch(r"digits: There is no Dask scheduler at [^\n]+\n", finished.err)


def test_a_worker_refuses_to_grade_where_submissions_could_read_the_course(tmp_path, monkeypatch):
    course, elsewhere = tmp_path / "shown" / "course", tmp_path / "elsewhere"
    course.mkdir(parents=True)
    work = Work(PIXELS, read_source(SOLUTION), b"0")
    checks = checks_fingerprint(PIXELS)
    try:
        verdict = grade_here(work, checks, False, (course, elsewhere))
        if verdict["isolation"] == "none":
            pytest.skip("this machine has no sandbox")
        assert verdict["outcome"] == "graded"
        shown = [tmp_path / "shown", elsewhere]  # the latter is on no disk of this worker
        monkeypatch.setattr(root, "allowed", lambda: shown)
        with pytest.raises(CourseError, match=f"The worker on .* grades nothing: {course} lies in {shown[0]}, which"):
            grade_here(work, checks, False, (course, elsewhere))
        assert grade_here(work, checks, False, (elsewhere,))["outcome"] == "graded"
        monkeypatch.setattr(cluster_module, "own_folder", lambda: (tmp_path / "shown" / "spilled",))
        with pytest.raises(CourseError, match="spilled lies in"):
            grade_here(work, checks, False, ())
    finally:
        own_grader.cache_clear()
