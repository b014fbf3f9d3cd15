"""How the commands are described, and what is said when one is typed wrong, in words for people.

The library that reads the command line describes arguments as programmers do: ``{exercise}``, ``<list[Path]>``.
"""

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Any

from grader.cli.grouped_help import write_commands
from grader.course import REPOSITORY, CourseError, find_exercise, find_lesson, has_function, ready_lessons

WORDS = {  # parameter: what stands for its value, where its name in capitals would not say it
    "images": "PHOTO",
    "model": "FILE",
    "explain": "FILE",
    "course": "FOLDER",
    "form": "FORMAT",
    "count": "N",
    "every": "N",
    "jobs": "N",
    "seeds": "N",
    "alternative_seeds": "N",
    "at_least": "PERCENT",
    "what": "BENCHMARK",
}
EXERCISES = {"exercise", "lesson"}  # the parameters that take the name of one


def program() -> str:
    """How the learner starts this program in the current folder."""
    is_completing = any(name.endswith("DIGITS_COMPLETE") for name in os.environ)
    is_here = (REPOSITORY / "digits").is_file() and Path.cwd() == REPOSITORY
    return "./digits" if is_here and os.name != "nt" and not is_completing else "digits"


def for_people(command: Any) -> Any:
    """A command, and all below it, with help that names values in words, EXERCISE, [PHOTO]..., and calls the program as
    it was started here."""
    command.help = command.help and command.help.replace("./digits", program())
    for parameter in command.params:
        if is_argument(parameter):
            parameter.metavar = word_of(parameter)
            parameter.get_help_record = partial(argument_record, parameter, parameter.get_help_record)
        elif not parameter.is_flag:
            parameter.metavar = word_of(parameter)
            parameter.get_help_record = partial(option_record, parameter.get_help_record)
    command.collect_usage_pieces = partial(usage_pieces, command)
    command.format_commands = partial(write_commands, command)
    for inner in getattr(command, "commands", {}).values():
        for_people(inner)
    return command


def is_argument(parameter: Any) -> bool:
    return bool(parameter.param_type_name == "argument")


def word_of(parameter: Any) -> str:
    given = (parameter.metavar or "").replace("[", "").replace("]", "").removesuffix("...")
    return given or WORDS.get(parameter.name, parameter.name.upper())


def shown(parameter: Any) -> str:
    """An argument in a usage line: [EXERCISE] where it can be left out, PHOTO... where there may be many."""
    word = parameter.metavar if parameter.required else f"[{parameter.metavar}]"
    return f"{word}..." if parameter.nargs != 1 else word


def argument_record(parameter: Any, original: Any, context: Any) -> tuple[str, str] | None:
    record = original(context)
    return record and (shown(parameter), record[1].removesuffix("[required]").rstrip())


def option_record(original: Any, context: Any) -> tuple[str, str] | None:
    record = original(context)
    if record is None:
        return None
    between = re.sub(r"([\d.]+)<=x<=([\d.]+)", r"\1 to \2", record[1])
    return record[0], re.sub(r"x>=([\d.]+)", r"at least \1", between)


def usage_pieces(command: Any, context: Any) -> list[str]:
    pieces = [shown(parameter) for parameter in command.params if is_argument(parameter)]
    return ["[OPTIONS]", *pieces, *(["COMMAND"] if hasattr(command, "commands") else [])]


def help_of(root: Any, names: list[str]) -> str:
    """The help of a command, as ``--help`` prints it.

    Args:
        root: the context of the program.
        names: the command, from the outside inwards: class, grade.

    Raises:
        CourseError: there is no such command.
    """
    context = root
    for number, name in enumerate(names):
        inner = getattr(context.command, "commands", {})
        if name not in inner:
            said = " ".join([f"There is no command {name}.", *suggestion(name, inner)])
            outer = " ".join([program(), *names[:number], "--help"])
            raise CourseError(f"{said} For help: {outer}")
        context = inner[name].context_class(inner[name], info_name=name, parent=context)
    return str(context.get_help())


def sentence(error: Any) -> str:
    """What is wrong with a command line, and where the help is."""
    told = re.sub(r"\s+", " ", " ".join(explain(error)))
    return f"{told} For help: {path_of(error)} --help"


def path_of(error: Any) -> str:
    """The command that was typed wrong, as far as it was understood: ./digits class grade."""
    names, context = list[str](), getattr(error, "ctx", None)
    while context is not None and context.parent is not None:
        names.insert(0, context.info_name)
        context = context.parent
    return " ".join([program(), *names])


def explain(error: Any) -> Iterator[str]:
    """The sentences about a mistake in the command line."""
    kind, message = type(error).__name__, error.format_message()
    command = getattr(getattr(error, "ctx", None), "command", None)
    unknown = re.match(r"No such command '(.*?)'\.", message, re.DOTALL)
    extra = re.match(r"Got unexpected extra arguments?.*? \((.*)\)$", message, re.DOTALL)
    if kind == "NoSuchOption":
        yield f"There is no option {error.option_name}."
        yield from suggestion(error.option_name, options_of(command))
    elif unknown and command:
        yield f"There is no command {unknown[1] or repr('')}."
        yield from of_exercise(error.ctx, unknown[1]) or suggestion(unknown[1], command.commands)
    elif extra and command:
        yield too_many(command, error.ctx, extra[1])
    elif kind == "MissingParameter" and error.param:
        yield missing(error.param, getattr(command, "name", ""))
    elif kind == "BadOptionUsage" and "requires" in message:
        yield f"{error.option_name} needs a value after it."
    elif kind == "BadParameter" and error.param:
        name = error.param.metavar if is_argument(error.param) else error.param.opts[0]
        told = re.sub("^Input", name, error.message.partition(", unable to")[0])
        yield ended(told.replace("should be a valid integer", "must be a whole number"))
    else:
        yield ended(message)


def of_exercise(context: Any, typed: str) -> list[str]:
    """The command that was meant if the program was given an exercise in place of a command."""
    if context.parent is not None:
        return []
    with suppress(CourseError):
        return [f"Did you mean {program()} check {find_lesson(typed).slug}?"]
    return []


def suggestion(typed: str, known: Iterable[str]) -> Iterator[str]:
    known = list(known)
    same = [name for name in known if name.replace("-", "") == typed.replace("-", "")]
    near = same or get_close_matches(typed, known, n=2, cutoff=0.7)
    if near:
        yield f"Did you mean {' or '.join(near)}?"


def options_of(command: Any) -> list[str]:
    parameters = getattr(command, "params", ())
    names = [name for parameter in parameters for name in (*parameter.opts, *parameter.secondary_opts)]
    return [name for name in names if name.startswith("--")]


def too_many(command: Any, context: Any, extra: str) -> str:
    """The sentence about more arguments than a command takes."""
    wanted = [parameter for parameter in command.params if is_argument(parameter)]
    given = [str(context.params[parameter.name]) for parameter in wanted if context.params.get(parameter.name)]
    given += extra.split()
    if not wanted:
        return f"{command.name} takes no arguments, but got: {', '.join(given)}."
    if command.name == "check" and len(given) == 2 and is_function_of(*given):
        return f"check takes one exercise; {program()} try {given[0]} {given[1]} repeats one function's failing call."
    words = " and one ".join(parameter.metavar.lower() for parameter in wanted)
    return f"{command.name} takes one {words}, but got {len(given)}: {', '.join(given)}."


def is_function_of(exercise: str, name: str) -> bool:
    with suppress(CourseError):
        return has_function(find_exercise(exercise), name)
    return False


def missing(parameter: Any, command: str) -> str:
    if parameter.name in EXERCISES:
        slugs = [lesson.slug for lesson in ready_lessons()]
        if command == "train":
            from grader.training.recipes import RECIPES

            slugs = [slug for slug in slugs if slug in RECIPES]
        return f"Missing argument. Name an exercise: {', '.join(slugs)}."
    return ended(f"Missing argument: {parameter.metavar}. {parameter.help or ''}".rstrip())


def ended(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."
