"""Students and their names, which are data and never trusted."""

import os
import unicodedata
from collections import Counter
from dataclasses import dataclass

MAX_NAME_BYTES = 200  # of a student's name, which becomes part of longer file names


def safe_for_display(name: str) -> str:
    """A name on one line: invisible characters, line ends and direction marks become question marks."""
    return "".join(character if character.isprintable() else "?" for character in name)


def canonical_name(name: str) -> str:
    """The same text for all names that look alike to people: they differ in case, Unicode form or spaces only."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def is_usable(name: str) -> bool:
    """True for a name under which a student's results can be saved and shown."""
    return name.isprintable() and 0 < len(os.fsencode(name)) <= MAX_NAME_BYTES and not name.startswith(".")


@dataclass(frozen=True)
class Person:
    """A student. Only ``student``, the name of their folder in ``submitted/``, is always known.

    Attributes:
        login: the name under which they log in to the LMS; empty if the name of their folder is none.
        sis_id: their number at the school, if Canvas knows it.
    """

    student: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_id: str = ""
    sis_id: str = ""
    login: str = ""

    @property
    def is_named(self) -> bool:
        return bool(self.first_name or self.last_name)

    @property
    def full_name(self) -> str:
        return " ".join(filter(None, (self.first_name, self.last_name))) or self.student

    @property
    def sortable_name(self) -> str:
        """Last name first, the way gradebooks list people."""
        return ", ".join(filter(None, (self.last_name, self.first_name))) or self.student

    @property
    def sorting_key(self) -> tuple[str, ...]:
        """People in the order of a class list: by last name, then by first name, whatever the case."""
        return (*map(canonical_name, (self.last_name or self.student, self.first_name)), self.student)


def told_apart(people: dict[str, Person]) -> dict[str, tuple[str, str]]:
    """The full name of each student; for those who share one, also the name of their folder."""
    names = Counter(person.full_name for person in people.values())
    return {
        student: (person.full_name, student if names[person.full_name] > 1 else "")
        for student, person in people.items()
    }
