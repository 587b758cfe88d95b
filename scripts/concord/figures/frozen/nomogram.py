"""Nomogram: points of each predictor, their total, and the risk that it stands for."""

from collections.abc import Iterator

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, MaxNLocator

from ...frozen.document import FrozenModel
from ...frozen.equation.points import MOST_POINTS, Axis, Scale, scale_of
from ...frozen.equation.risks import risk_at
from ..settings import FigureStyle
from ..style import BLACK, PALE, applied, empty_figure, note

#: Marks of an axis of probabilities or risks.
SHARES = (
    0.01,
    0.02,
    0.05,
    0.1,
    0.2,
    0.3,
    0.4,
    0.5,
    0.6,
    0.7,
    0.8,
    0.9,
    0.95,
    0.98,
    0.99,
)
#: Closer marks than this share of the width are left out.
_APART = 0.045
_GRID = 4001
_ROW_LINES = 2.7
#: Axes below this share of the width have their marks named beside them.
_SHORT = 0.16

#: Name of an axis, its unit, and positions from 0 to 1 with texts.
Row = tuple[str, list[tuple[float, str]], tuple[float, float]]


def draw(document: FrozenModel, style: FigureStyle) -> Figure:
    """Nomogram of a model that has one, for values as measured."""
    scale = scale_of(document)
    with applied(style):
        rows = [_points_row(), *(_axis_row(scale, one) for one in scale.axes)]
        lower = [_total_row(scale), *_risk_rows(document, scale)]
        every = [*rows, *lower]
        height = style.line_mm(_ROW_LINES * len(every) + 4)
        figure = empty_figure(style, height)
        axes = figure.subplots()
        _frame(axes, every)
        for place, row in enumerate(every):
            _draw_row(axes, -place, row)
        axes.axhline(-len(rows) + 0.5, color=PALE, lw=0.8)
        note(figure, _words(document))
    return figure


def _words(document: FrozenModel) -> str:
    text = (
        "Read the points of each value on the first axis, add them up, and read the "
        "lower axes at the total. Axes end with the range in development."
    )
    equation = document.equation
    if equation is not None and equation.is_harmonized:
        text += " For batches that are not known, whose values stay as measured."
    return text


def _frame(axes: Axes, rows: list[Row]) -> None:
    axes.set_ylim(-len(rows) + 0.4, 0.6)
    axes.set_xlim(-0.02, 1.02)
    axes.set_yticks([-place for place in range(len(rows))], [row[0] for row in rows])
    axes.tick_params(left=False, bottom=False, labelbottom=False)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _draw_row(axes: Axes, height: float, row: Row) -> None:
    _, marks, (start, end) = row
    axes.plot([start, end], [height, height], color=BLACK, lw=0.7)
    if abs(end - start) < _SHORT and marks:
        _name_all(axes, height, marks, max(start, end))
        return
    used: dict[bool, float] = {True: -1.0, False: -1.0}
    above = False
    for position, text in sorted(marks):
        axes.plot([position] * 2, [height - 0.1, height + 0.1], color=BLACK, lw=0.6)
        width = _APART + 0.008 * max(0, len(text) - 3)
        if position - used[above] < width and len(marks) < 7:
            above = not above
        if position - used[above] < width:
            continue
        used[above] = position
        side = ("bottom", 0.14) if above else ("top", -0.14)
        axes.text(position, height + side[1], text, ha="center", va=side[0])


def _name_all(
    axes: Axes, height: float, marks: list[tuple[float, str]], end: float
) -> None:
    """Marks of an axis too short for texts below it, named in order beside it."""
    ordered = sorted(marks)
    for position, _ in ordered:
        axes.plot([position] * 2, [height - 0.1, height + 0.1], color=BLACK, lw=0.6)
    names = ", ".join(text for _, text in ordered)
    axes.text(end + 0.015, height, names, ha="left", va="center")


def _points_row() -> Row:
    marks = [(one / MOST_POINTS, f"{one:g}") for one in range(0, 101, 10)]
    return "Points", marks, (0.0, 1.0)


def _axis_row(scale: Scale, axis: Axis) -> Row:
    unit = f" ({axis.unit})" if axis.unit not in ("", "1") else ""
    marks = list(axis_marks(scale, axis))
    ends = scale.points(axis, np.array(axis.ends)) / MOST_POINTS
    return f"{axis.name}{unit}", marks, (float(ends[0]), float(ends[1]))


def axis_marks(scale: Scale, axis: Axis) -> Iterator[tuple[float, str]]:
    """Positions, as shares of 100 points, and texts of the marks of an axis."""
    if axis.marks:
        for text, part in axis.marks:
            yield float(scale.points(axis, np.array([part]))[0]) / MOST_POINTS, text
        return
    span = (axis.ends[1] - axis.ends[0]) / scale.per_point / MOST_POINTS
    values = _ticks(axis, max(1, round(9 * span)))
    points = scale.points(axis, axis.contributions(values)) / MOST_POINTS
    for value, place in zip(values.tolist(), points.tolist(), strict=True):
        yield place, f"{value:.6g}"


def _ticks(axis: Axis, most: int) -> np.ndarray:
    """Round values within the range; of few, its ends as well."""
    log = axis.transform.kind == "log" and axis.lowest > 0
    decades = axis.highest / axis.lowest if log else 1.0
    locator = LogLocator(subs=(1, 2, 5)) if decades > 10 else MaxNLocator(most)
    found = np.asarray(locator.tick_values(axis.lowest, axis.highest))
    found = found[(found >= axis.lowest) & (found <= axis.highest)]
    if len(found) < 2:
        return np.array([axis.lowest, axis.highest])
    return np.where(np.abs(found) < 1e-12 * np.abs(found).max(), 0.0, found)


def _total_row(scale: Scale) -> Row:
    ticks = np.asarray(MaxNLocator(10).tick_values(0, scale.most))
    inside = ticks[(ticks >= 0) & (ticks <= scale.most * (1 + 1e-9))]
    marks = [(float(one / scale.most), f"{one:g}") for one in inside]
    return "Total points", marks, (0.0, 1.0)


def _risk_rows(document: FrozenModel, scale: Scale) -> Iterator[Row]:
    totals = np.linspace(0, scale.most, _GRID)
    scores = scale.scores(totals)
    equation = document.equation
    if equation is not None and equation.has_probability:
        yield _share_row("Probability", 1 / (1 + np.exp(-scores)))
    else:
        for day in document.outcome.at_days:
            risks = np.array([risk_at(document, one, day) for one in scores[::40]])
            if np.isfinite(risks).all():
                risks = np.interp(totals, totals[::40], risks)
                yield _share_row(f"Risk by day {day:g}", risks)


def _share_row(name: str, shares: np.ndarray) -> Row:
    """Marks where shares (grid,), which rise with the total, have round values."""
    places = np.linspace(0, 1, len(shares))
    inside = [one for one in SHARES if shares[0] <= one <= shares[-1]]
    rising = np.maximum.accumulate(shares)
    marks = [(float(np.interp(one, rising, places)), f"{one:g}") for one in inside]
    ends = (marks[0][0], marks[-1][0]) if marks else (0.0, 0.0)
    return name, marks, ends
