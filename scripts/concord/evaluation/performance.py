"""Performance of every arm, fold by fold, and its difference to other arms."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..models.settings import Arm
from ..statistics.discrimination import (
    AUC,
    Concordance,
    concordance,
    metric_of,
    within_groups,
)
from .intervals import (
    Interval,
    concordance_se,
    delong_se,
    logit_interval,
    nadeau_bengio,
    t_over_groups,
)

LOSO = "loso"
_KEYS = ["arm", "scheme"]


@dataclass(frozen=True)
class _Folds:
    """One number per fold of an arm and scheme; NaN where it is undefined."""

    keys: tuple[tuple[int, str], ...]  # (repeat, fold)
    values: np.ndarray
    ratios: np.ndarray  # evaluation subjects per development subject

    def defined(self) -> "_Folds":
        known = np.isfinite(self.values)
        keys = tuple(key for key, good in zip(self.keys, known, strict=True) if good)
        return _Folds(keys, self.values[known], self.ratios[known])


def performance(
    predictions: pd.DataFrame, fits: pd.DataFrame, kind: str, confidence: float
) -> pd.DataFrame:
    """Discrimination of every arm and scheme as a table of kind "performance".

    Metrics are computed in each fold and averaged; scores of different folds
    are never compared, except in the rows "group=<name>" of repeated
    cross-validation, where a fold holds too few subjects of one group.
    """
    scored, rows = _scored(predictions), []
    for (arm, scheme), table in _arms(predictions):
        mine = scored[(scored["arm"] == arm) & (scored["scheme"] == scheme)]
        sizes = _ratios(predictions, fits, arm, scheme)
        head = {
            "endpoint": table["endpoint"].iloc[0],
            "arm": arm,
            "scheme": scheme,
            "metric": metric_of(kind),
        }
        for stratum, part, n_folds, interval in _strata(mine, sizes, kind, confidence):
            rows.append(
                {**head, "stratum": stratum, "n_folds": n_folds}
                | _counts(part)
                | asdict(interval)
            )
    return pd.DataFrame(rows)


def comparisons(
    predictions: pd.DataFrame,
    fits: pd.DataFrame,
    kind: str,
    confidence: float,
    pairs: Sequence[tuple[str, str]],
) -> pd.DataFrame:
    """Paired differences of arms over the same folds, as kind "comparisons".

    `pairs` holds (arm, reference arm); the estimate is arm minus reference. Both
    are judged by the subjects that both have scored, which matters for an arm
    that spends some of them on adaptation.
    """
    every, rows = _scored(predictions), []
    for arm, reference in pairs:
        scored = _scored_by_both(every, arm, reference)
        for scheme in sorted(set(predictions["scheme"])):
            found = [
                _fold_values(
                    scored,
                    _ratios(predictions, fits, name, scheme),
                    name,
                    scheme,
                    kind,
                )
                for name in (arm, reference)
            ]
            rows.append(
                {
                    "endpoint": predictions["endpoint"].iloc[0],
                    "arm": arm,
                    "reference_arm": reference,
                    "scheme": scheme,
                    "metric": metric_of(kind),
                    **_difference(*found, scheme=scheme, confidence=confidence),
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


def _strata(
    table: pd.DataFrame, ratios: pd.Series, kind: str, confidence: float
) -> Iterator[tuple[str, pd.DataFrame, int, Interval]]:
    """(stratum, its rows, folds with a value, estimate) of one arm and scheme."""
    scheme = ratios.attrs["scheme"]
    overall = _values(table, ratios, _pairs(kind))
    found = _mean(overall, table, scheme, kind, confidence)
    yield "all", table, len(overall.defined().keys), found
    if scheme != LOSO:
        within = _values(table, ratios, _pairs_within(kind))
        yield (
            "within",
            table,
            len(within.defined().keys),
            _bounded(
                _resampled(within, confidence, "mean over folds of pairs within groups")
            ),
        )
    for name in sorted(set(table["group"])):
        part = table[table["group"] == name]
        estimate, n_defined = _of_group(part, kind, confidence)
        yield f"group={name}", part, n_defined, estimate


def _mean(
    folds: _Folds, table: pd.DataFrame, scheme: str, kind: str, confidence: float
) -> Interval:
    """Mean over folds with the interval that suits the metric and scheme."""
    if scheme == LOSO:
        return _over_groups(folds, confidence)
    if metric_of(kind) != AUC:
        return _bounded(_resampled(folds, confidence, "mean over folds"))
    defined = folds.defined()
    errors = [
        delong_se(rows["event"].to_numpy(), rows["score"].to_numpy())
        for _, rows in table.groupby("repeat")
    ]
    known = [error for error in errors if np.isfinite(error)]
    mean = float(defined.values.mean()) if len(defined.keys) else np.nan
    se = float(np.mean(known)) if known else np.nan
    method = _method("mean over folds; DeLong SE on the logit scale", folds)
    return logit_interval(mean, se, confidence, method)


def _over_groups(folds: _Folds, confidence: float) -> Interval:
    method = _method("mean over groups left out; t interval over groups", folds)
    defined = folds.defined()
    if not len(defined.keys):
        return Interval(np.nan, np.nan, np.nan, method)
    return _bounded(t_over_groups(defined.values, confidence, method))


def _resampled(folds: _Folds, confidence: float, what: str) -> Interval:
    method = _method(f"{what}; Nadeau-Bengio interval", folds)
    defined = folds.defined()
    if not len(defined.keys):
        return Interval(np.nan, np.nan, np.nan, method)
    return nadeau_bengio(defined.values, defined.ratios, confidence, method)


def _bounded(interval: Interval) -> Interval:
    lower, upper = np.clip([interval.lower, interval.upper], 0.0, 1.0)
    return Interval(interval.estimate, float(lower), float(upper), interval.method)


def _of_group(
    table: pd.DataFrame, kind: str, confidence: float
) -> tuple[Interval, int]:
    """One group, its folds pooled within each repeat, averaged over repeats."""
    values, errors = [], []
    for _, rows in table.groupby("repeat"):
        event, score, time = _arrays(rows, kind)
        values.append(concordance(event, score, time).value)
        errors.append(
            delong_se(event, score)
            if time is None
            else concordance_se(event, score, time)
        )
    known = np.isfinite(values)
    mean = float(np.mean(np.array(values)[known])) if known.any() else np.nan
    se = float(np.mean(np.array(errors)[known])) if known.any() else np.nan
    name = "DeLong" if metric_of(kind) == AUC else "jackknife"
    method = f"folds pooled, mean over repeats; {name} SE on the logit scale"
    n_folds = len(table[["repeat", "fold"]].drop_duplicates()) if known.any() else 0
    return logit_interval(mean, se, confidence, method), n_folds


def _difference(
    first: _Folds, second: _Folds, *, scheme: str, confidence: float
) -> dict[str, Any]:
    """Mean paired difference over folds in which both arms have a value."""
    theirs = dict(zip(second.keys, second.values, strict=True))
    values = [
        value - theirs.get(key, np.nan)
        for key, value in zip(first.keys, first.values, strict=True)
    ]
    paired = _Folds(first.keys, np.array(values), first.ratios)
    defined = paired.defined()
    if scheme == LOSO and len(defined.keys):
        method = _method("paired mean over groups; t interval over groups", paired)
        interval = t_over_groups(defined.values, confidence, method)
    else:
        interval = _resampled(paired, confidence, "paired mean over folds")
    return {"n_folds": len(defined.keys), **asdict(interval)}


def _fold_values(
    scored: pd.DataFrame, ratios: pd.Series, arm: str, scheme: str, kind: str
) -> _Folds:
    mine = scored[(scored["arm"] == arm) & (scored["scheme"] == scheme)]
    return _values(mine, ratios, _pairs(kind))


def _values(
    table: pd.DataFrame, ratios: pd.Series, pairs: Callable[[pd.DataFrame], Concordance]
) -> _Folds:
    """The metric of each fold that was planned, also of those that failed."""
    parts = dict(iter(table.groupby(["repeat", "fold"])))
    keys = tuple((int(repeat), str(fold)) for repeat, fold in ratios.index)
    values = [pairs(parts[key]).value if key in parts else np.nan for key in keys]
    return _Folds(keys, np.array(values, dtype=float), ratios.to_numpy(dtype=float))


def _pairs(kind: str) -> Callable[[pd.DataFrame], Concordance]:
    return lambda rows: concordance(*_arrays(rows, kind))


def _pairs_within(kind: str) -> Callable[[pd.DataFrame], Concordance]:
    def pairs(rows: pd.DataFrame) -> Concordance:
        event, score, time = _arrays(rows, kind)
        return within_groups(event, score, rows["group"].to_numpy(), time)

    return pairs


def _arrays(
    rows: pd.DataFrame, kind: str
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    time = None if metric_of(kind) == AUC else rows["time_days"].to_numpy(dtype=float)
    return rows["event"].to_numpy(dtype=int), rows["score"].to_numpy(dtype=float), time


def _scored(predictions: pd.DataFrame) -> pd.DataFrame:
    """Rows with a score and a known outcome."""
    return predictions[predictions["score"].notna() & predictions["event"].notna()]


def _scored_by_both(scored: pd.DataFrame, arm: str, reference: str) -> pd.DataFrame:
    keys = ["scheme", "repeat", "fold", "subject_id"]
    pair = scored[scored["arm"].isin([arm, reference])]
    return pair[pair.duplicated(keys, keep=False)]


def _arms(predictions: pd.DataFrame) -> Iterator[tuple[Any, pd.DataFrame]]:
    yield from predictions.groupby(_KEYS, sort=True)


def _ratios(
    predictions: pd.DataFrame, fits: pd.DataFrame, arm: str, scheme: str
) -> pd.Series:
    """Evaluation per development subject of each planned fold, in order."""
    keys = ["repeat", "fold"]
    fitted, held_out = (
        table[(table["arm"] == arm) & (table["scheme"] == scheme)]
        for table in (fits, predictions)
    )
    fitted = fitted.sort_values(keys).set_index(keys)
    development = fitted["n_development"].astype(float).clip(lower=1.0)
    sizes = held_out.groupby(keys).size().reindex(fitted.index, fill_value=0)
    ratios = sizes.astype(float) / development
    ratios.attrs["scheme"] = scheme
    return ratios


def _counts(table: pd.DataFrame) -> dict[str, int]:
    subjects = table.drop_duplicates("subject_id")
    return {"n": len(subjects), "n_events": int(subjects["event"].sum())}


def _method(text: str, folds: _Folds) -> str:
    """The method, and how many folds it had to do without."""
    lost = len(folds.keys) - len(folds.defined().keys)
    return f"{text}; {lost} of {len(folds.keys)} folds undefined" if lost else text
