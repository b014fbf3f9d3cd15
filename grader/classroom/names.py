"""What the instructor's pages call the students: their names, or numbers in a course that is anonymous."""

import hashlib
import hmac

from grader.choices import read_choices
from grader.classroom.folder import CourseFolder
from grader.classroom.students import Person, safe_for_display, told_apart
from grader.course import CourseError

SHORTEST = 4  # characters of a number


def is_anonymous(folder: CourseFolder) -> bool:
    return read_choices(folder.root).anonymous


def names_of(folder: CourseFolder, people: dict[str, Person]) -> dict[str, tuple[str, str]]:
    """The name of each student, and of those who share one also their folder; in an anonymous course a number, which
    the secret of the course decides. In the order of the names, or of the numbers.

    Raises:
        CourseError: the secret cannot be read.
    """
    if not is_anonymous(folder):
        return told_apart(people)
    try:
        secret = folder.seed.read_bytes().strip()
    except OSError as error:
        shown = safe_for_display(str(folder.seed))
        raise CourseError(f"{shown} cannot be read ({error.strerror}), and numbers come from it.") from None
    whole = {
        student: hmac.new(secret, student.encode("utf-8", "surrogateescape"), hashlib.sha256) for student in people
    }
    numbers = {student: code.hexdigest() for student, code in whole.items()}
    length = next(n for n in range(SHORTEST, 65) if len({number[:n] for number in numbers.values()}) == len(numbers))
    in_order = sorted(numbers.items(), key=lambda item: item[1])
    return {student: (f"Student {number[:length]}", "") for student, number in in_order}
