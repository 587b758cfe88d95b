"""Instability over models of samples, and stability of what they select."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from concord import tables
from concord.evaluation.instability import selection_stability
from concord.evaluation.instability.checks import instability_faults
from concord.evaluation.instability.instability import instability
from concord.evaluation.instability.settings import InstabilitySection
from concord.folds import cohort as cohorts
from concord.statistics.subgroups.recalibration import logistic_slope, logit

from ... import synthetic_results as synthetic


def outcomes(endpoint):
    return cohorts.target_of(synthetic.cohort(), endpoint)


def made(predictions, endpoint, n_samples=12, probabilities=(0.5,)):
    found = instability(predictions, outcomes(endpoint), n_samples, list(probabilities))
    return {kind: tables.check(table, "t", kind) for kind, table in found.items()}


def quantity(found, name, **wanted):
    rows = found["instability"]
    rows = rows[rows["quantity"] == name]
    for column, value in wanted.items():
        rows = rows[rows[column] == value]
    (row,) = rows.to_dict("records")
    return row


def test_models_that_are_all_the_same_are_stable():
    predictions = synthetic.sample_predictions("metastasis")
    whole = predictions[predictions["sample"] == 0]
    same = pd.concat([whole.assign(sample=number) for number in range(4)])
    found = made(same, "metastasis")
    assert quantity(found, "mape")["mean"] == 0
    assert (found["prediction_instability"]["mape"] == 0).all()
    assert (found["class_instability"]["changed"] == 0).all()
    row = quantity(found, "slope")
    assert row["mean"] == row["lower"] == row["upper"] == row["original"]


def test_quantities_are_means_over_models_with_their_central_range():
    predictions = synthetic.sample_predictions("metastasis")
    found = made(predictions, "metastasis")
    wide = predictions.pivot(index="sample", columns="subject_id", values="prediction")
    by_model = (wide.loc[1:] - wide.loc[0]).abs().mean(axis=1)
    row = quantity(found, "mape")
    assert row["mean"] == pytest.approx(by_model.mean())
    assert row["upper"] == pytest.approx(by_model.quantile(0.975))
    assert (row["n_models"], row["n_failed"], row["n"]) == (12, 0, wide.shape[1])
    moved = ((wide.loc[1:] >= 0.5) != (wide.loc[0] >= 0.5)).mean(axis=1)
    assert quantity(found, "changed_class", rule="threshold")["mean"] == pytest.approx(
        moved.mean()
    )
    by_subject = found["prediction_instability"].set_index("subject_id")
    assert by_subject["mape"].mean() == pytest.approx(row["mean"])
    events = outcomes("metastasis")["event"].reindex(wide.columns).to_numpy()
    slope = logistic_slope(logit(wide.loc[3].to_numpy()), events).value
    values = [
        logistic_slope(logit(wide.loc[one].to_numpy()), events).value
        for one in range(1, 13)
    ]
    assert slope in values
    assert quantity(found, "slope")["mean"] == pytest.approx(np.mean(values))


def test_only_the_first_samples_are_looked_at():
    predictions = synthetic.sample_predictions("metastasis")
    assert quantity(made(predictions, "metastasis", 5), "mape")["n_models"] == 5


def test_survival_has_risks_by_horizon_and_curves_of_them():
    found = made(synthetic.sample_predictions("survival"), "survival")
    assert set(found["instability"]["scale"]) == {"risk"}
    assert quantity(found, "observed_less_predicted")["n_models"] == 12
    curves = found["calibration_instability"]
    assert set(curves["sample"]) == set(range(13))
    assert curves["horizon_days"].eq(365).all()


def test_without_a_horizon_survival_has_standard_scores_and_no_curve():
    predictions = synthetic.sample_predictions("survival")
    scores = predictions.assign(prediction=np.nan, horizon_days=np.nan)
    found = made(scores, "survival")
    assert set(found["instability"]["scale"]) == {"standard score"}
    assert set(found["instability"]["quantity"]) == {"mape", "changed_class", "slope"}
    assert set(found["class_instability"]["rule"]) == {"risk_group"}
    assert found["calibration_instability"].empty


def test_samples_that_failed_are_counted_and_a_missing_original_is_told():
    predictions = synthetic.sample_predictions("metastasis")
    columns = ["score", "probability", "prediction", "risk_group", "standard_score"]
    lost = predictions.assign(
        **{
            name: predictions[name].where(predictions["sample"] != 2)
            for name in columns
        }
    )
    row = quantity(made(lost, "metastasis"), "mape")
    assert (row["n_models"], row["n_failed"]) == (11, 1)
    gone = predictions.assign(
        **{
            name: predictions[name].where(predictions["sample"] != 0)
            for name in columns
        },
        reason=np.where(predictions["sample"] == 0, "too few events", None),
    )
    row = quantity(made(gone, "metastasis"), "mape")
    assert row["reason"] == "no model of all subjects: too few events"
    assert np.isnan(row["mean"])


def test_larger_moves_of_the_models_are_a_larger_instability():
    predictions = synthetic.sample_predictions("metastasis")
    generator = np.random.default_rng(1)
    noise = generator.normal(0, 1.5, len(predictions)) * (predictions["sample"] > 0)
    score = predictions["score"] + noise
    chance = 1 / (1 + np.exp(-score))
    wild = predictions.assign(score=score, probability=chance, prediction=chance)
    calm, moved = (made(one, "metastasis") for one in (predictions, wild))
    assert quantity(moved, "mape")["mean"] > 2 * quantity(calm, "mape")["mean"]
    ranges = [
        quantity(one, "slope")["upper"] - quantity(one, "slope")["lower"]
        for one in (calm, moved)
    ]
    assert ranges[1] > 0


def fits(n_selected, n_candidates=10, scheme="cv", **more):
    rows = {
        "endpoint": "e",
        "arm": "a",
        "scheme": scheme,
        "repeat": 1,
        "fold": [str(number) for number in range(len(n_selected))],
        "status": "ok",
        "n_candidates": n_candidates,
        "n_selected": n_selected,
    }
    return pd.DataFrame(rows | more)


def coefficients(*sets, **more):
    rows = [
        {
            "endpoint": "e",
            "arm": "a",
            "scheme": "cv",
            "repeat": 1,
            "fold": str(fold),
            "term": f"CT.tumour.original.glcm.f{number}",
            "coefficient": 0.5,
        }
        for fold, chosen in enumerate(sets)
        for number in chosen
    ]
    return pd.DataFrame(rows).assign(**more)


def of_folds(coefs, table):
    return tables.check(
        selection_stability.of_folds(coefs, table, 0.95), "t", "selection_stability"
    )


def test_stability_over_folds_counts_candidates_that_no_fold_selects():
    found = of_folds(coefficients([0, 1], [0, 1]), fits([2, 2]))
    (row,) = found.to_dict("records")
    assert row["stability"] == pytest.approx(1)
    assert (row["n_fits"], row["n_candidates"], row["mean_selected"]) == (2, 10, 2)
    assert np.isnan(row["lower"])
    assert row["reason"].startswith("no interval: development sets")
    # Sets {0, 1} and {0, 2} of ten: 1 - 2 * (0.25 + 0.25) / 10 / (0.2 * 0.8).
    (row,) = of_folds(coefficients([0, 1], [0, 2]), fits([2, 2])).to_dict("records")
    assert row["stability"] == pytest.approx(1 - 0.1 / 0.16)


def test_a_fit_that_selects_nothing_counts_and_a_failed_one_does_not():
    sets = coefficients([0, 1], [], [0, 1])
    (row,) = of_folds(sets, fits([2, 0, 2])).to_dict("records")
    assert row["n_fits"] == 3
    assert row["stability"] < 0.5
    failed = fits([2, 0, 2], status=["ok", "failed", "ok"])
    (row,) = of_folds(sets, failed).to_dict("records")
    assert row["stability"] == pytest.approx(1)


def test_arms_that_select_nothing_have_no_row_and_trees_a_reason():
    assert of_folds(coefficients([0], [0]), fits([1, 1], n_candidates=1)).empty
    (row,) = of_folds(coefficients([0]).iloc[:0], fits([3, 4])).to_dict("records")
    assert "trees have none" in row["reason"]
    other = coefficients([0, 1], [0, 1], scheme="loso")
    assert of_folds(other, fits([2, 2], scheme="loso")).empty


def sample_fits(generator, n_samples=30, chosen=5, p=40):
    names = [f"CT.tumour.original.glcm.f{number}" for number in range(p)]
    rows = [
        {
            "endpoint": "e",
            "arm": "a",
            "sample": sample,
            "status": "ok",
            "n_candidates": p,
            "n_selected": chosen,
            "features": ";".join(generator.choice(names, chosen, replace=False)),
            "message": None,
        }
        for sample in range(n_samples + 1)
    ]
    return tables.check(pd.DataFrame(rows), "t", "sample_fits")


def test_stability_over_samples_has_an_interval_and_random_sets_have_none():
    found = [
        selection_stability.of_samples(sample_fits(np.random.default_rng(seed)), 0.95)
        for seed in range(40)
    ]
    rows = pd.concat(found)
    assert set(rows["n_fits"]) == {30}
    assert abs(rows["stability"].mean()) < 0.01
    assert ((rows["lower"] <= 0) & (rows["upper"] >= 0)).mean() > 0.85


def faults(drawn, **asked):
    config = SimpleNamespace(
        arms={"radiomics": None},
        validation=SimpleNamespace(bootstrap=drawn),
        evaluation=SimpleNamespace(instability=InstabilitySection(**asked)),
    )
    return dict(instability_faults(config))


def test_faults_name_unknown_arms_and_more_samples_than_are_drawn():
    assert faults(0, samples=200) == {}
    assert faults(200, samples=200) == {}
    assert (
        "is 200, but validation.bootstrap draws 100"
        in (faults(100, samples=200)["evaluation.instability.samples"])
    )
    assert (
        "'radiomic' is none of the arms"
        in (faults(0, samples=20, arms=["radiomic"])["evaluation.instability.arms"])
    )
