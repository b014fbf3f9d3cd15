"""Who is who: the numbers by which Canvas and Moodle know students, and the folders in ``submitted/`` that are theirs.

Canvas gives a student the same number for good, whatever they call themselves. Moodle numbers the participants of each
assignment from the start. What was collected once is remembered in .digits/lms.json.
"""

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from typing import Literal

from grader.classroom.folder import CourseFolder, unwritable
from grader.classroom.students import canonical_name, safe_for_display
from grader.course import CourseError
from grader.files import write_atomically

Lms = Literal["canvas", "moodle"]


@dataclass
class Identities:
    """The folders of students, by the numbers that they have.

    Attributes:
        canvas: by their number in Canvas.
        moodle: for each exercise, by the number of the participant.
    """

    canvas: dict[str, str] = field(default_factory=dict)
    moodle: dict[str, dict[str, str]] = field(default_factory=dict)

    def canvas_id(self, student: str) -> str:
        return next((number for number, folder in self.canvas.items() if folder == student), "")

    def participant(self, slug: str, student: str) -> str:
        """The number of a student in Moodle's assignment; empty if it is not known."""
        return next((number for number, folder in self.moodle.get(slug, {}).items() if folder == student), "")

    def folder_for(self, lms: Lms, slug: str, number: str, name: str, is_shared: bool, taken: Collection[str]) -> str:
        """The folder of the student with a number, which is remembered.

        Args:
            name: what the LMS calls them now.
            is_shared: another student has this name as well.
            taken: names of all folders that there are.
        """
        known = self.canvas if lms == "canvas" else self.moodle.setdefault(slug, {})
        if number not in known:
            alike = {folder for folder in taken if canonical_name(folder) == canonical_name(name)}
            folder = next(iter(alike), name)
            is_somebodys = folder in known.values() or (lms == "moodle" and len(alike) > 1)
            known[number] = f"{name}-{number}" if is_shared or is_somebodys else folder
        return known[number]


def read_identities(folder: CourseFolder) -> Identities:
    """What is remembered.

    Raises:
        CourseError: the file is damaged.
    """
    path = folder.private / "lms.json"
    try:
        found = json.loads(path.read_text("utf-8"))
        return Identities(
            {str(number): str(student) for number, student in found["canvas"].items()},
            {slug: {str(n): str(s) for n, s in known.items()} for slug, known in found["moodle"].items()},
        )
    except FileNotFoundError:
        return Identities(canvas=_of_earlier_version(folder))
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise CourseError(
            f"{safe_for_display(str(path))} cannot be read ({error}). Restore it from a copy, or delete it: then the "
            "next `digits class collect` learns everybody's number again."
        ) from None


def write_identities(folder: CourseFolder, identities: Identities) -> None:
    """Remember.

    Raises:
        EngineError: the file cannot be written.
    """
    path = folder.private / "lms.json"
    try:
        write_atomically(path, json.dumps(asdict(identities), indent=1, ensure_ascii=False), mode=0o600)
    except OSError as error:
        raise unwritable(path, error) from None


def _of_earlier_version(folder: CourseFolder) -> dict[str, str]:
    """Versions before 2 kept one file for each student of Canvas, with their number in it."""
    notes = [path for path in (folder.private / "canvas").glob("*") if path.is_file()]
    return {path.read_text("utf-8").strip(): path.name for path in notes}
