"""Figure: how far the risk of a subject moves when another reader segments."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ...evaluation.reader_agreement import scored_pairs
from ...folds.scheme import CV, LOSO
from ..labels import SCHEMES
from ..settings import PlotEndpoint
from ..style import (
    BLUE,
    GREY,
    VERMILLION,
    applied,
    empty_figure,
    levels,
    message_figure,
    note,
    with_bounds,
)

_PANEL_MM = 46.0
_MOST_READERS = 3
_SAME, _CHANGED = "same risk group", "other risk group"


TABLES = ("reader_predictions", "prediction_agreement")


def draw(
    predictions: pd.DataFrame, agreement: pd.DataFrame, settings: PlotEndpoint
) -> Figure:
    """Scores by each reader's segmentations against those by the reference reader's.

    Parameters
    ----------
    predictions, agreement : DataFrame
        Table kinds "reader_predictions" and "prediction_agreement" of one endpoint.
    settings : PlotEndpoint
        Style, printed names and roles of the arms.

    Returns
    -------
    Figure
        One column per further reader, up to three: above, standard scores with the
        cuts of the risk groups; below, differences with their limits of agreement.
        The first repeat of the cross-validation is drawn, or the groups left out.
    """
    style = settings.style
    arm = settings.headline_arm
    mine = predictions[predictions["arm"] == arm]
    scheme = CV.name if (mine["scheme"] == CV.name).any() else LOSO.name
    rows = agreement[(agreement["arm"] == arm) & (agreement["scheme"] == scheme)]
    rows = rows[rows["n_subjects"] > 0].head(2 if style.narrow else _MOST_READERS)
    mine = mine[(mine["scheme"] == scheme) & (mine["repeat"] == mine["repeat"].min())]
    with applied(style):
        if rows.empty:
            return message_figure(style, _nothing(settings))
        figure = empty_figure(style, 2 * _PANEL_MM + style.line_mm(9))
        grid = figure.subplots(2, len(rows), squeeze=False, sharex=True, sharey="row")
        for panels, (_, row) in zip(grid.T, rows.iterrows(), strict=True):
            pairs = scored_pairs(mine, row["reader"], row["reader_b"])
            _scatter(panels[0], pairs, row)
            _differences(panels[1], pairs, row)
        grid[0, 0].set_ylabel("Standard score,\nother reader")
        grid[1, 0].set_ylabel("Difference of the score")
        _legend(figure, grid[0, 0], settings.label)
        note(figure, _remark(scheme, settings))
    return figure


def _scatter(axes: Axes, pairs: pd.DataFrame, row: pd.Series) -> None:
    """Standard scores of both readers; the lowest cut of the risk groups is 0."""
    x, y = (pairs[n].to_numpy(float) for n in ("standard_score", "standard_score_b"))
    low, high = np.nanmin([x, y]), np.nanmax([x, y])
    axes.plot([low, high], [low, high], color=GREY, lw=0.6, ls="--", zorder=0)
    axes.axhline(0, color=GREY, lw=0.6, zorder=0)
    axes.axvline(0, color=GREY, lw=0.6, zorder=0)
    _points(axes, x, y, _changed(pairs))
    icc = with_bounds(row["icc"], row["icc_lower"], row["icc_upper"])
    changed = f"{100 * row['regrouped']:.0f} % in another group"
    axes.set_title(f"Reader {row['reader_b']}\nICC {icc}\n{changed}")


def _differences(axes: Axes, pairs: pd.DataFrame, row: pd.Series) -> None:
    """Differences of the score against the standard score by the reference."""
    difference = (pairs["score_b"] - pairs["score"]).to_numpy(dtype=float)
    _points(axes, pairs["standard_score"].to_numpy(float), difference, _changed(pairs))
    axes.axhline(0, color=GREY, lw=0.6, ls=":", zorder=0)
    values = row[["bias", "limit_lower", "limit_upper"]].astype(float)
    levels(axes, values)
    axes.set_title(f"Bias {with_bounds(*values)}")
    axes.set_xlabel(f"Standard score, reader {row['reader']}")


def _changed(pairs: pd.DataFrame) -> np.ndarray:
    return (pairs["risk_group"] != pairs["risk_group_b"]).to_numpy(dtype=bool)


def _points(axes: Axes, x: np.ndarray, y: np.ndarray, changed: np.ndarray) -> None:
    for mask, colour, marker, label in (
        (~changed, BLUE, "o", _SAME),
        (changed, VERMILLION, "D", _CHANGED),
    ):
        axes.plot(
            x[mask],
            y[mask],
            marker,
            ms=3,
            mfc=colour,
            mec="white",
            mew=0.3,
            label=label,
        )


def _legend(figure: Figure, axes: Axes, title: str) -> None:
    handles, names = axes.get_legend_handles_labels()
    figure.legend(  # type: ignore[call-overload]
        handles, names, loc="outside upper center", ncols=2, title=title
    )


def _nothing(settings: PlotEndpoint) -> str:
    return (
        f"The arm {settings.arm_label} has no score by the segmentations of a second "
        "reader."
    )


def _remark(scheme: str, settings: PlotEndpoint) -> str:
    which = (
        f"{SCHEMES[scheme].lower()}, first repeat"
        if scheme == CV.name
        else (SCHEMES[scheme].lower())
    )
    return (
        f"{settings.arm_label}, {which}. Standard score: score minus the lowest cut "
        "of the risk groups, in SD of the scores in development. Lines below: bias and "
        "95 % limits of agreement, mean over repeats."
    )
