"""What several lessons draw, in one palette. Each function returns a Matplotlib figure, ready for `show`.

Blue is positive, or speaks for something; orange is negative, or speaks against it. The colors can be told apart with
any kind of color vision, in print, and on a dark page.
"""

import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

BLUE, ORANGE, GREEN, GRAY, DARK = "#0072B2", "#D55E00", "#009E73", "#767676", "#333333"
CYCLE = BLUE, ORANGE, GREEN, "#CC79A7", GRAY
SIGNED = LinearSegmentedColormap.from_list("signed", [ORANGE, "white", BLUE])  # -limit, 0, limit
INK = "gray_r"  # 0 is paper, the largest value is ink
WIDTH = 8.0  # inches: what fits in a page's column


def panels(columns: int = 1, rows: int = 1, height: float = 3.0, width: float = WIDTH, **options: Any) -> Any:
    """A figure and its axes, as `plt.subplots` returns them, without the frame lines that carry nothing."""
    figure, axes = plt.subplots(rows, columns, figsize=(width, height), layout="constrained", **options)
    tidy(*np.ravel(axes))
    return figure, axes


def tidy(*axes: Axes) -> None:
    """Take away the frame lines that carry nothing."""
    for each in axes:
        each.spines[["top", "right"]].set_visible(False)


def image(axes: Axes, pixels: np.ndarray, title: str = "", **options: Any) -> Any:
    """Draw an image (h, w) as its pixels, without axes. Returns what `imshow` does."""
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set(visible=True, linewidth=0.6, color="0.75")
    axes.set_title(title, fontsize=10, pad=4)
    return axes.imshow(pixels, **({"cmap": INK, "interpolation": "nearest"} | options))


def digits(images: Sequence[np.ndarray] | np.ndarray, titles: Sequence[Any] = (), columns: int = 5) -> Figure:
    """A grid of images in ink on paper.

    Args:
        images: each (h, w); they share one scale, from 0 to the largest value of all.
        titles: what stands above each of them; nothing if there are none.
    """
    rows = -(-len(images) // columns)
    lines = max((str(title).count("\n") + 1 for title in titles), default=0)
    figure, axes = panels(columns, rows, height=rows * (WIDTH / columns + 0.22 * lines), squeeze=False)
    brightest = max(np.max(each) for each in images)
    for number, each in enumerate(np.ravel(axes)):
        if number < len(images):
            title = str(titles[number]) if len(titles) else ""
            image(each, images[number], title, vmin=0, vmax=brightest)
        else:
            each.set_axis_off()
    return figure


def signed(
    arrays: Sequence[np.ndarray] | np.ndarray,
    titles: Sequence[Any] = (),
    columns: int = 5,
    limit: float | None = None,
    words: tuple[str, str, str] = ("against", "0", "for"),
) -> Figure:
    """A grid of arrays (h, w) with positive numbers in blue and negative ones in orange, beside their scale.

    Args:
        limit: the number that has the full color; None for the largest of all, whatever its sign.
        words: what the scale says at -limit, 0 and limit.
    """
    rows = -(-len(arrays) // columns)
    figure, axes = panels(
        columns, rows, height=rows * (WIDTH / (columns + 0.6) + 0.24 * bool(len(titles))), squeeze=False
    )
    limit = limit or max(np.abs(each).max() for each in arrays)
    for number, each in enumerate(np.ravel(axes)):
        if number >= len(arrays):
            each.set_axis_off()
            continue
        title = str(titles[number]) if len(titles) else ""
        drawn = image(each, arrays[number], title, cmap=SIGNED, vmin=-limit, vmax=limit)
    scale = figure.colorbar(drawn, ax=axes, shrink=0.9, ticks=[-limit, 0, limit])
    scale.ax.set_yticklabels(words)
    return figure


def bars(
    groups: Mapping[str, Sequence[float] | np.ndarray], names: Sequence[str], by_sign: bool = False, **axes: Any
) -> Figure:
    """Bar charts side by side, on one scale, with their values.

    Args:
        groups: the heights of each chart, by its title.
        names: what stands below each bar.
        by_sign: color the bars by their sign instead of by their place.
        axes: passed on to each chart's `Axes.set`, for instance ``ylabel="probability"``.
    """
    figure, charts = panels(len(groups), height=2.8, squeeze=False)
    for chart, (title, heights) in zip(charts[0], groups.items(), strict=True):
        colors = [BLUE if height >= 0 else ORANGE for height in heights] if by_sign else CYCLE[: len(heights)]
        chart.bar_label(chart.bar(names, heights, color=colors), fmt="%.2f", padding=2)
        chart.axhline(0, color="0.3", linewidth=0.8)
        chart.set(title=title, **axes)
        chart.margins(y=0.15)
    return figure


def curves(
    x: Sequence[float] | np.ndarray,
    groups: Mapping[str, Mapping[str, Sequence[float] | np.ndarray]],
    xlabel: str = "epoch",
    lines: Mapping[str, tuple[float, str]] | None = None,
    percent: Sequence[str] = ("accuracy", "test accuracy"),
    **axes: Any,
) -> Figure:
    """Curves over common x values, a panel for each group: blue and circles first, then orange and squares.

    Args:
        groups: for each panel, by the label of its y axis, the curves by name. Several curves get a legend.
        lines: for each panel that needs one, a dashed horizontal line: its height and what it is.
        percent: the panels whose values 0..1 are written in percent.
        axes: passed on to each panel's `Axes.set`.
    """
    figure, drawn = panels(len(groups), height=3.2, squeeze=False)
    for panel, (ylabel, named) in zip(drawn[0], groups.items(), strict=True):
        for (name, y), color, marker in zip(named.items(), CYCLE, "osD^v", strict=False):
            panel.plot(x, y, f"{marker}-", color=color, markersize=4, label=name)
        if ylabel in (lines or {}):
            height, words = (lines or {})[ylabel]
            panel.axhline(height, color=GRAY, linestyle="--", linewidth=1)
            panel.annotate(
                words,
                (1, height),
                (-2, -4),
                xycoords=("axes fraction", "data"),
                textcoords="offset points",
                ha="right",
                va="top",
                color=DARK,
            )
        if len(named) > 1:
            panel.legend(frameon=False)
        if ylabel in percent:
            panel.yaxis.set_major_formatter("{x:.0%}")
        panel.set(xlabel=xlabel, ylabel=ylabel, **axes)
    return figure


def moving(figure: Figure, tracks: Sequence[tuple[Axes, np.ndarray, str]], seconds: float = 6.0) -> str:
    """A figure as SVG, with dots that travel along paths forever. For `show_svg`.

    People who have asked their system for less motion see the dots at the ends of their paths.

    Args:
        tracks: for each dot its axes, its places (n, 2) in data coordinates, and its color. All take the same time.
        seconds: how long one journey takes; it rests at the end for a fifth of it.
    """
    file = io.StringIO()
    figure.canvas.draw()
    figure.set_layout_engine("none")  # the places are those of this drawing
    with plt.rc_context({"svg.hashsalt": "moving"}):
        figure.savefig(file, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    points_per_pixel, height = 72 / figure.dpi, figure.get_figheight() * 72
    rules, dots = [], []
    for number, (axes, places, color) in enumerate(tracks):
        spots = axes.transData.transform(places) * points_per_pixel
        steps = [
            f"{80 * index / max(len(spots) - 1, 1):.2f}% {{ transform: translate({x:.1f}px, {height - y:.1f}px); }}"
            for index, (x, y) in enumerate(spots)
        ]
        end_x, end_y = spots[-1]
        end = f"transform: translate({end_x:.1f}px, {height - end_y:.1f}px)"
        rules.append(f"@keyframes path{number} {{ {' '.join(steps)} 100% {{ {end}; }} }}")
        rules.append(f".dot{number} {{ {end}; animation: path{number} {seconds:g}s ease-in-out infinite; }}")
        dots.append(f'<circle class="dot{number}" r="5" fill="{color}" stroke="#ffffff" stroke-width="1.2"/>')
    plt.close(figure)
    still = "@media (prefers-reduced-motion: reduce) { circle { animation: none !important; } }"
    style = f"<style>{' '.join(rules)} {still}</style>"
    return re.sub(r"</svg>\s*$", f"{style}{''.join(dots)}</svg>\n", file.getvalue())
