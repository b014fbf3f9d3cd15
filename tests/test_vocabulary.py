"""The words of the house: what code, messages and documentation no longer say, and what they say instead."""

import re
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parent.parent
FILES = sorted(
    [*REPOSITORY.glob("grader/**/*.py"), *REPOSITORY.glob("docs/**/*.md"), REPOSITORY / "README.md"],
    key=lambda path: path.relative_to(REPOSITORY).as_posix(),
)
BREAK = r"[\s#>-]+"  # between two words: a space, a hyphen, or the end of a line in prose, a comment or a quotation
RETIRED = {  # pattern: what to write instead
    r"hand-?ins?": "submission",
    r"handed-in": "submitted",
    r"walls?(?!(?:-| )(?:clock|time))": "sandbox, isolation, layer of isolation",
    r"walled": "isolated",
    r"predict-?it": "quiz",
    r"rungs?": "hint 1, 2, 3; hints_shown",
    r"anew": "again; start over",
    r"afresh": "again",
    r"likeness(?:es)?": "canonical name; similarity",
    r"look-?into": "open_submission",
    r"patiently": "retry",
    r"rehears(?:e|es|ed|ing|als?)": "simulate",
    rf"(?:is|was){BREAK}due": "expected; or name the deadline",
    r"deaf-?notebooks?": "NotebookStub",
}
ALLOWED = {  # the exact lines on which a retired word is right
    ("grader/progress/file.py", '"""Format 2 stored ``hints_shown`` under the name ``rungs``."""'),
    ("grader/progress/file.py", 'if isinstance(fields, dict) and "rungs" in fields:'),
    ("grader/progress/file.py", 'fields["hints_shown"] = fields.pop("rungs")'),
    ("grader/cli/app.py", '@app.command("predict-it", hidden=True)'),
    ("grader/cli/app.py", "def predict_it("),
    ("grader/launcher/menu.py", 'HIDDEN = ("list", "predict-it")  # earlier names, which still work'),
    ("grader/cli/app.py", 'complain(\'"predict-it" is now called "quiz"; the old name goes away in version 0.3.\', 0)'),
}


def findings(text: str) -> list[tuple[int, str, str]]:
    """The retired words in a text: (line number, what stands there, what to write instead).

    Names are read word by word: ``HandIn`` and ``hand_in`` both read hand-in.
    """
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", text).replace("_", "-")
    found = [
        (words.count("\n", 0, match.start()) + 1, " ".join(match[0].split()), instead)
        for pattern, instead in RETIRED.items()
        for match in re.finditer(rf"(?<![^\W\d_]){pattern}(?![^\W\d_])", words, re.IGNORECASE)
    ]
    return sorted(found)


def line_of(path: Path, number: int) -> str:
    return path.read_text("utf-8").splitlines()[number - 1].strip()


def place(path: Path, number: int) -> tuple[str, str]:
    return path.relative_to(REPOSITORY).as_posix(), line_of(path, number)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(REPOSITORY).as_posix())
def test_no_retired_word_is_used(path):
    wrong = [
        f"{path.relative_to(REPOSITORY)}:{number}: {word!r} is retired, write: {instead}"
        for number, word, instead in findings(path.read_text("utf-8"))
        if place(path, number) not in ALLOWED
    ]
    assert not wrong, "\n" + "\n".join(wrong)


def test_every_exception_is_needed():
    used = {place(path, number) for path in FILES for number, _, _ in findings(path.read_text("utf-8"))}
    assert used >= ALLOWED


@pytest.mark.parametrize(
    "text",
    [
        "the hand-ins of a class",
        "class HandIn:",
        "def hand_in(self):",
        "handins = {}",
        "behind walls",
        "missing_walls = ()",
        "cannot wall a runner in",
        "walled in",
        "digits predict-it",
        "from grader.cli import predict_it",
        "one RUNG higher",
        "RUNGS = 3",
        "Begin anew.",
        "loaded afresh",
        "def likeness(name):",
        "look_into(path)",
        "try patiently",
        "rehearse_training()",
        "a dict was due",
        "# which is\n# due",
        "DeafNotebook()",
        "deaf_notebook()",
    ],
)
def test_retired_words_are_noticed_in_names_and_in_prose(text):
    assert findings(text)


@pytest.mark.parametrize(
    "text",
    [
        "students hand in a notebook",
        "look into the file",
        "wall-clock limit",
        "the wall clock",
        "wrung",
        "wallpaper",
        "renewed",
        "the due date is Friday",
        "a pruned network",
        "predict(items)",
        "handing",
        "predict_item = 1",
    ],
)
def test_other_words_are_left_alone(text):
    assert not findings(text)
