"""Models of bootstrap samples of the development subjects, for intervals.

The samples are drawn among the subjects of the frozen model alone, clusters together,
and fitted by the code of every other fit. What a sample's model reaches in its own
sample and among all of them tells how far the apparent value is too good.
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
from ...statistics.optimism import optimism
from ..document import Sample
from .pruning import pruned_model


@dataclass
class Sampled:
    """Models of all samples of one arm, and what they reach."""

    models: list[Sample] = field(default_factory=list)
    n_failed: int = 0
    in_sample: list[float] = field(default_factory=list)
    on_all: list[float] = field(default_factory=list)

    def optimism(self) -> float:
        """Mean by which a model looks better in its own sample; NaN of no sample."""
        return optimism(np.array(self.in_sample), np.array(self.on_all))


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
            for values, judged in (
                (one.in_sample, split.development),
                (one.on_all, rows),
            ):
                values.append(reached(model, judged, specification, seed))
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
