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
LESSON, OTHER_LESSON = "lessons/01_pixels.md", "lessons/02_baseline.md"
WORK = "    return np.bincount(labels, minlength=num_classes)\n"
DEFINED, NEW_LINE = "def scale_pixels(images: np.ndarray) -> np.ndarray:\n", "    # New in this version.\n"
IMAGE, PICTURE = "lessons/images/01_pixels/five.svg", "<svg>\n<path/>\n</svg>\n"
HEADER = "---\njupyter:\n  kernelspec:\n    name: python3\n---\n\n"
LESSON_TEXT = f"{HEADER}# A lesson\n\nYou see a fve.\n\n```python\n1 + 1\n```\n\nThat is all.\n"
TYPO, NO_TYPO = "a fve", "a five"
NOTE = "\nmy own note\n"
UNPACKED = 1_700_000_000  # when a downloaded copy was unpacked, in seconds since 1970
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

    def cut_off(self, step: str, *arguments: str | Path) -> None:
        """Update, as if the power failed after this step."""
        ended = subprocess.run(
            [sys.executable, "-c", CUT + STARTS, "update", *arguments, step],
            cwd=self.folder,
            env=environment({"PYTHONPATH": str(self.folder)} | SETTINGS),
            capture_output=True,
            check=False,
        )
        assert ended.returncode == 9, ended.stderr

    def take_note(self, lesson: str = LESSON) -> str:
        """Add a note at the end of a lesson; returns the lesson's text."""
        self.write(lesson, self.read(lesson) + NOTE)
        return self.read(lesson)

    def kept(self) -> dict[str, str]:
        """The files in .digits/kept, by name."""
        paths = (path for path in (self.folder / ".digits" / "kept").rglob("*") if path.is_file())
        return {path.name: path.read_text("utf-8") for path in paths}

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
    (folder / IMAGE).parent.mkdir(parents=True)
    for name in (LESSON, OTHER_LESSON, IMAGE):
        (folder / name).write_text(PICTURE if name == IMAGE else LESSON_TEXT, "utf-8")
    for path in (path for path in folder.rglob("*") if path.is_file()):
        os.utime(path, (UNPACKED, UNPACKED))
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
    assert f"{EXERCISE} stays as you wrote it. The new version is .digits/new/01_pixels.py." in done.out
    assert learner.read(EXERCISE) == before
    assert learner.read(".digits/new/01_pixels.py") == author.read(EXERCISE)
    assert learner.state() == f" M {EXERCISE}\n"


def test_windows_line_ends_stay(learner, author):
    learner.solve()
    path = learner.folder / EXERCISE
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    next_version(author)
    author.publish()
    assert "your work now includes the change" in learner.update().out
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
    assert "you have changed README.md, and so has the new version." in done.err
    assert "docs/new.md is where a new part of the course goes." in done.err
    assert learner.read(EXERCISE) == before
    assert learner.git("rev-parse", "HEAD") == head
    assert not (learner.folder / ".digits" / "kept").exists()
    advice = re.search(r"git (checkout \w+ -- README\.md)\.", done.err)
    learner.git(*advice[1].split())
    (learner.folder / "docs/new.md").unlink()
    assert "exercises/03_more.py stays as you wrote it." in learner.update().out
    assert learner.read("exercises/03_more.py") == "mine = 1\n"


@pytest.mark.parametrize("in_the_way", ["docs", "docs/new.md/mine.txt", "lessons/03_more.md/mine.txt"])
def test_a_file_or_folder_in_the_way_is_named_and_stays(learner, author, in_the_way):
    learner.write(in_the_way, "mine\n")
    before = learner.solve()
    next_version(author)
    for name in ("docs/new.md", "lessons/03_more.md"):
        author.write(name, "the course's\n")
    author.publish()
    done = learner.update()
    assert (done.status, done.out) == (2, "")
    assert f" {in_the_way.removesuffix('/mine.txt')} is where a new part of the course goes." in done.err
    assert "git checkout" not in done.err
    assert learner.read(in_the_way) == "mine\n"
    assert learner.read(EXERCISE) == before
    assert learner.git("diff", "--name-only") == f"{EXERCISE}\n"


@pytest.mark.parametrize("commits", [False, True])
def test_what_only_the_learner_has_changed_is_left_alone(learner, author, commits):
    """A note in a lesson, above all: JupyterLab writes it into the lesson's file."""
    noted = learner.take_note()
    learner.write("README.md", "my notes\n")
    (learner.folder / OTHER_LESSON).unlink()
    if commits:
        learner.write("run.sh", "mine\n")
        (learner.folder / "run.sh").chmod(0o755)
        learner.git("add", "-A")
        learner.git("commit", "-qm", "My notes")
    before = learner.state()
    author.write("lessons/03_more.md", LESSON_TEXT)
    author.replace("constraints.txt", "\n", "\n# new\n")
    author.publish()
    done = learner.update()
    assert (done.status, done.err) == (0, "")
    assert "lessons/03_more.md is new." in done.out
    assert "01_pixels" not in done.out
    assert (learner.read(LESSON), learner.read("README.md")) == (noted, "my notes\n")
    assert not (learner.folder / OTHER_LESSON).exists()
    assert learner.read("constraints.txt") == author.read("constraints.txt")
    assert learner.state() == before
    assert learner.update().out == "This is the newest version of the course."


@pytest.mark.parametrize("commits", [False, True])
def test_a_note_in_a_lesson_and_its_new_text_are_merged(learner, author, commits):
    noted = learner.take_note()
    if commits:
        learner.git("commit", "-qam", "My notes")
    before = learner.state()
    author.replace(LESSON, TYPO, NO_TYPO)
    author.replace(OTHER_LESSON, TYPO, NO_TYPO)
    author.publish()
    done = learner.update()
    said = f"{LESSON} has changed, and your copy now includes the change. Your old version is in .digits/kept."
    assert said in done.out
    assert OTHER_LESSON not in done.out
    assert learner.read(LESSON) == noted.replace(TYPO, NO_TYPO)
    assert learner.read(OTHER_LESSON) == author.read(OTHER_LESSON)
    assert list(learner.kept().values()) == [noted]
    assert learner.state() == before


def test_a_lesson_and_an_image_that_contradict_the_new_ones_stay(learner, author):
    learner.replace(LESSON, TYPO, "a 5, I think")
    learner.replace(IMAGE, "<path/>", "<path/>\n\n\n\n<circle/>")
    (learner.folder / OTHER_LESSON).unlink()
    learner.write("lessons/03_more.md", "mine\n")
    before = {name: learner.read(name) for name in (LESSON, IMAGE, "lessons/03_more.md")}
    for name in (LESSON, OTHER_LESSON):
        author.replace(name, TYPO, NO_TYPO)
    author.replace(IMAGE, "<svg>", "<svg width='9'>")
    author.write("lessons/03_more.md", LESSON_TEXT)
    author.publish()
    done = learner.update()
    assert done.status == 0
    assert f"{LESSON} stays as you left it. The new version is .digits/new/01_pixels.md." in done.out
    for name, text in before.items():
        assert learner.read(name) == text
        assert learner.read(name.replace("lessons", ".digits/new")) == author.read(name)
    assert not (learner.folder / OTHER_LESSON).exists()


def test_a_lesson_that_the_course_no_longer_has_stays_if_there_is_a_note_in_it(learner, author):
    noted = learner.take_note()
    author.git("rm", "-qr", "lessons")
    author.publish()
    done = learner.update()
    assert f"{LESSON} is no longer part of the course. Your file stays." in done.out
    assert learner.read(LESSON) == noted
    assert os.listdir(learner.folder / "lessons") == ["01_pixels.md"]


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
from grader.update import checkout, folder
run, writers = checkout.Git.run, {checkout: "write_course", folder: "bring"}
def run_until(git, *arguments, **more):
    if arguments[0] == "update-ref" and step == "index":
        os._exit(9)
    return run(git, *arguments, **more)
def until(write):
    def write_until(*arguments):
        if step == "files":
            write(*arguments)
        if step in ("exercises", "files"):
            os._exit(9)
        write(*arguments)
    return write_until
checkout.Git.run, step = run_until, sys.argv.pop()
for module, name in writers.items():
    setattr(module, name, until(getattr(module, name)))
"""


@pytest.mark.sampled
@pytest.mark.parametrize("step", ["index", "files", "exercises"])
def test_an_update_that_was_cut_off_is_completed_by_the_next(learner, author, step):
    """As if the power had failed after this step: HEAD is still the old one."""
    before, noted = learner.solve(), learner.take_note()
    contradicted = learner.take_note(OTHER_LESSON)
    next_version(author)
    author.replace(LESSON, TYPO, NO_TYPO)
    author.write(OTHER_LESSON, author.read(OTHER_LESSON) + "More.\n")
    author.publish()
    learner.cut_off(step)
    assert WORK in learner.read(EXERCISE)
    assert learner.update().status == 0
    assert learner.read(EXERCISE) == before.replace(DEFINED, DEFINED + NEW_LINE, 1)
    assert learner.read(LESSON) == noted.replace(TYPO, NO_TYPO)
    assert learner.read(OTHER_LESSON) == contradicted
    assert learner.read(".digits/new/02_baseline.md") == author.read(OTHER_LESSON)
    assert learner.state() == f" M {EXERCISE}\n M {LESSON}\n M {OTHER_LESSON}\n"


@pytest.mark.sampled
@pytest.mark.parametrize("step", ["index", "files", "exercises"])
def test_an_update_that_was_cut_off_is_completed_by_a_still_newer_version(learner, author, step):
    before = learner.solve()
    for edition in ("second", "third"):
        author.replace("README.md", "# Digits", f"# Digits {edition}")
        author.replace(LESSON, "# A", f"# A {edition}")
        author.publish()
        if edition == "second":
            learner.cut_off(step)
    done = learner.update()
    assert (done.status, done.err) == (0, "")
    assert "note" not in done.out
    assert learner.read(LESSON) == author.read(LESSON)
    assert learner.read(EXERCISE) == before
    assert learner.state() == f" M {EXERCISE}\n"


INTERRUPTING = """#!{python}
import os, signal, sys, time
if "read-tree" in sys.argv and "GIT_INDEX_FILE" not in os.environ:
    signal.signal(signal.SIGINT, lambda *_: os._exit(130))  # as git does, although it has inherited that it is ignored
    os.killpg(os.getpgid(os.getppid()), signal.SIGINT)
    time.sleep(0.2)
os.execv({git!r}, ["git", *sys.argv[1:]])
"""


def test_ctrl_c_does_not_reach_git_while_the_course_is_written(learner, author, tmp_path):
    learner.solve()
    next_version(author)
    author.publish()
    program = tmp_path / "programs" / "git"
    program.parent.mkdir()
    program.write_text(INTERRUPTING.format(python=sys.executable, git=shutil.which("git")))
    program.chmod(0o755)
    process = subprocess.run(
        [sys.executable, "-c", STARTS, "update"],
        cwd=learner.folder,
        env=environment(
            {"PYTHONPATH": str(learner.folder), "PATH": f"{program.parent}:{os.environ['PATH']}"} | SETTINGS
        ),
        capture_output=True,
        text=True,
        start_new_session=True,
        timeout=SOON,
        check=False,
    )
    assert process.returncode == 0, process.stderr
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
    kept = downloaded.kept()
    assert kept["README.md"] == "my own\n"
    assert any(text == before for name, text in kept.items() if name.startswith("01_pixels-"))
    assert os.access(downloaded.folder / "digits", os.X_OK)
    assert downloaded.update(place).status == 0


def revised(newer: Copy, edition: str) -> Path:
    """The next edition of a copy: every lesson has another title."""
    for name in (LESSON, OTHER_LESSON):
        newer.write(name, re.sub("# A.* lesson", f"# A {edition} lesson", newer.read(name)))
    return newer.folder


@pytest.mark.parametrize("step", ["", "exercises", "files"])
def test_notes_in_the_lessons_of_a_downloaded_copy_stay(downloaded, newer, step):
    """Before the first update it is not known what the note was added to."""
    noted = downloaded.take_note()
    place = revised(newer, "second")
    if step:
        downloaded.cut_off(step, place)
    done = downloaded.update(place)
    assert f"{LESSON} stays as you left it. The new version is .digits/new/01_pixels.md." in done.out
    assert f"{OTHER_LESSON} stays" not in done.out
    assert step or "own files are in .digits/kept/course-" in done.out
    assert LESSON_TEXT in downloaded.kept().values()
    assert downloaded.read(LESSON) == noted
    assert downloaded.read(OTHER_LESSON) == newer.read(OTHER_LESSON)
    downloaded.write(LESSON, newer.read(LESSON) + NOTE)  # brought together by hand
    place = revised(newer, "third")
    if step:
        downloaded.cut_off(step, place)
    done = downloaded.update(place)
    assert step or f"{LESSON} has changed, and your copy now includes the change." in done.out
    assert downloaded.read(LESSON) == newer.read(LESSON) + NOTE
    assert downloaded.read(OTHER_LESSON) == newer.read(OTHER_LESSON)
    assert noted.replace("# A", "# A second") in downloaded.kept().values()


@pytest.mark.thorough
@pytest.mark.parametrize("note", ["{", "[]", "null", '{"lessons/02_baseline.md": 3}'])
def test_a_damaged_note_of_what_was_delivered_costs_no_work(downloaded, newer, note):
    noted = downloaded.take_note()
    downloaded.write(".digits/delivered.json", note)
    assert downloaded.update(revised(newer, "second")).status == 0
    assert downloaded.read(LESSON) == noted
    assert downloaded.read(".digits/new/02_baseline.md") == newer.read(OTHER_LESSON)


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


# One exercise or lesson

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


@pytest.mark.parametrize(
    ("mine", "fate", "content"),
    [
        (LESSON_TEXT + NOTE, "merged", LESSON_TEXT.replace(TYPO, NO_TYPO) + NOTE),
        (LESSON_TEXT.replace(TYPO, "my fve"), "apart", LESSON_TEXT.replace(TYPO, "my fve")),
        # saved by another editor, with nothing written
        (LESSON_TEXT.replace("fve.\n", "fve.  \n\n"), "merged", LESSON_TEXT.replace(TYPO, NO_TYPO)),
        (LESSON_TEXT.replace("\n", "\r\n"), "replaced", LESSON_TEXT.replace(TYPO, NO_TYPO).replace("\n", "\r\n")),
    ],
)
def test_what_becomes_of_a_lesson(mine, fate, content):
    decided = change(LESSON, mine.encode(), LESSON_TEXT.encode(), LESSON_TEXT.replace(TYPO, NO_TYPO).encode())
    assert (decided.fate, decided.content) == (fate, content.encode())


def test_the_header_of_a_lesson_contradicts_nothing():
    """Jupytext writes there which kernel and which version saved the lesson."""
    mine = LESSON_TEXT.replace("name: python3", "name: my_kernel") + NOTE
    new = LESSON_TEXT.replace("name: python3", "name: python4").replace(TYPO, NO_TYPO)
    decided = change(LESSON, mine.encode(), LESSON_TEXT.encode(), new.encode())
    assert (decided.fate, decided.content) == ("merged", (new + NOTE).encode())


def test_images_keep_their_bytes():
    old, new = b"\x89PNG\r\n\0", b"\x89PNG\r\n\0\n"
    assert change(IMAGE, old, old, new).content == new
