"""The pictures of lesson 13."""

import base64
import io
import re
from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Polygon, Rectangle
from PIL import Image
from scipy import ndimage

from grader.lesson.drawing import BLUE, DARK, GRAY, ORANGE, image, panels

EMBEDDED = re.compile(r"data:image/png;base64,([^\"]+)")
SEA = 0.93  # the gray of what is no component


def as_seen(figure: Figure) -> str:
    """A figure as SVG whose photographs look the same on light and on dark pages. For `show_svg`.

    A dark page exchanges light and dark in drawings. In a photograph that would turn paper into a blackboard, so here
    the pictures are embedded as JPEG, which it leaves alone.
    """
    file = io.StringIO()
    with plt.rc_context({"svg.hashsalt": "as_seen"}):
        metadata = {"Date": None, "Creator": None}
        figure.savefig(file, format="svg", bbox_inches="tight", metadata=metadata, transparent=True)
    plt.close(figure)
    return EMBEDDED.sub(lambda match: f"data:image/jpeg;base64,{_as_jpeg(match[1])}", file.getvalue())


def _as_jpeg(png: str) -> str:
    picture = Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB")
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=90, subsampling=0)
    return base64.b64encode(file.getvalue()).decode()


def _small(pixels: Image.Image | np.ndarray, side: int) -> np.ndarray:
    """A picture, on white paper where it is transparent, with at most so many pixels on its longer side."""
    picture = Image.fromarray(pixels) if isinstance(pixels, np.ndarray) else pixels
    if picture.mode == "RGBA":
        paper = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(paper, picture).convert("RGB")
    picture = picture.copy()
    picture.thumbnail((side, side))
    return np.asarray(picture)


def _levels(axes: Axes, pixels: np.ndarray, title: str = "", side: int = 200) -> None:
    """Draw gray levels as they are: 0 black, 255 white."""
    small = _small(np.clip(pixels, 0, 255).astype(np.uint8), side)
    image(axes, small, title, cmap="gray", vmin=0, vmax=255)


def photographs(pictures: Sequence[Image.Image]) -> str:
    """Simulated photographs in two rows, each with its channels and its size, for `show_svg`."""
    figure, axes = panels(-(-len(pictures) // 2), 2, height=6.0)
    figure.suptitle("simulated photographs: channels, width×height")
    for each, picture in zip(np.ravel(axes), pictures, strict=True):
        image(each, _small(picture, 240), f"{picture.mode}, {picture.width}×{picture.height}")
    return as_seen(figure)


def orientation(stored: Image.Image, upright: Image.Image) -> str:
    """A simulated photograph as it is stored and as it is meant, for `show_svg`."""
    figure, axes = panels(2, height=3.1, width=6)
    titles = "as stored: np.asarray(file)", "after ImageOps.exif_transpose"
    for each, picture, title in zip(axes, (stored, upright), titles, strict=True):
        image(each, _small(picture, 200), title)
    return as_seen(figure)


def recipe(
    digits: np.ndarray, boxes: np.ndarray, centers: np.ndarray, box_rows: np.ndarray, mass_rows: np.ndarray
) -> Figure:
    """Left: digits with their boxes and centers of mass. Right: how both rows are distributed over all test digits.

    Args:
        digits: a few images (n, 28, 28).
        boxes: their left, top, right and bottom (n, 4), the last two exclusive.
        centers: their centers of mass as column and row (n, 2).
    """
    figure, (left, right) = panels(2, height=3.2, width_ratios=(1.5, 1))
    image(left, np.hstack(list(digits)), vmin=0, vmax=255)
    for place, ((x, y, x_end, y_end), center) in enumerate(zip(boxes, centers, strict=True)):
        corner = 28 * place + x - 0.5, y - 0.5
        left.add_patch(Rectangle(corner, x_end - x, y_end - y, fill=False, edgecolor=BLUE, linewidth=1.6))
        left.plot(28 * place + (x + x_end - 1) / 2, (y + y_end - 1) / 2, "s", color=BLUE, markersize=8)
        left.plot(28 * place + center[0], center[1], "o", color=ORANGE, markersize=8)
        if place:
            left.axvline(28 * place - 0.5, color="0.7", linewidth=0.8)
    left.axhline(14, color=GRAY, linewidth=0.8, linestyle="--")
    left.set(yticks=[0, 14, 27], ylabel="row")
    names = "middle of the box", "center of mass"
    right.hist([box_rows, mass_rows], bins=np.arange(10.5, 18), color=[BLUE, ORANGE], label=names)
    right.set(xlabel="row", ylabel="test digits", xticks=range(11, 19), ylim=(0, 12_800), yticks=[0, 5000, 10_000])
    right.yaxis.set_major_formatter("{x:,.0f}")
    right.legend(frameon=False, loc="upper left", borderaxespad=0)
    return figure


def cost(digits: Mapping[str, np.ndarray], accuracies: Sequence[float], baseline: float) -> Figure:
    """One digit prepared in several ways, above what a network makes of test digits prepared in each of them."""
    names = list(digits)
    figure, axes = panels(len(names), 2, height=4.4, height_ratios=(1, 2.2))
    for each, digit in zip(axes[0], digits.values(), strict=True):
        image(each, digit, vmin=0, vmax=255)
    grid = axes[1, 0].get_gridspec()
    for each in axes[1]:
        each.remove()
    bars = figure.add_subplot(grid[1, :])
    bars.spines[["top", "right"]].set_visible(False)
    drawn = bars.bar(range(len(names)), accuracies, color=[BLUE] + [ORANGE] * (len(names) - 1), width=0.62)
    labels = [f"{value:.0%}" for value in accuracies]
    bars.bar_label(drawn, labels, label_type="center", color="white", weight="bold")
    bars.axhline(baseline, color=GRAY, linewidth=1, linestyle="--")
    bars.text(len(names) - 0.5, baseline + 0.02, "nearest mean, digits as they are", ha="right", color=DARK)
    bars.set(ylabel="accuracy", ylim=(0, 1), yticks=[0, 0.5, 1], xlim=(-0.5, len(names) - 0.5))
    bars.set_xticks(range(len(names)), [name.replace(" ", "\n") for name in names])
    bars.yaxis.set_major_formatter("{x:.0%}")
    return figure


def transparent(drawing: Image.Image) -> str:
    """A drawing with an alpha channel, for `show_svg`: on white paper, without alpha, and the alpha channel alone."""
    pixels = np.asarray(drawing)
    figure, axes = panels(3, height=3.0)
    image(axes[0], _small(drawing, 200), "on white paper")
    image(axes[1], _small(np.ascontiguousarray(pixels[..., :3]), 200), "alpha thrown away")
    _levels(axes[2], pixels[..., 3], "alpha: white is solid")
    return as_seen(figure)


def one_row(row: np.ndarray) -> Figure:
    """A row of pixels as a line."""
    figure, axes = panels(height=2.6)
    axes.plot(row, color=BLUE, linewidth=1.2)
    axes.set(xlabel="column", ylabel="level", ylim=(0, 255))
    return figure


def shadow(row: np.ndarray, ground: np.ndarray, level: float, limit: float) -> Figure:
    """A row of pixels with its estimated paper and a single level, above the row without that paper."""
    figure, (raw, flat) = panels(1, 2, height=4.6, sharex=True)
    raw.plot(row, color=BLUE, linewidth=1.2, label="row of pixels")
    raw.plot(ground, color=ORANGE, linewidth=2, label="estimated paper")
    raw.axhline(level, color=GRAY, linewidth=1, linestyle="--", label="one level for all")
    raw.legend(frameon=False, loc="upper left", ncols=3, borderaxespad=0)
    raw.set(ylabel="level", ylim=(0, 255))
    flat.plot(row - ground, color=BLUE, linewidth=1.2)
    flat.axhline(limit, color=GRAY, linewidth=1, linestyle="--")
    flat.set(xlabel="column", ylabel="level above paper")
    return figure


def paper(photograph: Image.Image, levels: np.ndarray, estimate: np.ndarray, contrast: np.ndarray) -> str:
    """A simulated photograph, its levels with bright ink, the estimated paper and what is left, for `show_svg`."""
    figure, axes = panels(4, height=2.7)
    image(axes[0], _small(photograph, 200), "simulated photograph")
    _levels(axes[1], levels, "inverted")
    _levels(axes[2], estimate, "estimated paper")
    _levels(axes[3], contrast, "inverted − paper")
    return as_seen(figure)


def islands(labels: np.ndarray, area: np.ndarray, order: np.ndarray) -> Figure:
    """A map of components with the areas of the six largest, the largest one in blue."""
    figure, axes = panels(height=3.4)
    shades = np.full((len(area), 3), SEA)
    shades[1:] = np.linspace(0.6, 0.78, len(area) - 1)[:, None]
    shades[order[0]] = 0.5 + 0.5 * np.array(to_rgb(BLUE))
    image(axes, shades[labels], f"{len(area) - 1} islands; the areas of the six largest")
    for number in order[:6]:
        row, column = ndimage.center_of_mass(labels == number)
        axes.text(column, row, str(area[number]), ha="center", va="center", fontsize=10, weight="bold")
    return figure


def components(labels: np.ndarray, area: np.ndarray) -> Figure:
    """The components of a page: the largest in blue, the others in orange, circled, with their areas."""
    figure, axes = panels(height=4.2, width=5)
    largest = area[1:].argmax() + 1
    colors = np.tile(to_rgb(ORANGE), (len(area), 1))
    colors[0], colors[largest] = SEA, to_rgb(BLUE)
    image(axes, colors[labels], f"{len(area) - 1} components and their areas")
    height, width = labels.shape
    for number in range(1, len(area)):
        mask = labels == number
        if number == largest:
            inside = ndimage.distance_transform_edt(mask)  # the label goes where the stroke is broadest
            row, column = np.unravel_index(inside.argmax(), mask.shape)
            words = {"color": "white", "weight": "bold", "ha": "center", "va": "center"}
            axes.text(column, row, f"{area[number]:,}", fontsize=11, **words)
            continue
        row, column = ndimage.center_of_mass(mask)
        rows, columns = np.nonzero(mask)
        radius = 7 + max(np.ptp(rows), np.ptp(columns)) / 2
        axes.add_patch(Circle((column, row), radius, fill=False, edgecolor=DARK, linewidth=1))
        axes.text(column, row - radius - 3, str(area[number]), ha="center", va="bottom", fontsize=11)
    axes.set(xlim=(-0.5, width - 0.5), ylim=(height - 0.5, -0.5))
    return figure


def crop(levels: np.ndarray, contrast: np.ndarray, digit: np.ndarray) -> str:
    """From a mask of the digit to the digit, for `show_svg`: its box, the box cut out, and paper cleared in it.

    Args:
        levels: the page with bright ink (h, w).
        contrast: the same above its paper.
        digit: True where there is ink of the digit.
    """
    box = ndimage.find_objects(digit.astype(int))[0]
    cleared = np.where(ndimage.binary_dilation(digit, iterations=2), contrast, 0) * 255 / np.median(contrast[digit])
    figure, axes = panels(4, height=2.8, width_ratios=(1.4, 1, 1, 1))
    _levels(axes[0], levels, "the box on the page", side=400)
    rows, columns = box
    corner = columns.start - 0.5, rows.start - 0.5
    size = columns.stop - columns.start, rows.stop - rows.start
    axes[0].add_patch(Rectangle(corner, *size, fill=False, edgecolor=ORANGE, linewidth=2))
    _levels(axes[1], levels[box], "cut from the page")
    _levels(axes[2], 255 * digit[box], "cut from the mask")
    _levels(axes[3], cleared[box], "cleared, full ink")
    return as_seen(figure)


def shrunk(drawing: Image.Image, small: Mapping[str, Image.Image]) -> Figure:
    """A fine-lined drawing beside the pictures that different ways of shrinking make of it, in one size."""
    figure, axes = panels(1 + len(small), height=3.2, width=6.5)
    image(axes[0], np.asarray(drawing), f"{drawing.height}×{drawing.width}", vmin=0, vmax=255)
    for each, (name, picture) in zip(axes[1:], small.items(), strict=True):
        image(each, np.asarray(picture), f"{name}: {picture.height}×{picture.width}", vmin=0, vmax=255)
    return figure


def plank(positions: np.ndarray, loads: np.ndarray, marks: Mapping[str, float]) -> Figure:
    """A plank with weights on it, and three places that might be its middle, the last one as what it rests on."""
    figure, axes = panels(height=2.7)
    axes.spines[:].set_visible(False)
    axes.plot([positions.min() - 0.5, positions.max() + 0.5], [0, 0], color=DARK, linewidth=4)
    for position, load in zip(positions, loads, strict=True):
        side = 0.32 * np.sqrt(load)
        axes.add_patch(Rectangle((position - side / 2, 0.05), side, side, color=BLUE))
        axes.text(position, side + 0.1, f"{load:g}", ha="center", va="bottom")
    *others, balance = marks.items()
    for (name, place), ha in zip(others, ("left", "left"), strict=True):
        axes.plot([place, place], [-0.08, -0.35], color=GRAY, linewidth=2)
        axes.text(place, -0.42, f"{name}\n{place:g}", ha=ha, va="top", color=DARK)
    name, place = balance
    axes.add_patch(Polygon([(place, -0.05), (place - 0.22, -0.4), (place + 0.22, -0.4)], color=ORANGE))
    axes.text(place, -0.42, f"{name}\n{place:g}", ha="center", va="top", color=DARK)
    axes.set(xlim=(positions.min() - 0.8, positions.max() + 0.8), ylim=(-1.05, 1.1), xticks=[], yticks=[])
    axes.set_aspect("equal")
    return figure


def stages(rows: Sequence[Sequence[np.ndarray]], steps: Sequence[str]) -> str:
    """Pictures and what each step makes of them, for `show_svg`. Ink is as bright as the arrays have it.

    Args:
        rows: for each picture the picture and the results of all steps.
        steps: the names of the steps.
    """
    titles = ["picture", *steps]
    figure, axes = panels(len(titles), len(rows), height=1.62 * len(rows), squeeze=False)
    for number, (line, results) in enumerate(zip(axes, rows, strict=True)):
        for each, result, title in zip(line, results, titles, strict=True):
            image(each, _small(result, 120), "" if number else title, cmap="gray", vmin=0, vmax=255)
            each.spines[:].set_visible(False)
            each.set_box_aspect(1)  # titles and sizes stand in lines
            each.set_aspect("equal", adjustable="datalim")
            each.title.set_fontsize(8.5)
            each.set_xlabel("×".join(map(str, result.shape)), fontsize=9, labelpad=2)
    return as_seen(figure)


def answers(digits: np.ndarray, said: np.ndarray, written: np.ndarray, columns: int = 12) -> Figure:
    """Prepared digits with a network's answers above them; a wrong one is orange and says what was written."""
    rows = -(-len(digits) // columns)
    figure, axes = panels(columns, rows, height=rows * (8 / columns + 0.28) + 0.3, squeeze=False)
    figure.suptitle("simulated photographs after prepare_image, and the network's answers")
    for each, digit, answer, number in zip(np.ravel(axes), digits, said, written, strict=False):
        is_right = answer == number
        image(each, digit, str(answer) if is_right else f"{answer}, not {number}", vmin=0, vmax=255)
        each.title.set_color("black" if is_right else ORANGE)
    for each in np.ravel(axes)[len(digits) :]:
        each.set_axis_off()
    return figure


def writers(groups: Mapping[str, tuple[np.ndarray, np.ndarray, np.ndarray]], of: Sequence[int]) -> Figure:
    """Digits of two groups of writers side by side, each with the network's answer, orange where it is wrong.

    Args:
        groups: for each group by its name the digits (n, 28, 28), the answers and the labels.
        of: which digits to show, a row for each: five of them, evenly spread over the group.
    """
    figure = plt.figure(figsize=(8, 0.95 * len(of) + 0.5), layout="constrained")
    parts = figure.subfigures(1, len(groups), wspace=0.04, squeeze=False)
    for part, (name, (images, said, labels)) in zip(parts[0], groups.items(), strict=True):
        part.suptitle(name, fontsize=11)
        for line, digit in zip(part.subplots(len(of), 5), of, strict=True):
            found = np.flatnonzero(labels == digit)
            chosen = found[np.linspace(5, len(found) - 5, 5).astype(int)]
            for each, index in zip(line, chosen, strict=True):
                image(each, images[index], str(said[index]), vmin=0, vmax=255)
                each.title.set_color("black" if said[index] == digit else ORANGE)
    return figure


def by_digit(accuracies: Mapping[str, Sequence[float]]) -> Figure:
    """The accuracy on each digit, for two groups, as bars side by side."""
    figure, axes = panels(height=3.2)
    for number, ((name, heights), color) in enumerate(zip(accuracies.items(), (BLUE, ORANGE), strict=True)):
        places = np.arange(10) + 0.4 * (number - 0.5)
        axes.bar(places, heights, width=0.38, color=color, label=name)
    axes.set(xlabel="digit", ylabel="accuracy", xticks=range(10), ylim=(0, 1.22), yticks=[0, 0.25, 0.5, 0.75, 1])
    axes.yaxis.set_major_formatter("{x:.0%}")
    axes.legend(frameon=False, loc="upper center", ncols=2, borderaxespad=0)
    return figure


def controls(accuracies: Mapping[str, Sequence[float]], of: Sequence[int]) -> Figure:
    """The accuracy on a few digits, a panel for each: three controls, and last the group that they are for.

    Args:
        accuracies: for each group by its name the accuracies on these digits.
        of: the digits.
    """
    figure, axes = panels(len(of), height=2.6, sharey=True)
    names = list(accuracies)
    for number, (each, digit) in enumerate(zip(axes, of, strict=True)):
        values = [accuracies[name][number] for name in names][::-1]
        bars = each.barh(names[::-1], values, color=[ORANGE] + [BLUE] * (len(names) - 1), height=0.65)
        each.bar_label(bars, [f"{value:.0%}" for value in values], padding=3)
        each.set(title=f"the {digit}", xlabel="accuracy", xlim=(0, 1.15), xticks=[0, 0.5, 1])
        each.xaxis.set_major_formatter("{x:.0%}")
    return figure
