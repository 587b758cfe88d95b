"""Figures of a job: each is drawn from its tables, as far as the study has them."""

from collections.abc import Callable, Mapping
from typing import Any

from matplotlib.figure import Figure

from .. import tables
from .style import write

#: What draws a figure, and the kinds of the tables that it is given.
Drawing = tuple[Callable[..., Figure], tuple[str, ...]]


def write_all(job: Any, figures: Mapping[str, Drawing], settings: Any) -> None:
    """Draw and save the figures of a job that the study has.

    Parameters
    ----------
    job : object
        Its inputs are named as the kinds of tables, its outputs as the figures; an
        input is one path, or a list that may be empty.
    figures : mapping
        Each takes its tables, then the settings.
    settings : object
        Of the rule.
    """
    kinds = dict.fromkeys(kind for _, given in figures.values() for kind in given)
    known = {kind: _read(getattr(job.input, kind), kind) for kind in kinds}
    for name, (draw, given) in figures.items():
        drawn_from = (known[kind] for kind in given)
        write(getattr(job.output, name), draw, *drawn_from, settings)


def _read(paths: Any, kind: str) -> Any:
    return tables.read_all([paths] if isinstance(paths, str) else paths, kind)
