"""Figure: what ComBat learns of each batch, its priors, and how it varies."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy import stats

from .settings import FigureStyle
from .style import (
    BLACK,
    BLUE,
    GREY,
    ORANGE,
    applied,
    empty_figure,
    letter,
    message_figure,
    note,
)

_ROW_MM = 17
_BINS = 25
_KEYS = ["image", "variable", "batch"]
#: Letter, title and unit of each column of panels.
_COLUMNS = (
    ("a", "Shift", "residual SD"),
    ("b", "Variance", "residual variance"),
    ("c", "SD over folds", "1"),
)
#: Share of the values at each end that a panel may leave out.
_TAIL = 0.005


def draw(estimates: pd.DataFrame, priors: pd.DataFrame, style: FigureStyle) -> Figure:
    """Shifts and variances of all features, one row per batch.

    Parameters
    ----------
    estimates, priors : DataFrame
        Table kinds "batch_estimates" and "batch_priors".
    style : FigureStyle
        Width and size of the text.

    Returns
    -------
    Figure
        Panel a: shifts before shrinkage with their normal prior. Panel b:
        variances before shrinkage with their inverse gamma prior. Panel c: SD over
        the folds of the shrunken shifts and variances.
    """
    with applied(style):
        parts = list(estimates.groupby(_KEYS, sort=True))
        if not parts:
            return message_figure(style, "No batch could be estimated.")
        figure = empty_figure(style, _ROW_MM * len(parts) + 20 + style.line_mm(2))
        grid = figure.subplots(len(parts), 3, sharex="col", squeeze=False)
        limits = _limits(estimates)
        for row, (key, part) in zip(grid, parts, strict=True):
            prior = priors[(priors[_KEYS] == list(key)).all(axis=1)]
            _shift_panel(row[0], part, prior, limits["shift"])
            _variance_panel(row[1], part, prior, limits["variance"])
            _fold_panel(row[2], part)
            name = _row_name(tuple(map(str, key)), prior)
            row[0].set_ylabel(name, rotation=0, ha="right", va="center")
        for above, below, (name, title, unit) in zip(
            grid[0], grid[-1], _COLUMNS, strict=True
        ):
            letter(above, name, title)
            below.set_xlabel(f"{title} ({unit})")
        note(figure, _remark(estimates, priors))
    return figure


def _limits(estimates: pd.DataFrame) -> dict[str, tuple[float, float]]:
    """Common ends of the two histogram columns, without the far tails."""
    found = {}
    for name in ("shift", "variance"):
        values = estimates[f"{name}_unshrunk"].dropna().to_numpy(dtype=float)
        ends = np.quantile(values, [_TAIL, 1 - _TAIL]) if len(values) else (0.0, 1.0)
        found[name] = (float(ends[0]), max(float(ends[1]), float(ends[0]) + 1e-6))
    return found


def _histogram(
    axes: Axes, values: pd.Series, limits: tuple[float, float], colour: str
) -> None:
    numbers = values.dropna().to_numpy(dtype=float)
    if len(numbers):
        inside = np.clip(numbers, *limits)
        axes.hist(
            inside, _BINS, range=limits, density=True, color=colour, alpha=0.35, lw=0
        )
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)


def _shift_panel(
    axes: Axes, part: pd.DataFrame, prior: pd.DataFrame, limits: tuple[float, float]
) -> None:
    _histogram(axes, part["shift_unshrunk"], limits, BLUE)
    axes.axvline(0, color=GREY, lw=0.6, ls=":")
    x = np.linspace(*limits, 200)
    if len(prior) and prior["shift_variance"].notna().all():
        mean, variance = prior[["shift_mean", "shift_variance"]].iloc[0]
        if variance > 0:
            axes.plot(x, stats.norm.pdf(x, mean, np.sqrt(variance)), color=BLACK)


def _variance_panel(
    axes: Axes, part: pd.DataFrame, prior: pd.DataFrame, limits: tuple[float, float]
) -> None:
    _histogram(axes, part["variance_unshrunk"], limits, ORANGE)
    axes.axvline(1, color=GREY, lw=0.6, ls=":")
    x = np.linspace(max(limits[0], 1e-6), limits[1], 200)
    if len(prior) and prior["shape"].notna().all():
        shape, rate = prior[["shape", "rate"]].iloc[0]
        axes.plot(x, stats.invgamma.pdf(x, shape, scale=rate), color=BLACK)


def _fold_panel(axes: Axes, part: pd.DataFrame) -> None:
    """Box plots of the SD over folds; variances below shifts."""
    for place, column, colour in ((1, "shift_sd", BLUE), (0, "variance_sd", ORANGE)):
        values = part[column].dropna().to_numpy(dtype=float)
        if len(values):
            axes.boxplot(
                values,
                positions=[place],
                widths=0.55,
                orientation="horizontal",
                whis=(5, 95),
                showfliers=False,
                patch_artist=True,
                boxprops={"facecolor": colour, "alpha": 0.35, "linewidth": 0},
                medianprops={"color": colour, "linewidth": 1.6},
                whiskerprops={"color": colour, "linewidth": 0.8},
                capprops={"linewidth": 0},
                manage_ticks=False,
            )
    axes.set_yticks([0, 1], ["variance", "shift"])
    axes.set_ylim(-0.6, 1.6)
    axes.set_xlim(left=0)


def _row_name(key: tuple[str, ...], prior: pd.DataFrame) -> str:
    image, variable, batch = key
    size = f"\nn = {int(prior['n'].iloc[0])}" if len(prior) else ""
    name = batch if variable == "site" else f"{batch}\n({variable})"
    return f"{image} {name}{size}"


def _remark(estimates: pd.DataFrame, priors: pd.DataFrame) -> str:
    text = (
        "Histograms: features before shrinkage, values beyond the axis in the last "
        "bin. Lines: the prior that all features of a batch are shrunk towards. "
        "Dotted: no batch effect. c: box plots over features, whiskers at 5 and 95 %."
    )
    bare = int(priors["shift_variance"].isna().sum()) if len(priors) else 0
    missing = int(estimates["shift_unshrunk"].isna().sum())
    text += f" {bare} batches without a prior." if bare else ""
    return text + (f" Not drawn: {missing} undefined values." if missing else "")
