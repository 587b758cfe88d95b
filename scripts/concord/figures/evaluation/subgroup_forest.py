"""Figure: discrimination and calibration of the headline arm in declared subgroups."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ...folds.scheme import leading_scheme
from .. import labels
from ..settings import PlotEndpoint
from ..style import BLACK, BLUE, GREY, applied, broken, empty_figure, message_figure
from ..style import note as remark

#: Kinds of the tables that it is drawn from.
TABLES = ("subgroups", "subgroup_tests")
_ALL = "all"
_NOTHING = "\N{EN DASH}"
#: Panels: measures in this order, of which those are drawn that there are; the name of
#: the axis, the value of no fault, and the widest range that is drawn.
_PANELS: dict[str, tuple[str, float, tuple[float, float]]] = {
    "auc": (labels.METRICS["auc"], labels.CHANCE, (0.0, 1.0)),
    "c_index": (labels.METRICS["c_index"], labels.CHANCE, (0.0, 1.0)),
    "in_the_large": ("Calibration in the large\n(log odds)", 0.0, (-3.0, 3.0)),
    "observed_less_predicted": ("Observed less\npredicted risk", 0.0, (-0.6, 0.6)),
    "slope": ("Calibration slope", 1.0, (-1.0, 4.0)),
}


@dataclass(frozen=True)
class _Line:
    """One line of the figure: a heading, or a subgroup."""

    text: str
    subgroup: str
    level: str  # empty of a heading
    counts: str = ""


def draw(
    subgroups: pd.DataFrame, subgroup_tests: pd.DataFrame, settings: PlotEndpoint
) -> Figure:
    """Forest plot: a line for each subgroup, a panel for each measure.

    Parameters
    ----------
    subgroups, subgroup_tests : DataFrame
        Tables of the kinds `TABLES` of one endpoint.
    settings : PlotEndpoint
        Style, printed names and the headline arm.

    Returns
    -------
    Figure
        Of the cross-validation, and of the first horizon.
    """
    rows = _of_headline(subgroups, settings)
    tests = _of_headline(subgroup_tests, settings)
    lines = _lines(rows, settings)
    measures = [name for name in _PANELS if name in set(rows["measure"])]
    with applied(settings.style):
        if rows["estimate"].isna().all():
            return message_figure(settings.style, "No subgroup has a value.")
        height = settings.style.line_mm(1.25 * len(lines) + 9)
        figure = empty_figure(settings.style, height)
        panels = figure.subplots(1, len(measures), sharey=True, squeeze=False)[0]
        for axes, measure in zip(panels, measures, strict=True):
            _panel(axes, lines, rows[rows["measure"] == measure], measure)
            _p_values(axes, lines, tests[tests["measure"] == measure])
        _names(panels[0], lines)
        remark(figure, _remark(rows, tests, settings))
    return figure


def _of_headline(table: pd.DataFrame, settings: PlotEndpoint) -> pd.DataFrame:
    """Rows of the headline arm in the leading scheme, of the first horizon."""
    rows = table[
        (table["arm"] == settings.headline_arm)
        & (table["scheme"] == leading_scheme(table["scheme"]))
    ]
    first = rows["horizon_days"].min()
    return rows[rows["horizon_days"].isna() | (rows["horizon_days"] == first)]


def _lines(rows: pd.DataFrame, settings: PlotEndpoint) -> list[_Line]:
    """All subjects, then a heading and the levels of each subgroup, as in the table."""
    found = []
    for subgroup in dict.fromkeys(rows["subgroup"]):
        own = rows[rows["subgroup"] == subgroup].drop_duplicates("level")
        if subgroup != _ALL:
            name = settings.subgroups.get(subgroup, subgroup)
            found.append(_Line(name, subgroup, ""))
        for _, row in own.iterrows():
            text = "All subjects" if subgroup == _ALL else row["level"]
            counts = f"{row['n_events']}/{row['n']}"
            found.append(_Line(text, subgroup, row["level"], counts))
    return found


def _panel(axes: Axes, lines: list[_Line], rows: pd.DataFrame, measure: str) -> None:
    name, ideal, limits = _PANELS[measure]
    axes.axvline(ideal, color=GREY, lw=0.8, ls="--", zorder=1)
    by_key = rows.set_index(["subgroup", "level"])
    ends = [ideal]
    for place, line in enumerate(lines):
        if not line.level:
            continue
        row: Any = by_key.loc[(line.subgroup, line.level)]
        if pd.isna(row["estimate"]):
            axes.text(ideal, place, _NOTHING, ha="center", va="center", color=GREY)
        else:
            ends += _mark(axes, place, row, line.subgroup == _ALL, limits)
    gap = 0.06 * (max(ends) - min(ends) or 1.0)
    axes.set_xlim(min(ends) - gap, max(ends) + gap)
    axes.set_ylim(len(lines) - 0.4, -0.8)
    axes.set_xlabel(name)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)


def _mark(
    axes: Axes, place: int, row: pd.Series, whole: bool, limits: tuple[float, float]
) -> list[float]:
    """Draw a value with its interval, cut off at limits; ends of what is drawn."""
    value, low, high = (float(row[k]) for k in ("estimate", "lower", "upper"))
    least, most = limits
    colour = BLUE if whole else BLACK
    shown = [float(np.clip(value, least, most))]
    marker = "D" if whole else "s"
    axes.plot(shown, [place], marker, color=colour, ms=3.4, zorder=3)
    if np.isfinite(low):
        span = [max(low, least), min(high, most)]
        axes.plot(span, [place] * 2, color=colour, lw=1.0, zorder=2)
        for mark, end, is_cut in (("<", least, low < least), (">", most, high > most)):
            axes.plot([end] * is_cut, [place] * is_cut, mark, color=colour, ms=3)
        shown += span
    return shown


def _p_values(axes: Axes, lines: list[_Line], tests: pd.DataFrame) -> None:
    """P-value of the differences between subgroups, on the line of the heading."""
    by_subgroup = tests.set_index("subgroup")["p_value"].astype(float)
    for place, line in enumerate(lines):
        p_value = by_subgroup.get(line.subgroup, np.nan)
        if line.level or not np.isfinite(p_value):
            continue
        text = f"P = {p_value:.2f}" if p_value >= 0.01 else "P < 0.01"
        axes.text(
            1.0,
            place,
            text,
            transform=axes.get_yaxis_transform(),
            ha="right",
            va="center",
            color="#444444",
        )


def _names(axes: Axes, lines: list[_Line]) -> None:
    texts = [f"{broken(line.text, 24, 1)}   {line.counts}".rstrip() for line in lines]
    axes.set_yticks(range(len(lines)), texts)
    for tick, line in zip(axes.get_yticklabels(), lines, strict=True):
        tick.set_fontweight("normal" if line.level else "bold")


def _remark(rows: pd.DataFrame, tests: pd.DataFrame, settings: PlotEndpoint) -> str:
    """Meaning of marks and p-values."""
    horizon = rows["horizon_days"].min()
    when = "" if pd.isna(horizon) else f" Risks by {horizon:g} days."
    known = tests["p_value"].notna()
    n_tests = int(tests.loc[known, "n_tests"].max()) if known.any() else 0
    return (
        f"{settings.arm_label}, cross-validation; events/subjects beside each name."
        f"{when} Lines: {100 * settings.confidence:g} % confidence, an arrow where cut "
        f"off; dashed: chance, or well calibrated; {_NOTHING}: too small or not "
        "defined. P: do the subgroups differ (Welch), not adjusted for the "
        f"{n_tests} tests of this arm; see the table."
    )
