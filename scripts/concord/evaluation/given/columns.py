"""Columns of a table of given predictions: those it has, and those it must have."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ...config_faults import nearest
from ...tables.kinds import KINDS
from .settings import RISK, GivenColumnNames, GivenEndpoint

#: Columns of thresholds that were chosen in development begin like this.
_THRESHOLD = "threshold_"
#: Thresholds that evaluation knows.
THRESHOLDS = tuple(c for c in KINDS["predictions"] if c.startswith(_THRESHOLD))


class Layout(NamedTuple):
    """Columns that a table has: by key, risks by days, thresholds by name."""

    columns: Mapping[str, str]
    risks: Mapping[float, str]
    thresholds: list[str]

    @classmethod
    def of(cls, columns: Iterable[str], names: GivenColumnNames) -> "Layout":
        """Layout of a table with some columns."""
        known = list(columns)
        called = {name: name for name in known} | dict(names.risk_columns)
        days = {
            float(found[1]): column
            for name, column in called.items()
            if column in known and (found := re.match(RISK, name))
        }
        named = names.columns.model_dump()
        return cls(
            {key: column for key, column in named.items() if column in known},
            {day: days[day] for day in sorted(days)},
            [name for name in known if name.startswith(_THRESHOLD)],
        )


def column_faults(
    columns: Sequence[str],
    names: GivenColumnNames,
    endpoints: Mapping[str, GivenEndpoint],
    required: Collection[str],
) -> Iterator[tuple[str, str]]:
    """Columns that are missing, stand there twice or mean nothing, as (key, message).

    Parameters
    ----------
    columns : sequence of str
        Names of the columns of the table.
    names : GivenColumnNames
        What they are called.
    endpoints : mapping
        Endpoints of the study, by name.
    required : collection of str
        Keys of columns that must be there: those that the study names.
    """
    found = Layout.of(columns, names)
    yield from _missing(columns, names, found, required)
    if len(endpoints) > 1 and "endpoint" not in found.columns:
        yield (
            "predictions.columns.endpoint",
            f"the column {names.columns.endpoint!r} is missing, and the study has the "
            f"endpoints {list(endpoints)}; say in it which one a row predicts",
        )
    if "repeat" in found.columns and "fold" not in found.columns:
        yield (
            "predictions.columns.fold",
            f"the column {names.columns.fold!r} is missing, but there are repeats in "
            f"{found.columns['repeat']!r}; only folds are repeated",
        )
    for column in sorted({name for name in columns if columns.count(name) > 1}):
        yield column, f"{columns.count(column)} columns have this name; rename them"
    yield from _horizons(found, endpoints)
    for column in found.thresholds:
        if column not in THRESHOLDS:
            known = nearest(column, THRESHOLDS) if THRESHOLDS else "; none is"
            yield column, f"is no threshold that is judged{known}; rename or remove it"


def _missing(
    columns: Sequence[str],
    names: GivenColumnNames,
    found: Layout,
    required: Collection[str],
) -> Iterator[tuple[str, str]]:
    """Columns without which nothing can be judged, and those that are named."""
    named = {f"predictions.columns.{k}": (k, v) for k, v in names.columns}
    for key, (name, column) in named.items():
        if name in {"subject_id", *required} and name not in found.columns:
            yield key, f"the column {column!r} is missing{nearest(column, columns)}"
    for name, column in names.risk_columns.items():
        if column not in columns:
            hint = nearest(column, columns)
            yield (
                f"predictions.risk_columns.{name}",
                f"the column {column!r} is missing{hint}",
            )
    if not {"score", "probability"} & {*found.columns}:
        yield (
            "predictions.columns.score",
            f"neither {names.columns.score!r} nor {names.columns.probability!r} is a "
            f"column; give one of them{nearest(names.columns.score, columns)}",
        )


def _horizons(
    found: Layout, endpoints: Mapping[str, GivenEndpoint]
) -> Iterator[tuple[str, str]]:
    """Risks at days that no endpoint is judged at, and days without a risk."""
    declared = sorted({day for one in endpoints.values() for day in one.horizons})
    for day, column in found.risks.items():
        if day not in declared:
            yield (
                column,
                f"is a risk at {day:g} days, which no endpoint is judged at; name the "
                "day in endpoints.<name>.evaluate_at_days, or remove the column",
            )
    for name, endpoint in endpoints.items():
        for day in endpoint.horizons:
            if day not in found.risks:
                yield (
                    f"endpoints.{name}.evaluate_at_days",
                    f"has {day:g}, but the table has no column risk_{day:g}; give it, "
                    "or take the day out",
                )
