"""Documents of fitted models: what is in them, and what is refused."""

import json

import numpy as np
import pandas as pd
import pytest
from lifelines import NelsonAalenFitter

from concord import files
from concord.errors import ConfigError, StudyError
from concord.evaluation.calibration import Calibrations
from concord.evaluation.performance import performance
from concord.evaluation.selection import selection_frequency
from concord.folds.splitting import FoldName, splits
from concord.models import fitted_model
from concord.models.estimators.model_kind import MODEL_KINDS
from concord.models.estimators.partial_likelihood import PartialLikelihood
from concord.models.leakage import leakage_test
from concord.models.prediction import Predictor, predict_folds
from concord.statistics.outcome_kinds import OUTCOME_KINDS
from concord.study.documents import ROOT

from ...modelling_study import (
    fit_and_predict,
    fit_folds,
    make_specification,
    make_tables,
)

HASH = "0123456789ab"
FEATURE = "CT.tumour.original.glcm.f000"


def hazard(likelihood, linear):
    """Event times and cumulative hazard of a likelihood without strata."""
    (found,) = likelihood.cumulative_hazards(linear).values()
    return found


@pytest.fixture(scope="module")
def study():
    return make_tables(signal=2.0)


def fitted(study, scheme="cv-1", kind="binary", **arm):
    found = list(splits(study.rows, study.folds, scheme))
    return fit_folds(
        [(s.name, s.development) for s in found],
        make_specification(kind, **arm),
        recipe_hashes={FEATURE: HASH},
    )


@pytest.fixture(scope="module")
def written(study, tmp_path_factory):
    path = tmp_path_factory.mktemp("models") / "estimates.json"
    document = fitted(study, covariates=["age"]).models
    fitted_model.write(document, path)
    return document, path


def test_every_kind_of_outcome_has_a_model():
    missing = {*OUTCOME_KINDS} - {*MODEL_KINDS}
    assert not missing, f"models/estimators/model_kind.py lacks {missing}"


def test_a_document_is_read_as_it_was_written_to_the_last_bit(written, tmp_path):
    document, path = written
    found = fitted_model.read(path)
    assert found == document
    fitted_model.write(found, tmp_path / "again.json")
    assert (tmp_path / "again.json").read_bytes() == path.read_bytes()


def test_a_document_says_of_which_features_software_and_settings_it_is(written):
    document, _ = written
    assert document.recipe_hashes[FEATURE] == HASH
    assert len(document.recipe_hashes) == 20
    assert set(document.recipe_hashes.values()) == {HASH, None}
    assert document.software["numpy"] == np.__version__
    assert document.specification.name == "radiomics"
    assert document.of_fold(FoldName("cv", 1, "3")).fold == "3"


def test_ranges_are_those_of_the_development_rows_as_measured(study, written):
    document, _ = written
    split = next(splits(study.rows, study.folds, "cv-1"))
    model = document.of_fold(split.name)
    terms = model.estimates.pipeline["model"]["terms"]
    assert set(model.ranges) == set(terms)
    age = split.development.cohort["covariate.age"]
    assert model.ranges["covariate.age"].lowest == age.min()
    assert model.ranges["covariate.age"].highest == age.max()
    assert model.n_development == len(age)
    assert model.n_events == split.development.cohort["event.recurrence"].sum()
    assert model.kkt_residual <= 1e-6


def test_the_intercept_of_a_logistic_model_is_its_baseline(written):
    model = written[0].models[0]
    assert model.baseline.intercept == model.estimates.pipeline["model"]["intercept"]
    assert model.baseline.times_days == []


def test_the_baseline_hazard_predicts_as_many_events_as_there_were(study):
    """With Breslow's or Efron's hazard, expected events add up to the observed."""
    result = fitted(study, kind="survival")
    split = next(splits(study.rows, study.folds, "cv-1"))
    model = result.models.of_fold(split.name)
    predictor = Predictor.of(model)
    scores = predictor.pipeline.decision_function(
        predictor.predictors(split.development)
    )
    time = split.development.cohort["time_days.survival"].to_numpy()
    times = np.array(model.baseline.times_days)
    hazard = np.append(0.0, model.baseline.cumulative_hazard)
    until = hazard[np.searchsorted(times, time, side="right")]
    expected = (np.exp(scores) * until).sum()
    assert (np.diff(hazard) > 0).all()
    assert (np.diff(times) > 0).all()
    assert expected == pytest.approx(model.n_events, rel=0.05)


def test_the_hazard_without_predictors_is_that_of_nelson_aalen_or_efron():
    event = np.array([1, 1, 0, 1, 0, 1], dtype=bool)
    time = np.array([5.0, 2.0, 3.0, 8.0, 9.0, 1.0])
    found = hazard(PartialLikelihood(event, time), np.zeros(6))
    known = NelsonAalenFitter().fit(time, event).cumulative_hazard_
    assert found[0].tolist() == [1.0, 2.0, 5.0, 8.0]
    assert found[1] == pytest.approx(known.loc[found[0]].to_numpy().ravel())
    # Two tied deaths among four at risk: one leaves after the other.
    tied = PartialLikelihood(np.array([1, 1, 0, 0], bool), np.array([1.0, 1, 2, 3]))
    assert hazard(tied, np.zeros(4))[1] == pytest.approx([1 / 4 + 1 / 3])


def test_a_hazard_of_scores_shifted_by_a_constant_is_divided_by_its_exponential():
    generator = np.random.default_rng(0)
    likelihood = PartialLikelihood(generator.random(30) < 0.5, generator.random(30))
    scores = generator.normal(size=30)
    plain, shifted = (hazard(likelihood, s)[1] for s in (scores, scores + 2))
    assert shifted * np.exp(2) == pytest.approx(plain)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"schema_version": None}, r"of no version, expected 1\. Fit the arm again"),
        ({"schema_version": 7}, r"of version 7, expected 1"),
        ({"more": 1}, r"not a document of fitted models: more: Extra inputs"),
        ({"software": None}, r"software: Input should be a valid dictionary"),
    ],
)
def test_another_document_is_refused_with_its_path(written, tmp_path, change, message):
    found = json.loads(written[1].read_text())
    path = tmp_path / "estimates.json"
    path.write_text(json.dumps(found | change))
    with pytest.raises(StudyError, match=rf"estimates.json: .*{message}"):
        fitted_model.read(path)


def test_the_estimates_of_0_3_0_are_refused_by_name(tmp_path):
    path = tmp_path / "estimates.json"
    path.write_text(json.dumps({"cv-1": {"1": {"failed": "no"}}}))
    with pytest.raises(StudyError, match="of no version"):
        fitted_model.read(path)


def test_an_unknown_key_inside_a_model_is_refused(written, tmp_path):
    found = json.loads(written[1].read_text())
    found["models"][0]["colour"] = "red"
    path = tmp_path / "estimates.json"
    path.write_text(json.dumps(found))
    with pytest.raises(StudyError, match=r"models\.0\.colour: Extra inputs"):
        fitted_model.read(path)


def test_a_fold_that_the_document_lacks_is_named(written):
    with pytest.raises(
        StudyError, match=r"no model of fold 'cv-2_1'; the document has"
    ):
        written[0].of_fold(FoldName("cv", 2, "1"))


def test_the_shipped_schema_is_that_of_the_document():
    schema = ROOT / "resources" / "fitted_models.schema.json"
    assert schema.read_text(encoding="utf-8") == fitted_model.json_schema()
    assert files.read_json(schema)["title"] == "FittedModels"


def test_the_final_fit_uses_all_subjects_whose_outcome_is_known(study):
    cohort = study.cohort.copy()
    cohort.loc[:4, "event.recurrence"] = np.nan
    unknown = type(study)(cohort, study.features, study.folds)
    result = fitted(unknown, "final")
    (model,) = result.models.models
    assert (model.scheme, model.fold) == ("final", "all")
    assert model.n_development == len(cohort) - 5
    assert result.fits["n_development"].tolist() == [len(cohort) - 5]
    rows = Predictor.of(model).predictors(study.rows)
    assert Predictor.of(model).predict(rows, 1)["score"].notna().all()


def test_the_final_fit_judges_nothing(study):
    predictions, cross_validated = fit_and_predict(study, make_specification())
    final = fitted(study, "final")
    fits = pd.concat([cross_validated.fits, final.fits], ignore_index=True)
    with pytest.raises(ConfigError, match=r"fits: rows of scheme \['final'\]"):
        performance(predictions, fits, OUTCOME_KINDS["binary"], 0.95, Calibrations())
    with pytest.raises(ConfigError, match=r"fits: rows of scheme \['final'\]"):
        selection_frequency(cross_validated.coefficients, fits)
    with pytest.raises(ConfigError, match=r"fits: rows of scheme \['final'\]"):
        leakage_test.leakage_test(
            study.rows, study.folds, fits, make_specification(), seed=1
        )
    rows = [(FoldName("final", 1, "all"), study.rows)]
    with pytest.raises(ConfigError, match=r"predictions: rows of scheme \['final'\]"):
        predict_folds(rows, {"radiomics": final.models}, "recurrence", 1)
