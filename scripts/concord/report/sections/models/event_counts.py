"""Events of each group and stratum, and who is censored before a horizon."""

from collections.abc import Iterator

import pandas as pd

from ....evaluation.guards.event_counts import ALL, FEW, GROUP, OF_STRATUM, VERY_FEW
from ... import numbers as n
from ...blocks import Table, table
from ...results import Results

_PARTS = {ALL: "all subjects", GROUP: "group", OF_STRATUM: "stratum"}


def event_counts_table(results: Results) -> Table | None:
    """Events of each group and stratum of every endpoint."""
    rows = results["event_counts"]
    if rows.empty:
        return None
    lost = bool(rows["n_censored_before"].notna().any())
    columns = ["Endpoint", "Of", "Name", "Subjects", "Outcome known", "Events"]
    columns += ["Censored before the horizon"] * lost + ["Events to learn from"]
    return table(
        "Events by group and stratum",
        columns,
        [_row(results, row, lost) for _, row in rows.iterrows()],
        "Events to learn from: of a binary outcome, subjects of the rarer of its two "
        f"classes; fewer than {FEW} are called few, fewer than {VERY_FEW} very few. A "
        "stratum without events tells a stratified model nothing.",
    )


def event_count_warnings(results: Results) -> Iterator[tuple[str, str]]:
    """Title and text of a warning of groups that have very few events."""
    rows = results["event_counts"]
    for endpoint in results.endpoints:
        mine = rows[(rows["endpoint"] == endpoint) & (rows["part"] == GROUP)]
        few = mine[(mine["n_effective"] < VERY_FEW).fillna(False).astype(bool)]
        if len(few) and len(mine) > 1:
            yield "Groups with very few events", _of_groups(results, endpoint, few)


def horizon_findings(results: Results, endpoint: str) -> Iterator[str]:
    """A sentence on subjects who are censored before the horizon of an endpoint."""
    options = results.settings.endpoints[endpoint]
    rows = results.of("event_counts", endpoint=endpoint, part=ALL)
    if options.horizon_days is None or rows.empty:
        return
    row = rows.iloc[0]
    lost = n.share(int(row["n_censored_before"]), int(row["n"]))
    told = (
        "those who were followed longer stand for them, each with the inverse "
        "probability of having been followed so long, on the assumption that "
        "censoring has nothing to do with the outcome"
        if options.weighted
        else "they are left out, so that events look more frequent than they are and "
        "risks too high; the AUC is that of subjects whose status is known"
    )
    yield (
        f"The event counts within {options.horizon_days:g} days. {lost} subjects were "
        f"censored before: {told}."
    )


def strata_findings(results: Results, endpoint: str) -> Iterator[str]:
    """Sentences on the strata of an endpoint: what is compared, and empty ones."""
    strata = results.settings.endpoints[endpoint].strata
    if not strata:
        return
    names = n.listed(strata)
    if results.judges_given:
        yield f"Only pairs of one stratum of {names} are compared."
        return
    yield (
        f"Cox's models are stratified by {names}: scores of different strata have "
        "different baseline hazards, so only pairs of one stratum are compared."
    )
    rows = results.of("event_counts", endpoint=endpoint, part=OF_STRATUM)
    empty = rows[(rows["n_events"] == 0).fillna(False).astype(bool)]
    if len(empty):
        yield (
            f"{len(empty)} of {len(rows)} strata have no event and tell the model "
            f"nothing: {n.listed(map(str, empty['label']))}."
        )


def _row(results: Results, row: pd.Series, lost: bool) -> list[str]:
    censored = row["n_censored_before"]
    note = row["note"]
    marked = "" if pd.isna(note) or note == "none" else f" ({note})"
    return [
        results.endpoint_label(str(row["endpoint"])),
        _PARTS[str(row["part"])],
        n.NONE if row["part"] == ALL else str(row["label"]),
        str(row["n"]),
        str(row["n_known"]),
        str(row["n_events"]),
        *([n.NONE if pd.isna(censored) else str(censored)] if lost else []),
        f"{row['n_effective']}{marked}",
    ]


def _of_groups(results: Results, endpoint: str, few: pd.DataFrame) -> str:
    shown = n.listed(
        f"{row['label']}: {row['n_effective']}" for _, row in few.iterrows()
    )
    options = results.settings.endpoints[endpoint]
    timed = options.outcome.has_times
    advice = (
        " Where groups differ, give the endpoint strata rather than an arm "
        "indicators of groups: their coefficients would rest on so few."
        if timed and not options.strata
        else " Coefficients of indicators of such groups rest on so few."
    )
    return (
        f"{results.endpoint_label(endpoint)} has fewer than {VERY_FEW} events to learn "
        f"from in some groups ({shown}); what is told of them alone is chance.{advice}"
    )
