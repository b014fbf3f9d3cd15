"""How a training looks in a terminal: a line for each epoch, the curves, and how the test digits were read."""

from collections.abc import Iterator

from grader.cli.live.curve import chart
from grader.feedback.text import Line
from grader.training.evaluation import Evaluation

NARROW = 60  # columns; below that, the confusion matrix shows errors alone
CHART_ROWS, MOST_COLUMNS, LABEL = 4, 48, 10


def epoch_line(figures: dict[str, float], total: int | None, width: int) -> Line:
    """The figures of one epoch: all of them where there is room."""
    number = int(figures["epoch"]) + 1
    place = f" epoch {number:>{len(str(total or number))}}" + (f" of {total}" if total else "")
    accuracy, validated = figures.get("accuracy"), figures.get("val_accuracy")
    parts: Line = [(place, "quiet")]
    if "loss" in figures:
        parts.append((f"  loss {figures['loss']:.3f}", ""))
    if accuracy is not None:
        parts.append((f"  accuracy {accuracy:.1%}" if width >= NARROW else f"  {accuracy:.1%}", ""))
    if validated is not None and width >= NARROW:
        parts.append((f"  validation {validated:.1%}", "good"))
    if width >= NARROW:
        parts.append((f"  {figures['seconds']:.1f} s", "quiet"))
    return parts


def curves(epochs: list[dict[str, float]], width: int, unicode: bool) -> Iterator[Line]:
    """The loss and the accuracy over the epochs, each as a small chart; the validation's where there is one."""
    accuracy = "val_accuracy" if any("val_accuracy" in figures for figures in epochs) else "accuracy"
    titles = {"loss": "loss", "accuracy": "accuracy", "val_accuracy": "accuracy, validation digits"}
    for name in ("loss", accuracy):
        values = [figures[name] for figures in epochs if name in figures]
        if len(values) < 2:
            continue
        low = 0.0 if name == "loss" else min(values) - (max(values) - min(values)) / CHART_ROWS
        span = max(values) - low or 1.0
        columns = min(MOST_COLUMNS, width - LABEL - 2)
        shown = [values[column * len(values) // columns] for column in range(columns)]
        labels = (f"{max(values):.3g}", "0") if name == "loss" else (f"{max(values):.1%}", f"{max(low, 0):.1%}")
        yield []
        yield [(f" {titles[name]}, epochs 1 to {len(epochs)}", "quiet")]
        yield from chart([(value - low) / span for value in shown], labels, unicode, CHART_ROWS, columns, LABEL)


def results(evaluation: Evaluation, width: int, unicode: bool) -> Iterator[Line]:
    """Accuracy, precision and recall of each class, and the confusion matrix."""
    count = int(evaluation.confusion.sum())
    yield []
    yield [(f" {evaluation.accuracy:.2%}", "good"), (f" of {count:,} test digits right", "title")]
    yield []
    yield [("   digit  precision  recall", "quiet")]
    for digit, (precision, recall) in enumerate(zip(evaluation.precision, evaluation.recall, strict=True)):
        yield [(f"   {digit:>5}", "title"), (f"  {share(precision):>9}  {share(recall):>6}", "")]
    yield []
    yield from confusion(evaluation, width < NARROW, unicode)


def confusion(evaluation: Evaluation, is_narrow: bool, unicode: bool) -> Iterator[Line]:
    """The confusion matrix, a row for each true digit. Where it is narrow, without those that were read right."""
    cell, none = 3 if is_narrow else 5, "·" if unicode else "."
    what = "errors" if is_narrow else "digits"
    yield [(f" {what}: true (rows), read as (columns)", "quiet")]
    yield [("    " + "".join(f"{digit:>{cell}}" for digit in range(10)), "title")]
    for digit, row in enumerate(evaluation.confusion.tolist()):
        line: Line = [(f"   {digit}", "title")]
        for read, count in enumerate(row):
            is_right = read == digit
            text = none if count == 0 or (is_right and is_narrow) else str(count)
            text = "++" if is_narrow and count > 99 and not is_right else text
            line.append((f"{text:>{cell}}", "good" if is_right else "bad" if count else "quiet"))
        yield line
    if is_narrow and any(count > 99 for count in errors(evaluation)):
        yield [("   ++ more than 99", "quiet")]


def errors(evaluation: Evaluation) -> list[int]:
    return [count for i, row in enumerate(evaluation.confusion.tolist()) for j, count in enumerate(row) if i != j]


def share(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"
