"""Splits that a study declares: by a cut in time, or by the values of a column.

The sheet tells of each subject a date, a year or a word. The cohort holds no more of it
than the period or the side that a subject belongs to.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Annotated, Any

import pandas as pd
from pydantic import AfterValidator, BeforeValidator, Field

from ..errors import ConfigError
from ..fields import Section
from ..methods_clauses import listed
from .scheme import FIXED, TEMPORAL

DEVELOPMENT, EVALUATION = "development", "evaluation"
#: Role of a subject that a fold neither learns from nor judges.
NEITHER = "neither"
#: Period or side of a subject of whom the sheet does not tell it.
UNKNOWN = "unknown"
#: Beginning of the columns of a cohort that hold periods and sides. They decide who is
#: where and are in no rows that a fit is given, see `splitting`.
PREFIX = "split."
_YEAR = re.compile(r"(\d{4})")
_DATE = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ].*)?")
_MAX_SHOWN = 3

#: Year, month and day; a year alone has no month.
Moment = tuple[int, ...]


def moment(text: str) -> Moment:
    """Date of ``2018-06-30`` or ``20180630``, or year of ``2018``.

    Raises
    ------
    ValueError
        If the text is neither.
    """
    if found := _YEAR.fullmatch(text):
        return (int(found[1]),)
    if not (found := _DATE.fullmatch(text)):
        raise ValueError("neither a date nor a year")
    day = date(*(int(part) for part in found.groups()))
    return day.year, day.month, day.day


def _written(value: Any) -> Any:
    """Cuts as texts; YAML reads a bare year as a number and a date as one."""
    values = value if isinstance(value, list | tuple) else [value]
    if not all(isinstance(one, str | int | date) for one in values):
        return value
    return [one if isinstance(one, str) else str(one) for one in values]


def _ascending(values: list[str]) -> list[str]:
    for text in values:
        try:
            moment(text)
        except ValueError:
            raise ValueError(
                f"holds {text!r}, expected years such as 2018 or dates such as "
                "2018-06-30"
            ) from None
    moments = [moment(text) for text in values]
    if moments != sorted(set(moments)) or len({len(one) for one in moments}) > 1:
        raise ValueError(f"are {values}, expected all years or all dates, ascending")
    return values


#: One cut or several; always a list of texts once read.
Cuts = Annotated[
    list[str],
    BeforeValidator(_written, json_schema_input_type=str | int | list[str | int]),
    AfterValidator(_ascending),
    Field(min_length=1, max_length=20),
]


class TemporalSplit(Section):
    """A split by time: its column and its cuts."""

    column: str = Field(
        description="Column of the subjects sheet with a date (2018-06-30) or a year."
    )
    first_evaluated: Cuts = Field(
        description="First date or year of the evaluation set, all earlier subjects "
        "being the development set; several: an evaluation set from each of them to "
        "the next, by the model of all subjects before it.",
    )

    def period(self, text: str) -> int:
        """Number of cuts that do not lie after a date or year: 0 before the first.

        Raises
        ------
        ValueError
            If the text is neither, or a year that a cut lies in.
        """
        found, cuts = moment(text), [moment(cut) for cut in self.first_evaluated]
        if len(found) < len(cuts[0]) and found[0] in {cut[0] for cut in cuts}:
            raise ValueError("a year that a cut lies in")
        return sum(cut <= found[: len(cut)] for cut in cuts)


class FixedSplit(Section):
    """A split that a column tells: its values on either side."""

    column: str = Field(description="Column of the subjects sheet with the side.")
    development: list[str] = Field(
        min_length=1, description="Values of the column in the development set."
    )
    evaluation: list[str] = Field(
        min_length=1,
        description="Values of the column in the evaluation set; subjects with any "
        "other value, or none, are in neither.",
    )

    def side(self, text: str) -> str:
        """Role of the subjects with a value."""
        if text in self.development:
            return DEVELOPMENT
        return EVALUATION if text in self.evaluation else NEITHER


def temporal_clause(section: Any) -> str:
    """Words for the methods on the split by time of a section; empty without one."""
    split = section.temporal
    if split is None:
        return ""
    cuts = split.first_evaluated
    if len(cuts) == 1:
        return f"judging subjects from {cuts[0]} on by models of earlier ones"
    return (
        f"judging subjects from each of {listed(cuts)} on, up to the next, by models "
        "of all earlier ones"
    )


def fixed_clause(section: Any) -> str:
    """Words for the methods on the split by a column; empty without one."""
    split = section.fixed
    if split is None:
        return ""
    sides = (" or ".join(one) for one in (split.evaluation, split.development))
    return (
        "judging subjects in whom {} is {} by models of those in whom it is {}".format(
            split.column, *sides
        )
    )


class DeclaredSplits(Section):
    """The splits that a study declares, if any."""

    temporal: TemporalSplit | None = None
    fixed: FixedSplit | None = None

    def columns(self) -> dict[str, str]:
        """Key of each column of the subjects sheet that is needed, by its name."""
        return {
            one.column: f"validation.{key}.column"
            for key, one in (("temporal", self.temporal), ("fixed", self.fixed))
            if one is not None
        }

    def of_rows(self, rows: pd.DataFrame, faults: list[str]) -> pd.DataFrame:
        """Period and side of each row of the sheet, as columns of a cohort.

        Dates stay behind: a fault shows their digits as 9. Faults are gathered.
        """
        found = pd.DataFrame(index=rows.index)
        if self.temporal is not None:
            found[PREFIX + TEMPORAL.name] = _periods(rows, self.temporal, faults)
        if self.fixed is not None:
            text = rows[self.fixed.column].astype(object).map(_text)
            found[PREFIX + FIXED.name] = text.map(self.fixed.side)
        return found


def roles(
    cohort: pd.DataFrame, temporal: TemporalSplit | None, fixed: FixedSplit | None
) -> Iterator[tuple[str, str, pd.Series]]:
    """(scheme, fold, role of each row) of the declared splits of a cohort.

    Development subjects of a cluster that has evaluation subjects are in neither set.
    Of several cuts in time, each begins a fold, numbered from 1.
    """
    for cut in range(1, len(temporal.first_evaluated) + 1 if temporal else 1):
        period = pd.to_numeric(cohort[PREFIX + TEMPORAL.name], errors="coerce")
        role = pd.Series(NEITHER, cohort.index, dtype=object)
        role[period < cut], role[period == cut] = DEVELOPMENT, EVALUATION
        yield TEMPORAL.name, str(cut), _apart(role, cohort["cluster"])
    if fixed is not None:
        role = cohort[PREFIX + FIXED.name]
        yield FIXED.name, "1", _apart(role, cohort["cluster"])


def require_both_classes(
    cohort: pd.DataFrame, found: Iterable[tuple[str, str, pd.Series]]
) -> None:
    """Raise ConfigError naming each side of some `roles` that lacks a class.

    Both sides need subjects with and without the event of every endpoint; of an
    endpoint with times, subjects with the event.
    """
    faults = []
    for scheme, fold, role in found:
        for side in (DEVELOPMENT, EVALUATION):
            rows = cohort[role == side]
            where = f"validation.{scheme}: the {side} set of split {fold}"
            if rows.empty:
                faults.append(f"{where} is empty.")
            else:
                faults += [f"{where} {told}." for told in _lacking(rows)]
    if faults:
        raise ConfigError("\n".join([*faults, "Choose other cuts or values."]))


def _lacking(rows: pd.DataFrame) -> Iterator[str]:
    """Words for each endpoint of which some rows have one class alone."""
    for column in rows.columns:
        if not str(column).startswith("event."):
            continue
        name = str(column).removeprefix("event.")
        known = rows[column].dropna()
        if not (known > 0).any():
            yield f"has no event of endpoint {name!r}"
        elif f"time_days.{name}" not in rows and not (known == 0).any():
            yield f"has no subject without the event of endpoint {name!r}"


def _apart(role: pd.Series, cluster: pd.Series) -> pd.Series:
    """Roles without development subjects of clusters that are evaluated."""
    beside = cluster.isin(cluster[role == EVALUATION]) & (role == DEVELOPMENT)
    return role.mask(beside, NEITHER)


def _periods(
    rows: pd.DataFrame, split: TemporalSplit, faults: list[str]
) -> Sequence[str]:
    """Period of each row as a text; those that tell none are unknown."""
    found, wrong = [], {}
    for name, value in rows[split.column].astype(object).items():
        text = _text(value)
        try:
            found.append(str(split.period(text)) if text else UNKNOWN)
        except ValueError as error:
            found.append(UNKNOWN)
            wrong[name] = f"{re.sub(r'[0-9]', '9', text)!r}, {error}"
    if wrong:
        shown = [f"{name}: {told}" for name, told in list(wrong.items())[:_MAX_SHOWN]]
        more = f" and {len(wrong) - _MAX_SHOWN} more" if len(wrong) > _MAX_SHOWN else ""
        faults.append(
            f"column {split.column!r}: expected dates such as 2018-06-30, or years "
            f"where validation.temporal.first_evaluated has years, found (digits as 9) "
            f"{'; '.join(shown)}{more}."
        )
    return found


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value).strip()
