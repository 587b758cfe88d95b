"""Faults of the declared endpoints: times that are missing, options that do not fit."""

from collections.abc import Iterator, Mapping

from ..causes import cause_faults
from ..settings import Covariate, Endpoint, Factor
from .strata import stratum_faults

#: Kinds of endpoints that must, or must not, have times.
_HAS_TIMES = {"diagnostic": False, "prognostic": True, "competing": True}


def endpoint_faults(
    endpoints: Mapping[str, Endpoint],
    covariates: Mapping[str, Covariate],
    factors: Mapping[str, Factor],
) -> Iterator[tuple[str, str]]:
    """Faults of times, dates, strata and horizons, as (key, message)."""
    for name, endpoint in endpoints.items():
        for key, told in (
            *_of_times(endpoint),
            *stratum_faults(endpoint.strata, covariates, factors),
            *cause_faults(endpoint, endpoint.kind == "competing"),
        ):
            yield f"endpoints.{name}.{key}", told


def _of_times(endpoint: Endpoint) -> Iterator[tuple[str, str]]:
    days, kind = endpoint.time_days, endpoint.kind
    needed = _HAS_TIMES.get(kind)
    timed = endpoint.has_times or endpoint.gives_dates
    if needed and not timed:
        yield (
            "time_days",
            f"is {days!r}; a {kind} endpoint needs a column of days, or start_date and "
            "end_date",
        )
    if needed is False and days is not None:
        yield "time_days", f"is {days!r}; a {kind} endpoint has no column of days"
    yield from endpoint.option_faults(kind, needed is not False and timed, days)
