"""`digits watch`: grades an exercise each time it is saved, on a page that is redrawn in place.

The thread that runs `Watch.run` holds the state and draws it. Keys, saves and gradings have their own threads, which
only put tasks into its queue.
"""

import contextlib
import io
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Protocol

from grader.api import Check
from grader.cli.commands.check import keep, lack_of
from grader.cli.commands.next import next_open, step_to_next, steps_after
from grader.cli.commands.recover import open_progress
from grader.cli.live.choosing import ExerciseList
from grader.cli.live.editor import find_editor, line_to_fix, open_beside, open_here
from grader.cli.live.grading import Grading
from grader.cli.live.page import Page
from grader.cli.live.printer import Printer
from grader.cli.live.saves import notice_saves
from grader.cli.terminal import Terminal
from grader.course import CourseError, Lesson, find_workspace, ready_lessons
from grader.data import read_ahead
from grader.engine.judge import background
from grader.engine.judge.own_file import find_named, missing
from grader.engine.judge.source import InvalidSubmission, Source, read_source, short_name
from grader.engine.judge.spares import SpareEngine
from grader.engine.session import load_checks
from grader.progress.record import Progress, progress_path, read_progress, record_hint
from grader.verdict import CheckResult, Verdict

TICK = 0.1  # seconds between redraws while something is running
PATIENCE = 0.15  # seconds to wait for a new verdict before the old one leaves the page
MOMENT = 0.4  # seconds for an editor to finish a save that looks incomplete
GOODBYE = 2.0  # seconds for a cancelled grading to end its runners
STILL_CHECKING = "Still checking. Press h again once a check has failed."

Task = Callable[[], None]


class View(Protocol):
    """How a page reaches the learner."""

    has_keys: bool  # whether the learner can answer with one

    def draw(self, page: Page) -> None: ...

    def lend(self, task: Task) -> None:
        """Let another program have the terminal while a task runs."""


def watch_exercise(name: str | None) -> int:
    """Watch one exercise (by default the next unsolved one) until the learner quits; returns the exit status."""
    terminal, workspace = Terminal(), find_workspace()
    progress = open_progress(terminal, workspace)
    lesson = find_named(name, workspace) if name is not None else first_open(progress, workspace)
    engine = SpareEngine(background.connect)
    with engine:
        watch = Watch(workspace, lesson, name or "", engine)
        notice_saves(lesson.exercise_path(workspace).parent, lambda: watch.tasks.put(watch.look))
        threading.Thread(target=read_ahead, daemon=True, name="digits").start()
        try:
            if terminal.console.is_terminal and not terminal.console.is_dumb_terminal and sys.stdin.isatty():
                from grader.cli.live.display import Display

                with Display(terminal, watch.tasks.put, watch.press) as view:
                    watch.run(view)
            else:
                terminal.line((" Save the file to check it again. Press Ctrl-C to stop.", "quiet"))
                watch.run(Printer(terminal))
        finally:
            watch.leave()
    return 0


def first_open(progress: Progress, workspace: Path) -> Lesson:
    """The first unsolved exercise, preferably one whose file exists; once all are solved, the first one."""
    here = (lesson for lesson in ready_lessons() if lesson.work_path(workspace).exists())
    open_here = (lesson for lesson in here if not progress.of(lesson).solves(lesson))
    return next(open_here, None) or next_open(progress) or next(ready_lessons())


class Watch:
    """What is being watched, what is known about it, and what the learner has asked for."""

    def __init__(self, workspace: Path, lesson: Lesson, name: str, engine: SpareEngine) -> None:
        self.tasks: SimpleQueue[Task] = SimpleQueue()
        self._workspace, self._engine = workspace, engine
        self._grading: Grading | None = None  # the latest; the page may still show the previous one
        self._hints_shown: dict[tuple[str, str], int] = {}  # how many, by exercise and check
        self._is_over = self._asks_to_reset = False
        self._after_drawing: Task | None = None
        self._go_to(lesson, name)

    def run(self, view: View) -> None:
        """Work through the tasks until the learner quits."""
        self._view = view
        self.look()
        while not self._is_over:
            self._advance()
            view.draw(self.page)
            if self._after_drawing:
                task, self._after_drawing = self._after_drawing, None
                task()
                continue
            with contextlib.suppress(Empty):
                self.tasks.get(timeout=TICK if self._is_busy else None)()
                while True:  # all other waiting tasks: one redraw is enough for them
                    self.tasks.get_nowait()()

    def leave(self) -> None:
        """Stop what is still running."""
        if self._grading:
            self._grading.cancel()
            self._grading.wait(GOODBYE)

    @property
    def _is_busy(self) -> bool:
        grading = self._grading
        return self._settles_at is not None or not (grading is None or grading.is_over)

    def _go_to(self, lesson: Lesson, name: str = "") -> None:
        self._drop()
        self._lesson, self._name = lesson, name
        self._seen: tuple[object, ...] | None = None  # the last known state of the file
        self._settles_at: float | None = None  # until then, a file that looks half saved is not reported
        self._looks_half_saved = False
        self._unread = ""  # why the file cannot be checked
        self.page = Page(lesson, short_name(self._path))
        self._engine.prepare(lesson.runtime)

    @property
    def _path(self) -> Path:
        return self._lesson.work_path(self._workspace, self._name)

    # Saves

    def look(self) -> None:
        """Check whether the file has changed, and grade it if so."""
        path = self._path
        seen = state_of(path)
        if seen == self._seen:
            return
        self._seen, self._settles_at = seen, time.monotonic() + MOMENT
        self.page.file, self.page.note, self._unread = short_name(path), "", ""
        try:
            source = read_source(path, follow_links=True)
        except (CourseError, InvalidSubmission):
            source = None
        self._looks_half_saved = source is None or not source.code.strip()
        if source is None or self._looks_half_saved:
            self._drop()
        elif self._grading is None or self._grading.is_over or self._grading.source != source:
            self._grade(source)

    def _settle(self) -> None:
        """The file has stayed as it is for a moment, so the save is complete: grade it."""
        self._settles_at = None
        if not self._looks_half_saved:
            return
        try:
            self._grade(read_source(self._path, follow_links=True))
        except (CourseError, InvalidSubmission) as error:
            self._unread = str(error) if self._path.exists() else self._gone()
            self.page.grading, self.page.note = None, self._unread

    def _gone(self) -> str:
        """That the file is not there, and what to do."""
        fresh = f"It is checked once it is back; for a fresh stub, {self._way_to_fresh}."
        return missing(self._lesson, self._workspace, self._name, fresh)

    @property
    def _way_to_fresh(self) -> str:
        return "press r" if self._view.has_keys else f"./digits reset {self._lesson.slug}"

    # Gradings

    def _grade(self, source: Source) -> None:
        self._drop()
        self._grading = Grading(self._lesson, source, self._engine, lambda: self.tasks.put(self._prepare))

    def _drop(self) -> None:
        if self._grading:
            self._grading.cancel()
        self._grading = None

    def _prepare(self) -> None:
        """Prepare runners for the next save, but not while the learner is waiting for this one."""
        if self._grading and (self._grading.is_over or self._grading.is_training):
            self._engine.prepare(self._lesson.runtime)

    def _advance(self) -> None:
        """Bring the page up to date."""
        if self._settles_at is not None and time.monotonic() >= self._settles_at:
            self._settle()
        grading = self._grading
        if grading and grading is not self.page.grading:
            is_doubtful = grading.outcome == "invalid" and self._settles_at is not None
            if not is_doubtful and (grading.results or grading.is_over or grading.seconds > PATIENCE):
                self.page.grading, self._is_kept = grading, False
                self.page.viewport.reset()
        if grading and grading.failure:
            raise grading.failure
        if grading and grading is self.page.grading and grading.verdict and not self._is_kept:
            self._is_kept = True
            verdict = grading.verdict
            self.tasks.put(lambda: self._keep(grading, verdict))  # after drawing it: a disk may be slow
        focus = self.page.focus
        if self.page.note == STILL_CHECKING and (focus or (grading and grading.is_over)):
            self.page.note = ""
        self.page.level = self._hints_shown.get((self._lesson.slug, focus.name), 0) if focus else 0

    def _keep(self, grading: Grading, verdict: Verdict) -> None:
        """Record the points, as `digits check` does."""
        for result in verdict.checks:
            if result.outcome == "passed":
                self._hints_shown.pop((grading.lesson.slug, result.name), None)
        said = Terminal(record=True)
        keep(said, self._workspace, verdict)
        note = " ".join(said.console.export_text().split())
        if not note and verdict.outcome == "graded":
            note = self._what_now(grading, verdict)
        if note and grading is self._grading:
            self.page.note = note

    def _what_now(self, grading: Grading, verdict: Verdict) -> str:
        """What to do after full points, or about a file without any function of the exercise."""
        if lack := lack_of(grading.lesson, grading.source):
            return f"{lack} For a fresh stub, {self._way_to_fresh}."
        if not verdict.checks or verdict.score < verdict.max_score:
            return ""
        following = self._neighbor(+1)
        if not self._view.has_keys:
            onward = step_to_next(grading.lesson, read_progress(self._workspace))
        else:
            onward = [f"Press n for the next exercise, {following.slug}."] if following else []
        return "All checks pass. " + "\n".join([*steps_after(grading.lesson), *onward])

    # Keys

    def press(self, key: str) -> None:
        """Respond to a key."""
        if self.page.listing:
            self._press_in_list(self.page.listing, key)
        elif self._asks_to_reset or not self.page.viewport.press(key):
            self._press_on_page(key)

    def _press_in_list(self, listing: ExerciseList, key: str) -> None:
        listing.press(key)
        self._is_over = listing.quits
        if listing.is_closed or listing.chosen:
            self.page.listing = None
            self.page.viewport.reset()
        if listing.chosen:
            self._go_to(listing.chosen)
            self.look()

    def _press_on_page(self, key: str) -> None:
        page = self.page
        was_asked, self._asks_to_reset = self._asks_to_reset, False
        was_help, page.is_help, page.note = page.is_help, False, ""
        page.viewport.reset()
        match key:
            case "q":
                self._is_over = True
            case "r" | "y" if was_asked:
                page.note = "One moment…"
                self._after_drawing = self._reset
            case _ if was_asked or was_help:
                pass
            case "h":
                self._hint()
            case "a":
                page.shows_all = not page.shows_all
            case "e":
                self._edit()
            case "l":
                page.listing = ExerciseList(list(ready_lessons()), read_progress(self._workspace), self._lesson)
            case "n" | "right":
                self._turn(+1, "This is the last exercise.")
            case "p" | "left":
                self._turn(-1, "This is the first exercise.")
            case "c":
                self._seen = None
                self._drop()
                self.look()
            case "r":
                self._asks_to_reset = True
                page.note = self._question_before_reset()
            case "?":
                page.is_help = True
        self.page.note = self.page.note or self._unread

    def _question_before_reset(self) -> str:
        keys = "r or y: yes, other keys: no."
        if not self._path.exists():
            return f"Make a fresh {self.page.file}? {keys}"
        return f"Replace {self.page.file} with a fresh stub? Your work is kept.\n{keys}"

    def _turn(self, step: int, otherwise: str) -> None:
        lesson = self._neighbor(step)
        if lesson is None:
            self.page.note = otherwise
            return
        self._go_to(lesson)
        self.look()

    def _neighbor(self, step: int) -> Lesson | None:
        ready = list(ready_lessons())
        place = ready.index(self._lesson) + step
        return ready[place] if 0 <= place < len(ready) else None

    def _hint(self) -> None:
        """Show the next hint for the check to fix first, and record it as `digits hint` does."""
        failing, slug = self.page.focus, self._lesson.slug
        if failing is None:
            self.page.note = self._why_no_hint()
            return
        check = self._check_of(failing)
        if self.page.level >= len(check.hints):
            self.page.note = f"You have seen all {len(check.hints)} hints for {check.name}. The reference, if you are "
            self.page.note += f"still stuck: ./digits solution {slug} --spoil"
            return
        before = max(read_progress(self._workspace).of(self._lesson).hints_shown.get(check.name, 0), self.page.level)
        level = self._hints_shown[slug, check.name] = min(before + 1, len(check.hints))
        try:
            record_hint(self._workspace, slug, check.name, level)
        except OSError as error:
            place = progress_path(self._workspace)
            self.page.note = f"This hint could not be recorded in {place} ({error.strerror})."

    def _why_no_hint(self) -> str:
        grading = self._grading
        if grading and not grading.is_over:
            return STILL_CHECKING
        if grading and grading.outcome == "graded":
            return "No check fails, so there is no hint to give."
        return "Nothing could be checked, so there is no hint to give."

    def _check_of(self, result: CheckResult) -> Check:
        return next(check for check in load_checks(self._lesson.checks_path) if check.name == result.name)

    def _edit(self) -> None:
        """Open the learner's editor where the check to fix first points."""
        failing, path = self.page.focus, self._path
        if not path.exists():
            self.page.note = self._gone()
            return
        try:
            editor = find_editor()
            command = editor.at(path, line_to_fix(path, failing, self._check_of(failing)) if failing else 1)
            if editor.has_window:
                open_beside(command)
                self.page.note = f"{self.page.file} opens in {editor.name}."
            else:
                self._view.lend(lambda: open_here(command))
        except OSError as error:
            self.page.note = f"{self.page.file} could not be opened ({error.strerror})."
        except CourseError as error:
            self.page.note = str(error)

    def _reset(self) -> None:
        from grader.cli.commands.reset import reset_exercise

        said = io.StringIO()
        try:
            with contextlib.redirect_stdout(said):
                reset_exercise(self._path.name)
        except CourseError as error:
            said.write(str(error))
        self.look()
        self.page.note = "\n".join(line.strip() for line in said.getvalue().splitlines())


def state_of(path: Path) -> tuple[object, ...]:
    """A value that changes whenever a file is saved, replaced, deleted or put back."""
    try:
        found = path.stat()
    except OSError as error:
        return path, error.errno
    return path, found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size
