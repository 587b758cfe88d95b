"""Agreement of predictions between readers' segmentations."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from ..statistics.icc import IccTable, intraclass_correlation
from ..statistics.outcome_kinds import OutcomeKind
from ..statistics.risk_groups import rank
from .calibration import Calibration
from .comparisons import difference
from .fold_values import FoldValues, of_arm, planned_folds, scored_rows
from .intervals import wilson_interval

#: Limits of agreement hold 95 % of the differences, if these are normal.
LIMIT_FACTOR = 1.96

_KEYS = ["repeat", "fold", "subject_id"]
_VALUES = ["score", "probability", "standard_score", "risk_group"]
_OF_B = "_b"


def prediction_agreement(
    predictions: pd.DataFrame,
    fits: pd.DataFrame,
    reference: str,
    kind: OutcomeKind,
    confidence: float,
) -> pd.DataFrame:
    """Agreement of the predictions by each reader's segmentations with the reference's.

    A subject is scored by several models: one per repeat. Both scores of a pair
    always come from one model, so their difference is a number of log odds or log
    hazard whichever model it was. Differences are summarized within each repeat, in
    which each subject stands once, and the summaries averaged over the repeats:
    pooled rows would count one subject several times.

    The spread of the subjects is another matter, as scores of two models have
    neither origin nor scale in common. For the ICC they are therefore expressed as
    the fold's own model sees them: relative to the lowest cut of the risk groups, in
    standard deviations of the scores in development. This is learnt from
    development rows alone, and holds in folds of two subjects, where an ICC of the
    fold itself does not. Of the intervals, the bounds are averaged, as repeats
    hold the same subjects and add no information. The share of subjects in another risk
    group has the interval of as many subjects as there are clusters.

    Limits of agreement are the bias plus and minus 1.96 standard deviations [1]_,
    the ICC is ICC(A,1) [2]_: a reader who raises all risks does not agree.
    Discrimination is that of `performance`, over subjects
    scored with both segmentations.

    Parameters
    ----------
    predictions : DataFrame
        Of kind "reader_predictions", of one endpoint.
    fits : DataFrame
        Of kind "fits", of the arms among the predictions.
    reference : str
        Reader whose segmentations the models were fitted to.
    kind : OutcomeKind
        Of the endpoint.
    confidence : float
        Level of all intervals; the limits of agreement are always 95 %.

    Returns
    -------
    DataFrame
        Of kind "prediction_agreement": a row per arm, scheme and further reader.

    References
    ----------
    .. [1] Bland, J. M., Altman, D. G. (1986). "Statistical methods for assessing
           agreement between two methods of clinical measurement". Lancet, 327,
           307-310. https://doi.org/10.1016/S0140-6736(86)90837-8
    .. [2] McGraw, K. O., Wong, S. P. (1996). "Forming inferences about some
           intraclass correlation coefficients". Psychological Methods, 1, 30-46.
           https://doi.org/10.1037/1082-989X.1.1.30
    """
    rows = []
    for (arm, scheme), table in predictions.groupby(["arm", "scheme"], sort=True):
        fitted = fits[(fits["arm"] == arm) & (fits["scheme"] == scheme)]
        for reader in sorted(set(table["reader"]) - {reference}):
            pairs = scored_pairs(table, reference, reader)
            head = {
                "endpoint": table["endpoint"].iloc[0],
                "arm": arm,
                "scheme": scheme,
                "reader": reference,
                "reader_b": reader,
            }
            rows.append(
                head
                | _counts(table, pairs, reference)
                | _movement(pairs, confidence)
                | _discrimination(table, fitted, (reference, reader), kind, confidence)
            )
    return pd.DataFrame(rows)


def scored_pairs(table: pd.DataFrame, reference: str, reader: str) -> pd.DataFrame:
    """Subjects of each fold that were scored with the segmentations of both readers.

    Parameters
    ----------
    table : DataFrame
        Of kind "reader_predictions", of one arm and scheme.

    Returns
    -------
    DataFrame
        `repeat`, `fold`, `subject_id`, `cluster`, and the predictions of the reference
        reader and, with names that end in ``_b``, of the other.
    """
    scored = table[table["score"].notna()]
    keys = [*_KEYS, "cluster"]
    first, second = (
        scored.loc[scored["reader"] == name, [*keys, *_VALUES]]
        for name in (reference, reader)
    )
    return first.merge(second, on=keys, suffixes=("", _OF_B))


def _counts(table: pd.DataFrame, pairs: pd.DataFrame, reference: str) -> dict[str, int]:
    scored = table[table["score"].notna() & (table["reader"] == reference)]
    both = set(pairs["subject_id"])
    return {
        "n_subjects": len(both),
        "n_unscored": len(set(scored["subject_id"]) - both),
    }


def _movement(pairs: pd.DataFrame, confidence: float) -> dict[str, Any]:
    """Summaries of each repeat, averaged over the repeats."""
    repeats = [part for _, part in pairs.groupby("repeat")]
    if not repeats:
        return {
            "reason": "no subject was scored with the segmentations of both readers"
        }
    correlations = [_correlation(part, confidence) for part in repeats]
    differences = [_differences(part) for part in repeats]
    moved = {name: _mean(differences, name) for name in differences[0]}
    n_clusters = int(np.mean([part["cluster"].nunique() for part in repeats]))
    interval = wilson_interval(moved["regrouped"], n_clusters, confidence)
    return {
        **{
            name: _mean(correlations, name)
            for name in ("icc", "icc_lower", "icc_upper")
        },
        **moved,
        "regrouped_lower": interval[0],
        "regrouped_upper": interval[1],
        "reason": next((c["reason"] for c in correlations if c["reason"]), None),
    }


def _correlation(pairs: pd.DataFrame, confidence: float) -> dict[str, Any]:
    """ICC(A,1) of the standard scores of one repeat."""
    ratings = pairs[["standard_score", f"standard_score{_OF_B}"]].to_numpy(dtype=float)
    found: IccTable = intraclass_correlation(
        ratings[:, :, None], "ICC(A,1)", confidence
    )
    undefined = np.isnan(found.estimate[0])
    return {
        "icc": found.estimate[0],
        "icc_lower": found.lower[0],
        "icc_upper": found.upper[0],
        "reason": f"icc: {found.reason[0]}" if undefined else "",
    }


def _differences(pairs: pd.DataFrame) -> dict[str, float]:
    """Differences of scores, probabilities and risk groups of one repeat."""
    score, probability = (
        (pairs[f"{name}{_OF_B}"] - pairs[name]).to_numpy(dtype=float)
        for name in ("score", "probability")
    )
    bias, sd, lower, upper = _limits(score)
    probability_bias, _, probability_lower, probability_upper = _limits(probability)
    before = pairs["risk_group"].map(rank).to_numpy(dtype=int)
    after = pairs[f"risk_group{_OF_B}"].map(rank).to_numpy(dtype=int)
    return {
        "bias": bias,
        "sd_difference": sd,
        "limit_lower": lower,
        "limit_upper": upper,
        "median_change": float(np.median(np.abs(score))),
        "probability_bias": probability_bias,
        "probability_lower": probability_lower,
        "probability_upper": probability_upper,
        "regrouped": float(np.mean(before != after)),
        "to_high": float(np.mean(after > before)),
    }


def _limits(difference: np.ndarray) -> tuple[float, float, float, float]:
    """Mean, SD and limits of agreement; NaN where they are undefined."""
    mean = float(difference.mean())
    sd = float(difference.std(ddof=1)) if len(difference) > 1 else float("nan")
    return mean, sd, mean - LIMIT_FACTOR * sd, mean + LIMIT_FACTOR * sd


def _discrimination(
    table: pd.DataFrame,
    fits: pd.DataFrame,
    readers: Sequence[str],
    kind: OutcomeKind,
    confidence: float,
) -> dict[str, Any]:
    """Discrimination by each reader's segmentations, judged as if each were an arm."""
    judged = table[table["reader"].isin(readers)]
    counts = judged[judged["score"].notna()].groupby(_KEYS)["score"].transform("size")
    both = counts.reindex(judged.index).eq(len(readers))
    as_arms = judged.assign(arm=judged["reader"], score=judged["score"].where(both))
    repeated = pd.concat([fits.assign(arm=name) for name in readers])
    if not both.any():
        return {"metric": kind.metric}
    scheme, scored = str(table["scheme"].iloc[0]), scored_rows(as_arms)
    first, second = (
        FoldValues.of(
            of_arm(scored, name, scheme),
            planned_folds(repeated, name, scheme),
            kind.pairs,
        )
        for name in readers
    )
    # Both readings are scored by the same models, which are not refitted.
    moved = difference(second, first, scheme, confidence, Calibration())
    return {
        "metric": kind.metric,
        "discrimination": first.mean,
        "discrimination_b": second.mean,
        "difference": moved["estimate"],
        "difference_lower": moved["lower"],
        "difference_upper": moved["upper"],
    }


def _mean(rows: Sequence[dict[str, Any]], name: str) -> float:
    known = [row[name] for row in rows if np.isfinite(row[name])]
    return float(np.mean(known)) if known else float("nan")
