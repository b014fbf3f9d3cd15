"""Charts as inline SVG: no scripts, no extra files, and the colors of the page."""

from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import median

from markupsafe import Markup

from grader.course import Calibration

BINS = 10
WIDTH, HEIGHT = 330, 150
BASE = 120  # y of the axis
TALLEST = 95
COLUMNS = 55  # of the dots of a strip
EDGE = 15


def histogram(scores: Sequence[float], max_score: float) -> Markup:
    """How many submissions have how many points, in eleven bars; the last one is full marks."""
    counts = Counter(min(BINS, int(BINS * score / max_score + 1e-9)) if max_score else 0 for score in scores)
    highest = max(counts.values(), default=1)
    step = WIDTH / (BINS + 1)
    parts = []
    for number in range(BINS + 1):
        count, x = counts[number], number * step
        height = TALLEST * count / highest
        parts.append(_rect(x + 2, BASE - height, step - 4, height) if count else "")
        parts.append(_text(x + step / 2, BASE - height - 4, str(count)) if count else "")
        parts.append(_text(x + step / 2, BASE + 15, f"{max_score * number / BINS:g}"))
    parts.append(_text(WIDTH / 2, HEIGHT - 1, "points, rounded down"))
    said = f"{len(scores)} submissions: {min(scores):g} to {max(scores):g} points, median {median(scores):g}"
    return _svg(said, HEIGHT, parts)


def strip(accuracies: Sequence[float], calibration: Calibration) -> Markup:
    """One dot for each measured accuracy, the threshold, and the mean accuracy of the reference."""
    low = min(*accuracies, calibration.threshold) - 0.01
    high = max(*accuracies, calibration.mean) + 0.01
    column = (WIDTH - 2 * EDGE) / COLUMNS

    def place(accuracy: float) -> float:
        return EDGE + (WIDTH - 2 * EDGE) * (accuracy - low) / (high - low)

    stacks = Counter(int((place(accuracy) - EDGE) / column) for accuracy in accuracies)
    rise = min(6.0, 60 / max(stacks.values()))
    parts = [_line(EDGE, BASE, WIDTH - EDGE, BASE, "axis")]
    for number, count in sorted(stacks.items()):
        x = EDGE + (number + 0.5) * column
        parts += [f'<circle class="dot" cx="{x:.1f}" cy="{BASE - 4 - rise * n:.1f}" r="3"/>' for n in range(count)]
    parts += _mark(place(calibration.threshold), 30, f"threshold {calibration.threshold:.0%}", "limit")
    parts += _mark(place(calibration.mean), 14, f"reference {calibration.mean:.1%}", "axis")
    parts.append(_text(EDGE, BASE + 16, f"{low:.0%}", "start"))
    parts.append(_text(WIDTH - EDGE, BASE + 16, f"{high:.0%}", "end"))
    above = sum(accuracy >= calibration.threshold for accuracy in accuracies)
    said = f"{above} of {len(accuracies)} accuracies reach the threshold of {calibration.threshold:.0%}"
    return _svg(said, BASE + 22, parts)


def _mark(x: float, y: float, label: str, look: str) -> Iterator[str]:
    """A line from the axis to a label, which stays inside the picture."""
    yield _line(x, y + 3, x, BASE, look)
    yield _text(x, y, label, "end" if x > WIDTH / 2 else "start")


def _svg(said: str, height: float, parts: Sequence[str]) -> Markup:
    body = "".join(parts)  # numbers and words of our own only
    return Markup(f'<svg class="chart" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{said}">{body}</svg>')


def _rect(x: float, y: float, width: float, height: float) -> str:
    return f'<rect class="bar" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"/>'


def _line(x1: float, y1: float, x2: float, y2: float, look: str) -> str:
    return f'<line class="{look}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _text(x: float, y: float, text: str, anchor: str = "middle") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{text}</text>'
