"""Treatment by marker: tests, marker effects by treatment, treatment effects."""

from collections.abc import Sequence

import pandas as pd

from ...models.estimators.risk_sets import Ties
from ...statistics.multiple_tests import holm
from .marker_test import MarkerTest, Row
from .markers import Marker
from .subjects import Subjects


def treatment_interaction(
    cohort: pd.DataFrame,
    endpoint: str,
    markers: Sequence[Marker],
    adjusted: pd.DataFrame,
    scale: str,
    confidence: float,
    ties: Ties = "efron",
) -> dict[str, list[Row]]:
    """Interaction of a treatment with each of some markers.

    Groups are strata: Cox's model has a baseline hazard of each, logistic regression an
    intercept. P-values are also adjusted for the number of markers.

    Parameters
    ----------
    cohort : DataFrame
        As `folds.cohort` writes it, with the treatment of the endpoint.
    endpoint : str
    markers : sequence of Marker
    adjusted : DataFrame
        Covariates in all models, by subject.
    scale : str
        "measured" or "ranks".
    confidence : float
        Level of the intervals, which are Wald's.
    ties : str
        Treatment of events at one time, "efron" or "breslow".

    Returns
    -------
    dict of list
        Rows of the tables by their kind.
    """
    tests = []
    for marker in markers:
        subjects = Subjects.of(cohort, endpoint, marker, adjusted, ties)
        key = {"endpoint": endpoint, "marker": marker.name, "marker_kind": marker.kind}
        tests.append(MarkerTest(key, marker, subjects, scale, confidence))
    return {
        "interaction": _counted([test.interaction() for test in tests]),
        "marker_effects": [row for one in tests for row in one.marker_effects()],
        "treatment_effect": [row for one in tests for row in one.treatment_effects()],
        "marker_values": [row for one in tests for row in one.values()],
    }


def _counted(rows: list[Row]) -> list[Row]:
    """Rows with p-values that count all markers."""
    adjusted = holm([row["p_value"] for row in rows])
    return [
        row | {"p_adjusted": p_value, "n_markers": len(rows)}
        for row, p_value in zip(rows, adjusted, strict=True)
    ]
