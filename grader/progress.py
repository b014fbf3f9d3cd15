"""What a learner has reached, in a readable file in their own copy: points by slug, never by number."""

import json
import math
import os
from pathlib import Path

FILE_NAME = "progress.json"


def progress_path(workspace: Path) -> Path:
    return workspace / ".digits" / FILE_NAME


def read_progress(workspace: Path) -> dict[str, float]:
    """The best points by slug; empty where nothing was checked yet or the file cannot be read."""
    try:
        stored = json.loads(progress_path(workspace).read_text("utf-8"))["points"].items()
    except (OSError, ValueError, KeyError, AttributeError, TypeError, RecursionError):
        return {}
    return {slug: points for slug, points in stored if type(points) in {int, float} and 0 <= points < math.inf}


def record_points(workspace: Path, slug: str, points: float) -> None:
    """Keep the points of an exercise if they are the best so far. Written whole or not at all."""
    best = read_progress(workspace)
    if points <= best.get(slug, -1):
        return
    best[slug] = points
    path = progress_path(workspace)
    path.parent.mkdir(exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps({"points": best}, indent=2) + "\n", "utf-8")
    os.replace(draft, path)
