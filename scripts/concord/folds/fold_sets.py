"""Sets of folds: one for all endpoints, or one per endpoint, by what they spread.

Folds that are stratified by group know no outcome, so one set serves everything. Folds
that spread an outcome evenly belong to its endpoint alone.
"""

from collections.abc import Iterable

#: The set that spreads groups and nothing else: of all endpoints, and of whatever must
#: not see an outcome.
GROUP = "group"
OUTCOME = "outcome"
_OF_OUTCOME = f"{OUTCOME}_"


def of_endpoint(stratify_by: str, endpoint: str) -> str:
    """Name of the set of folds of an endpoint, ``group`` or ``outcome_<endpoint>``."""
    return GROUP if stratify_by == GROUP else f"{_OF_OUTCOME}{endpoint}"


def endpoint_of(fold_set: str) -> str | None:
    """Endpoint whose outcome a set spreads evenly; None for the set by group."""
    return None if fold_set == GROUP else fold_set.removeprefix(_OF_OUTCOME)


def names(stratify_by: str, endpoints: Iterable[str]) -> list[str]:
    """Names of all sets of a study, the one by group first."""
    return list(
        dict.fromkeys([GROUP, *(of_endpoint(stratify_by, e) for e in endpoints)])
    )
