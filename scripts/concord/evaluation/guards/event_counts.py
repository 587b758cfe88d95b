"""Events of an endpoint in each group and stratum, and who is censored too early."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from ...folds import cohort as cohorts
from ...folds.endpoints.horizon import CENSORED_BEFORE
from ...folds.endpoints.strata import STRATUM
from ...statistics.outcome_kinds import OutcomeKind

#: Fewer events than these are very few, and few.
VERY_FEW, FEW = 5, 10
ALL, GROUP, OF_STRATUM = "all", "group", "stratum"


def event_counts(
    cohort: pd.DataFrame, endpoint: str, kind: OutcomeKind
) -> pd.DataFrame:
    """Events of an endpoint by group and stratum, as a table of kind "event_counts".

    Parameters
    ----------
    cohort : DataFrame
        Cohort of the study.
    endpoint : str
    kind : OutcomeKind
        Of the endpoint; of a binary one, events are the rarer outcome.
    """
    table = cohort.assign(event=cohorts.outcome(cohort, endpoint)["event"].to_numpy())
    lost = f"{CENSORED_BEFORE}{endpoint}"
    table["lost"] = cohort[lost] if lost in cohort else float("nan")
    rows = [
        {"endpoint": endpoint, "part": part, "label": label} | _counts(rows, kind)
        for part, label, rows in _parts(table, f"{STRATUM}{endpoint}")
    ]
    return pd.DataFrame(rows)


def _parts(
    table: pd.DataFrame, stratum: str
) -> Iterator[tuple[str, str, pd.DataFrame]]:
    yield ALL, ALL, table
    columns = {GROUP: "group"} | ({OF_STRATUM: stratum} if stratum in table else {})
    for part, column in columns.items():
        for label, rows in table.groupby(column, sort=True):
            yield part, str(label), rows


def _counts(rows: pd.DataFrame, kind: OutcomeKind) -> dict[str, Any]:
    n_events, n_known = int(rows["event"].sum()), int(rows["event"].notna().sum())
    effective = int(kind.effective_events(n_events, n_known))
    no_horizon = rows["lost"].isna().all()
    return {
        "n": len(rows),
        "n_known": n_known,
        "n_events": n_events,
        "n_effective": effective,
        "n_censored_before": None if no_horizon else int(rows["lost"].sum()),
        "note": _note(effective),
    }


def _note(effective: int) -> str | None:
    if not effective:
        return "none"
    if effective < VERY_FEW:
        return "very few"
    return "few" if effective < FEW else None
