"""Figure: discrimination that was expected of frozen models, and that was found."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ...evaluation.external import rows as lines
from ...evaluation.external.populations import APPLICABLE, SCORED
from .. import labels
from ..settings import PlotEndpoint
from ..style import (
    BLACK,
    BLUE,
    GREY,
    applied,
    broken,
    empty_figure,
    message_figure,
    with_bounds,
)
from ..style import note as remark

_NOTHING = "No frozen model was compared with what was expected."
_LINES_AROUND = 8.0  # axis, its name and the remark
_LETTERS, _LETTERS_NARROW = 34, 20
_SCHEMES = {
    "cv": "cross-validation",
    "loso": "groups left out",
    "bootstrap": "out of bootstrap samples",
}
_NOTE = (
    "Expected for this case mix: the expected value moved by what the spread of the "
    "scores of these subjects changes. If the model is right: model-based concordance "
    "of these scores, which no outcome enters. Dashed: chance."
)


@dataclass(frozen=True)
class _Row:
    """One line of the plot; a heading has no value."""

    text: str
    bounds: tuple[float, float, float] | None = None
    marker: str = "o"
    filled: bool = False
    colour: str = BLACK


def draw(external: pd.DataFrame, settings: PlotEndpoint) -> Figure:
    """Expected, case-mix-corrected and observed discrimination of each model.

    Parameters
    ----------
    external : DataFrame
        Table kind "external" of one endpoint.
    settings : PlotEndpoint
        Style, printed names and roles of the arms.
    """
    style = settings.style
    rows = list(_rows(external, settings))
    with applied(style):
        if not any(row.bounds for row in rows):
            return message_figure(style, _NOTHING)
        letters = _LETTERS_NARROW if style.narrow else _LETTERS
        names = [broken(row.text, letters, 3) for row in rows]
        height = len(names) * (0.3 + 0.9 * max(1 + n.count("\n") for n in names))
        figure = empty_figure(style, style.line_mm(height + _LINES_AROUND))
        axes, numbers = figure.subplots(1, 2, sharey=True, width_ratios=[1.2, 1])
        axes.axvline(labels.CHANCE, color=GREY, lw=0.8, ls="--", zorder=1)
        for place, row in enumerate(rows):
            _draw_row(axes, numbers, place, row)
        _finish(axes, numbers, rows, names)
        axes.set_xlabel(labels.metric(external["metric"].dropna().iloc[0]))
        numbers.set_title(f"({100 * settings.confidence:g} % interval)", loc="left")
        figure.suptitle(settings.label, x=0.01, ha="left")
        remark(figure, _NOTE)
    return figure


def _rows(external: pd.DataFrame, settings: PlotEndpoint) -> Iterator[_Row]:
    """Lines from top to bottom, model by model."""
    arms = labels.arm_order(
        external["arm"], settings.headline_arm, settings.reference_arm
    )
    for arm in dict.fromkeys(arms):  # one may be its own reference
        own = external[external["arm"] == arm]
        yield _Row(labels.label(arm, settings.arms))
        yield from _of_arm(own)


def _of_arm(own: pd.DataFrame) -> Iterator[_Row]:
    found = own[own["population"] == APPLICABLE].set_index("quantity")
    observed = _at(found, lines.DISCRIMINATION)
    source = observed.get("expected_from")
    how = "" if pd.isna(source) else f" ({_scheme(str(source))})"
    yield _Row(f"Expected{how}", _bounds(observed, "expected"))
    corrected = _at(found, lines.CORRECTED)
    yield _Row("Expected for this case mix", _bounds(corrected, "expected"), "D")
    based = _at(found, lines.MODEL_BASED)
    yield _Row("If the model is right", _bounds(based, "observed"), "^", colour=GREY)
    yield _Row(
        f"Observed, n = {observed['n']}", _bounds(observed, "observed"), "s", True, BLUE
    )
    every = _at(
        own[own["population"] == SCORED].set_index("quantity"), lines.DISCRIMINATION
    )
    if every["n"] != observed["n"]:
        yield _Row(
            f"Observed with flagged, n = {every['n']}",
            _bounds(every, "observed"),
            "s",
            False,
            BLUE,
        )


def _scheme(name: str) -> str:
    return _SCHEMES.get(name, name.replace("_", " "))


def _at(found: pd.DataFrame, quantity: str) -> Any:
    return found.loc[quantity]


def _bounds(row: Any, name: str) -> tuple[float, float, float]:
    keys = (name, f"{name}_lower", f"{name}_upper")
    return tuple(np.nan if pd.isna(row[key]) else float(row[key]) for key in keys)  # type: ignore[return-value]


def _draw_row(axes: Axes, numbers: Axes, place: int, row: _Row) -> None:
    """Mark, interval and number of one line."""
    if row.bounds is None:
        return
    value, lower, upper = row.bounds
    inside = row.colour if row.filled else "white"
    if np.isfinite(lower) and np.isfinite(upper):
        axes.plot([lower, upper], [place] * 2, color=row.colour, lw=1.1, zorder=2)
    if np.isfinite(value):
        axes.plot(value, place, row.marker, color=row.colour, mfc=inside, zorder=3)
    numbers.text(0, place, with_bounds(value, lower, upper), va="center")


def _finish(axes: Axes, numbers: Axes, rows: list[_Row], names: list[str]) -> None:
    """Names of the lines, and limits that hold every interval."""
    axes.set_yticks(range(len(rows)), names)
    for tick, row in zip(axes.get_yticklabels(), rows, strict=True):
        tick.set_fontweight("bold" if row.bounds is None else "normal")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    known = [end for row in rows if row.bounds for end in row.bounds]
    ends = [end for end in known if np.isfinite(end)]
    axes.set_xlim(min([0.45, *ends]) - 0.02, max([0.8, *ends]) + 0.02)
    numbers.set_axis_off()
    numbers.set_xlim(0, 1)
