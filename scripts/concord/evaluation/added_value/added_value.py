"""Added value of arms: likelihood ratio, discrimination, IDI and NRI side by side."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ...models.estimators.risk_sets import Ties
from ...tables import KINDS
from ..calibration import Calibration, Calibrations
from ..utility.repeats import POOLED
from ..utility.risk_rows import HORIZON, by_horizon, counts, paired, repeats_of
from . import likelihood, reclassified

Pair = tuple[str, str]
_KEYS = ["repeat", "fold", "subject_id"]
#: Measures of likelihood, in the order of the table.
LIKELIHOOD = {
    "likelihood_ratio": "chi_squared",
    "new_information": "information",
    "new_variance": "variance",
}
_TAKEN = (
    *("estimate", "standard_error", "lower", "upper"),
    *("n", "n_events", "method", "reason"),
)
NO_CLASS = "no subject with, or none without, the event has known risks by both arms"
NO_MOVE = "no subject's risk differs between the arms"


def added_value(
    predictions: pd.DataFrame,
    rows: pd.DataFrame,
    comparisons: pd.DataFrame,
    pairs: Sequence[Pair],
    cuts: Sequence[float],
    confidence: float,
    calibrations: Calibrations,
    ties: Ties = "efron",
) -> pd.DataFrame:
    """All measures of each pair of arms, scheme and horizon, as kind "added_value".

    Parameters
    ----------
    predictions : DataFrame
        Table kind "predictions" of one endpoint.
    rows : DataFrame
        From `risk_rows`; empty without risks.
    comparisons : DataFrame
        Table kind "comparisons", of which the differences of discrimination are taken.
    pairs : sequence of (arm, reference arm)
    cuts : sequence of float
        Risks at which categories of the NRI begin.
    confidence : float
    calibrations : Calibrations
        Widening of the errors by permuted outcomes.
    ties : str
        Treatment of events at one time.
    """
    scored = _scored(predictions)
    endpoint = str(predictions["endpoint"].iloc[0])
    found = []
    for arm, reference in pairs:
        both = _both(scored, arm, reference)
        for scheme, part in both.groupby("scheme", sort=True):
            head = {"endpoint": endpoint, "arm": arm, "reference_arm": reference}
            head["scheme"] = str(scheme)
            widened = calibrations.of_pair(arm, reference, str(scheme))
            every = [
                *_likelihood_rows(part, ties),
                *_difference_rows(comparisons, head),
                *_risk_rows(rows, head, cuts, confidence, widened),
            ]
            found += [head | row for row in every]
    return pd.DataFrame(found, columns=list(KINDS["added_value"]))


def _scored(predictions: pd.DataFrame) -> pd.DataFrame:
    """Rows with a score and a known outcome, weighted where the outcome is."""
    known = predictions["score"].notna() & predictions["event"].notna()
    rows = predictions[known]
    return rows if "weight" in rows else rows.assign(weight=1.0)


def _both(scored: pd.DataFrame, arm: str, reference: str) -> pd.DataFrame:
    """Rows of an arm with the score of the reference arm."""
    keys = ["scheme", *_KEYS]
    theirs = scored.loc[scored["arm"] == reference, [*keys, "score"]]
    mine = scored[scored["arm"] == arm]
    return mine.merge(theirs, on=keys, suffixes=("", "_reference"))


def _likelihood_rows(part: pd.DataFrame, ties: Ties) -> Iterator[dict[str, Any]]:
    """Likelihood ratio and fractions of new information of held-out scores."""
    found = likelihood.gains(repeats_of(part), str(part["scheme"].iloc[0]), ties)
    for measure, name in LIKELIHOOD.items():
        tested = measure == "likelihood_ratio"
        yield {
            "measure": measure,
            "estimate": getattr(found, name),
            "p_value": found.p_value if tested else np.nan,
            "n": found.n,
            "n_events": found.n_events,
            "method": found.method,
            "reason": found.reason if tested else found.no_fraction,
        }


def _difference_rows(
    comparisons: pd.DataFrame, head: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    """Difference of the discrimination, as the table of comparisons has it."""
    own = comparisons
    for key, value in head.items():
        own = own[own[key] == value]
    for row in own.to_dict("records"):
        measure = {"measure": f"difference_{row['metric']}"}
        yield measure | {name: row[name] for name in _TAKEN}


def _risk_rows(
    rows: pd.DataFrame,
    head: dict[str, Any],
    cuts: Sequence[float],
    confidence: float,
    widened: Calibration,
) -> Iterator[dict[str, Any]]:
    """IDI and NRI of each horizon, parts and sum."""
    own = rows[rows["scheme"] == head["scheme"]]
    both = paired(own, head["arm"], head["reference_arm"])
    for horizon, part in by_horizon(both):
        known = {HORIZON: horizon, "method": f"{POOLED}; {widened.method}"}
        known |= counts(part)
        for one in reclassified.measures(repeats_of(part), cuts):
            yield from _measure_rows(one, known, confidence, widened)


def _measure_rows(
    measured: reclassified.Measured,
    known: dict[str, Any],
    confidence: float,
    widened: Calibration,
) -> Iterator[dict[str, Any]]:
    """Rows of a measure: its parts, and last their sum."""
    found = measured.values.estimates(confidence, widened)
    for place, ending in enumerate(reclassified.PARTS):
        value = float(found.value[place])
        bounded = np.isfinite(found.standard_error[place])
        bare = NO_MOVE if np.isfinite(value) else NO_CLASS
        yield known | {
            "measure": f"{measured.name}{ending}",
            "estimate": value,
            "standard_error": float(found.standard_error[place]),
            "lower": float(found.lower[place]),
            "upper": float(found.upper[place]),
            "without_information": float(measured.without_information[place]),
            "reason": None if bounded else bare,
        }
