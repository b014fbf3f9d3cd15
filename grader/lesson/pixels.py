"""The pictures of lesson 1."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from grader.lesson.drawing import BLUE, DARK, GRAY, INK, ORANGE, image, panels

SIDE = 3  # of the tiny pictures in `shapes`
UNROLLED = 4  # the side of the picture in `unrolling`
CELL, SECONDS = 36, 9.0  # of the cells in `unrolling`: pixels, and one turn of the animation


def grid(digit: np.ndarray, top: int, left: int, size: int = 8) -> Figure:
    """A digit with a window marked in it, beside the numbers in that window."""
    figure, (whole, zoom) = panels(2, height=4.0)
    whole.imshow(digit, cmap=INK, vmin=0, vmax=255, interpolation="nearest")
    whole.add_patch(Rectangle((left - 0.5, top - 0.5), size, size, fill=False, edgecolor=ORANGE, linewidth=2))
    ticks = range(0, 28, 9)
    whole.set(title="x_train[0], 28×28", xlabel="column", ylabel="row", xticks=ticks, yticks=ticks)
    window = digit[top : top + size, left : left + size]
    zoom.imshow(window, cmap=INK, vmin=0, vmax=255, interpolation="nearest")
    for (row, column), level in np.ndenumerate(window):
        color = "white" if level > 128 else "black"
        zoom.text(column, row, level, ha="center", va="center", fontsize=9, color=color)
    zoom.set(title="the window, as numbers", xlabel="column", xticks=range(size), yticks=range(size))
    zoom.set_xticklabels(range(left, left + size))
    zoom.set_yticklabels(range(top, top + size))
    whole.spines[:].set(visible=True, color="0.75")
    zoom.spines[:].set(visible=True, edgecolor=ORANGE, linewidth=2)
    return figure


def labels(y_train: np.ndarray, y_test: np.ndarray) -> Figure:
    """How often each digit occurs in the training and in the test set."""
    figure, axes = panels(height=3.2)
    for shift, given, color, name in ((-0.2, y_train, BLUE, "training set"), (0.2, y_test, ORANGE, "test set")):
        parts = np.bincount(given, minlength=10) / len(given)
        axes.bar(np.arange(10) + shift, parts, width=0.38, color=color, label=name)
    axes.plot([-0.6, 9.6], [0.1, 0.1], color=DARK, linewidth=0.8, linestyle="--")
    axes.text(9.65, 0.1, "all equally\noften: 10%", va="center", color=DARK)
    axes.set(xlabel="digit", ylabel="fraction of the set", xticks=range(10), ylim=(0, 0.135), xlim=(-0.6, 10.9))
    axes.yaxis.set_major_formatter("{x:.0%}")
    axes.legend(frameon=False, ncols=2, loc="upper right")
    return figure


def mean_image(mean: np.ndarray, never_inked: np.ndarray) -> Figure:
    """The mean image (28, 28) with its scale, and the pixels (28, 28) that are blank in every image."""
    figure, (left, right) = panels(2, height=3.4)
    drawn = image(left, mean, "mean of all training images", vmin=0)
    figure.colorbar(drawn, ax=left, label="mean gray level", shrink=0.9)
    colors = ListedColormap(["#DDDDDD", ORANGE])
    image(right, never_inked, "orange: no ink in any training image", cmap=colors)
    return figure


def spread(deviation: np.ndarray, pixel: tuple[int, int], levels: np.ndarray) -> Figure:
    """The standard deviation of each pixel (28, 28), with one of them marked, and the gray levels of that one."""
    figure, (left, right) = panels(2, height=3.4)
    drawn = image(left, deviation, "standard deviation of each pixel", vmin=0)
    figure.colorbar(drawn, ax=left, label="gray levels", shrink=0.9)
    row, column = pixel
    left.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, fill=False, edgecolor=ORANGE, linewidth=2))
    counts, _, _ = right.hist(
        levels, bins=16, range=(0, 256), color=BLUE, weights=np.full(len(levels), 1 / len(levels))
    )
    for place, height in ((8, counts[0]), (248, counts[-1])):
        right.annotate(f"{height:.0%}", (place, height), (0, 3), textcoords="offset points", ha="center", color=DARK)
    right.set_title(f"the marked pixel, row {row}, column {column}", fontsize=10, pad=4)
    right.set(xlabel="gray level", ylabel="fraction of images")
    right.set(xticks=range(0, 256, 51), ylim=(0, 1.15 * counts.max()))
    right.yaxis.set_major_formatter("{x:.0%}")
    return figure


def shapes() -> Figure:
    """Two pictures of 3×3 numbered pixels, as (2, 3, 3), as (2, 9) and as (2, 3, 3, 1)."""
    figure, axes = panels(height=4.6)
    for number in range(2):
        for row, column in np.ndindex(SIDE, SIDE):
            numbered_cell(axes, (column, row + 4 * number + 1), (number, row, column))
            numbered_cell(axes, (7 + row * SIDE + column, 1.5 * number + 1), (number, row, column))
            x, y = 7.3 + 1.75 * column + 5.6 * number, 1.3 * row + 6
            numbered_cell(axes, (x, y), (number, row, column))
            for bracket, beside in (("[", -0.2), ("]", 1.2)):
                axes.text(x + beside, y + 0.5, bracket, ha="center", va="center", fontsize=10)
    arrow = {"arrowstyle": "->", "linewidth": 1.5, "color": DARK}
    axes.annotate("", (6.4, 2.2), (3.5, 3.2), arrowprops=arrow)
    axes.annotate("", (6.4, 7.4), (3.5, 5.6), arrowprops=arrow)
    axes.text(0, 0.5, "(2, 3, 3)\nimage, row, column", va="bottom")
    axes.text(7, 0.5, "(2, 9)\nimage, pixel", va="bottom")
    axes.text(7, 5.5, "(2, 3, 3, 1)\nimage, row, column, channel", va="bottom")
    axes.set(xlim=(-0.2, 17.8), ylim=(9.7, -0.4), aspect="equal")
    axes.axis("off")
    return figure


def numbered_cell(axes: Axes, corner: tuple[float, float], place: tuple[int, int, int]) -> None:
    """A pixel at (image, row, column) as a square: colored by its image, numbered as it lies in memory."""
    number, row, column = place
    shade = 0.75 - 0.2 * row  # the same row, the same shade, wherever the pixel goes
    color = (BLUE, ORANGE)[number]
    axes.add_patch(Rectangle(corner, 1, 1, facecolor=color, alpha=shade, edgecolor="white"))
    x, y = corner[0] + 0.5, corner[1] + 0.5
    axes.text(x, y, f"{number * SIDE * SIDE + row * SIDE + column}", ha="center", va="center", fontsize=10)


def unrolling() -> str:
    """A picture of 4×4 numbered pixels whose rows move into one long row: an animation for `show_svg`.

    People who have asked their system for less motion see the pixels in the long row.
    """
    count, gap = UNROLLED * UNROLLED, 4
    step = CELL + gap
    width, line, indent = count * step + gap, UNROLLED * step + 84, (count - UNROLLED) * step / 2
    rules, cells = [], []
    for number in range(count):
        row, column = divmod(number, UNROLLED)
        start = indent + column * step + gap, row * step + 30.0
        end = number * step + gap, float(line)
        seen = f'fill-opacity="{0.85 - 0.18 * row:.2f}"'
        cells += [
            square(start, "none", 'stroke="#bbbbbb" stroke-dasharray="3 3"'),
            square(end, "none", 'stroke="#bbbbbb" stroke-dasharray="3 3"'),
            f'<g class="cell{number}">{square((0, 0), "#ffffff")}{square((0, 0), BLUE, seen)}'
            f'<text x="{CELL / 2}" y="{CELL / 2 + 5}" text-anchor="middle">{number}</text></g>',
        ]
        leave, arrive = 10 + 14 * row, 22 + 14 * row
        there, here = (f"transform: translate({x:.0f}px, {y:.0f}px)" for x, y in (start, end))
        rules.append(f"@keyframes way{number} {{ 0%, {leave}% {{ {there}; }} {arrive}%, 96% {{ {here}; }} }}")
        rules.append(f".cell{number} {{ {here}; animation: way{number} {SECONDS:g}s ease-in-out infinite; }}")
    still = "@media (prefers-reduced-motion: reduce) { g { animation: none !important; } }"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {line + step + 4}" width="{width}">'
    style = f"<style>text {{ font: 15px sans-serif; }} {' '.join(rules)} {still}</style>"
    words = f'<text x="{indent + gap}" y="20">(4, 4)</text><text x="{gap}" y="{line - 12}">(16,): row after row</text>'
    return f"{head}{style}{words}{''.join(cells)}</svg>\n"


def square(corner: tuple[float, float], color: str, more: str = "") -> str:
    """A cell of `unrolling` as SVG."""
    x, y = corner
    return f'<rect x="{x:g}" y="{y:g}" width="{CELL}" height="{CELL}" rx="3" fill="{color}" {more}/>'


def one_hot(labels_of_days: Sequence[str], classes: Sequence[str]) -> Figure:
    """The one-hot rows of some days, beside their labels."""
    rows = np.array([[float(label == each) for each in classes] for label in labels_of_days])
    figure, axes = panels(height=3.9, width=5.2)
    axes.pcolormesh(rows, cmap=INK, vmin=0, vmax=1.3, edgecolors="0.8", linewidth=0.8)
    for (row, column), value in np.ndenumerate(rows):
        color = "white" if value else "black"
        axes.text(column + 0.5, row + 0.5, f"{value:.0f}", ha="center", va="center", color=color)
    axes.set_xticks(np.arange(len(classes)) + 0.5, [f"{number}\n{name}" for number, name in enumerate(classes)])
    days = [f"{label} = {classes.index(label)}" for label in labels_of_days]
    axes.set_yticks(np.arange(len(days)) + 0.5, days)
    axes.tick_params(length=0)
    axes.xaxis.tick_top()
    axes.invert_yaxis()
    axes.set_aspect("equal")
    axes.spines[:].set_visible(False)
    return figure


def scaling(before: np.ndarray, after: np.ndarray) -> Figure:
    """How often each value occurs, before and after scaling: two histograms in one, each with its own ruler."""
    figure, axes = panels(height=3.6)
    centers = (np.arange(32) + 0.5) / 32
    axes.bar(centers, np.histogram(before, bins=32, range=(0, 255))[0], width=0.9 / 32, color=BLUE, label="before")
    heights = np.histogram(after, bins=32, range=(0, 1))[0]
    axes.plot(centers, heights, "o", color=ORANGE, markersize=5, label="after")
    axes.set(yscale="log", ylabel="number of pixels", xticks=np.linspace(0, 1, 6), xlim=(-0.02, 1.02))
    axes.set_xlabel("value after: float32", color=ORANGE)
    axes.tick_params(axis="x", colors=ORANGE)
    old = axes.secondary_xaxis(-0.28, functions=(lambda value: value * 255, lambda level: level / 255))
    old.set_xticks(range(0, 256, 51))
    old.set_xlabel("gray level before: uint8", color=BLUE)
    old.tick_params(axis="x", colors=BLUE)
    axes.legend(frameon=False, loc="upper center", ncols=2)
    return figure


def halves(images: np.ndarray, given: np.ndarray, each: int = 4) -> Figure:
    """The first few of each digit in the first and in the second half of a set, one column per digit."""
    middle = len(images) // 2
    figure, axes = panels(2, height=2.0)
    for panel, start in zip(axes, (0, middle), strict=True):
        part, names = images[start : start + middle], given[start : start + middle]
        columns = [np.concatenate(part[names == digit][:each]) for digit in range(10)]
        image(panel, np.concatenate(columns, axis=1), f"from the digits {start:,} to {start + middle - 1:,}")
        panel.spines[:].set(color=GRAY)
    return figure
