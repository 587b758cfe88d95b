"""Models of bootstrap samples of the development subjects, for intervals.

The samples are drawn among the subjects of the frozen model alone, clusters together,
and fitted by the code of every other fit. What a sample's model reaches among those of
them that it does not hold is what the frozen model may be expected to reach.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from ...folds import bootstrap
from ...folds.scheme import BOOTSTRAP, Scheme
from ...folds.splitting import SubjectRows, splits
from ...models.arm import MeasuredOnce
from ...models.arm_fit import FoldFits
from ...models.fitted_model import FittedModel
from ...models.prediction import Predictor
from ...models.settings.specification import ModelSpecification
from ..document import Sample
from .pruning import pruned_model


@dataclass
class Sampled:
    """Models of all samples of one arm, and what they reach."""

    models: list[Sample] = field(default_factory=list)
    n_failed: int = 0
    out_of_bag: list[float] = field(default_factory=list)

    def mean_out_of_bag(self) -> float:
        """Mean of the values out of the samples; NaN if there is none."""
        values = np.array(self.out_of_bag)
        known = values[np.isfinite(values)]
        return float(known.mean()) if len(known) else float("nan")


def sampled(
    rows: SubjectRows,
    specifications: Sequence[ModelSpecification],
    n_samples: int,
    seed: int,
) -> list[Sampled]:
    """Arms fitted to bootstrap samples of some subjects, pruned.

    Parameters
    ----------
    rows : SubjectRows
        Development rows of the frozen models.
    specifications : sequence of ModelSpecification
        The arms.
    n_samples : int
    seed : int
        Seed of the study, from which the samples are drawn.
    """
    found = [Sampled() for _ in specifications]
    if not n_samples:
        return found
    table = bootstrap.samples(rows.cohort, n_samples, seed)
    for number in range(1, n_samples + 1):
        (split,) = splits(rows, table, str(Scheme(BOOTSTRAP, number)))
        fits = FoldFits(split.name, split.development, MeasuredOnce())
        for one, specification in zip(found, specifications, strict=True):
            fitted = fits.of(specification)
            if fitted.error is not None:
                one.n_failed += 1
                continue
            model = pruned_model(fitted.model)
            one.models.append(
                Sample(estimates=model.required_estimates(), baseline=model.baseline)
            )
            value = reached(model, split.evaluation, specification, seed)
            one.out_of_bag.append(value)
    return found


def reached(
    model: FittedModel,
    rows: SubjectRows,
    specification: ModelSpecification,
    seed: int,
) -> float:
    """Discrimination of a model among rows with score and outcome; NaN without any."""
    scores = Predictor.of(model).scored(rows, seed)["score"]
    table = rows.outcomes(specification.endpoint).join(scores)
    known = table[table["score"].notna() & table["event"].notna()]
    return float(specification.outcome.pairs(known).value)
