"""`digits try`: a Python prompt with the inputs of a failing call, to repeat it."""

import code
import contextlib
import inspect
import sys
from collections.abc import Iterator
from typing import Any, cast

from grader.api.context import Call, Context
from grader.api.describe import describe
from grader.cli.commands.check import read_own_work
from grader.cli.terminal import Terminal
from grader.course import CourseError, find_workspace
from grader.engine.first_failing import find_checks, first_failing
from grader.engine.judge.own_file import find_named
from grader.engine.judge.processes import Engine
from grader.engine.judge.submission import as_sent
from grader.engine.runner.local import LocalEngine, StoppableRunner
from grader.engine.runner.suggestions import suggestion
from grader.engine.runner.workspace import Workspace
from grader.engine.session import Session
from grader.feedback.text import value_lines

LEAVING = {"q", "quit", "exit"}


def try_call(name: str, check: str | None) -> int:
    """Open a Python prompt with the inputs of the first failing call of an exercise, or of one of its checks.

    The learner's own code runs in this process, as with `digits check --pdb`. Nothing is recorded.

    Raises:
        CourseError: there is no such exercise or check, or the file cannot be loaded.
    """
    terminal, workspace = Terminal(), find_workspace()
    lesson = find_named(name, workspace)
    source = read_own_work(lesson, workspace, name)
    wanted = find_checks(lesson, check) if check else ()
    terminal.title(lesson, source.name)
    engine, contexts = LocalEngine(debug=False, kind=StoppableRunner), dict[str, Context]()
    with Session(lesson, source, cast("Engine", engine)) as session:
        session.on_end = lambda context: contexts.update({context.check.name: context})
        if problem := session.load():
            raise CourseError(problem)
        result = first_failing(session, wanted)
    if result is None:
        what = (
            f"The check {wanted[0].name} passes" if len(wanted) == 1 else f"All checks of {check or lesson.slug} pass"
        )
        terminal.line((f" {what}.", "good"), " There is no failing call to try.")
        return 0
    terminal.result(result)
    call = call_to_try(contexts.get(result.name))
    if call is None:
        raise CourseError(f"The check {result.name} has not called a function, so there is nothing to try.")
    open_prompt(terminal, call, next(runner.workspace for runner in engine.runners if runner.workspace.module))
    return 0


def call_to_try(context: Context | None) -> Call | None:
    """The call because of which a check has failed: one that raised, one whose value was wrong, or else the last."""
    calls = context.calls if context else []
    raised = next((call for call in calls if call.error), None)
    return raised or (context.failed if context else None) or next(reversed(calls), None)


def open_prompt(terminal: Terminal, call: Call, workspace: Workspace) -> None:
    """Bind the inputs of a call to names, say how to repeat it, and read lines of Python until the learner leaves."""
    names = vars(workspace.module)
    inputs, line = bind(call, names.get(call.function), workspace)
    names |= inputs
    terminal.line()
    for name, value in inputs.items():
        first, *others = input_lines(name, describe(value), terminal.width)
        terminal.line((f" {name} = ", "quiet"), first)
        terminal.lines([("   " + line, "")] for line in others)
    terminal.line((" repeat it:   ", "quiet"), (line, "title"))
    terminal.line((" leave:       q or Ctrl-D", "quiet"))
    if sys.stdin.isatty():
        complete_names(names)
    try:
        Prompt(names).interact(banner="", exitmsg="")
    except SystemExit:
        pass


def input_lines(name: str, value: str, width: int) -> list[str]:
    """An input in words: what fits beside its name, then the rows of a small array or whatever else is left."""
    beside, _, below = value.partition("\n")
    first, *rest = value_lines(beside, width - len(f" {name} = "))
    others = [" ".join(rest)] * bool(rest) + [below] * bool(below)
    return [first, *(line for text in others for line in value_lines(text, width - 3))]


def bind(call: Call, function: Any, workspace: Workspace) -> tuple[dict[str, Any], str]:
    """The inputs of a call by the names of the function's parameters, and the call in terms of these names."""
    positional = [workspace.given(as_sent(value)) for value in call.arguments]
    keywords = {name: workspace.given(as_sent(value)) for name, value in call.keywords.items()}
    names = list(parameter_names(function, len(positional)))
    shown = ", ".join([*names, *(f"{name}={name}" for name in keywords)])
    return dict(zip(names, positional, strict=True)) | keywords, f"{call.function}({shown})"


def parameter_names(function: Any, count: int) -> Iterator[str]:
    """As many names as there are positional arguments: those of the parameters, as far as they go."""
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        parameters = []
    own = [
        parameter.name
        for parameter in parameters
        if parameter.kind in {parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD}
    ]
    yield from own[:count]
    yield from (f"argument_{number}" for number in range(len(own) + 1, count + 1))


def complete_names(names: dict[str, Any]) -> None:
    """Let the prompt have a history and complete names, where Python can do that."""
    with contextlib.suppress(ImportError):
        import readline
        import rlcompleter

        readline.set_completer(rlcompleter.Completer(names).complete)
        readline.parse_and_bind("tab: complete")


class Prompt(code.InteractiveConsole):
    """A Python prompt that q leaves, too, and that reads lines from a pipe without prompting.

    An exception ends with "Did you mean", as in the verdict; Python 3.11 leaves that out of its own prompts in code.
    """

    _suggestion = ""

    def showtraceback(self) -> None:
        error = sys.exception()
        self._suggestion = suggestion(error) if error else ""
        super().showtraceback()
        self._suggestion = ""

    def write(self, data: str) -> None:
        has_one = "Did you" in data.rstrip().rpartition("\n")[2]
        super().write(data if has_one or not self._suggestion else f"{data.rstrip()}{self._suggestion}\n")

    def raw_input(self, prompt: str = "") -> str:
        if sys.stdin.isatty():
            line = input(prompt)
        else:
            line = sys.stdin.readline()
            if not line:
                raise EOFError
        line = line.rstrip("\n")
        if line.strip() in LEAVING and line.strip() not in self.locals and not self.buffer:
            raise SystemExit
        return line
