"""Figure: what harmonization leaves of the site effect."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from . import labels
from .settings import FigureStyle
from .style import (
    BLACK,
    GREY,
    HATCHES,
    STAGES,
    applied,
    box,
    empty_figure,
    letter,
    message_figure,
    note,
)

_FAMILY_MM = 8.5
_LEAST_MM = 45
_SHIFT = {"raw": -0.21, "harmonized": 0.21}
_BARS = {"raw": -0.27, "fold-fitted": 0.0, "harmonized": 0.27}


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
        of predicting the batch from all features of an image.
    """
    with applied(style):
        if effect["eta_squared"].notna().sum() == 0:
            return message_figure(style, "No batch effect could be estimated.")
        table = effect.assign(family=effect["name"].map(labels.family))
        families = labels.family_order(table["family"])
        height = max(_FAMILY_MM * len(families), _LEAST_MM) + 18 + style.line_mm(4)
        figure = empty_figure(style, height)
        left, right = figure.subplots(1, 2, width_ratios=[1.4, 1])
        _effect_panel(left, table, families)
        letter(left, "a", "Variance between batches")
        _prediction_panel(right, prediction)
        letter(right, "b", "Batch predicted")
        _legend(figure)
        note(figure, _remark(table))
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
    """Bars of the AUC, a group per image and batch variable."""
    keys = ["image", "variable"]
    pairs = sorted(map(tuple, table[keys].drop_duplicates().to_numpy()))
    for stage, shift in _BARS.items():
        rows = table[table["stage"] == stage].set_index(keys)["auc"].reindex(pairs)
        values = rows.to_numpy(dtype=float)
        _bars(axes, np.arange(len(pairs)) + shift, values, stage)
    axes.axhline(labels.CHANCE, color=GREY, lw=0.8, ls="--")
    names = [m if v == "site" else f"{m}\n{v}" for m, v in pairs]
    axes.set_xticks(range(len(pairs)), names)
    axes.set_xlim(-0.7, len(pairs) - 0.3)
    axes.set_ylim(0, 1.2)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1])
    axes.set_ylabel("AUC (0.5 = chance)")


def _bars(axes: Axes, places: np.ndarray, values: np.ndarray, stage: str) -> None:
    axes.bar(
        places,
        values,
        0.25,
        color=STAGES[stage],
        alpha=0.75,
        hatch=HATCHES[stage],
        edgecolor="white",
    )
    for place, value in zip(places, values, strict=True):
        text = "n/a" if np.isnan(value) else f"{value:.2f}"
        height = np.nan_to_num(value, nan=0.0)
        axes.text(place, height + 0.02, text, ha="center", color=BLACK, rotation=90)


def _legend(figure: Figure) -> None:
    handles = [
        Patch(facecolor=STAGES[s], alpha=0.75, hatch=HATCHES[s], ec="white", label=t)
        for s, t in labels.STAGES.items()
    ]
    figure.legend(handles=handles, loc="outside upper left", ncols=3)


def _remark(table: pd.DataFrame) -> str:
    text = (
        "Harmonized: fitted on one half of the subjects, judged on the other. Points: "
        "features. Dotted: expected if batches do not differ. Classifiers of b learn "
        "and judge within the held-out rows; the fold-fitted one learns from the "
        "harmonized rows of the other half."
    )
    missing = int(table["eta_squared"].isna().sum())
    return text + (f" Not drawn: {missing} undefined values." if missing else "")
