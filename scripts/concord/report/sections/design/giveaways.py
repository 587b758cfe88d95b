"""Questions about what is too good to be true."""

from collections.abc import Iterator

import pandas as pd

from ....figures import labels
from ....figures.summaries import groups
from ....folds.scheme import CV
from ... import numbers as n
from ...blocks import Table, table
from ...results import Results


def too_good_warnings(results: Results) -> Iterator[tuple[str, str]]:
    """A question about every arm that is right nearly always in cross-validation."""
    limit = results.settings.confounding.too_good
    rows = results.of("performance", scheme=CV.name, stratum="all")
    rows = rows[(rows["estimate"] >= limit) | (rows["estimate"] <= 1 - limit)]
    if rows.empty:
        return
    found = n.listed(
        f"“{results.arm_label(row['arm'])}” reached {_metric(row, 'estimate')} for "
        f"{results.endpoint_label(row['endpoint'])}"
        for _, row in rows.iterrows()
    )
    yield (
        "Too good to be true?",
        f"In cross-validation, {found}. Does a predictor repeat the outcome: measured "
        "after it, chosen because of it, or its copy under another name? If so, take "
        "it out, or declare it among the proxies of the endpoint.",
    )


def giveaway_warnings(results: Results) -> Iterator[tuple[str, str]]:
    """A question about every feature or covariate that alone nearly is the outcome."""
    level = results.settings.confounding.level
    rows = results["giveaways"]
    for (endpoint,), part in groups(rows[rows["chance"] <= level], ["endpoint"]):
        shown = n.listed(_giveaway(results, row) for _, row in part.iterrows())
        yield (
            "An outcome under another name?",
            f"{results.endpoint_label(endpoint)} is told nearly without error by "
            f"{shown} alone. Was it measured after the outcome, or derived from it? If "
            "so, no value here is evidence: take it out.",
        )


def giveaway_table(results: Results) -> Table | None:
    """Columns that alone nearly are an outcome; None if there is none."""
    rows = results["giveaways"]
    if rows.empty:
        return None
    cells = [
        [
            results.endpoint_label(row["endpoint"]),
            row["name"],
            _metric(row, "value"),
            str(row["n"]),
            "yes" if row["equal"] else "no",
            f"{row['chance']:.2g} among {row['n_judged']}",
        ]
        for _, row in rows.iterrows()
    ]
    return table(
        "Features and covariates that nearly are an outcome",
        ["Endpoint", "Name", "Alone", "Subjects", "Equal values", "Expected by chance"],
        cells,
        "Is each of them known before the outcome? Expected by chance: how many would "
        "be as good among as many that have nothing to do with the outcome.",
    )


def _giveaway(results: Results, row: pd.Series) -> str:
    value = _metric(row, "value")
    equal = ", the same values" if row["equal"] else ""
    return f"{row['name']} ({value}{equal}; {row['chance']:.1g} expected by chance)"


def _metric(row: pd.Series, column: str) -> str:
    return f"{labels.metric(row['metric'])} {n.decimal(row[column], 3)}"
