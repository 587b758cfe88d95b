"""Arms fitted to bootstrap samples, and what their models reach: never predictions.

The scores of a sample's model for its own subjects look better than they are. They stay
inside this module: what leaves it is one number per sample and set of subjects, and,
where the instability of an arm is asked for, what `sample_models` keeps for that alone.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ..folds.bootstrap import WHOLE
from ..folds.scheme import BOOTSTRAP, FINAL, Part
from ..folds.splitting import Split, SubjectRows, splits
from .arm import Measure, MeasuredOnce, repeated_measurements
from .arm_fit import FoldFits
from .fold_fit import FoldFit
from .fusion.prediction import Scorer
from .prediction import Predictor
from .sample_models import SampleModels
from .settings.specification import ModelSpecification


def resampled(
    study: SubjectRows,
    samples: pd.DataFrame,
    part: Part,
    specifications: Sequence[ModelSpecification],
    seed: int,
    measure: Measure = repeated_measurements,
    kept: SampleModels | None = None,
) -> list[pd.DataFrame]:
    """Values of arms in some bootstrap samples, as tables of kind "resampled".

    Every arm is fitted to each sample with all that it learns. Its model is judged in
    the sample, in all subjects and in those out of the sample. The part that has the
    first sample also has the fit to all subjects, which is sample 0.

    Parameters
    ----------
    study : SubjectRows
        All subjects.
    samples : DataFrame
        Table kind "folds" with the scheme "bootstrap".
    part : Part
        Samples that are fitted.
    specifications : sequence of ModelSpecification
        The arms; a table each.
    seed : int
        As for `Predictor.predict`.
    measure : callable, optional
        Makes the repeated measurements of the development subjects.
    kept : SampleModels, optional
        Is told of every fit.
    """
    rows: list[list[dict[str, Any]]] = [[] for _ in specifications]
    for number, split in _splits(study, samples, part):
        fits = FoldFits(split.name, split.development, MeasuredOnce(measure))
        held = {"sample": number, **_counts(samples, number, study)}
        for found, specification in zip(rows, specifications, strict=True):
            fitted = fits.of(specification)
            if kept is not None:
                kept.add(number, fitted, specification)
            found.append(held | _values(study, split, fitted, specification, seed))
    return [
        pd.DataFrame(found).assign(
            endpoint=one.endpoint, arm=one.name, metric=one.outcome.metric
        )
        for found, one in zip(rows, specifications, strict=True)
    ]


def _splits(
    study: SubjectRows, samples: pd.DataFrame, part: Part
) -> Iterable[tuple[int, Split]]:
    """The samples of a part by number, before the first one that of all subjects."""
    if part.first == 1:
        yield from ((WHOLE, split) for split in splits(study, samples, FINAL.name))
    for scheme in part.schemes():
        for split in splits(study, samples, str(scheme)):
            yield scheme.repeat, split


def first_sample(
    samples: pd.DataFrame, resampled_rows: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows of the first sample, and its fit as a row of kind "fits".

    For the leakage test: all samples are drawn and fitted by the same code.
    """
    first = samples[samples["repeat"] == 1]
    fit = resampled_rows[resampled_rows["sample"] == 1]
    columns = ["endpoint", "arm", "status", "estimates_hash", "message"]
    fold = str(first["fold"].iloc[0])
    return first, fit[columns].assign(scheme=BOOTSTRAP.name, repeat=1, fold=fold)


def _counts(samples: pd.DataFrame, number: int, study: SubjectRows) -> dict[str, int]:
    """Subjects in a sample and out of it."""
    if number == WHOLE:
        return {"n_distinct": len(study.cohort), "n_out_of_bag": 0}
    drawn = samples.loc[samples["repeat"] == number, "times"] > 0
    return {"n_distinct": int(drawn.sum()), "n_out_of_bag": int((~drawn).sum())}


def _values(
    study: SubjectRows,
    split: Split,
    fitted: FoldFit,
    specification: ModelSpecification,
    seed: int,
) -> dict[str, Any]:
    """Values of one arm, fitted to a sample, in the three sets of subjects."""
    told = {key: fitted.fit[key] for key in ("status", "estimates_hash", "message")}
    sets = {
        "in_sample": split.development,
        "on_all": study,
        "out_of_bag": split.evaluation,
    }
    if fitted.error is not None:
        return told | dict.fromkeys(sets, np.nan)
    predictor = Predictor.of(fitted.model)
    return told | {
        name: _value(predictor, rows, specification, seed)
        for name, rows in sets.items()
    }


def _value(
    predictor: Scorer,
    rows: SubjectRows,
    specification: ModelSpecification,
    seed: int,
) -> float:
    """Discrimination among the subjects with a score and a known outcome."""
    if rows.cohort.empty:
        return np.nan
    outcomes = rows.outcomes(specification.endpoint)
    table = outcomes.join(predictor.scored(rows, seed)["score"])
    known = table[table["score"].notna() & table["event"].notna()]
    return float(specification.outcome.pairs(known).value)
