"""Tells the author of a lesson what it still lacks. No submission runs, so the answer takes seconds.

Each rule is a function that yields one sentence per problem: what is wrong, where, and what to do. A rule says nothing
about a file that is missing altogether; `missing_files` does.
"""

import ast
import re
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter
from pathlib import Path

from grader.api import Check, Mistake, forms
from grader.authoring import lesson_form, quiz
from grader.authoring.calibrate import alternatives
from grader.authoring.giveaways import early_answers
from grader.authoring.glossary import GLOSSARY_PATH, glossary
from grader.authoring.lesson_form.words import bold_words
from grader.authoring.stubs import solution_path, stub
from grader.course import REPOSITORY, CourseError, Lesson, calibrations, find_lesson, highest_threshold, lessons
from grader.engine.session import load_checks
from grader.quiz import questions

MIN_MISTAKES, MIN_ALTERNATIVES, MIN_HINTS = 6, 4, 3
MIN_PREDICTIONS = 2
MIN_SEEDS = 20  # with which the reference is trained for a threshold
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
NAMED_BY_EXPECT = {"changed-its-input", *forms.NAMES}  # by functions that every exercise may use
HEADER = re.compile(r"# (diagnosis|in|checks): *(.*?) *\r?\n")

Rule = Callable[[Lesson], Iterator[str]]


def problems(lesson: Lesson) -> Iterator[str]:
    """What a lesson lacks, one sentence each with what to do about it; nothing if it is complete."""
    for rule in RULES:
        yield from rule(lesson)


def course_problems(ready: Iterable[Lesson]) -> Iterator[str]:
    """What is wrong with the course as a whole, once each of its lessons is complete.

    Args:
        ready: all lessons that are ready.
    """
    ready = tuple(ready)
    yield from files_of_no_lesson(ready)
    yield from shared_mistakes_without_a_file(ready)
    yield from wrong_glossary(ready)


def find_any_lesson(name: str) -> Lesson:
    """Find a lesson as `find_lesson` does; one that is still coming can be found as well.

    Raises:
        CourseError: no lesson has that name.
    """
    for lesson in lessons():
        if not lesson.is_ready and name in {lesson.slug, lesson.stem, str(lesson.number)}:
            return lesson
    return find_lesson(name)


# Files


def missing_files(lesson: Lesson) -> Iterator[str]:
    steps = {
        lesson_path(lesson): "Write the lesson there, as a Markdown notebook.",
        solution_path(lesson): "Write the reference there, with ### BEGIN SOLUTION and ### END SOLUTION around "
        "what the learner writes.",
        lesson.exercise_path(REPOSITORY): "Run ./digits dev build.",
        lesson.checks_path: "Write the checks there.",
    }
    for path, step in steps.items():
        if not path.is_file():
            yield f"{shown(path)} is missing. {step}"


def too_few_examples(lesson: Lesson) -> Iterator[str]:
    wanted = {
        "mistakes": (MIN_MISTAKES, "Add submissions with mistakes that learners make."),
        "alternatives": (MIN_ALTERNATIVES, "Add correct submissions that are written differently."),
    }
    for kind, (least, step) in wanted.items():
        count = len(examples(kind, lesson))
        if count < least:
            yield f"tests/{kind}/{lesson.stem} holds {count} files and needs at least {least}. {step}"


def stub_out_of_step(lesson: Lesson) -> Iterator[str]:
    path = lesson.exercise_path(REPOSITORY)
    if not (solution_path(lesson).is_file() and path.is_file()):
        return
    try:
        is_in_step = path.read_text("utf-8") == stub(lesson)
    except ValueError as error:
        yield f"{error} Mark what the learner writes."
        return
    if not is_in_step:
        yield f"{shown(path)} is out of step with its solution. Run ./digits dev build."


# Checks


def unreadable_checks(lesson: Lesson) -> Iterator[str]:
    if lesson.checks_path.is_file():
        try:
            load_checks(lesson.checks_path)
        except Exception as error:
            yield f"{shown(lesson.checks_path)} cannot be loaded ({type(error).__name__}: {error}). Fix this first."


def wrong_points(lesson: Lesson) -> Iterator[str]:
    found = checks_of(lesson)
    total = sum(check.points for check in found)
    if found and total != lesson.points:
        yield (
            f"The checks of {lesson.slug} add up to {total:g} points, but grader/course.toml says {lesson.points}. "
            "Change one of them."
        )


def incomplete_checks(lesson: Lesson) -> Iterator[str]:
    for check in checks_of(lesson):
        if not check.title:
            yield f"The check {check.name} has no title. Write a statement that is true when the check passes."
        if len(check.hints) != MIN_HINTS:
            yield (
                f"The check {check.name} has {len(check.hints)} hints and needs {MIN_HINTS}. "
                "Write a question, then the concept, then a worked hint."
            )


# Mistakes


def misworded_mistakes(lesson: Lesson) -> Iterator[str]:
    for known in mistakes_of(lesson):
        if not NAME.fullmatch(known.name):
            yield f"The mistake {known.name!r} needs a name in lower case, with hyphens between the words. Rename it."
        if not (known.explanation or "").endswith((".", "!")):
            yield f"The mistake {known.name} has no complete explanation. Write it in sentences, as its docstring."
        if not known.question.endswith("?"):
            yield f"The question of the mistake {known.name} does not end with a question mark. Ask something."


def mistakes_without_a_file(lesson: Lesson) -> Iterator[str]:
    covered = {headers(path).get("diagnosis") for path in examples("mistakes", lesson)}
    for name in sorted({known.name for known in mistakes_of(lesson)} - covered):
        yield (
            f"No file in tests/mistakes/{lesson.stem} has the diagnosis {name}. "
            "Add a submission that makes this mistake."
        )


def wrong_headers(lesson: Lesson) -> Iterator[str]:
    """The first lines of a mistake's file: ``# diagnosis:``, ``# in:`` if one function is wrong, and ``# checks:``."""
    checks, functions = {check.name for check in checks_of(lesson)}, functions_of(solution_path(lesson))
    known = {mistake.name for mistake in (*mistakes_of(lesson), *shared_mistakes())} | NAMED_BY_EXPECT
    for path in examples("mistakes", lesson):
        header = headers(path)
        name = header.get("diagnosis")
        if not name:
            yield f"{shown(path)} does not say what is wrong with it. Begin it with the line: # diagnosis: NAME"
        elif checks and name not in known:
            yield f"{shown(path)} has the diagnosis {name}, which no check can name. Correct it, or add the mistake."
        if not header.get("checks"):
            yield f"{shown(path)} does not say which checks fail. Add the line: # checks: NAME, NAME"
        for kind, names in (("in", functions), ("checks", checks)):
            for named in re.findall(r"\w+", header.get(kind, "")):
                if names and named not in names:
                    what = "function in the solution" if kind == "in" else "check"
                    yield f"{shown(path)} says # {kind}: {named}, but there is no such {what}. Correct the name."


# The lesson


def incomplete_lesson(lesson: Lesson) -> Iterator[str]:
    if not lesson_path(lesson).is_file():
        return
    text, name = lesson_path(lesson).read_text("utf-8"), shown(lesson_path(lesson))
    wanted = {
        f"{lesson.minutes} minutes": "how long it takes, as grader/course.toml does",
        f"./digits check {lesson.slug}": "how to check the exercise",
    }
    for words, what in wanted.items():
        if words not in text:
            yield f"{name} does not say {what}. Write: {words}"


def wrong_form(lesson: Lesson) -> Iterator[str]:
    if not lesson_path(lesson).is_file():
        return
    text = lesson_path(lesson).read_text("utf-8")
    yield from lesson_form.problems(page_of(lesson, text))


def answers_given_away(lesson: Lesson) -> Iterator[str]:
    yield from early_answers(lesson, (other for other in lessons() if other.number < lesson.number), REPOSITORY)


def wrong_predictions(lesson: Lesson) -> Iterator[str]:
    if not lesson_path(lesson).is_file():
        return
    tables = tomllib.loads(quiz.ANSWERS_PATH.read_text("utf-8"))
    try:
        found = tuple(quiz.sealed_questions(lesson, tables.get(lesson.slug, [])))
    except CourseError as error:
        yield f"{error} Correct one of them."
        return
    if len(found) < MIN_PREDICTIONS:
        yield (
            f"{shown(lesson_path(lesson))} asks for {len(found)} predictions and needs at least {MIN_PREDICTIONS}. "
            f"Add a quoted block that begins with **Predict.**, and its answer to {shown(quiz.ANSWERS_PATH)}."
        )
    elif lesson.is_ready and found != questions(lesson):
        yield f"The quiz of {lesson.slug} is out of step with the lesson and its answers. Run ./digits dev build."


# Thresholds


def wrong_threshold(lesson: Lesson) -> Iterator[str]:
    if not lesson.is_ready or "expect_accuracy" not in lesson.checks_path.read_text("utf-8"):
        return
    step = f"Run ./digits dev calibrate {lesson.slug}."
    if lesson.slug not in calibrations():
        yield f"{lesson.slug} checks an accuracy, but grader/calibration.toml has no threshold for it. {step}"
        return
    found = calibrations()[lesson.slug]
    if found.seeds < MIN_SEEDS:
        yield f"The threshold of {lesson.slug} was measured with {found.seeds} seeds and needs {MIN_SEEDS}. {step}"
    if found.threshold > min(found.worst, highest_threshold(found)):
        yield f"The threshold of {lesson.slug}, {found.threshold}, is higher than the measurements allow. {step}"
    if found.weakest_alternative is None and alternatives(lesson):
        yield f"The alternatives of {lesson.slug} have not been trained for its threshold. {step}"
    if found.nearest_accuracy is not None and found.nearest_accuracy >= found.threshold:
        yield (
            f"The mistake {found.nearest_mistake} reaches the threshold of {lesson.slug}, and no other check notices "
            "it. Add a check that does."
        )
    promise = re.compile(rf"at least {100 * found.threshold:.0f}\s?%")
    for path in filter(Path.is_file, (lesson.exercise_path(REPOSITORY), lesson_path(lesson))):
        if not promise.search(" ".join(path.read_text("utf-8").replace("#", " ").split())):
            source = solution_path(lesson) if path.suffix == ".py" else path
            words = f"at least {found.threshold:.0%}"
            yield f"{shown(path)} does not quote the threshold. Write in {shown(source)}: {words}"


# The course


def files_of_no_lesson(ready: Iterable[Lesson]) -> Iterator[str]:
    stems = {GLOSSARY_PATH.stem, *(lesson.stem for lesson in ready)}
    for pattern in ("lessons/*.md", "solutions/*.py", "exercises/*.py", "tests/mistakes/*", "tests/alternatives/*"):
        for path in sorted(REPOSITORY.glob(pattern)):
            if path.stem not in stems and not path.name.startswith("__"):
                yield f"{shown(path)} belongs to no lesson that is ready. Rename it, or add its lesson's other files."


def shared_mistakes_without_a_file(ready: Iterable[Lesson]) -> Iterator[str]:
    covered = {headers(path).get("diagnosis") for lesson in ready for path in examples("mistakes", lesson)}
    for name in sorted({known.name for known in shared_mistakes()} - covered):
        yield f"No file in tests/mistakes has the diagnosis {name}. Add a submission that makes this mistake."


def wrong_glossary(ready: Iterable[Lesson]) -> Iterator[str]:
    try:
        glossary(ready, REPOSITORY)
    except CourseError as error:
        yield str(error)


RULES: tuple[Rule, ...] = (
    missing_files,
    unreadable_checks,
    stub_out_of_step,
    wrong_points,
    incomplete_checks,
    too_few_examples,
    misworded_mistakes,
    mistakes_without_a_file,
    wrong_headers,
    incomplete_lesson,
    wrong_form,
    wrong_predictions,
    answers_given_away,
    wrong_threshold,
)


# What the rules look at


def lesson_path(lesson: Lesson) -> Path:
    return REPOSITORY / "lessons" / f"{lesson.stem}.md"


def page_of(lesson: Lesson, text: str) -> lesson_form.Page:
    """A lesson with all that the rules about its form have to know."""
    others = [other for other in lessons() if other.number != lesson.number and lesson_path(other).is_file()]
    texts = {other.stem: lesson_path(other).read_text("utf-8") for other in others}
    return lesson_form.Page(
        lesson=lesson,
        text=text,
        root=REPOSITORY,
        neighbors=(
            max((other for other in others if other.number < lesson.number), key=attrgetter("number"), default=None),
            min((other for other in others if other.number > lesson.number), key=attrgetter("number"), default=None),
        ),
        functions=functions_to_write(lesson),
        mistakes=frozenset(known.name for known in (*mistakes_of(lesson), *shared_mistakes())) | NAMED_BY_EXPECT,
        answers=right_letters(lesson, text),
        bold_elsewhere={word: stem for stem, text in texts.items() for word in bold_words(text)},
    )


def functions_to_write(lesson: Lesson) -> tuple[str, ...]:
    """The functions of an exercise that the learner writes, in order; none if there is no exercise yet."""
    try:
        body = ast.parse(stub(lesson)).body
    except (OSError, ValueError, SyntaxError):
        return ()
    functions = [statement for statement in body if isinstance(statement, ast.FunctionDef)]
    return tuple(function.name for function in functions if "NotImplementedError" in ast.unparse(function))


def right_letters(lesson: Lesson, text: str) -> tuple[str, ...]:
    """The answers to a lesson's predictions; none if they do not match, which is `wrong_predictions`'s to say."""
    tables = tomllib.loads(quiz.ANSWERS_PATH.read_text("utf-8"))
    try:
        return tuple(answer.answer for answer, _ in quiz.answered(lesson, tables.get(lesson.slug, []), text))
    except CourseError:
        return ()


def examples(kind: str, lesson: Lesson) -> list[Path]:
    """The files of a lesson in ``tests/mistakes`` or ``tests/alternatives``."""
    return sorted((REPOSITORY / "tests" / kind / lesson.stem).glob("*.py"))


def headers(path: Path) -> dict[str, str]:
    """What the first lines of a mistake's file say, by the word before the colon."""
    found, text = {}, path.read_text("utf-8")
    while match := HEADER.match(text):
        found[match[1]] = match[2]
        text = text[match.end() :]
    return found


def checks_of(lesson: Lesson) -> tuple[Check, ...]:
    """The checks of a lesson; none if they cannot be loaded, which is `unreadable_checks`'s to say."""
    try:
        return load_checks(lesson.checks_path)
    except Exception:
        return ()


def mistakes_of(lesson: Lesson) -> list[Mistake]:
    """The mistakes that the file of a lesson's checks defines or imports."""
    checks_of(lesson)
    return mistakes_in(f"grader.checks.{lesson.checks_path.stem}")


def shared_mistakes() -> list[Mistake]:
    """The mistakes that the checks of several lessons share, as far as those modules have been loaded."""
    modules = [name for name in sorted(sys.modules) if name.startswith("grader.checks.")]
    return [known for name in modules if ".test_" not in name for known in mistakes_in(name)]


def mistakes_in(module: str) -> list[Mistake]:
    """The mistakes among a module's names; none if it has not been loaded."""
    names = vars(sys.modules[module]) if module in sys.modules else {}
    return [value for value in names.values() if isinstance(value, Mistake)]


def functions_of(path: Path) -> set[str]:
    """The names of the functions at the top level of a file; none if it cannot be read."""
    try:
        body = ast.parse(path.read_text("utf-8")).body
    except (OSError, SyntaxError):
        return set()
    return {statement.name for statement in body if isinstance(statement, ast.FunctionDef)}


def shown(path: Path) -> str:
    """A path as a sentence names it: from the root of the course."""
    return path.relative_to(REPOSITORY).as_posix()
