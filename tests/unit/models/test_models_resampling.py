"""Arms fitted to bootstrap samples: values, never predictions."""

import numpy as np
import pandas as pd
import pytest

from concord import tables
from concord.evaluation.bootstrap import bootstrap
from concord.folds import bootstrap as drawing
from concord.folds.scheme import BOOTSTRAP, Part
from concord.folds.splitting import splits
from concord.models.prediction import Predictor, predict_folds
from concord.models.resampling import resampled
from concord.models.tuning.inner_folds import inner_splits
from concord.statistics.discrimination import concordance

from ...fused_study import fused, two_images
from ...modelling_study import fit_folds, make_specification, make_tables


def part(last, first=1):
    return Part(BOOTSTRAP, first, last)


def of_arm(study, specification, n_samples, seed=1):
    """The table of one arm, checked."""
    samples = drawing.samples(study.cohort, n_samples, seed)
    (rows,) = resampled(study.rows, samples, part(n_samples), [specification], seed)
    return tables.check(rows, "r.tsv", "resampled"), samples


@pytest.mark.parametrize("kind", ["binary", "survival"])
def test_values_are_those_of_the_fitted_model_in_three_sets_of_subjects(kind):
    study = make_tables(n=48, n_features=6, signal=1.0)
    plan = make_specification(kind)
    rows, samples = of_arm(study, plan, 2)

    (split,) = splits(study.rows, samples, "bootstrap-2")
    fit = fit_folds([(split.name, split.development)], plan)
    predictor = Predictor.of(fit.models.of_fold(split.name))
    sets = {
        "in_sample": split.development,
        "on_all": study.rows,
        "out_of_bag": split.evaluation,
    }
    for name, subjects in sets.items():
        scores = predictor.scored(subjects, 1)["score"]
        outcome = subjects.outcomes(plan.endpoint)
        time = outcome["time_days"].to_numpy() if kind == "survival" else None
        expected = concordance(
            outcome["event"].to_numpy(int), scores[outcome.index].to_numpy(), time
        )
        assert rows[name][2] == pytest.approx(expected.value), name
    assert rows["estimates_hash"][2] == fit.fits["estimates_hash"][0]
    assert rows["in_sample"][0] == rows["on_all"][0]
    assert np.isnan(rows["out_of_bag"][0])


def test_a_repeat_moves_the_value_in_the_sample_and_no_other():
    """In the sample, a subject counts as often as it was drawn."""
    study = make_tables(n=48, n_features=6, signal=1.0)
    rows, samples = of_arm(study, make_specification(), 1)
    (split,) = splits(study.rows, samples, "bootstrap-1")
    distinct = split.development.cohort["subject_id"].str.partition(" (")[0].nunique()
    assert rows["n_distinct"][1] == distinct
    assert rows["n_out_of_bag"][1] == len(split.evaluation.cohort)
    assert len(split.development.cohort) == 48


def test_a_sample_that_cannot_be_fitted_is_a_row_with_the_reason():
    study = make_tables(n=48, n_features=6)
    plan = make_specification(harmonization={"min_batch_size": 40})
    rows, _ = of_arm(study, plan, 2)
    assert rows["status"].tolist() == ["failed"] * 3
    assert rows["in_sample"].isna().all()
    assert rows["message"].str.len().gt(10).all()
    (found,) = bootstrap(rows).to_dict("records")
    assert (found["n_samples"], found["n_failed"]) == (0, 2)
    assert np.isnan(found["value_632_plus"])
    assert found["reason"].startswith("no model of all subjects: ")


def test_scores_of_samples_are_refused_among_predictions():
    study = make_tables(n=48, n_features=6)
    samples = drawing.samples(study.cohort, 1, 1)
    (split,) = splits(study.rows, samples, "bootstrap-1")
    fit = fit_folds([(split.name, split.development)], make_specification())
    with pytest.raises(ValueError, match=r"rows of scheme \['bootstrap'\] were fitted"):
        predict_folds(
            [(split.name, split.evaluation)],
            {"radiomics": fit.models},
            "recurrence",
            seed=1,
        )


def test_tuned_arms_never_have_a_repeat_on_both_sides_of_an_inner_fold():
    study = make_tables(n=48, n_features=6)
    samples = drawing.samples(study.cohort, 3, 1)
    plan = make_specification()
    for number in (1, 2, 3):
        (split,) = splits(study.rows, samples, f"bootstrap-{number}")
        for inner in inner_splits(split.development, plan, 4):
            learnt, judged = (
                set(side.cohort["subject_id"].str.partition(" (")[0])
                for side in (inner.development, inner.evaluation)
            )
            assert judged
            assert not learnt & judged


def noise(seed, n_samples):
    """Values of an arm that selects five of thirty features of pure noise."""
    study = make_tables(n=60, n_features=30, site_shift=0.0, seed=seed)
    plan = make_specification(harmonizer="none", max_features=5)
    rows, _ = of_arm(study, plan, n_samples, seed)
    return bootstrap(rows).iloc[0]


@pytest.mark.parametrize(
    ("n_studies", "n_samples"), [(6, 10), pytest.param(60, 50, marks=pytest.mark.slow)]
)
def test_noise_reaches_one_half_by_632_plus_and_out_of_bag(n_studies, n_samples):
    """What is corrected for optimism stays above it where features are selected."""
    names = ["value_632_plus", "out_of_bag", "corrected", "apparent"]
    found = pd.DataFrame([noise(seed, n_samples) for seed in range(n_studies)])
    mean = found[names].astype(float).mean()
    error = found[names].astype(float).std(ddof=1) / np.sqrt(n_studies)
    assert mean["apparent"] > 0.7
    assert abs(mean["out_of_bag"] - 0.5) < 3 * error["out_of_bag"]
    assert abs(mean["value_632_plus"] - 0.5) < 3 * error["value_632_plus"] + 0.02
    assert mean["corrected"] < mean["apparent"] - 0.1


def test_fused_arms_are_fitted_to_samples_with_their_members():
    study = two_images(n=48, n_features=3)
    plan = fused("stacking", inner_folds=2)
    rows, samples = of_arm(study, plan, 1)

    (split,) = splits(study.rows, samples, "bootstrap-1")
    fit = fit_folds([(split.name, split.development)], plan)
    assert rows["status"].tolist() == ["ok", "ok"]
    assert rows["estimates_hash"][1] == fit.fits["estimates_hash"][0]
    assert rows["out_of_bag"].notna().tolist() == [False, True]
