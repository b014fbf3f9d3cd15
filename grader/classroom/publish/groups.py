"""Groups of similar submissions: a student who shares code with one member of a group belongs to it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

ALL = 1 - 1e-9  # a share of all code, up to rounding


@dataclass(frozen=True, eq=False)
class Link:
    """Two students whose submissions share code, and how much of it, 0 to 1."""

    exercise: str
    students: tuple[str, str]
    share: float


L = TypeVar("L", bound=Link)


@dataclass(frozen=True, eq=False)
class Group(Generic[L]):
    """Students who are connected by what they share in one exercise.

    Attributes:
        links: the fewest pairs that connect all of them, the most similar first: what to read.
        others: all other similar pairs among them.
    """

    students: tuple[str, ...]
    links: tuple[L, ...]
    others: tuple[L, ...]

    @property
    def exercise(self) -> str:
        return self.links[0].exercise

    @property
    def most(self) -> float:
        return self.links[0].share

    @property
    def least(self) -> float:
        """Each student shares at least this much with another one."""
        return self.links[-1].share

    @property
    def shared(self) -> str:
        """How much they share: 85%, or 60% to 85% if that differs from pair to pair."""
        least, most = f"{self.least:.0%}", f"{self.most:.0%}"
        return most if least == most else f"{least} to {most}"

    @property
    def amount(self) -> str:
        return "all" if self.least >= ALL else self.shared


def groups_of(links: Iterable[L]) -> list[Group[L]]:
    """The groups, the most similar first; of equally similar ones, the largest."""
    ranked = sorted(links, key=lambda link: (-link.share, link.exercise, link.students))
    leader: dict[tuple[str, str], tuple[str, str]] = {}

    def find(student: tuple[str, str]) -> tuple[str, str]:
        """The student that stands for a group so far."""
        while student in leader:
            student = leader[student]
        return student

    joining = set[int]()
    for number, link in enumerate(ranked):
        one, other = (find((link.exercise, student)) for student in link.students)
        if one != other:
            leader[other] = one
            joining.add(number)
    parts: defaultdict[tuple[str, str], tuple[list[L], list[L]]] = defaultdict(lambda: ([], []))
    for number, link in enumerate(ranked):
        parts[find((link.exercise, link.students[0]))][number not in joining].append(link)
    groups = [Group(_students(joined), tuple(joined), tuple(others)) for joined, others in parts.values()]
    return sorted(groups, key=lambda group: (-group.most, -len(group.students), group.exercise, group.students))


def _students(links: Iterable[Link]) -> tuple[str, ...]:
    return tuple(sorted({student for link in links for student in link.students}))
