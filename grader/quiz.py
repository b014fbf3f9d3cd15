"""The predictions that the lessons ask for: questions with choices, and what there is to say about an answer.

They stand in ``quiz.json``, which `digits dev build` makes from the lessons' Predict blocks and from the answers
in solutions/. A right letter is kept as a keyed hash, and its reason is scrambled with the letter. That is no secret:
there are four letters to try, and `Question.right` tries them. It only keeps anybody from reading an answer by accident
before they have made up their mind.
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

    ``key`` is its name in a progress file, ``scene`` says what the lesson has told before, and ``choices`` are by
    letter. ``sealed`` and ``scrambled`` hold the right letter and the reason; `right` and `reason` open them.
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
        """The question, and before it the scene."""
        return f"{self.scene} {self.text}".strip()

    def is_right(self, letter: str) -> bool:
        return letter in self.choices and seal(self, letter) == self.sealed

    @property
    def right(self) -> str:
        """The right letter.

        Raises:
            CourseError: none fits, since somebody has changed the question without building anew.
        """
        fitting = [letter for letter in self.choices if self.is_right(letter)]
        if not fitting:
            raise CourseError(f"{QUIZ_PATH.name} was changed by hand, and {self.key!r} no longer has an answer.")
        return fitting[0]

    @property
    def reason(self) -> str:
        return scramble(self, self.right, bytes.fromhex(self.scrambled)).decode()

    def reply(self, letter: str) -> str:
        """What to say about an answer: the right one in words, and nothing yet of the reason."""
        return "Right." if self.is_right(letter) else f"No, it is {self.right}: {self.choices[self.right]}"


def questions(lesson: Lesson) -> tuple[Question, ...]:
    """The predictions of a lesson, in its order; none if it has none."""
    return all_questions().get(lesson.slug, ())


def find_question(lesson: Lesson, number: int) -> Question:
    """Find a prediction by its place in the lesson, from 1 on.

    Raises:
        CourseError: there is none at that place.
    """
    found = [question for question in questions(lesson) if question.number == number]
    if not found:
        count = len(questions(lesson))
        raise CourseError(f"Lesson {lesson.number}, {lesson.slug}, has {count} predictions: 1 to {count}.")
    return found[0]


@cache
def all_questions() -> dict[str, tuple[Question, ...]]:
    if not QUIZ_PATH.is_file():
        return {}
    stored = json.loads(QUIZ_PATH.read_text("utf-8"))["questions"]
    return {slug: tuple(Question(**entry) for entry in entries) for slug, entries in stored.items()}


def seal(question: Question, letter: str) -> str:
    """A hash of the letter, keyed with all that is asked, so that equal letters look different everywhere."""
    return hashlib.blake2b(letter.encode(), key=asked(question), digest_size=16).hexdigest()


def scramble(question: Question, letter: str, text: bytes) -> bytes:
    """Mix a text with a stream of bytes that the question and its letter give. Done twice, it is the text again."""
    stream = hashlib.shake_256(asked(question) + letter.encode()).digest(len(text))
    return bytes(byte ^ other for byte, other in zip(text, stream, strict=True))


def asked(question: Question) -> bytes:
    words = [question.key, question.scene, question.text, *(part for pair in question.choices.items() for part in pair)]
    return hashlib.blake2b("\n".join(words).encode()).digest()
