"""`digits board` as a learner meets it: their networks, measured in the sandbox, beside the course's."""

import re
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_train import digits, folder, solve  # noqa: F401  (a fixture)

from grader.benchmarks.board import CONTENDERS, make_network, measure_board, write_board
from grader.benchmarks.networks.compiled import Recipe
from grader.benchmarks.networks.goals import NEAR, SMALL, Goal
from grader.board.measuring import measuring
from grader.board.networks import Networks, read_networks
from grader.board.rows import AXES, Row, better_in, read_board, written
from grader.cli.commands.board_page import table as table_lines
from grader.course import CourseError
from grader.engine.judge.processes import Engine
from grader.handwriting.network import REFERENCE
from grader.training.record import MEMBER, Record, read_record, write_record

ROW = re.compile(r"^ (.) (.{22})  ?([\d.]+)%  ([\d.]+) to ([\d.]+) +([\d,]+) +([\d.?]+) +([\d.?]+)$", re.MULTILINE)
A_ROW = Row("a network", 50_000, 0.99, reading=1.0, training=1.0)


def table(said: str) -> dict[str, tuple[str, ...]]:
    """The rows of the board by name: mark, accuracy, both ends of its interval, parameters, training, reading."""
    return {name.strip(): (mark, *rest) for mark, name, *rest in ROW.findall(said)}


@pytest.mark.trains
def test_ones_own_networks_are_measured_beside_the_courses(folder):  # noqa: F811
    solve(folder, "dense")
    trained = digits(folder, "train", "dense", "--epochs", 1, "--batch-size", 500)
    (accuracy,) = re.findall(r"([\d.]+)% of 10,000 test digits right", trained)
    shutil.copy(REFERENCE, folder / "models" / "unknown.keras")
    (folder / "models" / "broken.keras").write_bytes(b"no network")
    said = digits(folder, "board", status=1)
    rows = table(said)
    assert list(rows) == sorted(rows, key=lambda name: -float(rows[name][1]))
    assert {row.name for row in read_board()[0]} | {"my dense", "my unknown"} == set(rows)
    mark, right, low, high, parameters, training, reading = rows["my dense"]
    assert (mark, right, parameters) == ("★", accuracy, "101,770")
    assert float(low) < float(right) < float(high)
    assert float(training) > 0
    assert float(reading) > 0
    assert rows["my unknown"][4:6] == (rows["capstone reference"][4], "?")
    assert "training time unknown" in " ".join(said.split())
    assert "my dense: " in said
    assert re.search(r"models/broken\.keras +cannot be\s+loaded", said)
    assert max(map(len, said.splitlines())) <= 80
    alone = digits(folder, "board", "models/dense.keras", PYTHONIOENCODING="ascii")
    assert alone.isascii()
    assert {name for name, (mark, *_) in table(alone).items() if mark == "*"} == {"my dense"}


def test_without_a_network_the_board_shows_the_courses_and_how_to_get_one(folder):  # noqa: F811
    said = digits(folder, "board")
    assert set(table(said)) == {row.name for row in read_board()[0]}
    assert "./digits train dense" in said
    assert "There is no model models/cnn.keras." in digits(folder, "board", "cnn", status=2)


def rows_of(**costs: float) -> Row:
    return replace(A_ROW, **costs)


@pytest.mark.parametrize(
    ("other", "ways"),
    [
        (A_ROW, []),
        (rows_of(accuracy=0.9905), []),  # inside the interval
        (rows_of(accuracy=0.994), ["fewer errors"]),
        (rows_of(parameters=49_999), ["fewer parameters"]),
        (rows_of(training=0.5, reading=0.9), ["less training"]),  # a tenth is no difference
        (rows_of(training=0.7), []),  # the same training takes longer on another day
        (rows_of(training=0.5, reading=1.5), []),  # worse in something
        (rows_of(accuracy=0.994, parameters=10, training=0.1, reading=0.1), list(AXES.values())),
        (replace(A_ROW, training=None, reading=0.5), ["less time to read"]),
    ],
)
def test_only_what_is_better_in_something_and_worse_in_nothing_beats_a_network(other, ways):
    assert better_in(other, A_ROW) == ways


def test_a_narrow_board_is_as_wide_as_the_terminal_and_says_the_same():
    rows = [*read_board()[0], rows_of(name="my network with a name that is long")]
    narrow, wide = (["".join(text for text, _ in line) for line in table_lines(rows, [], w, True)] for w in (40, 80))
    assert max(map(len, narrow)) <= 40
    assert max(map(len, wide)) <= 80
    said = " ".join(" ".join(narrow).split())
    for row in rows:
        assert f"{row.accuracy:.2%}" in said
        assert f"{row.parameters:,} parameters, training" in said


shares, costs = st.floats(0, 1), st.floats(0.01, 100)
any_row = st.builds(Row, st.just("a"), st.integers(0, 10**7), shares, costs, st.none() | costs)


@given(any_row, any_row)
def test_no_two_networks_beat_each_other(one, other):
    assert better_in(one, one) == []
    assert not (better_in(one, other) and better_in(other, one))
    low, high = one.interval
    assert 0 <= low <= one.accuracy + 1e-12
    assert one.accuracy - 1e-12 <= high <= 1


def test_a_board_is_read_as_it_was_written(tmp_path):
    rows = [A_ROW, replace(A_ROW, name='"odd"', training=None, lesson=5)]
    path = tmp_path / "board.toml"
    path.write_text(written("# a comment\n", rows, 950), "utf-8")
    assert read_board(path) == (rows, 950)


def test_a_record_stays_in_the_file_and_a_false_one_is_not_believed(tmp_path):
    path = Path(shutil.copy(REFERENCE, tmp_path / "a.keras"))
    assert read_record(path) is None
    write_record(path, Record("dense", 12.5, 800))
    assert read_record(path.rename(tmp_path / "b.keras")) == Record("dense", 12.5, 800)
    for number, text in enumerate(["", "[]", "{}", '{"slug": "dense", "seconds": 1, "steps": -1}', "x" * 20_000]):
        false = Path(shutil.copy(REFERENCE, tmp_path / f"{number}.keras"))
        with zipfile.ZipFile(false, "a") as archive:
            archive.writestr(MEMBER, text)
        assert read_record(false) is None
    no_archive = tmp_path / "c.keras"
    no_archive.write_bytes(b"no archive")
    write_record(no_archive, Record("dense", 12.5, 800))
    assert (no_archive.read_bytes(), read_record(no_archive)) == (b"no archive", None)


def test_the_rows_of_networks_that_are_no_reference_are_told_in_its_time(tmp_path):
    measured = [(A_ROW, Record("capstone", 20.0, 1000.0)), (rows_of(name="quick"), Record("one program", 2.0, 50.0))]
    write_board(measured, tmp_path / "board.toml")
    rows, steps = read_board(tmp_path / "board.toml")
    assert steps == 1000
    assert {row.name: row.training for row in rows} == {"a network": 1.0, "quick": 0.05}


def test_the_board_tells_what_was_measured_of_networks_with_a_goal():
    rows, _ = read_board()
    shown = {row.name: row for row in rows}
    networks = read_networks()
    known = {each.name: each for each in (*networks.ladder, *networks.goals)}
    for name, contender in CONTENDERS.items():
        assert shown[name].accuracy == pytest.approx(known[contender.name].mean, abs=6e-5)
        assert shown[name].parameters == known[contender.name].parameters


def test_rows_are_not_measured_before_their_figures_are(monkeypatch):
    monkeypatch.setattr("grader.benchmarks.board.read_networks", Networks)
    with pytest.raises(CourseError, match="digits dev ladder, digits dev goals"):
        next(measure_board())


@pytest.mark.trains
@pytest.mark.parametrize("network", [SMALL, replace(SMALL, shifts=NEAR)], ids=["as it is", "in several places"])
def test_a_network_with_a_goal_gets_a_row(tmp_path, network):
    path = tmp_path / "trained.keras"
    record = make_network(Goal("trained", "reads each digit", 0, Recipe(network, 2000)), 2000, path)
    assert record.seconds > 0
    with Engine() as engine, measuring(engine) as measure:
        row = measure.row("trained", path)
    assert row.parameters == 1933
    assert 0 < row.accuracy < 1
    assert row.reading > 0
