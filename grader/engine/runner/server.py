"""The runner: holds the submission's code and answers the judge's requests, one at a time.

Everything in this process is in the hands of the submission once that is loaded, so nothing here is a safeguard and
nothing that leaves here is more than a claim. The same program, without a submission, is the *scorer* that rebuilds
exported models.
"""

import contextlib
import io
from collections.abc import Iterator
from typing import Any

import numpy as np

from grader.engine.runner import operations
from grader.engine.runner.exceptions import class_name, frames_in, line_of_syntax, syntax_error, text_of
from grader.engine.runner.operations.code import Result
from grader.engine.runner.operations.registry import OPERATIONS
from grader.engine.runner.suggestions import suggestion
from grader.engine.runner.workspace import Workspace
from grader.engine.wire.channel import Channel, ChannelClosed, Message, ProtocolError
from grader.engine.wire.requests import MAX_PRINTED, decode, encode_answer

MAX_ERROR_TEXT = 500


class Runner:
    """Answers requests. ``handle`` takes a message and returns the reply's message."""

    captures_output = True

    def __init__(self, channel: Channel | None = None) -> None:
        self.workspace = Workspace(channel)
        operations.load()

    def serve(self, channel: Channel) -> None:
        """Answer requests until the judge closes the socket."""
        while True:
            try:
                reply, tensors = self.handle(*channel.receive())
                channel.send(reply, tensors)
            except ChannelClosed:
                return

    def handle(self, request: dict[str, Any], tensors: list[np.ndarray]) -> Message:
        """Carry out one request: ``{"id", "operation", …}`` becomes ``{"id", "value" or "error", "printed", …}``."""
        workspace = self.workspace
        workspace.request_id, workspace.observed = request["id"], []
        reply: dict[str, Any] = {"id": request["id"]}
        out: list[np.ndarray] = []
        with captured_output() if self.captures_output else contextlib.nullcontext(BoundedText()) as printed:
            try:
                kind, function = OPERATIONS[request["operation"]]
                answer = function(workspace, decode(kind, request, tensors, workspace.resolve))
                result = answer if isinstance(answer, Result) else Result(answer, [])
                reply["value"] = encode_answer(result.value, out, workspace.keep, request["most_bytes"])
                reply["changed"] = result.changed
            except BaseException as error:  # SystemExit and KeyboardInterrupt are a submission's, not ours
                out.clear()
                reply["error"] = self.explain(error)
        reply["printed"], reply["lost"] = printed.kept(), printed.lost
        reply["observed"] = workspace.observed
        return reply, out

    def explain(self, error: BaseException) -> dict[str, Any]:
        """What the learner needs to know of an exception: its text, and the last line of their own that it passed."""
        filename = self.workspace.filename
        explained: dict[str, Any] = {
            "type": class_name(error),
            "text": text_of(error, MAX_ERROR_TEXT) + suggestion(error),
            "line": None,
            "code": "",
            "function": "",
        }
        if misread := syntax_error(error, {filename}):
            code = text_of(misread.text or "", MAX_ERROR_TEXT).strip()[:200]
            return explained | {
                "text": text_of(misread.msg, MAX_ERROR_TEXT),
                "line": line_of_syntax(misread),
                "code": code,
            }
        for frame in frames_in(error, filename):
            explained |= {"line": frame.lineno, "code": (frame.line or "")[:200], "function": frame.name}
        return explained


class BoundedText(io.TextIOBase):
    """Takes any amount of output and keeps the beginning."""

    def __init__(self) -> None:
        self._text, self._breaks, self._ends_line = "", 0, False  # breaks: those of lines, where no room is left

    def writable(self) -> bool:
        """True, as for any file that is open for writing."""
        return True

    def write(self, text: str) -> int:
        """Keep as much of a text as there is room for; returns its length."""
        room = MAX_PRINTED - len(self._text)
        self._text += text[:room]
        self._breaks += text.count("\n", max(room - 1, 0))
        self._ends_line = text.endswith("\n") if text else self._ends_line
        return len(text)

    @property
    def lost(self) -> int:
        """How many lines begin after what was kept."""
        return max(0, self._breaks - self._ends_line)

    def kept(self) -> str:
        """The beginning of what was written, at most `MAX_PRINTED` characters."""
        return self._text.encode("utf-8", "replace").decode()


@contextlib.contextmanager
def captured_output() -> Iterator[BoundedText]:
    """Keep what is printed meanwhile, from the terminal."""
    captured = BoundedText()
    with contextlib.redirect_stdout(captured), contextlib.redirect_stderr(captured):
        yield captured


def serve(channel: Channel) -> None:
    """The whole life of a runner's process."""
    with contextlib.suppress(ProtocolError):
        Runner(channel).serve(channel)
