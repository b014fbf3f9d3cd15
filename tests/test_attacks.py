"""Hostile and broken submissions, one folder each in `tests/attacks`: each earns only what it deserves, leaves nothing
behind, learns no secret, disturbs nobody, and is told off in one plain sentence."""

import dataclasses
import json
import os
import re
import secrets
import shutil
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import READY, TESTS, solution, zygotes_after

from grader.course import Lesson, Limits, find_lesson
from grader.engine.isolation.confine import FIRST_ID
from grader.engine.judge.processes import Engine
from grader.engine.judge.processors import descendants
from grader.engine.judge.source import read_source
from grader.engine.session import Session
from grader.verdict import Verdict

SECONDS_UNTIL_GONE = 2
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")  # all but line breaks and tabs
LONGEST_SENTENCE = 1500  # characters, the text of an exception and the line that raised it included
LIMITS = {"numpy": Limits(seconds=4, training_seconds=30, total_seconds=90)}
LIMITS["tensorflow"] = dataclasses.replace(LIMITS["numpy"], seconds=20)
LESSONS = {lesson.slug: dataclasses.replace(lesson, limits=LIMITS[lesson.runtime]) for lesson in READY}
LESSONS["capstone"] = find_lesson("capstone")  # its training takes 20 s, so it needs its own limits beside other work

# Of the form that the attacks search for. In the environment from the start: any test may start the engine.
CANARIES = {place: f"canary-{secrets.token_hex(8)}" for place in ("environment", "home", "classmate")}
os.environ["DIGITS_CANARY"] = CANARIES["environment"]


def attacks() -> list:
    """Every folder as a test parameter, with whose zygotes it attacks: first root's, then an ordinary user's, which are
    all that such a user has. What is about the scores of a network, which the judge keeps, attacks the first alone. Of
    each class of attacks one is in the quick set."""
    thorough, seen, first, second = pytest.mark.thorough, set(), [], []
    who = "root" if os.geteuid() == 0 else "user"
    for folder in sorted((TESTS / "attacks").iterdir()):
        expected = read_expected(folder)
        marks = [thorough] if expected["class"] in seen else []
        seen.add(expected["class"])
        first.append(pytest.param(who, folder, id=f"{who}-{folder.name}", marks=marks))
        if who == "root" and LESSONS[expected["exercise"]].runtime == "numpy":
            second.append(pytest.param("user", folder, id=f"user-{folder.name}", marks=thorough))
    return first + second  # an engine is made once


def read_expected(folder: Path) -> dict:
    return tomllib.loads((folder / "expected.toml").read_text("utf-8"))


def attacked(expected: dict) -> Lesson:
    """The exercise that a folder attacks. Who is expected to run out of time does so soon."""
    lesson = LESSONS[expected["exercise"]]
    if "timeout" in {expected["outcome"], *expected.get("checks", {}).values()}:
        soon = {"numpy": 1, "tensorflow": 6}[lesson.runtime]
        return dataclasses.replace(lesson, limits=dataclasses.replace(lesson.limits, seconds=soon))
    return lesson


Grade = Callable[[Lesson, Path], Verdict]


USER = 54_321  # nobody has this number
AS_A_USER = f"""
import os, stat, sys
from pathlib import Path
from grader.course import REPOSITORY
from grader.engine.isolation import root, system

def is_open_to_all(folder):
    return folder.stat().st_mode & stat.S_IXOTH

def open_a_way_to(needed):
    '''Python and the course may lie in root's home: let it be a folder with these alone in it, for this process.'''
    root.leave_other_mounts_alone()
    closed = [next((folder for folder in path.parents[::-1] if not is_open_to_all(folder)), None) for path in needed]
    for folder in set(closed) - {{None}}:
        inside = [(path, os.open(path, os.O_PATH)) for path in needed if path.is_relative_to(folder)]
        system.mount("tmpfs", str(folder), "tmpfs", 0, "mode=755")
        for path, descriptor in inside:
            path.mkdir(parents=True, exist_ok=True)
            system.mount(f"/proc/self/fd/{{descriptor}}", str(path), None, system.MS_BIND | system.MS_REC)

open_a_way_to(sorted(map(Path, {{sys.prefix, os.path.realpath(sys.prefix), sys.base_prefix, str(REPOSITORY)}})))
os.chown(".", {USER}, {USER})
os.setgroups([])
os.setresgid({USER}, {USER}, {USER})
os.setresuid({USER}, {USER}, {USER})
"""
ZYGOTE = """
os.execv(sys.executable, [sys.executable, "-IBm", "grader.engine.runner.zygote", *sys.argv[1:]])
"""


@pytest.fixture(scope="module")
def engine(request, engine: Engine) -> Iterator[Engine]:
    if os.geteuid() == 0 and request.param == "user":
        with Engine(zygotes_after(AS_A_USER + ZYGOTE)) as of_a_user:
            yield of_a_user
    else:
        yield engine


@pytest.fixture(scope="module")
def grade(engine: Engine) -> Grade:
    """Grade a file."""

    def grade_file(lesson: Lesson, path: Path) -> Verdict:
        with Session(lesson, read_source(path), engine, b"a secret") as session:
            return session.verdict()

    return grade_file


@pytest.fixture(scope="module")
def home_canary() -> Iterator[None]:
    """A secret in the home folder."""
    with tempfile.NamedTemporaryFile("w", prefix=".digits-canary-", dir=Path.home()) as file:
        file.write(CANARIES["home"])
        file.flush()
        yield


@pytest.fixture
def submitted_path(tmp_path: Path, home_canary: None) -> Callable[[Path], Path]:
    """Copy an attack to where submissions lie, next to a classmate's."""

    def submission(folder: Path) -> Path:
        (tmp_path / "classmate.py").write_text(f"answer = '{CANARIES['classmate']}'\n", "utf-8")
        (submission,) = folder.glob("submission.*")
        return Path(shutil.copy(submission, tmp_path))

    return submission


@pytest.fixture(scope="module")
def honest_before(grade: Grade) -> str:
    """The verdict on an honest submission before any attack."""
    return honest_verdict(grade)


@pytest.mark.attack
@pytest.mark.parametrize(("engine", "folder"), attacks(), indirect=["engine"])
def test_an_attack_gets_what_it_deserves(folder, engine, grade, honest_before, submitted_path, tmp_path):
    expected = read_expected(folder)
    lesson, path = attacked(expected), submitted_path(folder)
    if engine.tier(lesson.runtime) != "namespaces":
        pytest.skip("hostile programs are only started where they are walled in")
    zygote = engine.zygote_pid(lesson.runtime)
    processes, files = set(descendants(zygote)), files_around(zygote)

    verdict = grade(lesson, path)

    assert not (wrong := unexpected(verdict, expected)), "\n".join(wrong)
    assert not (ugly := ugly_texts(verdict, path.read_text("utf-8", "replace"))), "\n".join(map(repr, ugly))
    assert [place for place, canary in CANARIES.items() if canary in everything_said(verdict)] == []
    assert zygote == engine.zygote_pid(lesson.runtime), engine.replaced
    assert soon_empty(lambda: set(descendants(zygote)) - processes) == set(), "processes are left"
    assert soon_empty(lambda: planted(files_around(zygote) - files, path, zygote)) == set(), "files are left"
    assert set(tmp_path.iterdir()) == {path, tmp_path / "classmate.py"}
    assert honest_verdict(grade) == honest_before


def unexpected(verdict: Verdict, expected: dict) -> list[str]:
    """In what a verdict differs from a folder's `expected.toml`, and then all that was said; nothing if it does not."""
    outcomes = {result.name: result.outcome for result in verdict.checks}
    wanted = expected.get("checks", {})
    wrong = [f"{name}: {outcomes.get(name)}" for name in wanted if outcomes.get(name) != wanted[name]]
    if (verdict.outcome, verdict.score) != (expected["outcome"], expected["score"]):
        wrong.append(f"{verdict.outcome}, {verdict.score:g} points")
    wrong += [f"no flag {flag}" for flag in expected.get("flags", []) if flag not in verdict.flags]
    if "says" in expected and not any(expected["says"] in text for text in messages(verdict)):
        wrong.append(f"nowhere says {expected['says']!r}")
    return [*wrong, *messages(verdict)] if wrong else []


def messages(verdict: Verdict) -> list[str]:
    """What is said of the submission, and of each check that did not pass."""
    told = [result.message for result in verdict.checks if result.outcome != "passed"]
    return [verdict.message, *told] if verdict.message or verdict.outcome != "graded" else told


def ugly_texts(verdict: Verdict, source: str) -> list[str]:
    """Texts with control characters, and messages that are no plain sentence."""
    ugly = [text for text in texts_of(dataclasses.asdict(verdict)) if CONTROL.search(text)]
    for text in messages(verdict):
        quotes_itself = "Traceback" in source
        if not text or "\n" in text or len(text) > LONGEST_SENTENCE or ("Traceback" in text and not quotes_itself):
            ugly.append(text)
    return ugly


def texts_of(node: object) -> Iterator[str]:
    """All texts in nested dictionaries and lists, keys included."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for item in (*node, *node.values()):
            yield from texts_of(item)
    elif isinstance(node, (list, tuple)):
        for item in node:
            yield from texts_of(item)


def everything_said(verdict: Verdict) -> str:
    return "\n".join([json.dumps(verdict.to_json()), *texts_of(dataclasses.asdict(verdict))])


def honest_verdict(grade: Grade) -> str:
    """What an honest submission gets, as JSON; the seconds that it took are left out."""
    verdict = grade(LESSONS["pixels"], solution(LESSONS["pixels"]))
    assert verdict.score == verdict.max_score
    return json.dumps(verdict.to_json() | {"seconds": 0})


def files_around(zygote: int) -> set[Path]:
    """What lies in the current folder, the real home, the folder for temporary files, and the home of a zygote."""
    found = {path for folder in (Path.cwd(), Path.home(), Path(tempfile.gettempdir())) for path in folder.iterdir()}
    return found | {Path(folder, name) for folder, _, names in os.walk(home_of(zygote)) for name in names}


def home_of(zygote: int) -> Path:
    """The folder that was made for a zygote."""
    variables = Path(f"/proc/{zygote}/environ").read_bytes().split(b"\0")
    return Path(next(os.fsdecode(text[5:]) for text in variables if text.startswith(b"HOME=")))


def planted(files: set[Path], submission: Path, zygote: int) -> set[Path]:
    """Files that a submission may have made: in a zygote's home, with a name that it mentions, or a runner's own.

    Others come and go meanwhile: they belong to other programs and to tests that run beside this one.
    """
    text, home = submission.read_text("utf-8", "replace"), home_of(zygote)

    def is_suspect(path: Path) -> bool:
        try:
            is_runners = path.lstat().st_uid >= FIRST_ID
        except OSError:
            return False  # gone already
        return is_runners or path.is_relative_to(home) or path.name in text

    return {path for path in files if is_suspect(path)}


def soon_empty(look: Callable[[], set]) -> set:
    """What is left of a set after as long as it may take to get empty."""
    end = time.monotonic() + SECONDS_UNTIL_GONE
    while (found := look()) and time.monotonic() < end:
        time.sleep(0.02)
    return found
