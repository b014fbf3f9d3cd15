"""The pictures of lesson 9. A kernel, and the place where it lies, are green; blue is positive and orange negative."""

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from grader.lesson.drawing import BLUE, CYCLE, DARK, GRAY, GREEN, ORANGE, SIGNED, WIDTH, image, panels

PAPER = "0.8"  # the lines of squared paper


def minus(text: str) -> str:
    """Text with minus signs for hyphens."""
    return text.replace("-", "\N{MINUS SIGN}")


def squared(axes: Axes, values: np.ndarray, title: str = "", **style: Any) -> None:
    """Draw a small array as squared paper with its numbers in it."""
    image(axes, np.zeros(np.shape(values)), title, vmin=0, vmax=1)
    for (row, column), value in np.ndenumerate(values):
        axes.text(column, row, minus(f"{value:g}"), ha="center", va="center", **({"color": DARK} | style))
    axes.set_xticks(np.arange(np.shape(values)[1] - 1) + 0.5, minor=True)
    axes.set_yticks(np.arange(np.shape(values)[0] - 1) + 0.5, minor=True)
    axes.grid(which="minor", color=PAPER)
    axes.tick_params(which="both", length=0)


def frame(axes: Axes, row: int, column: int, height: int, width: int, color: str = GREEN) -> None:
    """Frame a patch of an array."""
    corner = (column - 0.5, row - 0.5)
    axes.add_patch(
        Rectangle(corner, width, height, fill=False, edgecolor=color, linewidth=2.5, zorder=3, clip_on=False)
    )


def response_map(axes: Axes, values: np.ndarray, title: str = "", limit: float = 1.0) -> None:
    """Draw numbers of both signs, those of the limit in full color."""
    image(axes, values, title, cmap=SIGNED, vmin=-limit, vmax=limit)


def sliding(pixels: np.ndarray, kernel: np.ndarray, responses: np.ndarray) -> Figure:
    """A kernel of 2 by 2, each of its six positions on an image of 3 by 4 with the sum there, and all six responses."""
    figure = plt.figure(figsize=(WIDTH, 4.1), layout="constrained")
    axes = figure.subplot_mosaic(
        [["kernel", "00", "01", "02"], ["responses", "10", "11", "12"]], width_ratios=[0.9, 1.2, 1.2, 1.2]
    )
    squared(axes["kernel"], kernel, "kernel", fontsize=13, color=GREEN, weight="bold")
    squared(axes["responses"], responses, "responses", fontsize=13, weight="bold")
    for (row, column), response in np.ndenumerate(responses):
        pairs = zip(pixels[row : row + 2, column : column + 2].flat, kernel.flat, strict=True)
        products = " + ".join(f"{pixel}·{weight}" if weight >= 0 else f"{pixel}·({weight})" for pixel, weight in pairs)
        panel = axes[f"{row}{column}"]
        squared(panel, pixels, fontsize=12)
        panel.set_title(minus(f"{products} = {response:g}"), fontsize=9, pad=6)
        frame(panel, row, column, 2, 2)
    return figure


CELL = 40  # of the animation, in its pixels
STEP, REST = 0.9, 3.0  # seconds at each position, and at the end
FONTS = (
    "text { text-anchor: middle; font-family: sans-serif; font-size: 17px; } "
    ".h { font-size: 15px; } .k { font-size: 12px; font-weight: bold; }"
)
CELLS_COME_AND_GO = (
    "@keyframes now {{ 0% {{ opacity: 1; }} {step}, 100% {{ opacity: 0; }} }} "
    ".now {{ opacity: 0; animation: now {seconds:g}s step-end infinite; }} .still {{ opacity: 1; }}"
)
MOTION = "@media (prefers-reduced-motion: reduce) { * { animation: none !important; } }"


def moving_kernel(pixels: np.ndarray, kernel: np.ndarray, responses: np.ndarray, still: tuple[int, int]) -> str:
    """An animation for `show_svg`: a kernel slides over an image, and its responses fill a map, one by one.

    Args:
        pixels: whole numbers 0 and 1.
        kernel: whole numbers, 3 by 3.
        still: the position that is shown where nothing moves. The map is full there.
    """
    responses = responses.astype(int)
    places = list(np.ndindex(*responses.shape))
    seconds = STEP * len(places) + REST
    limit = np.abs(responses).max()
    left, top = 12, 44
    middle = left + CELL * pixels.shape[1] + 44
    right = middle + CELL * 3 + 56
    below = top + CELL * 3 + 36
    width, height = right + CELL * responses.shape[1] + left, below + CELL * 3 + 40

    drawn = [heading(left, top, "image", pixels.shape[1]), heading(middle, top, "kernel", 3)]
    drawn += [heading(middle, below, "products", 3), heading(right, top, "responses", responses.shape[1])]
    drawn += [cells(pixels, left, top, ["#cccccc" if pixel else "#ffffff" for pixel in pixels.flat])]
    drawn += [cells(kernel, middle, top, ["#ffffff"] * 9, GREEN)]
    drawn += [cells(responses, right, top, ["#ffffff"] * responses.size, "#ffffff")]  # empty paper
    rules = [FONTS, CELLS_COME_AND_GO.format(step=share(STEP, seconds), seconds=seconds)]

    for number, place in enumerate(places):
        # What is visible at this position only: nine products and their sum.
        products = pixels[place[0] : place[0] + 3, place[1] : place[1] + 3] * kernel
        total = words(middle + CELL * 3 // 2, below + CELL * 3 + 26, f"sum: {responses[place]}")
        kind = "now still" if place == still else "now"
        inner = cells(products, middle, below, tints(products, limit)) + total
        drawn.append(f'<g class="{kind}" id="p{number}">{inner}</g>')
        rules.append(f"#p{number} {{ animation-delay: {number * STEP - seconds:.1f}s; }}")
        # What stays once it is there: the response.
        corner = right + CELL * place[1], top + CELL * place[0]
        square = cells(responses[place].reshape(1, 1), *corner, tints(responses[place], limit))
        drawn.append(f'<g id="r{number}">{square}</g>')
        begin = "0% { opacity: 0; } " if number else ""
        rules.append(f"@keyframes r{number} {{ {begin}{share(number * STEP, seconds)}, 100% {{ opacity: 1; }} }}")
        rules.append(f"#r{number} {{ animation: r{number} {seconds:g}s step-end infinite; }}")
    rules.append(f"#p{len(places) - 1} {{ animation-name: last; }}")
    rules.append(f"@keyframes last {{ 0% {{ opacity: 1; }} {share(STEP + REST, seconds)}, 100% {{ opacity: 0; }} }}")

    # What moves: the kernel on the image, and the mark on the map.
    rules.append(travel(places, still, seconds))
    small = "".join(
        words(left + CELL * column + 29, top + CELL * row + 37, str(value), GREEN, "k")
        for (row, column), value in np.ndenumerate(kernel)
    )
    drawn.append(f'<g class="slide">{outline(left, top, CELL * 3)}{small}</g>')
    drawn.append(f'<g class="slide">{outline(right, top, CELL)}</g>')
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    style = f"<style>{' '.join([*rules, MOTION])}</style>"
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{style}{"".join(drawn)}</svg>\n'


def share(time: float, whole: float) -> str:
    """A moment of an animation, as its keyframes name it."""
    return f"{100 * time / whole:.2f}%"


def travel(places: Sequence[tuple[int, ...]], still: tuple[int, int], seconds: float) -> str:
    """The rules for what moves from place to place and waits a little at each."""
    stops = []
    for number, (row, column) in enumerate(places):
        wait = STEP + REST if number == len(places) - 1 else 0.7 * STEP
        moments = f"{share(number * STEP, seconds)}, {share(number * STEP + wait, seconds)}"
        stops.append(f"{moments} {{ transform: translate({CELL * column}px, {CELL * row}px); }}")
    there = f"transform: translate({CELL * still[1]}px, {CELL * still[0]}px)"
    moving = f".slide {{ {there}; animation: slide {seconds:g}s ease-in-out infinite; }}"
    return f"@keyframes slide {{ {' '.join(stops)} }} {moving}"


def tints(values: np.ndarray, limit: float) -> list[str]:
    """The colors behind numbers of both signs."""
    return [to_hex(SIGNED(0.5 + 0.4 * value / limit)) for value in np.ravel(values)]


def cells(values: np.ndarray, x: int, y: int, fills: Sequence[str], ink: str = DARK) -> str:
    """Squared paper with numbers, as SVG."""
    drawn = []
    for ((row, column), value), fill in zip(np.ndenumerate(values), fills, strict=True):
        across, down = x + CELL * column, y + CELL * row
        drawn.append(f'<rect x="{across}" y="{down}" width="{CELL}" height="{CELL}" fill="{fill}" stroke="#bbbbbb"/>')
        drawn.append(words(across + CELL // 2, down + 26, str(value), ink))
    return "".join(drawn)


def words(x: int, y: int, text: str, ink: str = DARK, kind: str = "t") -> str:
    """Centered text, as SVG."""
    return f'<text class="{kind}" x="{x}" y="{y}" fill="{ink}">{minus(text)}</text>'


def heading(x: int, y: int, text: str, columns: int) -> str:
    """What stands above squared paper, as SVG."""
    return words(x + CELL * columns // 2, y - 10, text, kind="h")


def outline(x: int, y: int, side: int) -> str:
    """A green square, as SVG."""
    return f'<rect x="{x}" y="{y}" width="{side}" height="{side}" fill="none" stroke="{GREEN}" stroke-width="4"/>'


def dot_and_letter(pixels: np.ndarray, kernel: np.ndarray, slid: np.ndarray, rotated_first: np.ndarray) -> Figure:
    """An image with one dot, a kernel, and what becomes of the two without and with a rotation of the kernel."""
    figure, axes = panels(4, height=3.0, width_ratios=[9, 3, 7, 7])
    titles = ["image", "kernel", "slid as it is\n(correlate2d)", "rotated, then slid\n(convolve2d)"]
    for panel, values, title in zip(axes, [pixels, kernel, slid, rotated_first], titles, strict=True):
        image(panel, values, title, vmin=0, vmax=1)
        panel.set_xticks(np.arange(values.shape[1] - 1) + 0.5, minor=True)
        panel.set_yticks(np.arange(values.shape[0] - 1) + 0.5, minor=True)
        panel.grid(which="minor", color="0.85", linewidth=0.6)
        panel.tick_params(which="both", length=0)
    return figure


def filters(digit: np.ndarray, kernels: Mapping[str, np.ndarray], found: Mapping[str, np.ndarray]) -> Figure:
    """Above, kernels with their numbers; below, an image and what each kernel makes of it."""
    figure, axes = panels(len(kernels) + 1, 2, height=3.7)
    axes[0, 0].set_axis_off()
    image(axes[1, 0], digit, "digit", vmin=0, vmax=1)
    for (above, below), (name, kernel) in zip(axes.T[1:], kernels.items(), strict=True):
        if kernel.min() < 0:
            response_map(above, kernel, name, limit=0.6)
            response_map(below, found[name])
        else:
            image(above, kernel, name, vmin=0, vmax=0.2)
            image(below, found[name], vmin=0, vmax=1)
        if kernel.min() == kernel.max():
            middle = (len(kernel) - 1) / 2
            above.text(middle, middle, f"{kernel.size} times\n1/{1 / kernel.min():.0f}", ha="center", va="center")
            continue
        for (row, column), value in np.ndenumerate(kernel):
            fraction = "0" if value == 0 else minus(f"{'-' if value < 0 else ''}1/{1 / abs(value):.0f}")
            above.text(column, row, fraction, ha="center", va="center", color=DARK, fontsize=9)
    return figure


def translated(before: np.ndarray, after: np.ndarray, map_before: np.ndarray, map_after: np.ndarray) -> Figure:
    """An image and its map, before and after a translation."""
    figure, axes = panels(4, height=2.3)
    image(axes[0], before, "digit", vmin=0, vmax=1)
    response_map(axes[1], map_before, "its map")
    image(axes[2], after, "moved by 3", vmin=0, vmax=1)
    response_map(axes[3], map_after, "its map")
    for panel in axes:
        panel.axvline(13.5, color=GRAY, linewidth=0.8, linestyle="--")
    return figure


def sharing() -> Figure:
    """Six pixels and four responses: all weights, local ones, and local ones that are shared."""
    figure, axes = panels(3, height=2.6)
    kinds = {"dense: 6 · 4 = 24 weights": 6, "local: 3 · 4 = 12 weights": 3, "local and shared: 3 weights": 3}
    for panel, (title, reach) in zip(axes, kinds.items(), strict=True):
        for response in range(4):
            for offset in range(reach):
                pixel = offset if reach == 6 else response + offset
                color = CYCLE[offset] if "shared" in title else GRAY
                panel.plot(
                    [pixel, response + 1], [0, 1], color=color, linewidth=2 if "shared" in title else 1.1, zorder=1
                )
        panel.scatter(range(6), [0] * 6, s=110, marker="s", color="white", edgecolor=DARK, zorder=2)
        panel.scatter(range(1, 5), [1] * 4, s=110, color="white", edgecolor=DARK, zorder=2)
        panel.set(xlim=(-0.5, 5.5), ylim=(-0.35, 1.35))
        panel.set_title(title, fontsize=10)
        panel.set_axis_off()
        panel.text(2.5, 1.16, "4 responses", ha="center", va="bottom", fontsize=9, color=GRAY)
        panel.text(2.5, -0.16, "6 pixels", ha="center", va="top", fontsize=9, color=GRAY)
    return figure


def channels(layers: np.ndarray, slices: np.ndarray, parts: Sequence[np.ndarray], bias: float) -> Figure:
    """Two channels, the two slices of one kernel at row 1, column 0, and the one map that comes of them.

    Args:
        layers: the channels of one image (2, 3, 3).
        slices: the kernel (2, 2, 2), the channel first.
        parts: what either slice contributes (2, 2, 2).
    """
    figure = plt.figure(figsize=(WIDTH, 4.2), layout="constrained")
    axes = figure.subplot_mosaic([["image 0", "slice 0", "map"], ["image 1", "slice 1", "map"]])

    def inset(name: str) -> Axes:
        axes[name].set_axis_off()
        axes[name].set_box_aspect(1)
        return axes[name].inset_axes((1 / 6, 1 / 6, 2 / 3, 2 / 3))

    for index in range(2):
        squared(axes[f"image {index}"], layers[index], "one image" if index == 0 else "", fontsize=13)
        frame(axes[f"image {index}"], 1, 0, 2, 2)
        axes[f"image {index}"].set_ylabel(f"channel {index}", fontsize=11)
        square = inset(f"slice {index}")
        squared(square, slices[index], "one kernel" if index == 0 else "", fontsize=13, color=GREEN, weight="bold")
        square.set_xlabel(minus(f"contributes {parts[index][1, 0]:g} here"), fontsize=11)
    square = inset("map")
    squared(square, np.sum(parts, axis=0) + bias, "one map", fontsize=13, weight="bold")
    frame(square, 1, 0, 1, 1)
    square.set_xlabel(f"with a bias of {bias:g}", fontsize=11)
    return figure


def positions(starts: Mapping[tuple[str, int], Sequence[int]]) -> Figure:
    """Eight pixels and every position of a kernel of three, for paddings (columns) and strides (rows).

    Args:
        starts: the first pixel under the kernel at each position, by padding and stride.
    """
    figure, axes = panels(2, 3, height=5.2, height_ratios=[6.2, 3.8, 3.2])
    for panel, ((padding, stride), firsts) in zip(axes.T.flat, starts.items(), strict=True):
        for pixel in range(min(firsts), max(8, firsts[-1] + 3)):
            is_inside = 0 <= pixel < 8
            look: dict[str, Any] = {"facecolor": "0.85"} if is_inside else {"facecolor": "white", "linestyle": ":"}
            panel.add_patch(Rectangle((pixel, 0), 1, 1, edgecolor=DARK, **look))
            panel.text(pixel + 0.5, 0.45, pixel if is_inside else "zero", ha="center", va="center", fontsize=8)
        for number, first in enumerate(firsts):
            panel.plot([first + 0.1, first + 2.9], [-0.6 - 0.6 * number] * 2, color=GREEN, linewidth=3)
        panel.set(xlim=(-1.3, 9.3), ylim=(-0.9 - 0.6 * (len(starts["same", stride]) - 1), 1.1))
        panel.set_axis_off()
        panel.set_title(f"{padding}, stride {stride}: {len(firsts)} positions", fontsize=10)
    return figure


def learning(
    kernels: Sequence[np.ndarray], losses: Sequence[float], target: np.ndarray, shown: Sequence[int]
) -> Figure:
    """A kernel after some steps of gradient descent, beside the one that it should become; below, the loss."""
    figure = plt.figure(figsize=(WIDTH, 4.4), layout="constrained")
    grid = figure.add_gridspec(2, len(shown) + 1, height_ratios=(1, 1.5))
    named = [(f"{step} steps" if step != 1 else "1 step", kernels[step]) for step in shown] + [("target", target)]
    for number, (name, kernel) in enumerate(named):
        panel = figure.add_subplot(grid[0, number])
        response_map(panel, kernel, name, limit=0.6)
        for (row, column), value in np.ndenumerate(kernel):
            rounded = minus(f"{value:.2f}") if abs(value) >= 0.005 else "0"
            panel.text(column, row, rounded, ha="center", va="center", color=DARK, fontsize=7.5)
        if name == "target":
            frame(panel, 0, 0, *target.shape)
    curve = figure.add_subplot(grid[1, :])
    curve.semilogy(losses, color=BLUE, linewidth=2)
    curve.plot(shown, [losses[step] for step in shown], "o", color=BLUE)
    curve.spines[["top", "right"]].set_visible(False)
    curve.set(xlabel="step", ylabel="mean squared error")
    return figure


def blocks(rows: Sequence[np.ndarray]) -> Figure:
    """A row of eight numbers in two blocks of four, translated by 0, 1, … pixels, and what pooling keeps."""
    figure, axes = panels(3, len(rows), height=2.8, width_ratios=[8, 2, 2])
    for distance, (full, largest, mean) in enumerate(axes):
        halves = rows[distance].reshape(2, 4)
        squared(full, rows[distance][np.newaxis], fontsize=12)
        frame(full, 0, 0, 1, 4, BLUE)
        frame(full, 0, 4, 1, 4, ORANGE)
        squared(largest, halves.max(axis=1)[np.newaxis], fontsize=12, weight="bold")
        squared(mean, halves.mean(axis=1)[np.newaxis], fontsize=11)
        full.set_ylabel(f"translated by {distance}", rotation=0, ha="right", va="center", fontsize=10)
    for panel, title in zip(axes[0], ("a row of a map, in two blocks of four", "maximum", "mean"), strict=True):
        panel.set_title(title, fontsize=10)
    return figure


def feature_maps(digit: np.ndarray, maps: np.ndarray, pooled: np.ndarray, names: Sequence[str]) -> Figure:
    """A digit, its maps (h, w, c), and the pooled maps below them."""
    figure, axes = panels(len(names) + 1, 2, height=3.5)
    image(axes[0, 0], digit, "digit", vmin=0, vmax=1)
    axes[1, 0].set_axis_off()
    for index, name in enumerate(names):
        image(axes[0, index + 1], maps[..., index], name, vmin=0, vmax=1)
        image(axes[1, index + 1], pooled[..., index], vmin=0, vmax=1)
    axes[0, 1].set_ylabel("28×28", fontsize=10)
    axes[1, 1].set_ylabel("pooled: 9×9", fontsize=10)
    return figure


def accuracies(shares: Mapping[str, float], sizes: Mapping[str, int]) -> Figure:
    """The test accuracy of the nearest mean for several kinds of numbers, the best in blue."""
    figure, axes = panels(height=2.6)
    best = max(shares, key=lambda name: shares[name])
    for height, (name, share) in enumerate(shares.items()):
        axes.barh(height, share, 0.6, color=BLUE if name == best else "0.7")
        axes.text(share + 0.01, height, f"{share:.1%}", va="center", color=DARK)
    axes.set(yticks=range(len(shares)), xlim=(0, 1), xlabel="test accuracy of the nearest mean")
    axes.set_yticklabels([f"{name}: {sizes[name]:,} numbers" for name in shares])
    axes.xaxis.set_major_formatter("{x:.0%}")
    axes.invert_yaxis()
    return figure
