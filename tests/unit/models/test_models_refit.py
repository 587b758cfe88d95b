"""Many fits to the same rows: each equals the pipeline's, bit for bit."""

import numpy as np
import pytest

from concord.errors import FitError
from concord.folds.splitting import splits
from concord.models import pipeline as pipelines
from concord.models.arm import MeasuredOnce, arm_data, repeated_measurements
from concord.models.null.refit import Refit
from concord.statistics.outcome_kinds import OUTCOME_KINDS

from ...modelling_study import make_specification, make_tables

ARMS = {
    "few features": {"max_features": 3},
    "all features": {"max_features": 50},
    "covariates and groups": {"covariates": ["age"], "group_indicator": True},
    "covariates alone": {"features": [], "covariates": ["age"]},
}


@pytest.fixture(scope="module")
def study():
    return make_tables(n=90, signal=1.0)


@pytest.mark.parametrize("kind", ["binary", "survival"])
@pytest.mark.parametrize("options", ARMS.values(), ids=ARMS)
def test_scores_of_a_refit_are_those_of_the_pipeline(study, kind, options):
    plan = make_specification(kind, **options)
    whole = arm_data(study.rows, plan)
    split = next(splits(study.rows, study.folds, "cv-1"))
    known, held_out = (
        whole.only(side.cohort["subject_id"])
        for side in (split.development, split.evaluation)
    )
    pipeline = pipelines.build(list(known.predictors.columns), plan, None)
    blind, supervised = pipelines.outcome_blind_and_supervised(pipeline)
    development = blind.fit_transform(known.predictors)
    evaluation = blind.transform(held_out.predictors)
    refit = Refit(supervised, development, evaluation, [0.5])

    y = plan.outcome.target(known.outcome)
    found = []
    for seed in range(5):
        permuted = np.random.default_rng(seed).permutation(y)
        scores, cuts = refit.scores_and_cuts(permuted)
        found.append(scores)
        fitted = supervised.fit(development, permuted)
        expected = fitted.decision_function(evaluation)
        assert cuts == np.median(fitted.decision_function(development))
        assert found[-1].tobytes() == expected.tobytes()
    assert len({scores.tobytes() for scores in found}) == 5


def test_a_fit_without_an_optimum_is_refused(study):
    plan = make_specification()
    rows = arm_data(study.rows, plan)
    pipeline = pipelines.build(list(rows.predictors.columns), plan, None)
    blind, supervised = pipelines.outcome_blind_and_supervised(pipeline)
    development = blind.fit_transform(rows.predictors)
    with pytest.raises(FitError, match="0 events in 90"):
        Refit(supervised, development, development, [0.5]).scores_and_cuts(np.zeros(90))


@pytest.mark.parametrize("kind", OUTCOME_KINDS)
def test_concordance_of_targets_is_that_of_the_table(study, kind):
    outcome = OUTCOME_KINDS[kind]
    rows = study.rows.outcomes("survival")
    score = np.random.default_rng(1).integers(0, 9, len(rows)).astype(float)
    found = outcome.pairs_of_targets(outcome.target(rows), score)
    expected = outcome.pairs(rows.assign(score=score))
    assert found.wins.tolist() == expected.wins.tolist()
    assert found.pairs.tolist() == expected.pairs.tolist()


def test_measurements_are_arranged_once_for_the_same_subjects_and_settings(study):
    calls = []

    def measure(features, plan):
        calls.append((len(features), plan.name))
        return repeated_measurements(features, plan)

    once = MeasuredOnce(measure)
    features = study.features
    some = features[features["subject_id"] != "P0000"]
    first = make_specification(name="first", stability_filter=True)
    second = make_specification("survival", name="second", stability_filter=True)
    unfiltered = make_specification(name="unfiltered")
    stability = first.stability.model_copy(update={"threshold": 0.5})
    loose = first.model_copy(update={"stability": stability})
    other_reader = first.model_copy(update={"reference_reader": "B"})

    found = [once(features, first), once(features, second)]
    assert found[0] is found[1]
    assert once(some, first) is not found[0]
    assert once(features, loose) is not found[0]
    assert once(features, other_reader) is not found[0]
    assert once(features, unfiltered) is None
    n = len(features)
    assert calls == [
        (n, "first"),
        (n - 2, "first"),
        (n, "first"),
        (n, "first"),
        (n, "unfiltered"),
    ]
