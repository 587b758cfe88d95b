"""Figure: scores of external subjects over the percentiles of development."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ...evaluation.external.populations import APPLICABLE, SCORED
from ..settings import PlotEndpoint
from ..style import BLACK, BLUE, GREY, applied, empty_figure, message_figure, note

_NOTHING = "The model does not tell the scores of development."
_HEIGHT_MM = 62.0
_BAR = 0.78


def draw(external_scores: pd.DataFrame, settings: PlotEndpoint) -> Figure:
    """Share of subjects in each tenth of development's scores.

    Parameters
    ----------
    external_scores : DataFrame
        Table kind "external_scores" of one endpoint; the headline arm is drawn.
    settings : PlotEndpoint
        Style, printed names and roles of the arms.
    """
    own = external_scores[external_scores["arm"] == settings.headline_arm]
    style = settings.style
    with applied(style):
        if own.empty:
            return message_figure(style, _NOTHING)
        figure = empty_figure(style, _HEIGHT_MM + style.line_mm(4))
        axes = figure.subplots()
        _bars(axes, own)
        _development(axes, own)
        shares = [100 * part["share"] for _, part in own.groupby("population")]
        _ticks(axes, np.array(shares, dtype=float).max(axis=0), style.narrow)
        axes.set_ylabel("Subjects (%)")
        axes.set_xlabel("Percentile of the score in development")
        axes.set_title(f"{settings.label}: {settings.arm_label}", loc="left")
        figure.legend(loc="outside upper right", ncols=2 if style.narrow else 3)
        note(figure, _remark(own))
    return figure


def _bars(axes: Axes, own: pd.DataFrame) -> None:
    """Filled bars of applicable scores, and unfilled ones of all."""
    parts = {name: own[own["population"] == name] for name in (APPLICABLE, SCORED)}
    names = {APPLICABLE: "Applicable", SCORED: "All with a score"}
    for name, part in parts.items():
        if part.empty:
            continue
        is_filled = name == APPLICABLE
        axes.bar(
            np.arange(len(part)),
            100 * part["share"].to_numpy(dtype=float),
            _BAR,
            facecolor=BLUE if is_filled else "none",
            edgecolor=BLUE if is_filled else BLACK,
            linewidth=0.0 if is_filled else 0.9,
            label=f"{names[name]} (n = {int(part['n'].sum())})",
            zorder=2 if is_filled else 3,
        )


def _development(axes: Axes, own: pd.DataFrame) -> None:
    """Line at the share that development has in each tenth."""
    first = own[own["population"] == own["population"].iloc[0]]
    expected = 100 * first["share_in_development"].to_numpy(dtype=float)
    inside = np.flatnonzero(expected > 0)
    ends = [inside[0] - 0.5, inside[-1] + 0.5]
    level = [expected[inside[0]]] * 2
    axes.plot(ends, level, color=GREY, ls="--", label="Development", zorder=4)


def _ticks(axes: Axes, heights: np.ndarray, narrow: bool) -> None:
    """Percentiles between the bars, and words above the two bars outside."""
    inner = len(heights) - 2
    step = 2 if narrow else 1
    places = np.arange(0, inner + 1, step)
    names = [f"{100 * place / inner:g}" for place in places]
    axes.set_xticks(places + 0.5, names)
    for place, word in ((0, "below all"), (inner + 1, "above all")):
        at = heights[place] + 0.02 * heights.max()
        axes.text(place, at, word, rotation=90, ha="center", va="bottom")


def _remark(own: pd.DataFrame) -> str:
    every = own[own["population"] == SCORED]
    out = every[every["percentile_from"].isna() | every["percentile_to"].isna()]
    return (
        "Each tenth holds 10 % of the development subjects. "
        f"{int(out['n'].sum())} of {int(every['n'].sum())} scores lie beyond all of "
        "development."
    )
