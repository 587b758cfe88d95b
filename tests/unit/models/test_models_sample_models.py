"""What models of samples predict and select: those of the fits, and nothing more."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from concord import tables
from concord.evaluation.instability.selection_stability import of_samples
from concord.folds import bootstrap as drawing
from concord.folds.scheme import BOOTSTRAP, Part
from concord.folds.splitting import splits
from concord.models.absolute_risk import absolute_risk
from concord.models.prediction import Predictor
from concord.models.resampling import resampled
from concord.models.sample_models import SampleModels
from concord.models.settings.rules import ResampleArms

from ...modelling_study import fit_folds, make_specification, make_tables

DAYS = [200.0, 400.0]


def kept_of(study, plans, n_samples=2, days=None, arms=("radiomics",)):
    samples = drawing.samples(study.cohort, n_samples, 1)
    kept = SampleModels(study.rows, samples, arms, days or {}, seed=1)
    part = Part(BOOTSTRAP, 1, n_samples)
    rows = resampled(study.rows, samples, part, plans, 1, kept=kept)
    return kept, samples, rows


def checked(kept, plan):
    found = kept.tables(plan.endpoint, plan.name)
    return [
        tables.check(found[kind], "t", kind)
        for kind in ("sample_predictions", "sample_fits")
    ]


@pytest.fixture(scope="module")
def study():
    return make_tables(n=48, n_features=8, signal=1.5)


def test_predictions_are_those_of_the_model_of_each_sample_for_all_subjects(study):
    plan = make_specification(max_features=3)
    kept, samples, _ = kept_of(study, [plan])
    predictions, fits = checked(kept, plan)
    assert len(predictions) == 3 * 48
    (split,) = splits(study.rows, samples, "bootstrap-2")
    fit = fit_folds([(split.name, split.development)], plan)
    expected = Predictor.of(fit.models.of_fold(split.name)).scored(study.rows, 1)
    mine = predictions[predictions["sample"] == 2].set_index("subject_id")
    assert mine["score"].equals(expected["score"].reindex(mine.index))
    assert mine["prediction"].equals(mine["probability"].rename("prediction"))
    drawn = samples[samples["repeat"] == 2].set_index("subject_id")["times"]
    assert mine["times"].tolist() == drawn.reindex(mine.index).tolist()
    whole = predictions[predictions["sample"] == 0]
    assert whole["standard_score"].mean() == pytest.approx(0, abs=1e-9)
    assert whole["standard_score"].std() == pytest.approx(1)
    chosen = fit.coefficients.query("coefficient != 0")["term"].tolist()
    row = fits[fits["sample"] == 2].iloc[0]
    assert row["features"].split(";") == chosen
    assert row["n_selected"] == 3
    assert row["n_candidates"] == 8


def test_risks_are_those_of_the_samples_own_baseline_hazard(study):
    plan = make_specification("survival")
    kept, samples, _ = kept_of(study, [plan], days={"survival": DAYS})
    predictions, _ = checked(kept, plan)
    assert len(predictions) == 3 * 48 * 2
    (split,) = splits(study.rows, samples, "bootstrap-1")
    fit = fit_folds([(split.name, split.development)], plan)
    model = fit.models.of_fold(split.name)
    mine = predictions[predictions["sample"] == 1]
    for place, day in enumerate(DAYS):
        rows = mine[mine["horizon_days"] == day]
        expected = absolute_risk(model.baseline, rows["score"].to_numpy(), DAYS)
        assert rows["prediction"].to_numpy() == pytest.approx(expected[:, place])


def test_only_the_arms_that_are_asked_for_are_kept_and_no_value_changes(study):
    plans = [make_specification(name=name) for name in ("radiomics", "other")]
    kept, samples, rows = kept_of(study, plans)
    assert len(checked(kept, plans[0])[0])
    part = Part(BOOTSTRAP, 1, 2)
    plain = resampled(study.rows, samples, part, plans, 1)
    assert all(one.equals(two) for one, two in zip(rows, plain, strict=True))
    with pytest.raises(ValueError, match="No objects"):
        kept.tables("recurrence", "other")


def test_a_sample_that_cannot_be_fitted_has_no_prediction_but_the_reason(study):
    plan = make_specification(harmonization={"min_batch_size": 40})
    kept, _, _ = kept_of(study, [plan])
    predictions, fits = checked(kept, plan)
    assert predictions["score"].isna().all()
    assert predictions["reason"].str.len().gt(10).all()
    assert set(fits["status"]) == {"failed"}
    assert fits["features"].isna().all()


def test_files_of_tracked_arms_are_named_by_the_days_of_their_risks():
    models = [
        make_specification(kind, name=name)
        for kind in ("binary", "survival")
        for name in ("one", "two")
    ]
    settings = ResampleArms(
        models=models, seed=1, tracked=["two"], at_days={"survival": DAYS}
    )

    outputs = SimpleNamespace(
        resampled=list("abcd"), sample_predictions=["p", "q"], sample_fits=["f", "g"]
    )
    found = settings.files(outputs)
    assert found[0] == {"resampled": "a"}
    assert found[1] == {"resampled": "b", "sample_predictions": "p", "sample_fits": "f"}
    assert found[3]["sample_predictions-200-400"] == "q"
    untracked = ResampleArms(models=models, seed=1)
    assert untracked.files(outputs) == [{"resampled": one} for one in "abcd"]


def test_pure_noise_is_selected_less_stably_than_a_signal():
    """Samples share their subjects, so that noise is above 0 and far below a signal."""
    values = {}
    for signal in (0.0, 4.0):
        found = []
        for seed in (1, 2):
            made = make_tables(60, 20, site_shift=0, signal=signal, seed=seed)
            plan = make_specification(harmonizer="none", max_features=1)
            kept, _, _ = kept_of(made, [plan], 8)
            found.append(of_samples(checked(kept, plan)[1], 0.95))
        values[signal] = float(pd.concat(found)["stability"].mean())
    assert values[4.0] > 0.9
    assert values[0.0] < 0.6
    assert np.isfinite(values[0.0])
