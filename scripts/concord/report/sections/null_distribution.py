"""Values beside those of permuted outcomes, as a sentence and as a table."""

from collections.abc import Iterator

import pandas as pd

from ...figures import labels
from ...folds.scheme import CV
from .. import numbers as n
from ..blocks import Table, table
from ..results import Results


def null_sentence(results: Results, endpoint: str) -> str:
    """Place of the headline value in its null distribution."""
    tests = results.of(
        "null_tests", endpoint=endpoint, arm=results.headline, scheme=CV.name
    ).dropna(subset="p_value")
    if tests.empty:
        return "No permutation of the outcome was evaluated: there is no null band."
    row = tests.iloc[0]
    count, p = row["n_permutations"], n.decimal(row["p_value"], 3)
    begin = (
        "With the outcome permuted within groups and the analysis repeated (first "
        "repeat of the cross-validation), "
    )
    if pd.isna(row["place"]):
        return (
            f"{begin}{count} values lay between {n.decimal(row['null_lowest'])} and "
            f"{n.decimal(row['null_highest'])}, too few for a band of 95 %; the first "
            f"repeat itself reached {n.decimal(row['first_repeat'])} (one-sided p = "
            f"{p})."
        )
    return (
        f"{begin}the central 95 % of {count} values lay between "
        f"{n.decimal(row['null_lower'])} and {n.decimal(row['null_upper'])}; the value "
        f"of the first repeat itself, {n.decimal(row['first_repeat'])}, lies "
        f"{row['place']} this band (one-sided p = {p})."
    )


def null_table(results: Results) -> Table | None:
    """Values of each arm beside those of permuted outcomes."""
    if results["null_tests"].empty:
        return None
    columns = ["Endpoint", "Arm", "Scheme", "Median", "Central 95 %", "First repeat"]
    return table(
        "Null distribution under permuted outcomes",
        [*columns, "p", "Permutations"],
        list(_rows(results)),
        "Outcomes permuted within groups, the analysis of the arm repeated in the "
        "first repeat of each scheme, which the value beside it is of. p: one-sided. A "
        "median above 0.5 is given away by the group alone.",
    )


def _rows(results: Results) -> Iterator[list[str]]:
    tests = results["null_tests"]
    order = {arm: place for place, arm in enumerate(results.arms)}
    placed = tests.assign(place_of_arm=tests["arm"].map(order))
    for _, row in placed.sort_values(["endpoint", "place_of_arm", "scheme"]).iterrows():
        yield [
            results.endpoint_label(row["endpoint"]),
            results.arm_label(row["arm"]),
            labels.SCHEMES.get(row["scheme"], row["scheme"]),
            n.decimal(row["null_median"]),
            _central(row),
            n.decimal(row["first_repeat"]),
            n.decimal(row["p_value"], 3),
            str(row["n_permutations"]),
        ]


def _central(row: pd.Series) -> str:
    """The band, or why there is none."""
    if pd.notna(row["null_lower"]):
        return f"{n.decimal(row['null_lower'])} to {n.decimal(row['null_upper'])}"
    if pd.isna(row["null_lowest"]):
        return str(row["reason"])
    least, most = n.decimal(row["null_lowest"]), n.decimal(row["null_highest"])
    return f"no band; range {least} to {most}"
