"""Figure: what harmonization leaves of the site effect."""

import re

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from . import labels
from .settings import FigureStyle
from .style import (
    BLACK,
    GREY,
    PALE,
    STAGES,
    applied,
    box,
    broken,
    empty_figure,
    letter,
    message_figure,
    note,
)

_FAMILY_MM = 8.5
_LEAST_MM = 45
_LETTERS = 16  # of a line beside panel b
_SHIFT = {"raw": -0.21, "harmonized": 0.21}
_ROWS = {"raw": -0.27, "fold-fitted": 0.0, "harmonized": 0.27}
_MARKERS = {"raw": "o", "fold-fitted": "s", "harmonized": "D"}


def draw(effect: pd.DataFrame, prediction: pd.DataFrame, style: FigureStyle) -> Figure:
    """Share of variance between batches by family, and how well batch is predicted.

    Parameters
    ----------
    effect, prediction : DataFrame
        Table kinds "site_effect" and "batch_prediction".
    style : FigureStyle
        Width and size of the text.

    Returns
    -------
    Figure
        Panel a: eta squared of the features, raw and harmonized. Panel b: AUC
        of predicting the batch from all features of an image, beside the band that
        permuted batches give.
    """
    with applied(style):
        if effect["eta_squared"].notna().sum() == 0:
            return message_figure(style, "No batch effect could be estimated.")
        table = effect.assign(family=effect["name"].map(labels.family))
        families = labels.family_order(table["family"])
        height = max(_FAMILY_MM * len(families), _LEAST_MM) + 18 + style.line_mm(6)
        figure = empty_figure(style, height)
        left, right = figure.subplots(1, 2, width_ratios=[1.3, 1])
        _effect_panel(left, table, families)
        letter(left, "a", "Variance between batches")
        _prediction_panel(right, prediction)
        letter(right, "b", "Batch predicted")
        _legend(figure, prediction)
        note(figure, _remark(table, prediction))
    return figure


def _effect_panel(axes: Axes, table: pd.DataFrame, families: list[str]) -> None:
    for position, family in enumerate(families):
        for stage, shift in _SHIFT.items():
            chosen = (table["family"] == family) & (table["stage"] == stage)
            values = table.loc[chosen, "eta_squared"].to_numpy(dtype=float)
            colour = STAGES[stage]
            box(axes, values, position + shift, colour, vertical=False, thickness=0.3)
    names = [labels.FAMILIES.get(f, f) for f in families]
    axes.set_yticks(range(len(families)), names)
    axes.set_ylim(len(families) - 0.4, -0.6)
    axes.axvline(table["chance"].median(), color=GREY, lw=0.8, ls=":")
    axes.set_xlim(0, 1)
    axes.set_xlabel("Eta squared (1)")


def _prediction_panel(axes: Axes, table: pd.DataFrame) -> None:
    """Points of the AUC over their bands, a group per image and batch variable."""
    keys = ["image", "variable"]
    pairs = sorted(map(tuple, table[keys].drop_duplicates().to_numpy()))
    for stage, shift in _ROWS.items():
        rows = table[table["stage"] == stage].set_index(keys).reindex(pairs)
        columns = ("auc", "null_lower", "null_upper")
        values = [rows[name].to_numpy(dtype=float) for name in columns]
        for place, value, lower, upper in zip(range(len(pairs)), *values, strict=True):
            _point(axes, place + shift, (value, lower, upper), stage)
    axes.axvline(labels.CHANCE, color=GREY, lw=0.8, ls="--")
    names = [m if v == "site" else f"{m}\n{_wrapped(v)}" for m, v in pairs]
    axes.set_yticks(range(len(pairs)), names)
    axes.set_ylim(len(pairs) - 0.4, -0.6)
    axes.set_xlim(0, 1.25)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1])
    axes.set_xlabel("AUC (1)")


def _point(
    axes: Axes, place: float, values: tuple[float, float, float], stage: str
) -> None:
    """One AUC, its value in words, and the band of permuted batches behind it."""
    value, lower, upper = values
    if np.isfinite(lower):
        axes.barh(place, upper - lower, 0.2, left=lower, color=PALE, zorder=0)
    if np.isnan(value):
        axes.text(0.02, place, "n/a", va="center", color=BLACK)
        return
    axes.plot(value, place, _MARKERS[stage], color=STAGES[stage])
    axes.text(1.05, place, f"{value:.2f}", va="center", color=BLACK)


def _wrapped(variable: str) -> str:
    """The name of a batch variable in lines that stay beside the panel."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", variable).replace("_", " ")
    return broken(words, _LETTERS)


def _legend(figure: Figure, prediction: pd.DataFrame) -> None:
    handles: list[Artist] = [
        Line2D([], [], ls="", marker=_MARKERS[s], color=STAGES[s], label=t)
        for s, t in labels.STAGES.items()
    ]
    if prediction["null_lower"].notna().any():
        handles.append(Patch(color=PALE, label="permuted batches, 95 %"))
    figure.legend(handles=handles, loc="outside upper left", ncols=2)


def _remark(table: pd.DataFrame, prediction: pd.DataFrame) -> str:
    text = (
        "Harmonized: fitted on one half of the subjects, judged on the other. Points "
        "of a: features. Dotted: expected of raw features if batches do not differ. "
        "Classifiers of b learn and judge within the held-out rows; the fold-fitted "
        "one learns from the harmonized rows of the other half. "
    )
    banded = prediction["null_lower"].notna().any()
    text += (
        "Without a batch effect values lie in the grey bands, not about 0.5."
        if banded
        else "Without permuted batches (99 or more) it is not known what these values "
        "are without a batch effect; it is not 0.5."
    )
    missing = int(table["eta_squared"].isna().sum())
    return text + (f" Not drawn: {missing} undefined values." if missing else "")
