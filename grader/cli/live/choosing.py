"""The list of exercises in `digits watch`, from which one is chosen."""

from collections.abc import Sequence

from grader.cli.commands.map import STATES, state_of
from grader.cli.live.body import Body
from grader.course import Lesson
from grader.feedback.text import Line
from grader.progress.record import Progress

MOVES = {"up": -1, "k": -1, "down": 1, "j": 1, "page up": -5, "page down": 5, "space": 5, "home": -99, "end": 99}
LETTERS = {"j", "k", "q"}  # that belong to a name once typing one has begun
BROAD = 56  # columns from which the titles fit, too


class ExerciseList:
    """The exercises whose number begins with what was typed, or whose name or title holds it. One is selected.

    ``chosen`` is the exercise once one was taken. ``is_closed`` and ``quits`` say that the learner has left the list,
    or wants to leave the program.
    """

    def __init__(self, lessons: Sequence[Lesson], progress: Progress, current: Lesson) -> None:
        self._lessons, self._progress = list(lessons), progress
        self._selected, self._typed = current, ""
        self.chosen: Lesson | None = None
        self.is_closed = self.quits = False

    def press(self, key: str) -> None:
        """Respond to a key."""
        is_typing = bool(self._typed) and key in LETTERS
        if key == "escape" or (key == "backspace" and not self._typed):
            self.is_closed = True
        elif key == "enter":
            self.chosen = self._selected if self._found else None
        elif key == "q" and not is_typing:
            self.quits = True
        elif key in MOVES and not is_typing:
            self._move(MOVES[key])
        elif key == "backspace" or (len(key) == 1 and key.isprintable()):
            self._filter(self._typed[:-1] if key == "backspace" else self._typed + key)

    @property
    def _found(self) -> list[Lesson]:
        return [lesson for lesson in self._lessons if matches(lesson, self._typed)]

    def _move(self, step: int) -> None:
        found = self._found
        if found:
            place = found.index(self._selected) + step
            self._selected = found[min(max(0, place), len(found) - 1)]

    def _filter(self, typed: str) -> None:
        """Take over what is typed now; select the exercise that it names best."""
        self._typed = typed
        found = self._found
        if found and (typed or self._selected not in found):
            self._selected = min(found, key=lambda lesson: (str(lesson.number) != typed, not is_begun(lesson, typed)))

    def heading(self) -> Line:
        if not self._typed:
            return [(" Exercises", "heading"), ("   type a number or a name", "quiet")]
        return [(" Exercises", "heading"), ("   matching ", "quiet"), (self._typed, "title")]

    def body(self, width: int, unicode: bool) -> Body:
        """A line for each exercise, and what the marks mean."""
        body = Body()
        for lesson in self._found:
            is_selected = lesson == self._selected
            body.add(iter([self._row(lesson, is_selected, width, unicode)]), matters=is_selected)
        if not body.lines:
            return Body([[("   No exercise matches.", "")]])
        marks = [f"{STATES[state][0 if unicode else 1]} {state}" for state in ("solved", "started", "open")]
        body.add(iter([[], [(f"   {'   '.join(marks)}", "quiet")]]))
        return body

    def _row(self, lesson: Lesson, is_selected: bool, width: int, unicode: bool) -> Line:
        record = self._progress.of(lesson)
        state = state_of(lesson, record)
        mark, ascii_mark, style = STATES[state]
        pointer = ("▸" if unicode else ">") if is_selected else " "
        points = "?" if state == "check again" else f"{record.points(lesson):g}"
        end = f"{f'{points}/{lesson.points}':>6}"
        room = width - len(end) - 9
        name = f"{lesson.slug:<20} {lesson.title}" if width >= BROAD else lesson.slug
        return [
            (f" {pointer} ", "title"),
            (f"{mark if unicode else ascii_mark} ", style),
            (f"{lesson.number:>2}  {name[:room]:<{room}}", "title" if is_selected else ""),
            (end, "quiet"),
        ]


def matches(lesson: Lesson, typed: str) -> bool:
    return str(lesson.number).startswith(typed) or typed in lesson.slug or typed in lesson.title.lower()


def is_begun(lesson: Lesson, typed: str) -> bool:
    return lesson.slug.startswith(typed)
