"""Texts of figures: drawn letter by letter, whatever stands in them.

Names of sites, arms, readers and features come from sheets and headers. A dollar in one
is a dollar (the style turns mathematics off); what the font cannot draw is a box, and
a line that no figure can hold loses its middle.
"""

import unicodedata
from collections.abc import Callable
from functools import cache

from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.legend import Legend
from matplotlib.text import Text
from matplotlib.ticker import FuncFormatter

#: Width of a letter in sizes of the text; that of DejaVu Sans is a little less.
LETTER_WIDTH = 0.6
#: Stands for a character that cannot be drawn, and for the middle of a line.
BOX, GAP = "\N{WHITE SQUARE}", "\N{HORIZONTAL ELLIPSIS}"
#: Parts of the width of a figure that a label at a tick, or one in a legend, may take.
_TICK_PART, _LEGEND_PART = 3 / 4, 1.0
#: Width of a title in widths of its panel: it may overlap what is empty beside it.
_OVERHANG = 2.5
_POINTS_PER_INCH = 72
#: Control, format, surrogate and private characters, and separators of lines.
_UNSEEN = frozenset(["Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"])


def make_drawable(figure: Figure, share: float = 1.0) -> None:
    """Give every text of a figure a form that can be drawn, in place.

    Parameters
    ----------
    figure : Figure
        Texts that matplotlib breaks itself (`wrap`) are not shortened.
    share : float
        Part of the usual length that texts may have, between 0 and 1.
    """
    widths = _widths(figure)
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            letters = share * letters_of(figure, _tick_size(axis))
            _make_ticks_drawable(axis, int(_TICK_PART * letters))
    for text in figure.findobj(Text):
        part = share * widths.get(text, 1.0)
        most = int(part * letters_of(figure, float(text.get_fontsize())))
        shown = drawable(text.get_text(), None if text.get_wrap() else most)
        if shown != text.get_text():
            text.set_text(shown)


def _widths(figure: Figure) -> dict[Text, float]:
    """Part of the width of the figure that titles and labels may take."""
    found: dict[Text, float] = {}
    for legend in figure.findobj(Legend):
        found |= dict.fromkeys([*legend.get_texts(), legend.get_title()], _LEGEND_PART)
    for axes in figure.axes:
        place = axes.get_subplotspec()
        columns = place.get_gridspec().ncols if place is not None else 1
        panel = min(_OVERHANG / columns, 1.0)
        own = [one for one in axes.get_children() if isinstance(one, Text)]
        titles = [one for one in own if one not in axes.texts]
        found |= dict.fromkeys([*titles, axes.xaxis.label], panel)
        if not axes.yaxis.label.get_rotation():
            found[axes.yaxis.label] = _TICK_PART
    return found


def drawable(text: str, most: int | None = None) -> str:
    """A text with boxes for what cannot be drawn, each line of at most some letters."""
    if not (text.isascii() and text.isprintable()):
        known = _known()
        text = "".join(sign if sign in known else BOX for sign in text)
    if most is None:
        return text
    return "\n".join(shortened(line, most) for line in text.split("\n"))


def shortened(line: str, most: int) -> str:
    """A line without its middle if it is longer; both ends may tell names apart."""
    if len(line) <= most:
        return line
    first = max(most // 2, 1)
    return line[:first] + GAP + line[len(line) - (most - first - 1) :]


def letters_of(figure: Figure, size_pt: float) -> int:
    """Letters of a size that fit beside each other into a figure."""
    return int(_POINTS_PER_INCH * figure.get_figwidth() / (LETTER_WIDTH * size_pt))


def _make_ticks_drawable(axis: Axis, most: int) -> None:
    """Wrap the names at the ticks of an axis; numbers are drawn as they are."""
    formatter = axis.get_major_formatter()
    if isinstance(formatter, FuncFormatter):
        axis.set_major_formatter(FuncFormatter(_drawable_ticks(formatter, most)))


def _drawable_ticks(named: FuncFormatter, most: int) -> Callable[[float, int], str]:
    return lambda value, place: drawable(named(value, place), most)


def _tick_size(axis: Axis) -> float:
    """Size of the text at the ticks, in points."""
    return max((float(t.get_fontsize()) for t in axis.get_ticklabels()), default=8.0)


@cache
def _known() -> frozenset[str]:
    """Characters that the font has, upright and bold."""
    weights = (FontProperties(weight=weight) for weight in ("normal", "bold"))
    maps = (get_font(findfont(weight)).get_charmap() for weight in weights)
    signs = map(chr, set.intersection(*(set(known) for known in maps)))
    seen = {sign for sign in signs if unicodedata.category(sign) not in _UNSEEN}
    return frozenset(seen | {"\n"})
