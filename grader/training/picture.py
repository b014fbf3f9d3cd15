"""The curves of a training as a picture."""

import io

SIZE, DPI = (9, 3.6), 120
TRAINING, VALIDATION = "#0072B2", "#D55E00"


def draw_curves(epochs: list[dict[str, float]], title: str) -> bytes:
    """A PNG file with the loss and the accuracy of each epoch, on training and on validation digits where known."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    figure = Figure(figsize=SIZE, dpi=DPI, layout="constrained")
    FigureCanvasAgg(figure)
    figure.suptitle(title, fontsize=11)
    for panel, name in zip(figure.subplots(1, 2), ("loss", "accuracy"), strict=True):
        for key, label, color in (
            (name, "training digits", TRAINING),
            (f"val_{name}", "validation digits", VALIDATION),
        ):
            known = [(number, figures[key]) for number, figures in enumerate(epochs, 1) if key in figures]
            if known:
                panel.plot(*zip(*known, strict=True), "o-", color=color, label=label, markersize=3, linewidth=1.5)
        panel.set(xlabel="epoch", ylabel=name)
        panel.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
        panel.grid(alpha=0.25)
        panel.spines[["top", "right"]].set_visible(False)
        if panel.lines:
            panel.legend(frameon=False, fontsize=9)
    drawing = io.BytesIO()
    figure.savefig(drawing, format="png", metadata={"Software": "digits train"})
    return drawing.getvalue()
