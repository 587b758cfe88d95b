"""Subjects that arms need by the criteria of Riley et al., beside those there are."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from ....figures.summaries import groups
from ....statistics.sample_size import OPTIMISM, OVERALL_RISK, SHRINKAGE
from ... import numbers as n
from ...blocks import Table, table
from ...results import Results

_R2 = "R\N{SUPERSCRIPT TWO}"
_CRITERIA = (SHRINKAGE, OPTIMISM, OVERALL_RISK)
_COLUMNS = (
    "Endpoint",
    "Arm",
    "Subjects",
    "Events",
    "Candidate parameters",
    f"Expected {_R2}",
    "Needed: shrinkage",
    "Needed: optimism",
    "Needed: overall risk",
    "Enough",
)


def required_table(results: Results) -> Table | None:
    """Needed subjects of every endpoint and arm by each criterion."""
    rows = results["sample_size"]
    if rows.empty:
        return None
    order = {arm: place for place, arm in enumerate(results.arms)}
    parts = sorted(
        groups(rows, ["endpoint", "arm"]),
        key=lambda one: (one[0][0], order.get(one[0][1], len(order))),
    )
    return table(
        "Sample size and what is asked for",
        _COLUMNS,
        [_row(results, endpoint, arm, part) for (endpoint, arm), part in parts],
        "Subjects with a known outcome. Needed by Riley et al. (2019, "
        "doi:10.1002/sim.7992; 2020, doi:10.1136/bmj.m441), so that coefficients need "
        f"to be shrunk by no more than 0.9, that the apparent {_R2} is too large by no "
        "more than 5 % of the largest, and that the overall risk is known to 0.05. "
        "Candidate parameters are all that an arm estimates or chooses from. Expected "
        f"{_R2} (Cox-Snell) of a model: {_assumptions(rows)}. The criteria are made "
        "for models without a penalty; a penalty does not make up for subjects that "
        "are not there.",
    )


def required_findings(results: Results, endpoint: str) -> Iterator[str]:
    """A sentence if the study is too small for the headline arm."""
    rows = results.of("sample_size", endpoint=endpoint, arm=results.headline)
    needed = rows["n_required"].dropna()
    if needed.empty or not _too_small(rows):
        return
    first = rows.iloc[0]
    yield (
        f"For the {n.plural(int(first['n_parameters']), 'candidate parameter')} of the "
        f"headline arm, the criteria of Riley et al. ask for {int(needed.max())} "
        f"subjects; the outcome is known of {int(first['n'])}. Its choice of features "
        "and its risks may be others in the next sample."
    )


def _row(results: Results, endpoint: str, arm: str, part: pd.DataFrame) -> list[str]:
    first = part.iloc[0]
    needed = part.set_index("criterion")["n_required"]
    return [
        results.endpoint_label(endpoint),
        results.arm_label(arm),
        str(first["n"]),
        str(first["n_events"]),
        n.NONE if pd.isna(first["n_parameters"]) else str(first["n_parameters"]),
        n.decimal(first["r2"]),
        *(_whole(needed.get(name)) for name in _CRITERIA),
        _verdict(part),
    ]


def _verdict(part: pd.DataFrame) -> str:
    reasons = part["reason"].dropna()
    if len(reasons):
        return str(reasons.iloc[0])
    share = n.percent(part["n"].iloc[0], part["n_required"].max())
    return f"no, {share} of it" if _too_small(part) else "yes"


def _too_small(rows: pd.DataFrame) -> bool:
    return bool((rows["n_required"] > rows["n"]).fillna(False).any())


def _whole(count: Any) -> str:
    return n.NONE if count is None or pd.isna(count) else str(count)


def _assumptions(rows: pd.DataFrame) -> str:
    return n.listed(sorted(set(rows["assumption"].dropna()))) or n.NONE
