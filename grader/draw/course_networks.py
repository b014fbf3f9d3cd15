"""The networks that come with the course: one file for each, trained by `digits dev networks`."""

import gzip
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from grader.draw.packing import read_header

FOLDER = Path(__file__).parent / "networks"
FAMILIAR = Path(__file__).parent / "familiar.bin"  # what digits have in common, see `grader.authoring.draw_networks`


@dataclass(frozen=True)
class CourseNetwork:
    """A network of the course. Its file is named by its place in the course and its name: 05_dense.bin."""

    path: Path

    @property
    def id(self) -> str:
        return self.path.stem

    @cached_property
    def about(self) -> dict[str, Any]:
        """What the page shows of it: its title, the lesson's number and slug, its accuracy and its parameters."""
        header, _ = read_header(gzip.decompress(self.path.read_bytes()))
        return dict(header["about"])

    def listed(self) -> dict[str, str]:
        """How the page lists it."""
        return {
            "id": self.id,
            "title": f"{self.about['lesson']}: {self.about['title']}",
            "group": "Course networks, by lesson",
        }


def course_networks() -> list[CourseNetwork]:
    """All of them, in the order of the lessons."""
    return [CourseNetwork(path) for path in sorted(FOLDER.glob("*.bin"))]
