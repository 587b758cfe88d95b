"""Covariates that give an outcome away: refused, with the numbers that say why."""

from collections.abc import Iterator, Sequence

from ..config_faults import Fault, nearest
from ..folds.causes import events_of_cells
from ..folds.settings import Endpoint
from .config import StudyConfig
from .sheets import MISSING, Sheet

#: What kept outcomes do to noise: 100 simulated studies of 10 sites with 10 subjects
#: each, event rates of 10 to 90 %, features without any relation to the outcome.
_FROM_NOISE = (
    "ComBat that kept the outcome reached an AUC of 0.84 from pure noise, and 0.67 "
    "when fitted inside folds, where 0.50 is right"
)


def outcome_faults(config: StudyConfig, subjects: Sheet, where: str) -> Iterator[Fault]:
    """Covariates that are an outcome, a copy of one, or a declared proxy in use."""
    yield from _unknown_proxies(config, subjects, where)
    for name in config.covariates:
        found = [_of_outcome(config, subjects, name), *_of_proxies(config, name)]
        for key, what, endpoint in filter(None, found):
            column = config.covariates[name].column
            said = _said(subjects, column, endpoint, config.endpoints[endpoint])
            yield Fault(where, key, f"{what}. {said}")


def area_under_curve(values: Sequence[str], events: Sequence[int]) -> float:
    """AUC of a column for an outcome, 0.5 to 1; text is ranked by its event rate.

    NaN unless both outcomes occur.
    """
    scores = _scores(values, events)
    positive = [s for s, event in zip(scores, events, strict=True) if event == 1]
    negative = [s for s, event in zip(scores, events, strict=True) if event == 0]
    if not positive or not negative:
        return float("nan")
    wins = sum((p > q) + 0.5 * (p == q) for p in positive for q in negative)
    area = wins / (len(positive) * len(negative))
    return max(area, 1 - area)


def _unknown_proxies(
    config: StudyConfig, subjects: Sheet, where: str
) -> Iterator[Fault]:
    present = set(subjects.rows[0]) if subjects.rows else set()
    for endpoint, options in config.endpoints.items():
        for column in options.proxies:
            if column not in present:
                yield Fault(
                    where,
                    f"endpoints.{endpoint}.proxies",
                    f"{column!r} is no column of {subjects.path}"
                    f"{nearest(column, present)}",
                )


def _of_outcome(
    config: StudyConfig, subjects: Sheet, name: str
) -> tuple[str, str, str] | None:
    """Key, fault and endpoint of a covariate that is an outcome or repeats one."""
    key, column = f"covariates.{name}.column", config.covariates[name].column
    for endpoint, options in config.endpoints.items():
        outcomes = list(options.columns.values())
        if column in outcomes:
            what = (
                f"{column!r} is an outcome of {endpoint}; an outcome can be neither a "
                "predictor nor kept by the harmonization"
            )
            return key, what, endpoint
        if copied := _copied(subjects, column, outcomes):
            what = f"{column!r} holds the same values as {copied!r}, an outcome"
            return key, f"{what} of {endpoint}", endpoint
        if cause := _indicated(subjects, column, options):
            what = f"{column!r} is 1 exactly where {options.event!r} has the code of"
            return key, f"{what} {cause}, a cause of {endpoint}", endpoint
    return None


def _of_proxies(config: StudyConfig, name: str) -> Iterator[tuple[str, str, str]]:
    """Key, fault and endpoint of each use of a covariate that is a proxy."""
    column = config.covariates[name].column
    for endpoint, options in config.endpoints.items():
        if column in options.proxies:
            what = (
                f"{name!r} reads {column!r}, a declared proxy of {endpoint}; take it "
                "out here"
            )
            yield from ((use, what, endpoint) for use in _uses(config, name))


def _uses(config: StudyConfig, covariate: str) -> Iterator[str]:
    if covariate in config.harmonization.keep:
        yield "harmonization.keep"
    for name, arm in config.arms.items():
        if covariate in arm.covariates:
            yield f"arms.{name}.covariates"


def _copied(subjects: Sheet, column: str, outcomes: Sequence[str]) -> str | None:
    """The outcome that a column repeats, in all rows."""
    mine = [row.get(column, "").strip() for row in subjects.rows]
    if len(set(mine)) < 2:
        return None
    same = (
        outcome
        for outcome in outcomes
        if [row.get(outcome, "").strip() for row in subjects.rows] == mine
    )
    return next(same, None)


def _indicated(subjects: Sheet, column: str, options: Endpoint) -> str | None:
    """The cause of an endpoint that a column of 0 and 1 stands for, in all rows."""
    mine = [row.get(column, "").strip() for row in subjects.rows]
    codes = [row.get(options.event, "").strip() for row in subjects.rows]
    if not set(mine) <= {"0", "1", ""} or "1" not in mine:
        return None
    of_cause = (
        name
        for code, name in options.causes.items()
        if [str(int(one == str(code))) if one else "" for one in codes] == mine
    )
    return next(of_cause, None)


def _said(subjects: Sheet, column: str, endpoint: str, options: Endpoint) -> str:
    """Statement of kept outcomes, and of how well the column predicts this one."""
    event_of = events_of_cells(options)
    pairs = [
        (row[column].strip(), event_of[row[options.event]])
        for row in subjects.rows
        if row.get(column, "") not in MISSING and row.get(options.event, "") in event_of
    ]
    values, events = [value for value, _ in pairs], [number for _, number in pairs]
    area = area_under_curve(values, events)
    here = (
        f"; in this study {column!r} alone separates {endpoint} with an AUC of "
        f"{area:.2f} ({sum(events)} events in {len(events)} subjects)"
        if area == area
        else ""
    )
    return f"{_FROM_NOISE}{here}"


def _scores(values: Sequence[str], events: Sequence[int]) -> list[float]:
    try:
        return [float(value) for value in values]
    except ValueError:
        rates = {}
        for level in set(values):
            mine = [e for v, e in zip(values, events, strict=True) if v == level]
            rates[level] = sum(mine) / len(mine)
        return [rates[value] for value in values]
