"""Typed columns of a cohort: labels of groups and batches, covariates and outcomes."""

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from ..batch_labels import Spellings, text_of
from ..errors import ConfigError, quoted
from .causes import CENSORED
from .endpoints import dates
from .endpoints.horizon import at_horizon
from .endpoints.strata import SITE, strata_of
from .settings import AssembleCohort, Covariate, Endpoint
from .treatment import Treatment

_MAX_SHOWN = 5
#: No follow-up is as long; as a date of Excel it is the first day of 2000.
MOST_DAYS = 36_526


class Labels:
    """Groups and batches: the site, or a fact of the baseline image."""

    def __init__(
        self,
        cohort: pd.DataFrame,
        acquisition: pd.DataFrame | None,
        session: str,
        faults: list[str],
    ) -> None:
        self._cohort = cohort
        if acquisition is None:
            acquisition = pd.DataFrame({"session": [], "image": []})
        self._acquisition = acquisition[acquisition["session"] == session]
        self._faults = faults
        self._rows: dict[str, list[dict[str, Any]]] = {}

    def of(self, column: str) -> pd.Series:
        """Labels by subject for "site" or "<image>.<acquisition column>"."""
        if column == "site":
            raw = self._cohort["site"]
        else:
            raw = self._fact(*column.split(".", 1))
        return self.labelled(column, raw)

    def labelled(self, column: str, raw: pd.Series, safe: bool = True) -> pd.Series:
        """Labels of the values of a column; its spellings are remembered."""
        spellings = Spellings.of(raw, safe)
        self._faults += [
            fault for fault in spellings.faults(column) if fault not in self._faults
        ]
        if column not in self._rows:
            self._rows[column] = _spelling_rows(column, raw, spellings)
        return raw.map(spellings.label).astype(object)

    def spellings(self) -> pd.DataFrame:
        """Values of all columns asked for, a table of kind "labels"."""
        return pd.DataFrame([row for rows in self._rows.values() for row in rows])

    def _fact(self, image: str, column: str) -> pd.Series:
        if column not in self._acquisition.columns:
            raise ConfigError(
                f"batch or group {image}.{column}: no such acquisition column; "
                f"expected site or one of {sorted(self._acquisition.columns)}."
            )
        images = self._acquisition[self._acquisition["image"] == image]
        facts = images.drop_duplicates("subject_id").set_index("subject_id")[column]
        return self._cohort["subject_id"].map(facts.astype(object))


class Values:
    """Typed values of the sheet; faults are gathered, not raised."""

    def __init__(self, rows: pd.DataFrame, faults: list[str]) -> None:
        self._rows = rows
        self._faults = faults

    def covariate(self, name: str, settings: Covariate) -> pd.DataFrame:
        """One number column, or one 0/1 column per level but the first."""
        column = settings.column
        if settings.kind == "number":
            return self._numbers(column).to_frame(f"covariate.{name}")
        text, levels = self._rows[column].str.strip(), settings.levels
        self._fault(column, text.notna() & ~text.isin(levels), f"one of {levels}")
        dummies = {
            f"covariate.{name}={level}": (text == level).astype("Float64")
            for level in levels[1:]
        }
        table = pd.DataFrame(dummies, index=text.index)
        return table.mask(text.isna()).astype(float)

    def endpoint(self, name: str, settings: Endpoint) -> pd.DataFrame:
        """Outcome of an endpoint and, if it asks for one, the treatment."""
        found = self.outcome(name, settings)
        if settings.treatment is not None:
            found[f"treatment.{name}"] = self._treatment(name, settings.treatment)
        return found

    def outcome(self, name: str, settings: Endpoint) -> pd.DataFrame:
        """Event and, for survival, time in days; both or neither must be given.

        With competing causes, the event is that of interest, and `cause.<name>` the
        code.
        """
        event = self._numbers(settings.event)
        if settings.causes:
            table = self._causes(event, name, settings)
        else:
            self._fault(settings.event, event.notna() & ~event.isin([0, 1]), "0 or 1")
            table = event.to_frame(f"event.{name}")
        if not settings.has_times:
            return table
        time = self._times(settings, event)
        if settings.horizon_days is not None:
            return self._at_horizon(name, settings, event, time)
        table[f"time_days.{name}"] = time
        return table

    def _treatment(self, name: str, settings: Treatment) -> pd.Series:
        """1 for treated subjects of an endpoint, 0 for controls, NaN if not known."""
        cells = {settings.control: 0.0, settings.treated: 1.0}
        text = self._rows[settings.column].str.strip()
        self._fault(
            settings.column,
            text.notna() & ~text.isin(list(cells)),
            f"{settings.control!r} or {settings.treated!r}, as declared for {name}",
        )
        return text.map(cells).astype(float)

    def _at_horizon(
        self, name: str, settings: Endpoint, event: pd.Series, time: pd.Series
    ) -> pd.DataFrame:
        """Outcome at the horizon; some must have the event by then, and some not."""
        t = float(settings.horizon_days or 0)
        table = at_horizon(name, event, time, t, settings.weighted)
        lacking = {1: "had the event by then", 0: "was followed so long without"}
        self._faults += [
            f"endpoints.{name}.horizon_days: {t:g} days, but no subject {told}; give "
            "another horizon, or none."
            for status, told in lacking.items()
            if not (table[f"event.{name}"] == status).any()
        ]
        return table

    def strata(
        self, cohort: pd.DataFrame, names: Sequence[str], settings: AssembleCohort
    ) -> pd.Series:
        """Stratum of each row of the cohort: labels of all variables, joined."""
        columns = []
        for name in names:
            if name == SITE:
                columns.append(cohort["site"])
            elif name in settings.factors:
                columns.append(cohort[f"factor.{name}"])
            else:
                levels = self._rows[settings.covariates[name].column].str.strip()
                columns.append(cohort["subject_id"].map(levels.astype(object)))
        return strata_of(columns)

    def _times(self, settings: Endpoint, event: pd.Series) -> pd.Series:
        """Days to event or censoring, given exactly where the event is."""
        if settings.time_days is None:
            return self._days_of_dates(settings, event)
        column = settings.time_days
        time = self._numbers(column)
        self._fault(column, time < 0, "a time of 0 days or more")
        expected = (
            f"less than {MOST_DAYS} days, some 100 years (Excel writes dates as "
            "days since 1900; write the days of follow-up)"
        )
        self._fault(column, time >= MOST_DAYS, expected)
        half = event.isna() != time.isna()
        self._fault(column, half, f"a value exactly where {settings.event} has")
        return time

    def _days_of_dates(self, settings: Endpoint, event: pd.Series) -> pd.Series:
        """Days between the dates of an endpoint; no message holds a date."""
        columns = [str(settings.start_date), str(settings.end_date)]
        first, last = (self._rows[column].str.strip() for column in columns)
        for column, text in zip(columns, (first, last), strict=True):
            wrong = text.notna() & ~text.map(dates.is_date).astype(bool)
            self._fault(column, wrong, dates.EXPECTED, dates.REMEDY, dates.shape)
        days = dates.days_between(first, last)
        start, end = columns
        self._fault(end, days < 0, f"a date not before {start!r}", show=_earlier)
        expected = f"less than {MOST_DAYS} days after {start!r}"
        self._fault(end, days >= MOST_DAYS, expected, show=_later)
        half = first.isna() != last.isna()
        self._fault(end, half, f"a date exactly where {start!r} has", show=_presence)
        unlike = event.isna() & first.notna() & last.notna()
        unlike |= event.notna() & first.isna() & last.isna()
        expected = f"dates exactly where {settings.event} has a value"
        self._fault(end, unlike, expected, show=_presence)
        return days

    def _causes(self, code: pd.Series, name: str, settings: Endpoint) -> pd.DataFrame:
        """Event of interest (0/1) and code of the cause; 0 is no event so far."""
        known = {CENSORED: "no event", **settings.causes}
        listed = ", ".join(f"{one} ({known[one]})" for one in sorted(known))
        undeclared = code.notna() & ~code.isin(list(known))
        remedy = f" Declare its code in endpoints.{name}.causes."
        self._fault(settings.event, undeclared, f"one of {listed}", remedy)
        if not (code == settings.cause).any():
            self._faults.append(
                f"column {settings.event!r}: expected a subject with "
                f"{settings.cause} ({known[settings.cause]}), the cause of interest of "
                f"endpoint {name!r}; found none."
            )
        event = (code == settings.cause).astype(float).where(code.notna())
        return pd.DataFrame({f"event.{name}": event, f"cause.{name}": code})

    def _numbers(self, column: str) -> pd.Series:
        text = self._rows[column].str.strip()
        numbers = pd.to_numeric(text, errors="coerce").astype("Float64")
        infinite = numbers.abs() == float("inf")
        wrong = (text.notna() & numbers.isna()) | infinite.fillna(False)
        remedy = " Write decimals with a point, no unit, and nothing if unknown."
        self._fault(column, wrong, "a number", remedy)
        return numbers.astype(float)

    def _fault(
        self,
        column: str,
        wrong: pd.Series,
        expected: str,
        remedy: str = "",
        show: Callable[[Any], str] = quoted,
    ) -> None:
        wrong = wrong.fillna(False).astype(bool)
        if wrong.any():
            found = self._rows.loc[wrong, column]
            shown = [f"{i}: {show(v)}" for i, v in found.head(_MAX_SHOWN).items()]
            more = "" if len(found) <= _MAX_SHOWN else f" and {len(found) - 5} more"
            self._faults.append(
                f"column {column!r}: expected {expected}, found {', '.join(shown)}"
                f"{more}.{remedy}"
            )


def _presence(value: Any) -> str:
    """A date in a message: whether there is one."""
    return "no date" if pd.isna(value) else "a date"


def _earlier(_: Any) -> str:
    return "an earlier one"


def _later(_: Any) -> str:
    return "a later one"


def _spelling_rows(
    column: str, raw: pd.Series, spellings: Spellings
) -> list[dict[str, Any]]:
    """One row per value of a column as it is spelt, with a note where one is due."""
    counts = raw.dropna().map(text_of).str.strip().value_counts().sort_index()
    rows = []
    for spelling, count in counts.items():
        label = spellings.label(spelling)
        rows.append(
            {
                "column": column,
                "spelling": spelling,
                "label": label,
                "n": count,
                "note": _note(str(spelling), label, spellings),
            }
        )
    return sorted(rows, key=lambda row: (row["label"], row["spelling"]))


def _note(spelling: str, label: str, spellings: Spellings) -> str | None:
    if label in spellings.merged:
        others = [one for one in spellings.merged[label] if one != spelling]
        return f"one label with {', '.join(map(repr, others))}"
    alike = [one for found in spellings.alike for one in found if label in found]
    others = [one for one in alike if one != label]
    return f"kept apart from {', '.join(map(repr, others))}" if others else None
