"""`digits dev …`: commands for maintainers."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from grader.authoring.fresh import holds_work
from grader.authoring.stubs import solution_path, stub
from grader.cli.terminal import Terminal
from grader.course import CALIBRATION_PATH, REPOSITORY, CourseError, calibrations, find_lesson, lessons, ready_lessons
from grader.engine.session import HOME_SEED
from grader.files import keep_copy, write_atomically
from grader.quiz import QUIZ_PATH

if TYPE_CHECKING:
    from grader.benchmarks.networks.climbing import Run
    from grader.board.networks import Measured


def build_all(check_only: bool, force: bool) -> int:
    """Rewrite every generated file, or only list those that are out of date; returns the exit status.

    Args:
        force: also replace exercises with somebody's work in them.
    """
    terminal, stale = Terminal(), 0
    for path, text in generated_files():
        if path.is_file() and path.read_text("utf-8") == text:
            continue
        stale += 1
        if check_only:
            said = "is out of date. Run ./digits dev build"
        elif not force and is_somebodys_work(path, text):
            said = "holds your work and stays as it is. To replace it (a copy is kept): ./digits dev build --force"
        else:
            kept = keep_copy(path, REPOSITORY)
            path.write_text(text, "utf-8")
            said = f"rewritten. Its old version is now {kept.relative_to(REPOSITORY)}" if kept else "written"
        terminal.line(f"{path.relative_to(REPOSITORY)} {said}")
    if not stale:
        terminal.line("All generated files are up to date.")
    return 1 if stale and check_only else 0


def is_somebodys_work(path: Path, text: str) -> bool:
    """Whether a generated file is an exercise that somebody has worked on."""
    if not path.is_file() or path.parent != REPOSITORY / "exercises":
        return False
    return holds_work(find_lesson(path.name), path.read_text("utf-8", errors="replace"), text)


def generated_files() -> Iterator[tuple[Path, str]]:
    """Every generated file, with the text generated from its source."""
    from grader.authoring.glossary import GLOSSARY_PATH, glossary
    from grader.authoring.preparation import PREPARATION_PATH, preparation
    from grader.authoring.quiz import quiz_json

    for lesson in ready_lessons():
        yield lesson.exercise_path(REPOSITORY), stub(lesson)
    yield PREPARATION_PATH, preparation()
    yield QUIZ_PATH, quiz_json()
    yield GLOSSARY_PATH, glossary(ready_lessons())


def check_lessons(name: str | None) -> int:
    """Print what a lesson lacks, or what the course does; returns 1 if anything is missing, else 0."""
    from grader.authoring.course_check import course_problems, find_any_lesson, problems

    terminal, found = Terminal(), 0
    for lesson in [find_any_lesson(name)] if name else lessons():
        if not (name or lesson.is_ready):
            terminal.line(f"{lesson.stem} is still coming. ./digits dev check {lesson.slug} lists what it needs.")
            continue
        for sentence in problems(lesson):
            found += 1
            terminal.line(sentence)
    for sentence in () if name else course_problems(ready_lessons()):
        found += 1
        terminal.line(sentence)
    if not found:
        terminal.line(f"Nothing is missing. Now run its tests: ./digits test {name}" if name else "Nothing is missing.")
    return 1 if found else 0


def calibrate_exercise(name: str, seeds: int, alternative_seeds: int, minutes: float | None) -> int:
    """Measure right solutions and mistakes, write the threshold; returns 1 if a mistake is above it.

    Where the checks allow a loss, not an accuracy, the figures are printed, for the check to quote.
    """
    from grader.authoring.calibrate import (
        LOST,
        alternatives,
        calibration_of,
        figure_of,
        measure,
        measure_mistakes,
        spread_of,
        with_nearest,
        with_weakest,
        write,
    )

    terminal, lesson, mistakes = Terminal(), find_lesson(name), []

    def trained(path: Path, count: int) -> list[float]:
        return measure(
            lesson,
            path,
            count,
            minutes,
            lambda seed, reached: terminal.line(f"{path.stem}  seed {seed:>2}  {reached:.4f}"),
        )

    if figure_of(lesson) == LOST:
        for path in (solution_path(lesson), *alternatives(lesson)):
            lost = trained(path, seeds if path == solution_path(lesson) else alternative_seeds)
            terminal.line(f"{path.stem}  {spread_of(lost)}")
        return 0
    if not seeds and lesson.slug not in calibrations():
        raise CourseError(
            f"{lesson.slug} has no threshold yet, and --seeds 0 measures none. Run the command without --seeds."
        )
    if seeds:
        found = calibration_of(trained(solution_path(lesson), seeds))
        found = with_weakest(found, {path.stem: trained(path, alternative_seeds) for path in alternatives(lesson)})
    else:
        found = calibrations()[lesson.slug]
    for mistaken in measure_mistakes(lesson):
        mistakes.append(mistaken)
        distance = 100 * (mistaken.accuracy - found.threshold)
        caught = f"caught by {mistaken.caught_by}" if mistaken.caught_by else "caught only by the threshold"
        side = "above" if distance >= 0 else "below"
        terminal.line(f"{mistaken.name:<32} {mistaken.accuracy:.4f}  {abs(distance):4.1f} points {side}  {caught}")
    found = with_nearest(found, mistakes)
    write(CALIBRATION_PATH, lesson.slug, found)
    terminal.line(
        f"{lesson.slug}  {found.seeds} seeds  mean {found.mean:.4f}  sd {found.standard_deviation:.4f}  "
        f"worst {found.worst:.4f}  threshold {found.threshold:.2f}"
    )
    if found.weakest_alternative:
        terminal.line(
            f"weakest alternative: {found.weakest_alternative}  mean {found.weakest_mean:.4f}  "
            f"sd {found.weakest_standard_deviation:.4f}"
        )
    if found.nearest_mistake is None:
        terminal.line("Other checks catch every known mistake that trains.")
        return 0
    nearest = found.nearest_accuracy or 0.0
    terminal.line(f"nearest mistake that only the threshold catches: {found.nearest_mistake}, {nearest:.4f}")
    return 1 if nearest >= found.threshold else 0


def run_bench(what: str, count: int | None = None) -> None:
    """Print figures as they are measured, and write them down.

    Args:
        count: the number of submissions, for benchmarks that compare graders; None leaves the choice to the benchmark.
    """
    if what not in BENCHMARKS:
        raise CourseError(f"There is no benchmark called {what!r}. There are: {', '.join(BENCHMARKS)}.")
    if count and what != "class":
        raise CourseError("--count is only for the benchmark class. Remove it, or run digits dev bench class.")
    from grader.board.benchmarks import PATH, written

    terminal, figures = Terminal(), []
    for name, figure in BENCHMARKS[what](*filter(None, [count])):
        terminal.line(f"{name:<68}", figure)
        figures.append((name, figure))
    write_atomically(PATH, written(what, figures))


def bench_engine() -> Iterator[tuple[str, str]]:
    from grader.benchmarks import engine as bench

    return bench.bench_engine()


def bench_loop() -> Iterator[tuple[str, str]]:
    from grader.benchmarks import engine as bench

    return bench.bench_loop()


def bench_draw() -> Iterator[tuple[str, str]]:
    from grader.benchmarks.draw import bench_draw

    return bench_draw()


def bench_site() -> Iterator[tuple[str, str]]:
    from grader.benchmarks.site import bench_site

    return bench_site()


def bench_serve() -> Iterator[tuple[str, str]]:
    from grader.benchmarks.serve import bench_serve

    return bench_serve()


def bench_install() -> Iterator[tuple[str, str]]:
    from grader.benchmarks.install import bench_install

    return bench_install()


def bench_sources() -> Iterator[tuple[str, str]]:
    from grader.benchmarks.sources import bench_sources

    for result in bench_sources(seed=0):
        setting = result.setting
        yield setting.description, f"{result.accuracy:.4f} in {result.seconds:.0f} s ({setting.claim!r})"


def bench_training() -> Iterator[tuple[str, str]]:
    from grader.benchmarks.training import PEER, bench_training, ratio, summary

    runs: dict[str, list] = {}
    for run in bench_training():
        runs.setdefault(run.name, []).append(run)
        reached = f"{run.accuracy:.2%} after {run.epochs:g} epochs in {run.seconds:.1f} s"
        yield f"{run.name}, seed {run.seed}, {run.parameters} parameters", reached
    for name, own in runs.items():
        yield name, summary(own)
    for name in (name for name in runs if name != PEER):
        yield f"time of {PEER} relative to {name}", f"{ratio(runs[name], runs[PEER]):.1f} times"


def bench_class(count: int = 30) -> Iterator[tuple[str, str]]:
    from grader.benchmarks.classroom.peers import bench_peers

    return bench_peers(count)


def bench_growth() -> Iterator[tuple[str, str]]:
    from grader.benchmarks.classroom.growth import bench_growth

    return bench_growth()


BENCHMARKS = {
    "engine": bench_engine,
    "loop": bench_loop,
    "draw": bench_draw,
    "site": bench_site,
    "serve": bench_serve,
    "install": bench_install,
    "sources": bench_sources,
    "training": bench_training,
    "class": bench_class,
    "growth": bench_growth,
}


def measure_board() -> None:
    """Train the networks on the board and write their rows."""
    from grader.benchmarks.board import measure_board, write_board

    terminal, measured = Terminal(), []
    for row, record in measure_board():
        figures = f"{row.parameters:>7} parameters  {row.accuracy:.2%}  reading {row.reading:.2f}"
        terminal.line(f"{row.name:<20} {figures}  trained in {record.seconds:.1f} s, {record.steps:.0f} steps")
        measured.append((row, record))
    write_board(measured)


def measure_ladder(seeds: int, again: bool) -> None:
    """Train the stages to 99% beside the example, and write down what came out.

    Args:
        seeds: how many trainings each has; with 0, only the numbers of digits are chosen.
        again: choose these again; otherwise those in the file stay.
    """
    from grader.benchmarks.networks.climbing import choose, contenders, example_to_goal, measure, together
    from grader.board.networks import PATH, read_networks, written

    terminal, networks = Terminal(), read_networks()
    known = {} if again else {each.name: each for each in networks.ladder}
    for contender in contenders():
        if contender.name not in known:
            chosen = known[contender.name] = choose(contender)
            terminal.line(f"{chosen.name:<20} {chosen.digits:>7,} digits  {chosen.held_out:.2%} of held-out digits")
            write_atomically(PATH, written(replace(networks, ladder=tuple(known.values()))))
    if not seeds:
        return
    runs = by_name(measure(example_to_goal, [(each, known[each.name].digits) for each in contenders()], seeds))
    ladder = tuple(together(own, known.get(name)) for name, own in runs.items())
    write_atomically(PATH, written(replace(networks, ladder=ladder)))
    tell(terminal, ladder, ladder[0])


def measure_ideas(seeds: int) -> None:
    """Train a stage of the ladder with each idea that is not on it, and write down what came out."""
    from functools import partial

    from grader.benchmarks.networks.climbing import measure, together, train_once
    from grader.benchmarks.networks.ladder import ideas
    from grader.board.networks import PATH, read_networks, written

    networks, (stage, *others) = read_networks(), ideas()
    (digits,) = (each.digits for each in networks.ladder if each.name == stage.name)
    runs = by_name(measure(partial(train_once, stage, digits), [(idea, digits) for idea in others], seeds))
    measured = tuple(together(own) for own in runs.values())
    write_atomically(PATH, written(replace(networks, ideas=measured)))
    tell(Terminal(), measured, measured[0])


def measure_goals(seeds: int) -> None:
    """Train the networks with a goal of their own beside the example's 15 epochs, and write down what came out."""
    from grader.benchmarks.networks.climbing import example_to_end, measure, together
    from grader.benchmarks.networks.ensemble import ensemble_of
    from grader.benchmarks.networks.goals import BEST, GOALS
    from grader.board.networks import PATH, read_networks, written

    terminal = Terminal()
    runs = by_name(measure(example_to_end, [(goal, goal.recipe.digits) for goal in GOALS], seeds))
    example, *goals = (together(own) for own in runs.values())
    accuracy, missed = ensemble_of([run.scores for run in runs[BEST.name] if run.scores is not None])
    write_atomically(
        PATH, written(replace(read_networks(), example=example, goals=tuple(goals), ensemble=accuracy, missed=missed))
    )
    tell(terminal, (example, *goals), example)
    terminal.line(f"{len(runs[BEST.name])} of the best together: {accuracy:.2%}. Most of them miss: {missed}")


def by_name(runs: "Iterable[Run]") -> "dict[str, list[Run]]":
    """Trainings by what was trained. Each is printed as soon as it is done."""
    terminal, known = Terminal(), dict[str, list]()
    for run in runs:
        told = f"seed {run.seed}  {run.parameters:>9,} parameters  {run.digits:>9,} digits"
        terminal.line(f"{run.name:<24} {told}  {run.seconds:6.2f} s  {run.accuracy:.2%}")
        known.setdefault(run.name, []).append(run)
    return known


def tell(terminal: Terminal, networks: "Iterable[Measured]", example: "Measured") -> None:
    """Print what was measured: accuracies, and times beside the example's."""
    for each in networks:
        accuracy = f"mean {each.mean:.2%}, {min(each.accuracy):.2%} to {max(each.accuracy):.2%}, sd {each.spread:.2%}"
        seconds = f"{min(each.seconds):.1f} to {max(each.seconds):.1f} s"
        terminal.line(f"{each.name:<24} {accuracy}; {seconds}, {each.times_faster_than(example):.2f} times as fast")


def run_soak(count: int, every: int) -> int:
    """Print figures while submissions are graded; returns 1 if any was graded wrongly."""
    from grader.benchmarks.soak import soak

    terminal = Terminal()

    def show(figures: object) -> None:
        terminal.line("  ".join(f"{name.replace('_', ' ')} {value:.4g}" for name, value in vars(figures).items()))

    last = soak(count, every, show)
    return 1 if last.wrong else 0


def draw_screenshot() -> None:
    """Save the README's pictures: what the terminal shows of a mistake, and what the browser shows of a drawing."""
    from grader.authoring.animation import film
    from grader.authoring.screenshot import save_svg
    from grader.cli.commands.check import print_verdict
    from grader.engine.judge.processes import Engine
    from grader.engine.judge.source import Source

    terminal, lesson = Terminal(record=True), find_lesson("dense")
    code = (REPOSITORY / "tests" / "mistakes" / lesson.stem / "softmax-and-from-logits.py").read_bytes()
    with Engine() as engine:
        print_verdict(terminal, lesson, Source(code, f"exercises/{lesson.stem}.py"), engine, HOME_SEED)
    save_svg(terminal.console, "./digits check dense", REPOSITORY / "docs" / "check.svg")
    film(REPOSITORY / "docs" / "draw.gif")


def make_photographs() -> None:
    """Replace the photographs that ship with the course."""
    from grader.authoring.photographs import write_photographs
    from grader.data import load_mnist

    terminal, (_, test_digits) = Terminal(), load_mnist()
    for path in write_photographs(*test_digits):
        terminal.line(f"{path.relative_to(REPOSITORY)}  {path.stat().st_size / 1024:.0f} kB")


def measure_familiarity() -> None:
    """Replace what `digits predict` knows of the training digits."""
    from grader.authoring.familiarity import write_familiar

    path = write_familiar()
    Terminal().line(f"{path.relative_to(REPOSITORY)}  {path.stat().st_size / 1024:.0f} kB")


def train_reference() -> None:
    """Replace the network that ships with the course."""
    from grader.authoring.reference_model import write_reference

    path = write_reference()
    Terminal().line(f"{path.relative_to(REPOSITORY)}  {path.stat().st_size / 1024:.0f} kB")


def train_networks() -> None:
    """Replace the networks that come with the page for drawing."""
    from grader.authoring.draw_networks import write_networks
    from grader.draw.course_networks import course_networks

    terminal = Terminal()
    write_networks()
    for network in course_networks():
        size = network.path.stat().st_size / 1000
        terminal.line(f"{network.path.relative_to(REPOSITORY)}  {size:.0f} kB  {network.about['note']}")


def write_draw_page(folder: Path) -> None:
    """Write the page for drawing as files."""
    from grader.draw.static import write_page

    files = write_page(folder)
    Terminal().line(f"{folder}: {len(files)} files, {sum(path.stat().st_size for path in files) / 1000:.0f} kB")


def build_site(folder: Path, repository: str, ref: str) -> None:
    """Write the course as a website."""
    from grader.site.building import build_site

    build_site(folder, repository, ref)
    files = [path for path in folder.rglob("*") if path.is_file()]
    pages, size = sum(path.suffix == ".html" for path in files), sum(path.stat().st_size for path in files)
    Terminal().line(f"{folder}: {pages} pages, {size / 1e6:.0f} MB. Open {folder / 'index.html'}")


def write_notebooks(folder: Path, repository: str) -> None:
    """Write the lessons as notebooks, and the grader that they install beside them.

    Raises:
        CourseError: nobody has said where they will be.
    """
    from tempfile import TemporaryDirectory

    from grader.classroom.folder import CourseFolder
    from grader.classroom.publish.wheel import write_wheel
    from grader.classroom.setup import make_course
    from grader.site.notebooks import BRANCH, write_notebooks
    from grader.site.sources import address

    repository = repository.rstrip("/") or address()
    if not repository:
        raise CourseError("Say where the repository is on the web: --repository ADDRESS, or in pyproject.toml.")
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="digits-course-") as place:
        course = CourseFolder(Path(place, BRANCH))  # whose name is in the wheel's
        list(make_course(course))
        made = write_wheel(course, keeps_name=True)  # copies of notebooks know its address
        write_atomically(folder / made.name, made.read_bytes())
    write_notebooks(folder, repository, f"{repository}/raw/{BRANCH}/{made.name}")
    Terminal().line(f"{folder}: {len(lessons())} notebooks and {made.name}")


def record_lessons(name: str | None) -> None:
    """Run lessons with the reference solutions; write down what they print and replace their pictures."""
    from grader.authoring.record import record

    terminal = Terminal()
    for lesson in [find_lesson(name)] if name else ready_lessons():
        changes = record(lesson)
        for path in changes.files:
            size = f"written  {path.stat().st_size / 1024:.0f} kB" if path.is_file() else "deleted"
            terminal.line(f"{path.relative_to(REPOSITORY)}  {size}")
        for cell in changes.outputs:
            terminal.line(f"  new output of the cell: {cell.first_line}")
        changed = "" if changes.files else " Nothing has changed."
        terminal.line(f"{lesson.stem}: its cells took {changes.seconds:.1f} s.{changed}")
