"""The measurement of `digits class grade`: its submissions are right, and the command itself grades them."""

import subprocess
import sys
from pathlib import Path

import pytest

from grader.benchmarks.classroom import peers as class_peers
from grader.benchmarks.classroom import work as class_work

pytestmark = pytest.mark.classroom

DIGITS = Path(sys.executable).with_name("digits")


@pytest.mark.thorough
def test_submissions_differ_and_get_full_marks_from_the_command_in_a_course_with_other_checks(tmp_path):
    codes = class_work.submissions(2)
    assert len(set(codes.values())) == 2
    cost = class_peers.by_digits(tmp_path, codes)  # raises unless all have full marks
    assert min(cost.seconds, cost.processor, cost.memory) > 0


def test_a_count_is_for_the_class_alone():
    command = [DIGITS, "dev", "bench", "engine", "--count", "3"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stdout, done.stderr) == (
        2,
        "",
        "digits: --count is only for the benchmark class. Remove it, or run digits dev bench class.\n",
    )
