"""Paired differences of arms over the same folds and subjects."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import pandas as pd

from ..models.settings import Arm
from ..statistics.outcome_kinds import OutcomeKind
from .calibration import Calibration, Calibrations
from .fold_errors import difference_interval
from .fold_values import FoldValues, is_by_group, of_arm, planned_folds, scored_rows


def comparisons(
    predictions: pd.DataFrame,
    fits: pd.DataFrame,
    kind: OutcomeKind,
    confidence: float,
    pairs: Sequence[tuple[str, str]],
    calibrations: Calibrations,
) -> pd.DataFrame:
    """Paired differences of arms over the same folds, as kind "comparisons".

    `pairs` holds (arm, reference arm); the estimate is arm minus reference. Both
    are judged by the subjects that both have scored, which matters for an arm
    that spends some of them on adaptation.
    """
    every, rows = scored_rows(predictions), []
    for arm, reference in pairs:
        scored = _scored_by_both(every, arm, reference)
        for scheme in sorted(set(predictions["scheme"])):
            first, second = (
                FoldValues.of(
                    of_arm(scored, name, scheme),
                    planned_folds(fits, name, scheme),
                    kind.pairs,
                )
                for name in (arm, reference)
            )
            rows.append(
                {
                    "endpoint": predictions["endpoint"].iloc[0],
                    "arm": arm,
                    "reference_arm": reference,
                    "scheme": scheme,
                    "metric": kind.metric,
                    **difference(
                        first,
                        second,
                        scheme,
                        confidence,
                        calibrations.of_pair(arm, reference, scheme),
                    ),
                }
            )
    return pd.DataFrame(rows)


def comparison_pairs(
    arms: Sequence[str],
    reference_arm: str,
    options: Mapping[str, Arm] | None = None,
) -> list[tuple[str, str]]:
    """Each arm with the reference arm and with its twins.

    A harmonized arm has an unharmonized twin with the same `options` but for
    `harmonizer` and `unseen`; an arm that adapts has one that differs in `unseen`
    alone.
    """
    pairs = [(a, reference_arm) for a in sorted(arms) if a != reference_arm]
    options = options or {}
    for arm in sorted(set(arms) & set(options)):
        if options[arm].harmonizer != "none":
            pairs += [
                (arm, other)
                for other in sorted(set(arms) & set(options))
                if _is_twin(options[arm], options[other])
            ]
    return list(dict.fromkeys(pairs))


def _is_twin(harmonized: Arm, other: Arm) -> bool:
    own = {"harmonizer": other.harmonizer, "unseen": other.unseen}
    if harmonized.model_copy(update=own) != other:
        return False
    if other.harmonizer == "none":
        return True
    same = other.harmonizer == harmonized.harmonizer
    return same and harmonized.unseen == "adapt" != other.unseen


def difference(
    first: FoldValues,
    second: FoldValues,
    scheme: str,
    confidence: float,
    calibration: Calibration,
) -> dict[str, Any]:
    """Mean paired difference over folds in which both arms have a value.

    Parameters
    ----------
    first, second : FoldValues
        Of an arm and of its reference, of subjects that both have scored.
    scheme : str
        Scheme of these folds.
    confidence : float
        Level of the interval.
    calibration : Calibration
        Of both arms.
    """
    paired, by_group = first.minus(second), is_by_group(scheme)
    text = "paired mean over groups" if by_group else "paired mean over folds"
    interval = difference_interval(paired, calibration, confidence, text, by_group)
    return {"n_folds": paired.n_defined, **asdict(interval)}


def _scored_by_both(scored: pd.DataFrame, arm: str, reference: str) -> pd.DataFrame:
    keys = ["scheme", "repeat", "fold", "subject_id"]
    pair = scored[scored["arm"].isin([arm, reference])]
    return pair[pair.duplicated(keys, keep=False)]
