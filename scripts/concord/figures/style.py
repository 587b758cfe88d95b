"""Style of all figures, and how they are written."""

import logging
import textwrap
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib.style
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..files import whole_file
from .settings import FigureStyle
from .texts import letters_of, make_drawable

#: Colours that colour-blind readers can tell apart (Okabe & Ito 2008).
BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
BLUE, VERMILLION, PURPLE, GREY = "#0072B2", "#D55E00", "#CC79A7", "#8C8C8C"
PALE = "#E4E4E4"

#: Colour, line style and marker of the first, second, ... group of a figure.
GROUPS = (
    (BLUE, "-", "o"),
    (VERMILLION, "--", "s"),
    (GREEN, "-.", "^"),
    (ORANGE, ":", "D"),
    (PURPLE, (0, (5, 1, 1, 1, 1, 1)), "v"),
    (SKY, (0, (7, 2)), "P"),
    (BLACK, (0, (1, 2)), "X"),
)
#: Colour of the stages that harmonization compares.
STAGES = {"raw": ORANGE, "fold-fitted": SKY, "harmonized": BLUE}

_MM_PER_INCH = 25.4
_MOST_LINES = 30  # of a remark
_LAYOUT_PASSES = 3  # each moves the panels a little, until nothing is cut off
#: Shares of their usual length that texts get, until the panels have room.
_SHARES = (1.0, 0.5, 0.25, 0.12)
_LOG = logging.getLogger(__name__)
_LOOK = {
    "font.family": "DejaVu Sans",  # comes with matplotlib, so equal everywhere
    "text.parse_math": False,  # names may hold a dollar
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlelocation": "left",
    "axes.titlepad": 5,
    "axes.labelpad": 3,
    "lines.linewidth": 1.0,
    "lines.markersize": 3.5,
    "patch.linewidth": 0.6,
    "hatch.linewidth": 0.5,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "legend.frameon": False,
    "legend.handlelength": 2.6,
    "figure.constrained_layout.use": True,
    "svg.hashsalt": "concord",
    "svg.fonttype": "path",
    "pdf.fonttype": 42,
}
_FORMATS: tuple[dict[str, Any], ...] = (
    {"format": "svg", "metadata": {"Date": None, "Creator": None}},
    {
        "format": "pdf",
        "metadata": {"CreationDate": None, "Creator": None, "Producer": None},
    },
    {"format": "png", "dpi": 300, "metadata": {"Software": None}},
)


@contextmanager
def applied(style: FigureStyle) -> Iterator[None]:
    """Draw and save in a style, whatever the user's own settings."""
    size = {
        f"{part}size": style.font_size_pt
        for part in (
            "font.",
            "axes.title",
            "axes.label",
            "legend.font",
            "legend.title_font",
            "figure.title",
        )
    }
    ticks = {f"{axis}tick.labelsize": style.font_size_pt for axis in "xy"}
    with matplotlib.style.context(["default", _LOOK | size | ticks]):
        yield


def empty_figure(style: FigureStyle, height_mm: float) -> Figure:
    """Figure without panels, of the width of the style."""
    return Figure(figsize=(style.width_mm / _MM_PER_INCH, height_mm / _MM_PER_INCH))


def save(figure: Figure, svg: str | Path, pdf: str | Path, png: str | Path) -> None:
    """Write a figure as SVG, PDF and PNG (300 dpi); equal figures give equal bytes."""
    with matplotlib.style.context(_LOOK):
        _lay_out(figure)
        for path, options in zip((svg, pdf, png), _FORMATS, strict=True):
            with whole_file(path) as temporary:
                figure.savefig(temporary, **options)


def _lay_out(figure: Figure) -> None:
    """Place the panels for good, so that no format computes the layout again.

    Where names leave no room for the panels, all texts are shortened further.
    """
    for share in _SHARES:
        make_drawable(figure, share)
        if _has_room(figure):
            break
    else:
        _LOG.warning("names are too long for a figure, its texts may overlap")
    figure.set_layout_engine("none")


def _has_room(figure: Figure) -> bool:
    """Compute the layout; False if texts leave nothing for the panels."""
    engine = figure.get_layout_engine()
    with warnings.catch_warnings():
        warnings.filterwarnings("error", "constrained_layout not applied")
        try:
            for _ in range(_LAYOUT_PASSES if engine is not None else 0):
                engine.execute(figure)  # type: ignore[union-attr]
        except UserWarning:
            return False
    return True


def write(files: Sequence[str], draw: Callable[..., Figure], *arguments: Any) -> None:
    """Draw a figure and save it; nothing where the study has no such figure.

    Parameters
    ----------
    files : sequence of str
        Paths of the SVG, the PDF and the PNG; none, if the study lacks what the figure
        needs.
    draw : callable
        Function that makes the figure.
    *arguments
        Tables and settings that it takes.
    """
    if files:
        save(draw(*arguments), *files)


def message_figure(style: FigureStyle, text: str) -> Figure:
    """A figure that says why there is nothing to draw."""
    figure = empty_figure(style, height_mm=20)
    figure.text(0.5, 0.5, text, ha="center", va="center", color="#444444", wrap=True)
    return figure


def letter(axes: Axes, text: str, title: str = "", lines: float = 0.0) -> None:
    """Put a bold panel letter and a title some lines above the axes."""
    pad = 5 + lines * 1.5 * matplotlib.rcParams["font.size"]
    literal = title.replace("$", r"\$")
    heading = axes.set_title(rf"$\bf{{{text}}}$   {literal}", pad=pad)
    heading.set_parse_math(True)  # for the bold letter, which is ours


def note(figure: Figure, text: str) -> None:
    """Put a remark below all panels, broken into lines that fit."""
    figure.supxlabel(
        broken(text, letters_of(figure, _smaller()), _MOST_LINES),
        x=0.01,
        ha="left",
        fontsize=_smaller(),
        color="#444444",
        linespacing=1.4,
    )


def broken(text: str, letters: int, most_lines: int = 4) -> str:
    """A text in lines of some letters; what does not fit is left out, with a sign."""
    return textwrap.fill(text, letters, max_lines=most_lines, placeholder=" …")


def spread(n: int, width: float) -> np.ndarray:
    """Sideways offsets of n points: even, but in no visible order (base 2 Halton)."""
    offsets, scale, number = np.zeros(n), 0.5, np.arange(1, n + 1)
    while number.any():
        offsets += scale * (number % 2)
        number, scale = number // 2, scale / 2
    return (offsets - 0.5) * width


def box(
    axes: Axes,
    values: np.ndarray,
    position: float,
    colour: str,
    *,
    vertical: bool,
    thickness: float = 0.5,
) -> None:
    """A slim box plot of some values with every value on it as a point."""
    values = values[np.isfinite(values)]
    if not len(values):
        return
    axes.boxplot(
        values,
        positions=[position],
        widths=thickness,
        orientation="vertical" if vertical else "horizontal",
        showfliers=False,
        patch_artist=True,
        boxprops={"facecolor": colour, "alpha": 0.25, "linewidth": 0},
        medianprops={"color": colour, "linewidth": 1.6},
        whiskerprops={"color": colour, "linewidth": 0.8},
        capprops={"linewidth": 0},
        manage_ticks=False,
    )
    across = position + spread(len(values), 0.85 * thickness)
    x, y = (across, values) if vertical else (values, across)
    axes.plot(x, y, "o", ms=1.8, mfc=colour, mec="none", alpha=0.55)


def levels(axes: Axes, values: Iterable[float]) -> None:
    """Horizontal lines, the first one solid, others dashed; none of a NaN."""
    for number, value in enumerate(values):
        if np.isfinite(value):
            line = "--" if number else "-"
            axes.axhline(value, color=BLACK, lw=0.8, ls=line, zorder=1)


def decimal(value: float) -> str:
    """A number with two digits and a true minus sign."""
    # Adding 0 turns a rounded negative zero into zero.
    return f"{round(value, 2) + 0.0:.2f}".replace("-", "\N{MINUS SIGN}")


def with_bounds(value: float, lower: float, upper: float) -> str:
    """A value as 1.25 (1.17 to 1.33); without bounds, if these are not defined."""
    if not np.isfinite(value):
        return "not defined"
    if not (np.isfinite(lower) and np.isfinite(upper)):
        return decimal(value)
    return f"{decimal(value)} ({decimal(lower)} to {decimal(upper)})"


def _smaller() -> float:
    return matplotlib.rcParams["font.size"] - 0.5
