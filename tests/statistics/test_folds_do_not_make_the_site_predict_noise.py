"""An outcome that is independent of the site is not predicted by the site.

Folds stratified by (outcome, group) plant the chance association of the sample in both
sides of every fold. The site alone then "predicts" noise, and so does every feature
that holds the site.
"""

import numpy as np
import pandas as pd
import pytest

from concord.folds import splits as folding
from concord.folds.splitting import splits
from concord.folds.validation import SplittingSection
from concord.models.prediction import predict_folds
from concord.statistics.discrimination import concordance

from ..modelling_study import Tables, fit_folds, make_specification, make_tables

#: Subjects and sites of the studies.
SIZES = [(120, 3), (200, 10)]
WAYS = ["group", "outcome"]
BOTH = "outcome and group"
PLAIN = SplittingSection(repeats=1, leave_one_group_out=False)


def noise_cohort(n: int, n_sites: int, seed: int) -> pd.DataFrame:
    """Subjects of some sites with an outcome that knows nothing of them."""
    generator = np.random.default_rng([seed, n])
    subjects = [f"P{number:04d}" for number in range(n)]
    sites = generator.integers(n_sites, size=n)
    event = (generator.random(n) < 0.5).astype(float)
    columns = {"subject_id": subjects, "cluster": subjects, "event.recurrence": event}
    return pd.DataFrame(columns).assign(group=[f"S{site:02d}" for site in sites])


def folds_of(cohort: pd.DataFrame, stratify_by: str, seed: int) -> pd.DataFrame:
    """One repeat of the cross-validation, as the study makes it; or as it did."""
    event = cohort["event.recurrence"]
    if stratify_by == BOTH:
        both = [f"{e} {g}" for e, g in zip(event, cohort["group"], strict=True)]
        cohort, event = cohort.assign(group=both), None
    given = event if stratify_by == "outcome" else None
    return folding.make(cohort, given, PLAIN, seed)


def site_auc(cohort: pd.DataFrame, folds: pd.DataFrame) -> float:
    """Mean over folds of the AUC of the share of events at the site in development."""
    indexed = cohort.set_index("subject_id")
    found = []
    for _, development, evaluation in folding.splits(folds):
        known, judged = indexed.loc[development], indexed.loc[evaluation]
        share = known.groupby("group")["event.recurrence"].mean()
        score = judged["group"].map(share).fillna(0.5).to_numpy()
        event = judged["event.recurrence"].to_numpy()
        found.append(concordance(event, score).value)
    return float(np.nanmean(found))


def mean_and_error(values: list[float]) -> tuple[float, float]:
    """Mean over studies and its standard error."""
    return float(np.mean(values)), float(np.std(values, ddof=1) / np.sqrt(len(values)))


def site_alone(size: tuple[int, int], stratify_by: str, n_studies: int):
    """Mean AUC of the site over studies of noise, and its standard error."""
    found = []
    for seed in range(n_studies):
        cohort = noise_cohort(*size, seed)
        found.append(site_auc(cohort, folds_of(cohort, stratify_by, seed)))
    return mean_and_error(found)


@pytest.mark.parametrize("stratify_by", WAYS)
@pytest.mark.parametrize("size", SIZES)
def test_the_site_alone_does_not_predict_noise(size, stratify_by):
    mean, error = site_alone(size, stratify_by, 30)
    assert error < 0.02
    assert abs(mean - 0.5) < 2 * error


@pytest.mark.parametrize("size", SIZES)
def test_folds_by_both_outcome_and_group_would_let_it(size):
    mean, error = site_alone(size, BOTH, 12)
    assert mean - 0.5 > 4 * error
    assert mean > 0.53


@pytest.mark.slow
@pytest.mark.parametrize("stratify_by", WAYS)
@pytest.mark.parametrize("size", SIZES)
def test_the_site_alone_does_not_predict_noise_in_many_studies(size, stratify_by):
    mean, error = site_alone(size, stratify_by, 300)
    assert abs(mean - 0.5) < 2 * error


ARMS = {
    "site": {"features": [], "group_indicator": True},
    "unharmonized": {"harmonizer": "none"},
    "harmonized": {},
}


def real_auc(size: tuple[int, int], stratify_by: str, arm: str, seed: int) -> float:
    """Cross-validated AUC of an arm of the study's own code in one study of noise."""
    n, n_sites = size
    made = make_tables(n, 30, tuple(f"S{k:02d}" for k in range(n_sites)), seed=seed)
    folds = folds_of(made.cohort, stratify_by, seed)
    study = Tables(made.cohort, made.features, folds)
    found = list(splits(study.rows, study.folds, "cv-1"))
    plan = make_specification(**ARMS[arm])
    models = fit_folds([(s.name, s.development) for s in found], plan).models
    rows = predict_folds(
        [(s.name, s.evaluation) for s in found], {plan.name: models}, "recurrence", 1
    )
    by_fold = [
        concordance(part["event"].to_numpy(float), part["score"].to_numpy(float)).value
        for _, part in rows.groupby("fold")
    ]
    return float(np.nanmean(by_fold))


@pytest.mark.slow
@pytest.mark.parametrize("arm", ARMS)
@pytest.mark.parametrize("stratify_by", WAYS)
@pytest.mark.parametrize("size", SIZES)
def test_no_arm_of_the_study_predicts_noise(size, stratify_by, arm):
    mean, error = mean_and_error(
        [real_auc(size, stratify_by, arm, seed) for seed in range(40)]
    )
    assert abs(mean - 0.5) < 2 * error


@pytest.mark.slow
@pytest.mark.parametrize("arm", ["site", "unharmonized"])
def test_arms_that_see_the_site_would_predict_noise_in_folds_by_both(arm):
    mean, error = mean_and_error(
        [real_auc(SIZES[1], BOTH, arm, seed) for seed in range(40)]
    )
    assert mean - 0.5 > 3 * error
