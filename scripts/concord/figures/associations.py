"""Figure: what harmonization did to associations and repeatability."""

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from . import labels
from .settings import FigureStyle
from .style import (
    GREY,
    STAGES,
    applied,
    box,
    empty_figure,
    letter,
    message_figure,
    note,
)

_ROW_MM = 9
_SHIFT = {"raw": -0.21, "harmonized": 0.21}
_ICC = "ICC: "


def draw(
    associations: pd.DataFrame, names: Mapping[str, str], style: FigureStyle
) -> Figure:
    """Distance of pooled associations from those within batches, and the ICC.

    Parameters
    ----------
    associations : DataFrame
        Table kind "associations".
    names : mapping
        Printed name of covariates and endpoints.
    style : FigureStyle
        Width and size of the text.

    Returns
    -------
    Figure
        Panel a: pooled minus within-batch association of each feature with each
        covariate (Spearman's correlation) and outcome (AUC or C-index). Panel b:
        ICC of each feature, for studies that repeat measurements.
    """
    with applied(style):
        icc = associations[associations["quantity"].str.startswith(_ICC)]
        excess = _excess(associations.drop(icc.index))
        if excess.empty and icc.empty:
            return message_figure(style, "Nothing to compare before and after.")
        rows = [_rows(excess), _rows(icc)]
        panels = [number for number, found in enumerate(rows) if found]
        height = _ROW_MM * max(map(len, rows)) + 20 + style.line_mm(3)
        figure = empty_figure(style, height)
        grid = figure.subplots(1, len(panels), squeeze=False)[0]
        for axes, number, name in zip(grid, panels, "ab", strict=False):
            table = (excess, icc)[number]
            _panel(axes, table, rows[number], names)
            letter(axes, name, ("Association", "Repeatability")[number])
            axes.set_xlabel(("Pooled minus within batches (1)", "ICC (1)")[number])
            if number == 0:
                axes.axvline(0, color=GREY, lw=0.8, ls=":")
        _legend(figure)
        note(figure, _remark())
    return figure


def _excess(table: pd.DataFrame) -> pd.DataFrame:
    """Pooled value minus that within batches, for both stages."""
    keys = ["image", "quantity", "name"]
    wide = table.pivot(index=keys, columns="stage", values="value")
    if "within batches" not in wide:
        return table.iloc[:0]
    found = [
        (wide[stage] - wide["within batches"])
        .rename("value")
        .reset_index()
        .assign(stage=stage)
        for stage in _SHIFT
        if stage in wide
    ]
    return pd.concat(found, ignore_index=True)


def _rows(table: pd.DataFrame) -> list[tuple[str, str]]:
    pairs = table[["quantity", "image"]].drop_duplicates()
    return sorted(map(tuple, pairs.to_numpy()))


def _panel(
    axes: Axes,
    table: pd.DataFrame,
    rows: Sequence[tuple[str, str]],
    names: Mapping[str, str],
) -> None:
    for place, (quantity, image) in enumerate(rows):
        mine = table[(table["quantity"] == quantity) & (table["image"] == image)]
        for stage, shift in _SHIFT.items():
            values = mine.loc[mine["stage"] == stage, "value"].to_numpy(dtype=float)
            box(
                axes,
                values,
                place + shift,
                STAGES[stage],
                vertical=False,
                thickness=0.3,
            )
    texts = [f"{image}: {_name(quantity, names)}" for quantity, image in rows]
    axes.set_yticks(range(len(rows)), texts)
    axes.set_ylim(len(rows) - 0.4, -0.6)


def _name(quantity: str, names: Mapping[str, str]) -> str:
    """A covariate (with its level), endpoint or axis as it is printed."""
    kind, _, key = quantity.partition(": ")
    if kind == "ICC":
        return labels.AXES.get(key, key)
    name, _, level = key.partition("=")
    text = names.get(name, "") or name.replace("_", " ")
    return f"{text} {level}".strip()


def _legend(figure: Figure) -> None:
    handles = [
        Patch(facecolor=STAGES[stage], alpha=0.6, label=text)
        for stage, text in labels.STAGES.items()
        if stage in _SHIFT
    ]
    figure.legend(handles=handles, loc="outside upper left", ncols=2)


def _remark() -> str:
    return (
        "Points: features, held-out rows. Within a batch harmonization hardly changes "
        "the order of subjects (not at all if no covariate is kept), so pooled values "
        "near those within batches are free of batch effects. Correlations for "
        "covariates, AUC or C-index for outcomes."
    )
