"""Grades the submission that Gradescope has put into its folder, and writes results.json."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from grader.classroom.collect.submissions import Submission, open_submission
from grader.classroom.publish.autograders import gradescope_problem, gradescope_results
from grader.course import find_lesson

EXERCISE = "{{ slug }}"


def main(autograder: Path) -> int:
    contents = open_submission(Submission("", find_lesson(EXERCISE), autograder / "submission"))
    if contents.problem:
        outcome = gradescope_problem(contents.problem)
    else:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, contents.file)
            path.write_bytes(contents.raw)
            digits = str(Path(sys.executable).with_name("digits"))
            command = [digits, "grade", str(path), "--exercise", EXERCISE, "--json"]
            graded = subprocess.run(command, stdout=subprocess.PIPE, cwd=folder, check=False)
        if graded.returncode != 0:
            print("The grader failed; no score was recorded.", file=sys.stderr)
            return graded.returncode
        outcome = gradescope_results(json.loads(graded.stdout))
    target = autograder / "results" / "results.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(outcome, indent=1), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
