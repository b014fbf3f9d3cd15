"""`digits dev …`: what maintainers do."""

import shutil
import time
from pathlib import Path

from grader.authoring.stubs import stub
from grader.cli.terminal import Terminal
from grader.course import CALIBRATION_PATH, REPOSITORY, CourseError, find_lesson, ready_lessons
from grader.engine.session import HOME_SEED


def build_all(check_only: bool) -> int:
    """Rewrite every generated file, or only say which are out of step; returns the exit status."""
    terminal, stale = Terminal(), 0
    for lesson in ready_lessons():
        path, text = lesson.exercise_path(REPOSITORY), stub(lesson)
        if path.is_file() and path.read_text("utf-8") == text:
            continue
        stale += 1
        if not check_only:
            keep_copy(path)
            path.write_text(text, "utf-8")
        verb = "is out of step with its solution" if check_only else "rewritten"
        terminal.line(f"{path.relative_to(REPOSITORY)} {verb}")
    if not stale:
        terminal.line("All generated files are in step.")
    return 1 if stale and check_only else 0


def keep_copy(path: Path) -> None:
    """Keep what a file held before it is overwritten: it may be somebody's work."""
    if path.is_file():
        kept = REPOSITORY / ".digits" / "kept" / f"{path.stem}-{time.strftime('%Y%m%d-%H%M%S')}{path.suffix}"
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, kept)


def calibrate_exercise(name: str, seeds: int, minutes: float | None) -> None:
    """Measure the reference and write the threshold."""
    from grader.authoring.calibrate import measure, write

    terminal, lesson = Terminal(), find_lesson(name)
    found = measure(
        lesson, seeds, minutes, lambda seed, accuracy: terminal.line(f"{lesson.slug}  seed {seed:>2}  {accuracy:.4f}")
    )
    write(CALIBRATION_PATH, lesson.slug, found)
    terminal.line(
        f"{lesson.slug}  {found.seeds} seeds  mean {found.mean:.4f}  sd {found.standard_deviation:.4f}  "
        f"worst {found.worst:.4f}  threshold {found.threshold:.2f}"
    )


def run_bench(what: str) -> None:
    """Print figures as they are measured."""
    from grader.authoring.bench import bench_engine

    if what != "engine":
        raise CourseError(f"There is no benchmark called {what!r}. There is: engine.")
    terminal = Terminal()
    for name, figure in bench_engine():
        terminal.line(f"{name:<58}", figure)


def run_soak(count: int, every: int) -> int:
    """Print figures as submissions are graded; returns 1 if one was graded wrongly."""
    from grader.authoring.soak import soak

    terminal = Terminal()

    def show(figures: object) -> None:
        terminal.line("  ".join(f"{name.replace('_', ' ')} {value:.4g}" for name, value in vars(figures).items()))

    last = soak(count, every, show)
    return 1 if last.wrong else 0


def draw_screenshot() -> None:
    """Check a mistaken submission and keep what the terminal shows as the README's picture."""
    from grader.authoring.screenshot import save_svg
    from grader.cli.check import print_verdict
    from grader.engine.processes import Engine
    from grader.engine.source import Source

    terminal, lesson = Terminal(record=True), find_lesson("dense")
    code = (REPOSITORY / "tests" / "mistakes" / lesson.stem / "softmax-and-from-logits.py").read_bytes()
    with Engine() as engine:
        print_verdict(terminal, lesson, Source(code, f"exercises/{lesson.stem}.py"), engine, HOME_SEED)
    save_svg(terminal.console, "./digits check dense", REPOSITORY / "docs" / "check.svg")


def redraw_pictures(name: str | None) -> None:
    """Run lessons with the reference solutions and replace their pictures."""
    from grader.authoring.lessons import redraw

    terminal = Terminal()
    for lesson in [find_lesson(name)] if name else ready_lessons():
        for path in redraw(lesson):
            terminal.line(f"{path.relative_to(REPOSITORY)}  {path.stat().st_size / 1024:.0f} kB")
