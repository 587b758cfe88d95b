"""Figure: the headline arm in each group left out, pooled with random effects."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ...evaluation.pooled_groups import FEW, can_be_pooled
from ...folds.scheme import LOSO
from .. import labels
from ..settings import PlotValidation
from ..style import BLACK, BLUE, GREY, applied, broken, empty_figure, message_figure
from ..style import note as remark

_LINES_BESIDE_ROWS = 4.5  # of a panel: title, axis and its name
_LEAST_SIZE, _MOST_SIZE = 2.5, 7.0  # of the squares, in points


@dataclass(frozen=True)
class _Row:
    """One line of a panel: bounds of a group, of the mean or of a new group."""

    text: str
    data: pd.Series
    kind: str = "group"
    size: float = 0.0  # of the square; 0: not pooled


def draw(
    performance: pd.DataFrame, pooled: pd.DataFrame, settings: PlotValidation
) -> Figure:
    """Forest plot of the groups left out, one panel per endpoint.

    Parameters
    ----------
    performance, pooled : DataFrame
        Table kinds "performance" and "pooled_groups" of all endpoints.
    settings : PlotValidation
        Style, printed names and the headline arm.

    Returns
    -------
    Figure
        Squares grow with the weight of a group in the mean; a diamond spans the
        interval of the mean, a bar that of a new group.
    """
    panels = {
        endpoint: rows
        for endpoint in settings.endpoints
        if (rows := list(_rows(endpoint, performance, pooled, settings)))
    }
    with applied(settings.style):
        if not panels:
            return message_figure(settings.style, "No group was left out.")
        lines = [len(rows) + _LINES_BESIDE_ROWS for rows in panels.values()]
        height = settings.style.line_mm(1.35 * sum(lines) + 4)
        figure = empty_figure(settings.style, height)
        axes = figure.subplots(
            len(panels), 2, squeeze=False, width_ratios=[1.1, 1], height_ratios=lines
        )
        for (plot, numbers), (endpoint, rows) in zip(axes, panels.items(), strict=True):
            _panel(plot, rows, settings.endpoints[endpoint])
            _numbers(numbers, rows, settings)
        remark(figure, _note(pooled, settings))
    return figure


def _rows(
    endpoint: str,
    performance: pd.DataFrame,
    pooled: pd.DataFrame,
    settings: PlotValidation,
) -> Iterator[_Row]:
    """Groups in the order of their names, then the mean and a new group."""
    own = _of_headline(performance, endpoint, settings)
    groups = own[
        (own["scheme"] == LOSO.name) & own["stratum"].str.startswith("group=")
    ].sort_values("stratum")
    whole = _of_headline(pooled, endpoint, settings)
    tau = float(whole["tau"].iloc[0]) if len(whole) else np.nan
    sizes = _sizes(groups, tau)
    for (_, row), size in zip(groups.iterrows(), sizes, strict=True):
        yield _Row(row["stratum"].removeprefix("group="), row, size=size)
    for _, row in whole[whole["estimate"].notna()].iterrows():
        yield _Row("Mean of groups", row, "mean")
        bounds = {"lower": "prediction_lower", "upper": "prediction_upper"}
        new = row.copy()
        new[list(bounds)] = row[list(bounds.values())].to_numpy()
        yield _Row("A new group", new, "new")


def _of_headline(
    table: pd.DataFrame, endpoint: str, settings: PlotValidation
) -> pd.DataFrame:
    arm = table["arm"] == settings.headline_arm
    return table[arm & (table["endpoint"] == endpoint)]


def _sizes(groups: pd.DataFrame, tau: float) -> np.ndarray:
    """Sizes of squares: areas in proportion to weights, within limits; 0 without."""
    usable = can_be_pooled(groups).to_numpy()
    if not usable.any() or not np.isfinite(tau):
        return np.zeros(len(groups))
    value = groups["estimate"].to_numpy(dtype=float)
    error = groups["standard_error"].to_numpy(dtype=float)
    weight = np.zeros(len(groups))
    known = value[usable] * (1 - value[usable])
    weight[usable] = 1 / ((error[usable] / known) ** 2 + tau**2)
    sizes = np.maximum(_LEAST_SIZE, _MOST_SIZE * np.sqrt(weight / weight.max()))
    return np.where(usable, sizes, 0.0)


def _panel(axes: Axes, rows: list[_Row], title: str) -> None:
    """Marks and intervals of one endpoint."""
    axes.axvline(labels.CHANCE, color=GREY, lw=0.8, ls="--", zorder=1)
    for place, row in enumerate(rows):
        _draw_row(axes, place, row)
    axes.set_yticks(range(len(rows)), [broken(row.text, 24, 1) for row in rows])
    for tick, row in zip(axes.get_yticklabels(), rows, strict=True):
        tick.set_fontweight("normal" if row.kind == "group" else "bold")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_ylim(len(rows) - 0.4, -0.9)
    bounds = [row.data[k] for row in rows for k in ("lower", "upper")]
    known = [float(bound) for bound in bounds if pd.notna(bound)]
    axes.set_xlim(min([0.4, *known]) - 0.02, max([0.8, *known]) + 0.02)
    axes.set_xlabel(labels.metric(rows[0].data["metric"]))
    axes.set_title(title, loc="left")


def _draw_row(axes: Axes, place: int, row: _Row) -> None:
    estimate, lower, upper = (row.data[k] for k in ("estimate", "lower", "upper"))
    if row.kind == "mean":
        across, up = [lower, estimate, upper, estimate], [0.0, 0.32, 0.0, -0.32]
        axes.fill(across, place + np.array(up), color=BLUE, lw=0, zorder=3)
        return
    if row.kind == "new":
        axes.plot([lower, upper], [place] * 2, "|-", color=BLUE, lw=1.6, zorder=2)
        return
    if pd.notna(lower):
        axes.plot([lower, upper], [place] * 2, color=BLACK, lw=1.0, zorder=2)
    if pd.notna(estimate):
        inside = BLACK if row.size else "white"
        size = row.size or _LEAST_SIZE
        axes.plot(estimate, place, "s", color=BLACK, mfc=inside, ms=size, zorder=3)


def _numbers(axes: Axes, rows: list[_Row], settings: PlotValidation) -> None:
    """The same in numbers, with events and subjects."""
    axes.set_axis_off()
    axes.set_xlim(0, 1)
    axes.set_ylim(len(rows) - 0.4, -0.9)
    counts = not settings.style.narrow
    for place, row in enumerate(rows):
        style: dict[str, Any] = {
            "va": "center",
            "weight": "normal" if row.kind == "group" else "bold",
        }
        axes.text(0, place, _words(row), **style)
        if counts and row.kind == "group":
            events = f"{row.data['n_events']}/{row.data['n']}"
            axes.text(1, place, events, ha="right", **style)
    title = f"Estimate ({100 * settings.confidence:g} %)"
    axes.set_title(title, loc="left")
    if counts:
        axes.set_title("Events/n", loc="right")


def _words(row: _Row) -> str:
    if row.kind == "new":
        return f"{row.data['lower']:.2f} to {row.data['upper']:.2f}"
    return labels.with_interval(row.data)


def _note(pooled: pd.DataFrame, settings: PlotValidation) -> str:
    """Meaning of the marks, and how far to trust the bar."""
    arm = settings.arms[settings.headline_arm]
    text = (
        f"{arm}. Squares: groups left out, larger with more weight in the mean and "
        "hollow if they cannot be pooled; "
        "diamond: mean of groups (REML, Hartung-Knapp) on the logit scale; bar: where "
        "the value of a new group is to be expected. Dashed: chance."
    )
    few = (pooled["n_pooled"].dropna() < FEW).any()
    more = f" With fewer than {FEW} groups, mean and bar say little: read the groups."
    return text + (more if few else "")
