"""Compares `digits class grade` with graders that start a process for each submission, and with the training alone.

The submissions are in `grader.benchmarks.classroom.work`. All graders run on the same machine, one after the other, and
each must give every submission full marks.
"""

import itertools
import json
import os
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from grader.benchmarks.classroom import work
from grader.benchmarks.classroom.cost import ENVIRONMENT, Cost, figure, measured, ratio, run
from grader.course import PACKAGE

CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
INSTALL_SECONDS = 600
FULL_MARKS = 10
ROUNDS = 3
Grade = Callable[[Path, dict[str, str]], Cost]  # a folder to work in and the code of each student


class Refused(Exception):
    """A peer does not work here; the message says why."""


def bench_peers(count: int) -> Iterator[tuple[str, str]]:
    """Let all grade the same submissions. They take turns, because the speed of a machine varies."""
    codes = work.submissions(count)
    with TemporaryDirectory(prefix="digits-peers-") as place:
        folders = (Path(place) / str(number) for number in itertools.count())
        contestants = BARE | {OURS: by_digits}
        rounds = [{name: grade(next(folders), codes) for name, grade in contestants.items()} for _ in range(ROUNDS)]
        costs = {name: [each[name] for each in rounds] for name in rounds[0]}
        for name, measured_costs in costs.items():
            yield f"{count} networks, {name}", figure(measured_costs, count)
        for name in BARE:
            yield f"  digits relative to {name}", ratio(costs[OURS], costs[name])
        for name, grade in PEERS.items():
            try:
                cost = grade(next(folders), codes)
            except Refused as reason:
                yield f"{count} networks, {name}", str(reason)
                continue
            yield f"{count} networks, {name}", figure([cost], count)
            beside = by_digits(next(folders), codes)
            yield (
                "  throughput of digits relative to this",
                f"{cost.seconds / beside.seconds:.1f} ({beside.seconds:.1f} s)",
            )


def by_nbgrader(folder: Path, codes: dict[str, str]) -> Cost:
    """An ordinary course: the tests are cells of the notebook, and one kernel after the other runs all cells."""
    work.write(folder / "source" / "dense" / "dense.ipynb", work.notebook("### BEGIN SOLUTION\n### END SOLUTION", True))
    run("nbgrader", "generate_assignment", "dense", folder=folder)
    for student, code in codes.items():
        work.write(folder / "submitted" / student / "dense" / "dense.ipynb", work.notebook(code, True))
    limit = "--ExecutePreprocessor.timeout=600"
    cost = measured(lambda: run("nbgrader", "autograde", "dense", "--create", limit, folder=folder))
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        expect_full_marks(codes, {one.student_id: one.score for one in gradebook.assignment_submissions("dense")})
    return cost


def by_pytest(folder: Path, codes: dict[str, str]) -> Cost:
    """A test file next to each submission, and a process for each."""
    for student, code in codes.items():
        work.write(folder / student / "submission.py", code)
        work.write(folder / student / "test_submission.py", work.pytest_file())
    command = ("pytest", "-q", "-p", "no:cacheprovider", "--rootdir=.")

    def grade() -> None:
        for student in codes:
            run(*command, folder=folder / student)  # raises if a test fails

    return measured(grade)


def by_otter(folder: Path, codes: dict[str, str]) -> Cost:
    """otter-grader in a new environment of its own, which borrows TensorFlow from this one."""
    environment = folder / "environment"
    venv.create(environment, with_pip=True)
    try:
        command = [str(environment / "bin" / "pip"), "install", "--quiet", "otter-grader"]
        subprocess.run(command, check=True, capture_output=True, timeout=INSTALL_SECONDS)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        raise Refused("could not be installed") from None
    (packages,) = environment.glob("lib/python*/site-packages")
    borrowed = [path for path in sys.path if path.endswith("site-packages")]
    work.write(packages / "borrowed.pth", "\n".join(borrowed) + "\n")
    work.write(folder / "tests" / "dense.py", work.otter_file())
    for student, code in codes.items():
        work.write(folder / student / "dense.ipynb", work.notebook(code))
    otter = environment / "bin" / "otter"
    run(otter, "generate", "--tests-dir", "tests", "-o", "autograder.zip", folder=folder)

    def grade() -> None:
        for student in codes:
            options = ("--autograder", folder / "autograder.zip", "--no-logo")
            run(otter, "run", "dense.ipynb", *options, folder=folder / student)

    cost = measured(grade)
    results = {student: json.loads((folder / student / "results.json").read_text()) for student in codes}
    expect_full_marks(
        codes, {name: sum(test.get("score", 0) for test in one["tests"]) for name, one in results.items()}
    )
    return cost


def by_digits(folder: Path, codes: dict[str, str]) -> Cost:
    """The command itself, in a copy of the course whose exercise has the checks of this measurement."""
    package = folder / "package" / "grader"
    (package / "checks").mkdir(parents=True)
    for path in (*PACKAGE.iterdir(), *PACKAGE.glob("checks/*")):
        if path.name not in {"checks", "__pycache__", work.LESSON.checks_path.name}:
            (package / path.relative_to(PACKAGE)).symlink_to(path)
    work.write(package / "checks" / work.LESSON.checks_path.name, work.CHECKS)
    for student, code in codes.items():
        work.write(folder / "submitted" / student / "dense" / "dense.ipynb", work.notebook(code))
    command = (sys.executable, "-c", "from grader.cli import main; main()", "class", "grade")
    cost = measured(lambda: run(*command, folder=folder, PYTHONPATH=str(package.parent)))
    records = {path.stem: json.loads(path.read_text())["verdict"] for path in (folder / "graded" / "dense").iterdir()}
    expect_full_marks(codes, {name: sum(check["points"] for check in one["checks"]) for name, one in records.items()})
    return cost


def by_scripts(folder: Path, codes: dict[str, str], scripts: int | None = None, forks: bool = False) -> Cost:
    """Only the training, without grading: scripts that train with one thread each, one script at a time on each core.

    Args:
        scripts: how many scripts share the submissions; by default one for each submission.
        forks: whether a script forks for each of its submissions.
    """
    paths = [work.write(folder / f"{student}.py", code) for student, code in codes.items()]
    scripts = min(scripts or len(paths), len(paths))
    single = ENVIRONMENT | dict.fromkeys(("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"), "1")
    starts: list[float] = []

    def run_script(share: list[Path]) -> None:
        started = time.monotonic()
        command = [sys.executable, "-c", work.TRAININGS, "forks" if forks else "together", *map(str, share)]
        with subprocess.Popen(command, env=single, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as script:
            if script.stdout:
                script.stdout.readline()
            starts.append(time.monotonic() - started)
        if script.returncode:
            raise RuntimeError(f"a script that trains ended with status {script.returncode}")

    def train() -> None:
        with ThreadPoolExecutor(CORES) as pool:
            list(pool.map(run_script, [paths[number::scripts] for number in range(scripts)]))

    return replace(measured(train), start=sum(starts) / min(CORES, scripts))


def expect_full_marks(codes: dict[str, str], scores: dict[str, float]) -> None:
    if scores != dict.fromkeys(codes, FULL_MARKS):
        raise RuntimeError(f"Not all have full marks: {scores}")


OURS = "digits class grade, each in a sandbox"
BARE: dict[str, Grade] = {
    f"the training alone, {CORES} scripts": partial(by_scripts, scripts=CORES),
    f"the training alone, {CORES} scripts that fork for each": partial(by_scripts, scripts=CORES, forks=True),
    "the training alone, one script per network": by_scripts,
}
PEERS: dict[str, Grade] = {
    "nbgrader autograde": by_nbgrader,
    "pytest, one cold process per network": by_pytest,
    "otter run, one process per network": by_otter,
}
