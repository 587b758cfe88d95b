"""Options of an endpoint: strata, dates in place of days, and a horizon."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field

from ...fields import Section
from ...methods_clauses import Clause

#: What becomes of a subject who is censored before the horizon.
CensoredBefore = Literal["exclude", "weight"]
EXCLUDE, WEIGHT = "exclude", "weight"
_DATES = ("start_date", "end_date")
#: Days after the first at which risks are judged.
Days = Annotated[float, Field(gt=0)]
#: Where a year has its days in a message.
_ISO = "dates as 2024-01-31"


def _strata(endpoint: Any) -> str:
    if not endpoint.strata:
        return ""
    return f"baseline hazards of their own by {' and '.join(endpoint.strata)}"


def _horizon(endpoint: Any) -> str:
    if endpoint.horizon_days is None:
        return ""
    lost = {
        EXCLUDE: "left out",
        WEIGHT: "represented by the others, weighted by the inverse probability of "
        "having been followed (Kaplan-Meier estimate in the development subjects)",
    }
    return (
        f"an event within {endpoint.horizon_days:g} days, subjects "
        f"censored before {lost[endpoint.censored_before]}"
    )


def _judged(endpoint: Any) -> str:
    days = sorted(set(endpoint.evaluate_at_days))
    if not days:
        return ""
    return f"risks judged at {' and '.join(f'{one:g}' for one in days)} days"


class EndpointOptions(Section):
    """Strata, dates and horizon of an outcome with times."""

    start_date: str | None = Field(
        default=None,
        description="Column of the subjects sheet with the date at which follow-up "
        "begins, with end_date in place of time_days; the cohort holds days alone.",
    )
    end_date: str | None = Field(
        default=None,
        description="Column of the subjects sheet with the date of the event or of "
        "censoring.",
    )
    strata: Annotated[list[str], Clause(_strata)] = Field(
        default=[],
        description="Each of its values has a baseline hazard of its own in Cox's "
        "model: site, factors and covariates that are categories. Subjects of one "
        "stratum alone are compared.",
    )
    horizon_days: Annotated[float | None, Clause(_horizon)] = Field(
        default=None,
        gt=0,
        description="Days within which the event counts: the outcome is then binary, "
        "known of who had the event by then or was followed so long.",
    )
    censored_before: CensoredBefore = Field(
        default="exclude",
        description="What becomes of a subject who is censored before the horizon: "
        "exclude leaves him out, which makes events look more frequent than they are; "
        "weight gives others who were followed longer his weight.",
    )

    evaluate_at_days: Annotated[list[Days], Clause(_judged)] = Field(
        default=[],
        description="Days at which absolute risks of an outcome with times are judged: "
        "calibration, Brier score, decision curves, reclassification.",
    )

    @property
    def dates(self) -> tuple[str, str] | None:
        """Columns of the first and last date, if times are computed of dates."""
        if self.start_date is None or self.end_date is None:
            return None
        return self.start_date, self.end_date

    @property
    def gives_dates(self) -> bool:
        """True if the column of a first or a last date is given."""
        return any(getattr(self, key) is not None for key in _DATES)

    @property
    def weighted(self) -> bool:
        """True if subjects are weighted for those who are censored early."""
        return self.horizon_days is not None and self.censored_before == WEIGHT

    def option_faults(
        self, kind: str, has_times: bool, time_days: str | None
    ) -> Iterator[tuple[str, str]]:
        """Faults of the options of one endpoint, as (key, message).

        Parameters
        ----------
        kind : str
            What the endpoint asks.
        has_times : bool
            Whether the endpoint has times.
        time_days : str or None
            Column of ready-made days.
        """
        yield from self._date_faults(has_times, time_days)
        if self.evaluate_at_days and (self.horizon_days is not None or not has_times):
            yield (
                "evaluate_at_days",
                f"are {self.evaluate_at_days}; only the risk of an outcome with times "
                "depends on days. Leave them out, or give times and no horizon",
            )
        if self.horizon_days is not None and kind != "prognostic":
            yield (
                "horizon_days",
                f"is {self.horizon_days:g}; only a prognostic endpoint has a horizon, "
                f"and this one is {kind}. Declare one that is prognostic beside it",
            )
        if self.censored_before != EXCLUDE and self.horizon_days is None:
            yield (
                "censored_before",
                f"is {self.censored_before!r}, but there is no horizon; give "
                "horizon_days, or leave this key out",
            )
        if self.strata and (self.horizon_days is not None or not has_times):
            yield (
                "strata",
                f"are {self.strata}; only Cox's model has a baseline hazard to "
                "stratify. Leave them out, or give times and no horizon",
            )

    def _date_faults(
        self, has_times: bool, time_days: str | None
    ) -> Iterator[tuple[str, str]]:
        given = [key for key in _DATES if getattr(self, key) is not None]
        if len(given) == 1:
            (key,) = given
            (other,) = set(_DATES) - set(given)
            yield other, f"is missing, but {key} is given; give both, or time_days"
        if given and time_days is not None:
            yield (
                given[0],
                f"and time_days ({time_days!r}) are given; keep one of them, "
                f"{_ISO} or ready-made days",
            )
        if given and not has_times:
            yield given[0], "is given, but this kind of endpoint has no times"
