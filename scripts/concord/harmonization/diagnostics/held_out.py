"""Rows that a harmonizer never saw, raw and harmonized: what it is judged by.

Rows that were harmonized by different folds are never put together: the estimates
of one fold hold what the others lack, so that batches look more alike than chance
allows, whatever is left of them. So the subjects are split in two halves; the
harmonizer learns from one and is judged on the other, in turn.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from ...errors import FitError
from ...features.feature_name import of_image, of_main_recipe
from ...folds import cohort as cohorts
from ...folds import splits as folding
from ...folds.batch_column import BatchColumn
from ...folds.scheme import CV, Scheme
from ...folds.subject_table import feature_matrix, images
from ..estimators import factory
from ..estimators.base import Harmonizer
from ..settings import (
    BaselineImages,
    BatchModel,
    Harmonization,
    HarmonizerKind,
    HeldOutHarmonization,
)

#: First repeat of the cross-validation, whose folds are dealt to two halves.
SCHEME = Scheme(CV)
Half = tuple[list[str], list[str]]


@dataclass(frozen=True)
class ImageRows:
    """Baseline features of one image with what a harmonizer needs."""

    image: str
    features: list[str]
    batches: list[str]  # columns batch.<image>.<variable>, in declared order
    keep: list[str]  # columns covariate.*
    smooth: list[str]
    rows: pd.DataFrame  # by subject: features, batches, keep

    def variable(self, column: str) -> str:
        """Name of the batch variable in a batch column."""
        return BatchColumn.parse(column).variable

    def of(self, subjects: Iterable[str]) -> pd.DataFrame:
        """Rows of some subjects."""
        return self.rows[self.rows.index.isin(list(subjects))]


@dataclass(frozen=True)
class Judged:
    """The same held-out rows raw and harmonized, and the rows learnt from.

    Rows of a batch that the harmonizer could not estimate are left out.
    """

    raw: pd.DataFrame
    harmonized: pd.DataFrame
    fitted_rows: pd.DataFrame  # harmonized
    fitted: Harmonizer | None


def by_image(
    cohort: pd.DataFrame,
    measurements: pd.DataFrame,
    baseline: BaselineImages,
    harmonization: BatchModel,
) -> list[ImageRows]:
    """Rows of every image that has features and a batch, sorted by image.

    Parameters
    ----------
    cohort, measurements : DataFrame
        The cohort and the feature matrix.
    baseline : BaselineImages
        Session and reader whose features are used.
    harmonization : BatchModel
        Batches and kept covariates.
    """
    session, reader = baseline.baseline_session, baseline.reference_reader
    known = of_main_recipes(measurements)
    matrix = feature_matrix(known, session, reader).dropna(axis=1, how="all")
    present = set(images(matrix.columns))
    names = sorted(present.intersection(harmonization.batch))
    return [_image_rows(name, cohort, matrix, harmonization) for name in names]


def of_main_recipes(measurements: pd.DataFrame) -> pd.DataFrame:
    """A feature matrix without the columns of further recipes.

    What is judged is the study's features: not negative controls, and no feature twice.
    """
    return measurements[[c for c in measurements.columns if of_main_recipe(c)]]


def halves(folds: pd.DataFrame) -> list[Half]:
    """(subjects to learn from, subjects to judge), both ways round."""
    chosen = folding.select(folds, SCHEME)
    held_out = [evaluation for _, _, evaluation in folding.splits(chosen)]
    first, second = (
        sorted(subject for fold in held_out[start::2] for subject in fold)
        for start in (0, 1)
    )
    return [(first, second), (second, first)]


def harmonizer(
    part: ImageRows, kind: HarmonizerKind, options: Harmonization
) -> Harmonizer:
    """The study's harmonizer of an image; unseen batches pass, to be left out."""
    return factory.make(
        kind,
        batch=part.batches,
        keep=part.keep,
        smooth=part.smooth,
        columns=part.features,
        settings=options,
        unseen="passthrough",
    )


def judge(part: ImageRows, half: Half, settings: HeldOutHarmonization) -> Judged:
    """Learn from one half, harmonize the other."""
    known, held_out = (part.of(subjects) for subjects in half)
    try:
        fitted = harmonizer(part, settings.kind, settings.harmonization).fit(known)
    except FitError:
        return Judged(held_out.iloc[:0], held_out.iloc[:0], known.iloc[:0], None)
    raw = held_out[~fitted.unseen_rows(held_out)]
    fitted_rows = known[~fitted.unseen_rows(known)]
    return Judged(raw, fitted.transform(raw), fitted.transform(fitted_rows), fitted)


def _image_rows(
    image: str,
    cohort: pd.DataFrame,
    matrix: pd.DataFrame,
    options: BatchModel,
) -> ImageRows:
    features = of_image(matrix.columns, image)
    batches = _batch_columns(cohort, image, options.variables_of(image))
    keep = cohorts.covariate_columns(cohort, options.keep)
    smooth = cohorts.covariate_columns(cohort, options.smooth)
    facts = cohort.set_index("subject_id")[[*batches, *keep]]
    chosen = matrix[features]
    filled = chosen[chosen.notna().any(axis=1)]
    rows = filled.join(facts, how="inner").sort_index()
    return ImageRows(image, features, batches, keep, smooth, rows)


def _batch_columns(
    cohort: pd.DataFrame, image: str, variables: Sequence[str]
) -> list[str]:
    return [
        name
        for variable in variables
        if (name := str(BatchColumn(image, variable))) in cohort.columns
    ]
