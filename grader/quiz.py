"""The lessons' predictions as quiz questions with choices, answers and reasons.

They are in ``quiz.json``, which `digits dev build` makes from the lessons' Predict blocks and from solutions/. The
right letter is stored as a keyed hash, and the reason is scrambled with it. That is no protection against a determined
reader: there are four letters to try, and `Question.right` tries them. It only prevents reading an answer by accident.
"""

import hashlib
import json
from dataclasses import dataclass
from functools import cache

from grader.course import PACKAGE, CourseError, Lesson

QUIZ_PATH = PACKAGE / "quiz.json"


@dataclass(frozen=True)
class Question:
    """The ``number``-th question of a lesson, from 1 on.

    ``key`` is its name in a progress file, ``scene`` is the context that the lesson has given before, and ``choices``
    are by letter. ``sealed`` and ``scrambled`` hold the right letter and the reason; `right` and `reason` decode them.
    """

    number: int
    key: str
    scene: str
    text: str
    choices: dict[str, str]
    sealed: str = ""
    scrambled: str = ""

    @property
    def told(self) -> str:
        """The scene and the question."""
        return f"{self.scene} {self.text}".strip()

    def is_right(self, letter: str) -> bool:
        return letter in self.choices and seal(self, letter) == self.sealed

    @property
    def right(self) -> str:
        """The right letter.

        Raises:
            CourseError: no letter fits, because the question was changed without `digits dev build`.
        """
        fitting = [letter for letter in self.choices if self.is_right(letter)]
        if not fitting:
            raise CourseError(
                f"{QUIZ_PATH.name} was changed by hand, so {self.key!r} has no answer. Run ./digits dev build."
            )
        return fitting[0]

    @property
    def reason(self) -> str:
        return scramble(self, self.right, bytes.fromhex(self.scrambled)).decode()

    def reply(self, letter: str) -> str:
        """The response to an answer, without the reason."""
        return "Right." if self.is_right(letter) else f"No. Answer: ({self.right}) {self.choices[self.right]}"


def questions(lesson: Lesson) -> tuple[Question, ...]:
    """The predictions of a lesson, in order."""
    return all_questions().get(lesson.slug, ())


def find_question(lesson: Lesson, number: int) -> Question:
    """Find a prediction by its place in the lesson, counted from 1.

    Raises:
        CourseError: there is no prediction at that place.
    """
    found = [question for question in questions(lesson) if question.number == number]
    if not found:
        count = len(questions(lesson))
        raise CourseError(
            f"Lesson {lesson.number}, {lesson.slug}, has {count} predictions. Choose one from 1 to {count}."
        )
    return found[0]


@cache
def all_questions() -> dict[str, tuple[Question, ...]]:
    if not QUIZ_PATH.is_file():
        return {}
    stored = json.loads(QUIZ_PATH.read_text("utf-8"))["questions"]
    return {slug: tuple(Question(**entry) for entry in entries) for slug, entries in stored.items()}


def seal(question: Question, letter: str) -> str:
    """A hash of the letter, keyed with the question, so that equal letters look different in each question."""
    return hashlib.blake2b(letter.encode(), key=asked(question), digest_size=16).hexdigest()


def scramble(question: Question, letter: str, text: bytes) -> bytes:
    """XOR a text with bytes derived from the question and its letter. Doing it twice restores the text."""
    stream = hashlib.shake_256(asked(question) + letter.encode()).digest(len(text))
    return bytes(byte ^ other for byte, other in zip(text, stream, strict=True))


def asked(question: Question) -> bytes:
    words = [question.key, question.scene, question.text, *(part for pair in question.choices.items() for part in pair)]
    return hashlib.blake2b("\n".join(words).encode()).digest()
