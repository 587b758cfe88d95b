"""Figure: every analysis at once, sorted by its value, and what each chooses."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from .. import labels
from ..settings import PlotEndpoint
from ..style import (
    BLACK,
    BLUE,
    GREY,
    PALE,
    VERMILLION,
    applied,
    broken,
    empty_figure,
    message_figure,
    note,
)

#: Lines of text that the upper panel is as high as.
_CURVE_LINES = 15.0
#: Letters of a value beside the lower panel.
_MOST_LETTERS, _MOST_LETTERS_NARROW = 34, 22
#: Analyses above which marks are drawn smaller.
_MANY = 100
#: Width of a figure whose legend is one line.
_ONE_LINE_MM = 170.0


TABLES = ("specifications", "specification_choices")


def draw(
    specifications: pd.DataFrame, choices: pd.DataFrame, settings: PlotEndpoint
) -> Figure:
    """Curve of all analyses of one endpoint with a value, and the panel of choices.

    Parameters
    ----------
    specifications, choices : DataFrame
        Table kinds "specifications" and "specification_choices" of one endpoint.
    settings : PlotEndpoint
        Style and printed names.

    Returns
    -------
    Figure
        One column per analysis in both panels, the lowest value at the left.
    """
    style = settings.style
    known = specifications[specifications["status"] == "ok"]
    known = known.sort_values(["estimate", "specification"], ignore_index=True)
    with applied(style):
        if known.empty:
            return message_figure(style, "No analysis has a value.")
        rows = _rows(choices)
        lines = len(rows) + choices["key"].nunique()
        figure = empty_figure(style, style.line_mm(_CURVE_LINES + 1.15 * lines + 6))
        curve, panel = figure.subplots(
            2, 1, sharex=True, height_ratios=[_CURVE_LINES, 1.15 * lines]
        )
        _draw_curve(curve, known, settings)
        _draw_choices(panel, known, choices, rows, settings)
        figure.suptitle(
            f"{settings.label}: {settings.arm_label}, every analysis at once",
            x=0.01,
            ha="left",
        )
        note(figure, _remark(known, specifications, settings))
    return figure


def _draw_curve(axes: Axes, known: pd.DataFrame, settings: PlotEndpoint) -> None:
    """Values with intervals over the band of permuted outcomes."""
    place = np.arange(len(known))
    value = known["estimate"].to_numpy(dtype=float)
    _draw_null(axes, place, known)
    axes.vlines(place, known["lower"], known["upper"], color=GREY, lw=0.5, zorder=3)
    above = known["above_null"].fillna(False).to_numpy(dtype=bool)
    size = 2.2 if len(known) > _MANY else 3.2
    look: dict[str, Any] = {"mec": BLUE, "mew": 0.6, "ms": size, "zorder": 4}
    for chosen, inside, words in (
        (above, BLUE, "Above its null (p ≤ 0.05)"),
        (~above, "white", "Not above it"),
    ):
        axes.plot(place[chosen], value[chosen], "o", mfc=inside, label=words, **look)
    _draw_reference(axes, known, settings)
    for own in _headline(known):
        axes.axvline(own, color=VERMILLION, lw=0.8, zorder=0)
        mark: dict[str, Any] = {"ms": 5, "zorder": 5, "label": "Headline"}
        axes.plot(own, value[own], "D", color=VERMILLION, **mark)
    axes.set_ylabel(labels.metric(str(known["metric"].iloc[0])))
    axes.tick_params(axis="x", length=0, labelbottom=False)
    _legend(axes, settings)


def _legend(axes: Axes, settings: PlotEndpoint) -> None:
    wide = settings.style.width_mm >= _ONE_LINE_MM
    axes.legend(
        loc="lower left",
        bbox_to_anchor=(0, 1.0),
        ncols=5 if wide else 2 if settings.style.narrow else 3,
        borderaxespad=0.2,
        columnspacing=1.2,
        handletextpad=0.4,
        handlelength=1.6,
    )


def _draw_null(axes: Axes, place: np.ndarray, known: pd.DataFrame) -> None:
    """Band of permuted outcomes of each analysis and, of not too many, its median."""
    if not known["null_lower"].notna().any():
        return
    lower, upper, middle = (
        known[f"null_{key}"].to_numpy(dtype=float)
        for key in ("lower", "upper", "median")
    )
    look: dict[str, Any] = {"color": PALE, "lw": 0, "zorder": 1}
    axes.fill_between(place, lower, upper, step="mid", label="Null band", **look)
    if len(known) <= _MANY:
        axes.step(place, middle, where="mid", color=GREY, lw=0.7, zorder=2)


def _headline(known: pd.DataFrame) -> list[int]:
    """Place of the headline on the curve, if it has a value."""
    return [int(n) for n in np.flatnonzero(known["is_headline"].fillna(False))]


def _draw_reference(axes: Axes, known: pd.DataFrame, settings: PlotEndpoint) -> None:
    """Values that the reference reaches in the same folds and subjects."""
    reference = known["reference_estimate"].to_numpy(dtype=float)
    if np.isfinite(reference).any():
        axes.step(
            np.arange(len(known)),
            reference,
            where="mid",
            color=BLACK,
            lw=0.9,
            ls="--",
            zorder=2,
            label=broken(settings.arms[settings.reference_arm], 24, 1),
        )


def _rows(choices: pd.DataFrame) -> list[tuple[str, str]]:
    """Key and value of each line of the lower panel, keys in the order of the table."""
    pairs = choices[["key", "value"]].drop_duplicates()
    order = {key: number for number, key in enumerate(dict.fromkeys(pairs["key"]))}
    pairs = pairs.assign(place=pairs["key"].map(order)).sort_values(
        "place", kind="stable"
    )
    return list(pairs[["key", "value"]].itertuples(index=False, name=None))


def _draw_choices(
    axes: Axes,
    known: pd.DataFrame,
    choices: pd.DataFrame,
    rows: list[tuple[str, str]],
    settings: PlotEndpoint,
) -> None:
    """One line per value of each key, below the name of the key; a mark if chosen."""
    letters = _MOST_LETTERS_NARROW if settings.style.narrow else _MOST_LETTERS
    own = set(choices.loc[choices["of_headline"], ["key", "value"]].itertuples(False))
    number = pd.Series(np.arange(len(known)), known["specification"].to_numpy())
    size = 3.4 if len(known) > _MANY else 4.2
    lines = _lines(axes, rows)
    for (key, value), line in zip(rows, lines, strict=True):
        same = (choices["key"] == key) & (choices["value"] == value)
        place = number.reindex(choices.loc[same, "specification"]).dropna()
        colour = BLACK if (key, value) in own else BLUE
        axes.plot(place, [line] * len(place), "|", color=colour, ms=size, mew=1.0)
    axes.set_yticks(lines, [broken(value, letters, 1) for _, value in rows])
    for tick, row in zip(axes.get_yticklabels(), rows, strict=True):
        tick.set_color(BLACK if row in own else "#444444")
        tick.set_fontstyle("normal" if row in own else "italic")
    for at in _headline(known):
        axes.axvline(at, color=VERMILLION, lw=0.8, zorder=0)
    axes.set_ylim(lines[-1] + 0.7, -0.8)
    axes.set_xlim(-1, len(known))
    axes.tick_params(axis="both", length=0)
    axes.tick_params(axis="x", labelbottom=False)
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.set_xlabel(f"{len(known)} analyses, sorted by their value")


def _lines(axes: Axes, rows: list[tuple[str, str]]) -> list[float]:
    """Place of each value; the name of its key is written above the first one."""
    found: list[float] = []
    line, last = 0.0, ""
    for key, _ in rows:
        if key != last:
            line += 0.25 if last else 0.0
            axes.text(
                -0.01,
                line,
                broken(labels.key_name(key), 60, 1),
                weight="bold",
                ha="right",
                va="center",
                transform=axes.get_yaxis_transform(),
            )
            line, last = line + 1, key
        found.append(line)
        line += 1
    return found


def _remark(
    known: pd.DataFrame, specifications: pd.DataFrame, settings: PlotEndpoint
) -> str:
    left_out = len(specifications) - len(known)
    more = (
        f" {left_out} combinations without a value of their own are not drawn."
        if left_out
        else ""
    )
    scheme = labels.SCHEMES[str(known["scheme"].iloc[0])].lower()
    median = "" if len(known) > _MANY else ", with its median"
    return (
        f"Folds: {scheme}. Vertical lines: {100 * settings.confidence:g} % intervals; "
        "band: central 90 % of the values with the outcome permuted within groups "
        f"(first repeat){median}; dashed: the reference in the same folds and "
        "subjects. Choices of the headline are upright and black, others in italics."
        f"{more}"
    )
