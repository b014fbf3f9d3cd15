"""What benchmarks have printed is written down, and the README quotes it."""

import re
from pathlib import Path

import pytest
from conftest import REPOSITORY

from grader.board.benchmarks import read_figures, written

ROW = re.compile(r"^\|([^|]+)\|([^|]+)\| `\./digits dev bench (\w+)` \|$", re.MULTILINE)
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
MEASURED = re.compile(r"(\d+(?:[.,]\d+)*) (?:s|ms|times|MB)\b")
SAID = ROW.findall((REPOSITORY / "README.md").read_text("utf-8"))


def record(benchmark: str, figures: list[tuple[str, str]], path: Path) -> None:
    path.write_text(written(benchmark, figures, path), "utf-8")


def printed_by(benchmark: str) -> list[float]:
    """All numbers that a benchmark has printed; not those of the day and the machine."""
    text = " ".join(said for what, said in read_figures()[benchmark].items() if what != "on")
    return [float(number.replace(",", "")) for number in NUMBER.findall(text)]


def is_among(number: str, printed: list[float]) -> bool:
    """Whether a number is one of those that were printed, perhaps rounded."""
    return float(number.replace(",", "")) in [round(each, len(number.partition(".")[2])) for each in printed]


def test_figures_replace_those_of_the_same_benchmark(tmp_path):
    path = tmp_path / "measured.toml"
    record("loop", [("a save", "0.4 s")], path)
    record("class", [("ours", "2 s"), ('  over "theirs"', "1.5"), ("theirs", "3 s"), ("  over ours", "0.7")], path)
    record("loop", [("a save", "0.3 s")], path)
    known = read_figures(path)
    assert known["loop"].pop("on").count("cores") == 1
    assert known["loop"] == {"a save": "0.3 s"}
    del known["class"]["on"]
    assert known["class"] == {"ours": "2 s", 'ours: over "theirs"': "1.5", "theirs": "3 s", "theirs: over ours": "0.7"}
    assert read_figures(tmp_path / "none.toml") == {}


@pytest.mark.parametrize(("what", "said", "benchmark"), SAID, ids=[what.strip() for what, _, _ in SAID])
def test_the_readme_tells_what_a_benchmark_has_printed(what, said, benchmark):
    printed = printed_by(benchmark)
    for number in MEASURED.findall(said):
        assert is_among(number, printed), number


def test_there_are_such_rows():
    assert len(SAID) >= 2


PARAGRAPHS = [
    pytest.param(paragraph, benchmarks[0], id=f"{path.name}-{benchmarks[0]}")
    for path in sorted((REPOSITORY / "docs").glob("*.md"))
    for paragraph in path.read_text("utf-8").split("\n\n")
    if len(set(benchmarks := re.findall(r"digits dev bench (\w+)`", paragraph))) == 1 and MEASURED.search(paragraph)
]


@pytest.mark.parametrize(("paragraph", "benchmark"), PARAGRAPHS)
def test_a_document_tells_what_a_benchmark_has_printed(paragraph, benchmark):
    printed = printed_by(benchmark)
    for number in MEASURED.findall(paragraph):
        assert is_among(number, printed), number
