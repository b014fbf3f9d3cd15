"""`digits update`, from local repositories and archives: a new version arrives, and no work is lost."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from test_cli import REPOSITORY, SOON, Finished, environment

from grader.update.exercises import change

STARTS = "import sys; from grader.cli import main; sys.argv[0] = 'digits'; main()"
LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.npz", "*.keras", "photographs", "test_0[3-9]*", "test_1*")
EXERCISE = Path("exercises", "01_pixels.py")
WORK = "    return np.bincount(labels, minlength=num_classes)\n"
DEFINED, NEW_LINE = "def scale_pixels(images: np.ndarray) -> np.ndarray:\n", "    # New in this version.\n"
PEOPLE = {f"GIT_{role}_{field}": "ada" for role in ("AUTHOR", "COMMITTER") for field in ("NAME", "EMAIL")}
SETTINGS = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}


@dataclass
class Copy:
    """A copy of the course with an author or a learner at work in it."""

    folder: Path

    def git(self, *arguments: str) -> str:
        done = subprocess.run(
            ["git", "-C", self.folder, *arguments],
            env=environment(PEOPLE | SETTINGS),
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    def write(self, name: str | Path, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(text, "utf-8")

    def read(self, name: str | Path) -> str:
        return (self.folder / name).read_text("utf-8")

    def replace(self, name: str | Path, old: str, new: str) -> None:
        assert old in self.read(name)
        self.write(name, self.read(name).replace(old, new, 1))

    def publish(self) -> None:
        """Commit everything and push it."""
        self.git("add", "-A")
        self.git("commit", "-qm", "A new version")
        self.git("push", "-q", "origin", "HEAD")

    def solve(self) -> str:
        """Write the first function; returns the exercise's text."""
        self.replace(EXERCISE, "    # YOUR CODE HERE\n    raise NotImplementedError()\n", WORK)
        return self.read(EXERCISE)

    def update(self, *arguments: str | Path, **variables: str) -> Finished:
        finished = subprocess.run(
            [sys.executable, "-c", STARTS, "update", *arguments],
            cwd=self.folder,
            env=environment({"PYTHONPATH": str(self.folder), "PYTHONIOENCODING": "utf-8"} | SETTINGS | variables),
            capture_output=True,
            text=True,
            timeout=SOON,
            check=False,
        )
        assert "Traceback" not in finished.stderr
        return Finished(finished.returncode, " ".join(finished.stdout.split()), " ".join(finished.stderr.split()))

    def state(self) -> str:
        return self.git("status", "--short")


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    """The files of a small course."""
    folder = tmp_path_factory.mktemp("course")
    shutil.copytree(REPOSITORY / "grader", folder / "grader", ignore=LEFT_OUT)
    for name in ("exercises", "solutions"):
        (folder / name).mkdir()
        for stem in ("01_pixels", "02_baseline"):
            shutil.copy(REPOSITORY / name / f"{stem}.py", folder / name)
    for name in ("digits", "pyproject.toml", "constraints.txt", "README.md", ".gitignore"):
        shutil.copy(REPOSITORY / name, folder)
    return folder


@pytest.fixture
def origin(course, tmp_path) -> Path:
    """A bare repository with that course."""
    bare, author = tmp_path / "origin.git", Copy(tmp_path / "first")
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", bare], check=True)
    shutil.copytree(course, author.folder)
    author.git("init", "-q", "-b", "main")
    author.git("remote", "add", "origin", str(bare))
    author.publish()
    return bare


def clone(origin: Path, folder: Path) -> Copy:
    subprocess.run(["git", "clone", "-q", origin, folder], check=True, env=environment(SETTINGS))
    return Copy(folder)


@pytest.fixture
def learner(origin, tmp_path) -> Copy:
    return clone(origin, tmp_path / "learner")


@pytest.fixture
def author(origin, tmp_path) -> Copy:
    return clone(origin, tmp_path / "author")


def next_version(author: Copy) -> None:
    """A version with a new text for a function of the exercise, another lesson text and another version number."""
    author.replace(EXERCISE, DEFINED, DEFINED + NEW_LINE)
    author.replace("README.md", "# Digits", "# Digits, second edition")
    author.replace("pyproject.toml", 'version = "', 'version = "9.')
    author.write("exercises/03_more.py", "def more():\n    raise NotImplementedError()\n")
    author.git("rm", "-q", "grader/checks/test_02_baseline.py")


def test_the_newest_version_says_so_and_changes_nothing(learner):
    learner.solve()
    done = learner.update()
    assert (done.status, done.out) == (0, "This is the newest version of the course.")
    assert learner.state() == f" M {EXERCISE}\n"


def test_a_new_version_is_merged_into_the_work(learner, author):
    before = learner.solve()
    learner.write(".digits/progress.json", '{"format": 3}')
    next_version(author)
    author.publish()
    done = learner.update()
    assert (done.status, done.err) == (0, "")
    assert "You have the newest version of the course, 9." in done.out
    assert "exercises/03_more.py is new." in done.out
    assert "packages" in done.out  # the project's settings have changed
    assert learner.read(EXERCISE) == before.replace(DEFINED, DEFINED + NEW_LINE, 1)
    assert learner.read("README.md").startswith("# Digits, second edition")
    assert not (learner.folder / "grader/checks/test_02_baseline.py").exists()
    assert learner.state() == f" M {EXERCISE}\n"  # the learner's own edit and nothing else
    assert WORK in learner.git("diff")
    assert learner.git("rev-parse", "HEAD") == author.git("rev-parse", "HEAD")
    assert [path.read_text("utf-8") for path in (learner.folder / ".digits/kept").iterdir()] == [before]
    assert learner.read(".digits/progress.json") == '{"format": 3}'
    assert learner.update().out == "This is the newest version of the course."


def test_what_contradicts_the_work_is_put_beside_it(learner, author):
    before = learner.solve()
    author.replace(EXERCISE, "    # YOUR CODE HERE\n", "    # Write this one first.\n")
    author.publish()
    done = learner.update()
    assert f"{EXERCISE} stays as you wrote it. The new text is .digits/new/01_pixels.py." in done.out
    assert learner.read(EXERCISE) == before
    assert learner.read(".digits/new/01_pixels.py") == author.read(EXERCISE)
    assert learner.state() == f" M {EXERCISE}\n"


def test_windows_line_ends_stay(learner, author):
    learner.solve()
    path = learner.folder / EXERCISE
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    next_version(author)
    author.publish()
    assert "your work now includes that" in learner.update().out
    held = path.read_bytes()
    assert held.count(b"\r\n") == held.count(b"\n")
    assert NEW_LINE.strip().encode() in held


def test_changed_files_of_the_course_are_named_and_nothing_is_touched(learner, author):
    before = learner.solve()
    learner.write("README.md", "my notes\n")
    learner.write("exercises/03_more.py", "mine = 1\n")
    next_version(author)
    author.write("docs/new.md", "the course's\n")
    author.publish()
    learner.write("docs/new.md", "mine\n")
    head = learner.git("rev-parse", "HEAD")
    done = learner.update()
    assert (done.status, done.out) == (2, "")
    assert "you have changed README.md, docs/new.md." in done.err
    assert learner.read(EXERCISE) == before
    assert learner.git("rev-parse", "HEAD") == head
    assert not (learner.folder / ".digits" / "kept").exists()
    advice = re.search(r"git checkout (\w+) -- FILE", done.err)
    learner.git("checkout", advice[1], "--", "README.md")
    (learner.folder / "docs/new.md").unlink()
    assert "exercises/03_more.py stays as you wrote it." in learner.update().out
    assert learner.read("exercises/03_more.py") == "mine = 1\n"


def test_commits_of_the_learner_are_joined_with_the_new_version(learner, author):
    learner.solve()
    learner.write("notes.md", "my notes\n")
    learner.git("add", "-A")
    learner.git("commit", "-qm", "My work")
    learner.replace(EXERCISE, WORK, WORK + "    # to be looked at again\n")
    before = learner.read(EXERCISE)
    next_version(author)
    author.publish()
    assert learner.update().status == 0
    assert learner.read(EXERCISE) == before.replace(DEFINED, DEFINED + NEW_LINE, 1)
    assert learner.state() == f" M {EXERCISE}\n"
    assert re.findall(r"^[+-] .*", learner.git("diff"), re.M) == ["+    # to be looked at again"]
    assert len(learner.git("rev-list", "--parents", "-1", "HEAD").split()) == 3
    assert learner.git("show", "HEAD:notes.md") == "my notes\n"
    assert learner.git("merge-base", "HEAD", "origin/main")


@pytest.mark.sampled
@pytest.mark.parametrize("where", ["no remote", "gone", "asks for a password"])
def test_a_place_that_cannot_be_reached_is_told_in_a_sentence(learner, where):
    if where == "no remote":
        learner.git("remote", "remove", "origin")
    else:
        learner.git("remote", "set-url", "origin", "/no/such/place" if where == "gone" else "ssh://no.invalid/course")
    before = learner.solve()
    done = learner.update()
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("digits: The course was not updated") or "git has no remote" in done.err
    assert learner.read(EXERCISE) == before


@pytest.mark.thorough
def test_no_hook_runs(learner, author, tmp_path):
    seen = tmp_path / "seen"
    for name in ("post-checkout", "post-merge", "reference-transaction", "post-index-change", "pre-commit"):
        hook = learner.folder / ".git" / "hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\ntouch {seen}\n", "utf-8")
        hook.chmod(0o755)
    next_version(author)
    author.publish()
    assert learner.update().status == 0
    assert not seen.exists()


CUT = """
import os, sys
from grader.update import checkout
run, write_course = checkout.Git.run, checkout.write_course
def run_until(git, *arguments, **more):
    if arguments[0] == "update-ref" and step == "index":
        os._exit(9)
    return run(git, *arguments, **more)
def write_until(*arguments):
    if step == "files":
        write_course(*arguments)
    if step in ("exercises", "files"):
        os._exit(9)
    write_course(*arguments)
checkout.Git.run, checkout.write_course, step = run_until, write_until, sys.argv.pop()
"""


@pytest.mark.sampled
@pytest.mark.parametrize("step", ["index", "files", "exercises"])
def test_an_update_that_was_cut_off_is_completed_by_the_next(learner, author, step):
    """As if the power had failed after this step: HEAD is still the old one."""
    before = learner.solve()
    next_version(author)
    author.publish()
    ended = subprocess.run(
        [sys.executable, "-c", CUT + STARTS, "update", step],
        cwd=learner.folder,
        env=environment({"PYTHONPATH": str(learner.folder)} | SETTINGS),
        capture_output=True,
        check=False,
    )
    assert ended.returncode == 9, ended.stderr
    assert WORK in learner.read(EXERCISE)
    assert learner.update().status == 0
    assert learner.read(EXERCISE) == before.replace(DEFINED, DEFINED + NEW_LINE, 1)
    assert learner.state() == f" M {EXERCISE}\n"


@pytest.mark.thorough
def test_ctrl_c_leaves_the_old_version_or_the_new_one(learner, author):
    before = learner.solve()
    next_version(author)
    author.publish()
    for wait in (0.2, 0.4, 0.6, 0.8):
        process = subprocess.Popen(
            [sys.executable, "-c", STARTS, "update"],
            cwd=learner.folder,
            env=environment({"PYTHONPATH": str(learner.folder)} | SETTINGS),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        time.sleep(wait)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGINT)
        process.wait(SOON)
        assert learner.state() == f" M {EXERCISE}\n"
        assert learner.read(EXERCISE) in {before, before.replace(DEFINED, DEFINED + NEW_LINE, 1)}


# Without git


@pytest.fixture
def downloaded(course, tmp_path) -> Copy:
    shutil.copytree(course, tmp_path / "downloaded")
    return Copy(tmp_path / "downloaded")


@pytest.fixture
def newer(course, tmp_path) -> Copy:
    shutil.copytree(course, tmp_path / "newer" / "digits-main")
    copy = Copy(tmp_path / "newer" / "digits-main")
    copy.replace(EXERCISE, DEFINED, DEFINED + NEW_LINE)
    copy.replace("solutions/01_pixels.py", DEFINED, DEFINED + NEW_LINE)
    copy.replace("README.md", "# Digits", "# Digits, second edition")
    copy.replace("pyproject.toml", 'version = "', 'version = "9.')
    (copy.folder / "grader/checks/test_02_baseline.py").unlink()
    return copy


@pytest.mark.sampled
@pytest.mark.parametrize("kind", ["zip", "folder"])
def test_a_downloaded_copy_takes_a_newer_one(downloaded, newer, tmp_path, kind):
    before = downloaded.solve()
    downloaded.write("README.md", "my own\n")
    downloaded.write("models/mine.txt", "mine\n")
    place = newer.folder
    if kind == "zip":
        place = Path(shutil.make_archive(str(tmp_path / "course"), "zip", newer.folder.parent))
    done = downloaded.update(place)
    assert (done.status, done.err) == (0, "")
    assert "You have the newest version of the course, 9." in done.out
    assert downloaded.read(EXERCISE) == before.replace(DEFINED, DEFINED + NEW_LINE, 1)
    assert downloaded.read("README.md").startswith("# Digits, second edition")
    assert downloaded.read("models/mine.txt") == "mine\n"
    assert not (downloaded.folder / "grader/checks/test_02_baseline.py").exists()
    kept = {path.name: path for path in (downloaded.folder / ".digits" / "kept").rglob("*") if path.is_file()}
    assert kept["README.md"].read_text("utf-8") == "my own\n"
    assert any(path.read_text("utf-8") == before for name, path in kept.items() if name.startswith("01_pixels-"))
    assert os.access(downloaded.folder / "digits", os.X_OK)
    assert downloaded.update(place).status == 0


def test_what_is_not_a_newer_copy_is_told_in_a_sentence(downloaded, learner, tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "broken.zip").write_bytes(b"PK no archive")
    for copy, arguments, words in (
        (downloaded, (), "Download the newer course, then run ./digits update FOLDER_OR_ZIP."),
        (downloaded, ("nowhere",), "There is no nowhere."),
        (downloaded, (tmp_path / "empty",), "is not a copy of the course."),
        (downloaded, (tmp_path / "broken.zip",), "cannot be unpacked as a ZIP archive"),
        (downloaded, (".",), "is this very copy."),
        (learner, (tmp_path / "broken.zip",), "This copy came from git."),
    ):
        done = copy.update(*arguments)
        assert (done.status, done.out) == (2, "")
        assert words in done.err


# One exercise

STUB, MINE, NEW = b"a\n#\n#\n#\nb\n", b"a\n#\n#\n#\nmine\n", b"new\n#\n#\n#\nb\n"


@pytest.mark.parametrize(
    ("mine", "base", "new", "fate", "content"),
    [
        (STUB, STUB, NEW, "replaced", NEW),
        (MINE, STUB, STUB, "same", MINE),
        (MINE, STUB, NEW, "merged", b"new\n#\n#\n#\nmine\n"),
        (MINE, STUB, b"a\n#\n#\n#\nother\n", "apart", MINE),
        (MINE, None, NEW, "apart", MINE),
        (NEW, STUB, NEW, "same", NEW),
        (None, STUB, NEW, "same", None),  # the learner has removed it
        (None, None, NEW, "replaced", NEW),
        (STUB, STUB, None, "replaced", None),
        (MINE, STUB, None, "apart", MINE),
        (b"new\n#\n#\n#\nmine\n", STUB, NEW, "same", b"new\n#\n#\n#\nmine\n"),  # merged before
    ],
)
def test_what_becomes_of_an_exercise(mine, base, new, fate, content):
    decided = change("01_pixels.py", mine, base, new)
    assert (decided.fate, decided.content) == (fate, content)
