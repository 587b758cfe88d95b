"""Leakage test of frozen models: nothing of whom they were made without is in them."""

from functools import partial

import pandas as pd

from ...folds.splitting import FoldName, SubjectRows
from ...models.arm_fit import fit_in_fold
from ...models.leakage.fused_controls import HashedFit
from ...models.leakage.leakage_test import FROZEN_FIT, split_of
from ...models.settings.specification import ModelSpecification
from ..settings import WITHOUT, Learning, fold_of
from .learnt import learn
from .samples import sampled


def frozen_fits(options: Learning | None) -> dict[FoldName, dict[str, HashedFit]]:
    """Fits that the leakage test judges beside that of the study, by fold."""
    if options is None:
        return {}
    return {
        fold_of(f"{WITHOUT}{group}"): {FROZEN_FIT: partial(frozen_fit, options)}
        for group in options.without
    }


def frozen_fit(
    options: Learning,
    tables: SubjectRows,
    fold: pd.DataFrame,
    specification: ModelSpecification,
) -> str:
    """Hash of all that a frozen model learns in one fold, with its first sample."""
    split = split_of(tables, fold)
    rows = split.development
    fitted = fit_in_fold(split.name, rows, specification)
    if fitted.error is not None:
        raise fitted.error
    (one,) = sampled(rows, [specification], options.samples, options.seed)
    return learn(rows, specification, fitted.model, one, options).digest()
