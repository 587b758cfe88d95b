"""Paired differences of arms over the same folds and subjects."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from ..models.settings.arm import Arm
from ..statistics.outcome_kinds import OutcomeKind
from .calibration import Calibration, Calibrations
from .company import is_clinical, is_early_fusion, is_unharmonized, is_volume_alone
from .fold_errors import difference_interval
from .fold_values import (
    FoldValues,
    is_by_group,
    of_arm,
    planned_folds,
    scored_rows,
    sets_of,
)


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
    every, endpoint = scored_rows(predictions), predictions["endpoint"].iloc[0]
    rows = []
    for pair in pairs:
        scored = _scored_by_both(every, *pair)
        for scheme in sorted(set(predictions["scheme"])):
            first, second = (
                FoldValues.of(
                    of_arm(scored, name, scheme),
                    planned_folds(fits, name, scheme),
                    kind.pairs,
                )
                for name in pair
            )
            widened = calibrations.of_pair(*pair, scheme)
            names = dict(zip(("arm", "reference_arm"), pair, strict=True))
            head = {"endpoint": endpoint, **names, "scheme": scheme}
            counts = _of_both(of_arm(scored, pair[0], scheme), first, second)
            found = difference(first, second, scheme, confidence, widened)
            rows.append(head | {"metric": kind.metric} | counts | found)
    return pd.DataFrame(rows)


def comparison_pairs(
    arms: Sequence[str],
    reference_arm: str,
    options: Mapping[str, Arm] | None = None,
    headline_arm: str | None = None,
) -> list[tuple[str, str]]:
    """Each arm with the reference arm and with its twins; the headline with company.

    Company of the headline arm are the arms of the group, the volume or covariates
    alone. A harmonized arm has an unharmonized twin with the same `options` but for
    `harmonizer` and `unseen`; an arm that adapts has one that differs in `unseen`
    alone. A fused arm is compared with each member, with the arm that learns from all
    of their predictors at once, and with its own unharmonized twin.
    """
    pairs = [(a, reference_arm) for a in sorted(arms) if a != reference_arm]
    options = options or {}
    for arm in sorted(set(arms) & set(options)):
        if options[arm].harmonizes:
            pairs += [
                (arm, other)
                for other in sorted(set(arms) & set(options))
                if _is_twin(options[arm], options[other])
            ]
    known = {name: options[name] for name in sorted(set(arms) & set(options))}
    pairs += [pair for name in known for pair in _of_fused(name, known)]
    if headline_arm is not None and headline_arm in arms:
        pairs += [
            (headline_arm, other)
            for other in sorted(set(arms) & set(options))
            if other != headline_arm and _is_baseline(options[other])
        ]
    return list(dict.fromkeys(pairs))


def _of_fused(name: str, arms: Mapping[str, Arm]) -> list[tuple[str, str]]:
    """Arms that a fused arm is compared with; none of any other arm."""
    section = arms[name].fusion
    if section is None:
        return []
    others = [one for one in sorted(section.of) if one in arms]
    if len(others) == len(section.of):
        others += [one for one in arms if is_early_fusion(arms, one, name)]
        others += [one for one in arms if is_unharmonized(arms, one, name)]
    return [(name, other) for other in others]


def _is_baseline(arm: Arm) -> bool:
    alone = arm.predicts_by_group_alone or is_volume_alone(arm)
    return alone or is_clinical(arm, arm.covariates)


def _is_twin(harmonized: Arm, other: Arm) -> bool:
    own: dict[str, Any] = {"harmonizer": other.harmonizer, "unseen": other.unseen}
    if harmonized.tuning and other.tuning:
        tried = {"harmonizer": other.tuning.harmonizer}
        own["tuning"] = harmonized.tuning.model_copy(update=tried)
    if harmonized.model_copy(update=own) != other:
        return False
    if not other.harmonizes:
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
    text = f"paired mean over {sets_of(scheme)}"
    interval = difference_interval(paired, calibration, confidence, text, by_group)
    return {"n_folds": paired.n_defined, **asdict(interval)}


def _of_both(
    rows: pd.DataFrame, first: FoldValues, second: FoldValues
) -> dict[str, Any]:
    """Counts of the subjects of both arms, and what each arm reaches on them.

    Both means are over the folds in which both arms have a value.
    """
    subjects = rows.drop_duplicates("subject_id")
    values = [dict(zip(v.keys, v.values, strict=True)) for v in (first, second)]
    pairs = [[value.get(key, np.nan) for value in values] for key in first.keys]
    defined = [pair for pair in pairs if np.isfinite(pair).all()]
    means = np.mean(defined, axis=0) if defined else (np.nan, np.nan)
    return {
        "n": len(subjects),
        "n_events": int(subjects["event"].sum()),
        "estimate_arm": float(means[0]),
        "estimate_reference": float(means[1]),
    }


def _scored_by_both(scored: pd.DataFrame, arm: str, reference: str) -> pd.DataFrame:
    keys = ["scheme", "repeat", "fold", "subject_id"]
    pair = scored[scored["arm"].isin([arm, reference])]
    return pair[pair.duplicated(keys, keep=False)]
