"""Figure: effects on the hazard of each cause against those on its incidence."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from ...evaluation.competing.variables import PER_UNIT
from ...folds.causes import ordered_causes
from ..settings import PlotCompeting
from ..style import BLACK, GROUPS, applied, broken, empty_figure, message_figure, note

#: Beginning of the columns of each effect, its legend, and its place beside a line.
_EFFECTS = {
    "specific": ("Cause-specific hazard (Cox)", -0.16),
    "subdistribution": ("Subdistribution hazard (Fine-Gray)", 0.16),
}
_LETTERS = 26
#: Hazard ratios at the ticks, as many as the panel has room for.
_RATIOS = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 10, 20, 100)
_WIDEST = np.log(100)


def draw(effects: pd.DataFrame, settings: PlotCompeting) -> Figure:
    """One panel per cause, that of interest first, and one line per term.

    Parameters
    ----------
    effects : DataFrame
        Table kind "competing_effects" of one endpoint.
    settings : PlotCompeting
        Style, printed names and causes.
    """
    style, causes = settings.style, ordered_causes(settings)
    known = effects[["specific_log_hr", "subdistribution_log_hr"]].notna().any(axis=1)
    terms = list(dict.fromkeys(_keys(effects[known])))
    with applied(style):
        if not terms:
            return message_figure(style, "No effect is defined.")
        height = 30 + style.line_mm(5 + 2.2 * len(terms))
        figure = empty_figure(style, height)
        panels = figure.subplots(
            1, len(causes), sharex=True, sharey=True, squeeze=False
        )[0]
        for axes, cause in zip(panels, causes, strict=True):
            _panel(axes, effects[effects["cause"] == cause], terms)
            role = " (of interest)" if cause == settings.cause else ""
            axes.set_title(broken(f"{settings.causes[cause]}{role}", 30, 2))
        names = [_name(*key, settings) for key in terms]
        _ratio_axis(panels[0])
        panels[0].set_yticks(range(len(terms)), names)
        panels[0].set_ylim(len(terms) - 0.4, -0.6)
        handles, texts = panels[0].get_legend_handles_labels()
        figure.legend(handles, texts, loc="outside upper left", ncols=2)
        note(figure, _remark(settings))
    return figure


def _panel(axes: Axes, rows: pd.DataFrame, terms: list[tuple[str, str, str]]) -> None:
    """Both ratios of each term, with their intervals; numbers per SD."""
    place = {key: number for number, key in enumerate(terms)}
    at = np.array([place.get(key, np.nan) for key in _keys(rows)], dtype=float)
    spread = rows["standard_deviation"].where(rows["unit"] == PER_UNIT, 1.0)
    for (prefix, (text, offset)), (colour, _, marker) in zip(
        _EFFECTS.items(), GROUPS, strict=False
    ):
        value, low, high = (
            (rows[f"{prefix}_{part}"] * spread).to_numpy(dtype=float, na_value=np.nan)
            for part in ("log_hr", "lower", "upper")
        )
        y = at + offset
        axes.hlines(y, np.maximum(low, -_WIDEST), np.minimum(high, _WIDEST), colour)
        sure = np.isfinite(low)
        axes.plot(value[sure], y[sure], marker, color=colour, ls="", label=text)
        axes.plot(value[~sure], y[~sure], marker, color=colour, ls="", mfc="none")
    axes.axvline(0, color=BLACK, lw=0.6, ls="--", zorder=0)
    axes.set_xlabel("Hazard ratio (log scale)")


def _ratio_axis(axes: Axes) -> None:
    """Ticks at round hazard ratios within the limits, of an axis of log ratios."""
    low, high = axes.get_xlim()
    low, high = min(low, np.log(0.45)), max(high, np.log(2.2))
    inside = [one for one in _RATIOS if low <= np.log(one) <= high]
    step = 1 + len(inside) // 6
    shown = inside[inside.index(1) % step :: step]
    axes.set_xlim(low, high)
    axes.set_xticks(np.log(shown), [f"{one:g}" for one in shown])
    axes.xaxis.set_minor_locator(NullLocator())


def _keys(rows: pd.DataFrame) -> Iterator[tuple[str, str, str]]:
    """Kind, variable and term of each row."""
    yield from rows[["kind", "variable", "term"]].itertuples(index=False, name=None)


def _name(kind: str, variable: str, term: str, settings: PlotCompeting) -> str:
    """A term as it is printed."""
    if kind == "score":
        return broken(f"Score: {settings.arms.get(variable, variable)}", _LETTERS, 2)
    label = settings.variables.get(variable, variable)
    _, is_level, level = term.partition("=")
    return broken(f"{label}: {level}" if is_level else label, _LETTERS, 2)


def _remark(settings: PlotCompeting) -> str:
    return (
        "Each variable in a model of its own: a number per SD, a level against the "
        "first one, a score per SD within its fold. Lines: "
        f"{100 * settings.confidence:g} % confidence. Open symbols have no interval: "
        "too few events, or scores that were learnt from the outcomes of others. Where "
        "both effects differ, the variable acts on another cause; see the text."
    )
