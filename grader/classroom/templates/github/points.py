"""Says whether one check of a verdict has passed: exit status 0 or 1. For the steps of the GitHub Classroom workflow.

python points.py VERDICT.json CHECK
"""

import json
import sys
from pathlib import Path


def main(path: str, name: str) -> int:
    verdict = json.loads(Path(path).read_text("utf-8"))
    check = next((check for check in verdict["checks"] if check["name"] == name), None)
    if check is None:  # the submission ended before its checks
        print(verdict["message"])
        return 1
    print("\n".join(filter(None, (check["title"], check["message"], check["hint"]))))
    return 0 if check["outcome"] == "passed" else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
