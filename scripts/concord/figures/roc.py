"""Figure: receiver operating characteristic of the arms of a binary endpoint."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from . import labels
from .settings import PlotArms
from .style import GREY, GROUPS, applied, empty_figure, message_figure, note

_HEIGHT_MM = 88.0


def draw(
    predictions: pd.DataFrame, performance: pd.DataFrame, settings: PlotArms
) -> Figure:
    """Mean ROC curves of the arms over the folds of the repeated cross-validation.

    Parameters
    ----------
    predictions, performance : DataFrame
        Table kinds "predictions" and "performance" of one endpoint.
    settings : PlotArms
        Style, printed names and roles of the arms.

    Returns
    -------
    Figure
        Curves on the left; on the right each arm's AUC and interval, as the
        performance table has them.
    """
    style = settings.style
    rows = predictions[predictions["scheme"] == "cv"]
    arms = labels.arm_order(
        set(settings.arms).intersection(rows["arm"]),
        settings.headline_arm,
        settings.reference_arm,
    )
    with applied(style):
        curves = {arm: mean_curve(rows[rows["arm"] == arm]) for arm in arms}
        drawn = {arm: curve for arm, curve in curves.items() if curve is not None}
        if not drawn:
            return message_figure(style, "No fold holds subjects of both classes.")
        below = style.line_mm(2.7 * len(drawn) + 4) if style.narrow else 0.0
        figure = empty_figure(style, min(_HEIGHT_MM, style.width_mm) + below)
        axes = figure.subplots()
        _curves(axes, drawn, performance, settings)
        axes.set_title(settings.label)
        place = "outside upper center" if style.narrow else "outside right center"
        figure.legend(loc=place, labelspacing=1.1)  # type: ignore[call-overload]
        note(figure, _remark(rows, settings))
    return figure


def mean_curve(predictions: pd.DataFrame) -> tuple[np.ndarray, np.ndarray] | None:
    """ROC curve averaged over folds at equal false-positive rates.

    The area below the mean curve equals the mean of the areas of the folds.

    Parameters
    ----------
    predictions : DataFrame
        Columns repeat, fold, event (0 or 1) and score of one arm. Rows without
        score and folds with one class only do not count.

    Returns
    -------
    tuple of ndarray, or None
        False-positive and true-positive rate, both from 0 to 1; None if no
        fold holds both classes.

    References
    ----------
    Fawcett 2006, "An introduction to ROC analysis", section 8.1 (vertical
    averaging), doi:10.1016/j.patrec.2005.10.010.
    """
    known = predictions.dropna(subset=["score", "event"])
    curves = [
        roc_curve(part["event"].to_numpy(dtype=int), part["score"].to_numpy(float))
        for _, part in known.groupby(["repeat", "fold"])
        if part["event"].nunique() == 2
    ]
    if not curves:
        return None
    grid = np.unique(np.concatenate([false for false, _ in curves]))
    lower = np.mean([_limit(grid, *curve, "left") for curve in curves], axis=0)
    upper = np.mean([_limit(grid, *curve, "right") for curve in curves], axis=0)
    return np.repeat(grid, 2), np.column_stack([lower, upper]).ravel()


def roc_curve(event: np.ndarray, score: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """False- and true-positive rate at each distinct score, from (0, 0) to (1, 1).

    Parameters
    ----------
    event : ndarray of int, shape (n,)
        0 or 1; both must occur.
    score : ndarray of float, shape (n,)
        Larger scores speak for an event; equal scores make a sloping segment.
    """
    order = np.argsort(-score, kind="stable")
    last_of_ties = np.append(np.diff(score[order]) != 0, True)
    hits = np.cumsum(event[order])[last_of_ties]
    alarms = np.cumsum(1 - event[order])[last_of_ties]
    return np.append(0, alarms / alarms[-1]), np.append(0, hits / hits[-1])


def _limit(
    grid: np.ndarray, false: np.ndarray, true: np.ndarray, side: str
) -> np.ndarray:
    """The curve just left, or just right, of each point of a grid.

    A curve rises vertically where several of its points share one
    false-positive rate, so there it has two limits.
    """
    rates, first = np.unique(false, return_index=True)
    last = np.append(first[1:], len(false)) - 1
    lowest, highest = true[first], true[last]
    right = np.searchsorted(rates, grid, side="left")
    exact = rates[right] == grid
    ends = lowest if side == "left" else highest
    left = np.maximum(right - 1, 0)
    width = np.where(exact, 1.0, rates[right] - rates[left])
    share = (grid - rates[left]) / width
    between = highest[left] + share * (lowest[right] - highest[left])
    return np.where(exact, ends[right], between)


def _curves(
    axes: Axes,
    curves: Mapping[str, tuple[np.ndarray, np.ndarray]],
    performance: pd.DataFrame,
    settings: PlotArms,
) -> None:
    axes.plot([0, 1], [0, 1], color=GREY, lw=0.6, ls="--", label="Chance: 0.50")
    for number, (arm, curve) in enumerate(curves.items()):
        colour, line, _ = GROUPS[number % len(GROUPS)]
        name = labels.label(arm, settings.arms)
        text = f"{name}\n{_auc_text(performance, arm)}"
        width = 1.6 if arm == settings.headline_arm else 1.0
        axes.plot(*curve, color=colour, ls=line, lw=width, label=text)
    axes.set_xlim(-0.01, 1.01)
    axes.set_ylim(-0.01, 1.01)
    axes.set_aspect("equal")
    axes.set_xlabel("False-positive rate (1 - specificity)")
    axes.set_ylabel("True-positive rate (sensitivity)")


def _auc_text(performance: pd.DataFrame, arm: str) -> str:
    """AUC with interval of the cross-validation, as the table has it."""
    chosen = performance.query(
        "arm == @arm and scheme == 'cv' and stratum == 'all' and metric == 'auc'"
    )
    if chosen.empty or chosen["estimate"].isna().all():
        return "AUC not defined"
    row = chosen.iloc[0]
    return f"AUC {row['estimate']:.2f} ({row['lower']:.2f} to {row['upper']:.2f})"


def _remark(rows: pd.DataFrame, settings: PlotArms) -> str:
    repeats = rows["repeat"].nunique()
    folds = rows[["repeat", "fold"]].drop_duplicates().shape[0]
    text = (
        f"Mean over {folds} evaluation folds ({repeats} repeats); AUC with "
        f"{100 * settings.confidence:g} % interval."
    )
    missing = int(rows.loc[rows["arm"].isin(settings.arms), "score"].isna().sum())
    return text + (f" {missing} missing predictions left out." if missing else "")
