"""No step of an arm predicts noise, in studies whose sites go with the outcome.

Features differ between sites, and so do prevalence and the share of missing values.
Judged are pairs of subjects of one site in held-out folds: between sites, the site
itself would be judged.
"""

import numpy as np
import pytest

from concord.statistics.outcome_kinds import BINARY

from ..modelling_study import Tables, fit_and_predict, make_specification, make_tables

_BASE = {"covariates": ["age"], "max_missing": 1.0, "correlation_limit": 0.9}
ARMS = {
    "mrmr": {"selection": "mrmr", "max_features": 3},
    "stability": {"selection": "stability", "half_samples": 10, "max_features": 3},
    "chained": {"imputation": "chained", "n_imputations": 2},
    "indicator": {"imputation": "indicator", "drop_missing_above": 0.4},
    "rank_normal, icc": {"transform": "rank_normal", "representative": "icc"},
    "log, robust, none": {"transform": "log", "scaling": "robust", "selection": "none"},
}


def noise_study(seed: int) -> Tables:
    """Ninety subjects of three sites, whose outcome is noise within each."""
    made = make_tables(n=90, prevalence=(0.3, 0.5, 0.7), seed=seed)
    generator = np.random.default_rng([seed, 1])
    cohort, features = made.cohort.copy(), made.features.copy()
    share = cohort["site"].map({"A": 0.1, "B": 0.3, "C": 0.5})
    cohort.loc[generator.random(90) < share, "covariate.age"] = np.nan
    lost = generator.random(len(features)) < features["site"].map({"A": 0.6}).fillna(
        0.1
    )
    names = [name for name in features if name.startswith("original.")]
    features.loc[lost, names[:4]] = np.nan
    return Tables(cohort, features, made.folds)


def auc_within_sites(study: Tables, options: dict) -> float:
    """AUC over the pairs of one site and fold, over all folds of a repeat."""
    plan = make_specification(**_BASE | options)
    found, _ = fit_and_predict(study, plan)
    scored = found[found["score"].notna()]
    counts = [BINARY.pairs_within_groups(rows) for _, rows in scored.groupby("fold")]
    wins = sum(one.wins.sum() for one in counts)
    return float(wins / sum(one.pairs.sum() for one in counts))


def values(options: dict, n_studies: int) -> np.ndarray:
    """AUC of an arm in several studies of noise."""
    return np.array(
        [auc_within_sites(noise_study(seed), options) for seed in range(n_studies)]
    )


@pytest.mark.parametrize("options", ARMS.values(), ids=ARMS)
def test_an_arm_does_not_predict_noise(options):
    found = values(options, 4)
    assert found.std() > 0
    assert abs(found.mean() - 0.5) < 4 * found.std(ddof=1) / np.sqrt(len(found))


@pytest.mark.slow
@pytest.mark.parametrize("options", ARMS.values(), ids=ARMS)
def test_an_arm_does_not_predict_noise_of_many_studies(options):
    found = values(options, 100)
    assert abs(found.mean() - 0.5) < 2.5 * found.std(ddof=1) / np.sqrt(len(found))
