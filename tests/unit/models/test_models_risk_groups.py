"""Risk groups of models: cut by development alone, frozen, and permuted with it."""

import numpy as np
import pytest

from concord import files
from concord.models import fitted_model
from concord.models.leakage.leakage_test import leakage_test
from concord.statistics.log_rank import signed_log_rank
from concord.statistics.risk_groups import quantiles_of

from ...fused_study import fused, two_images
from ...modelling_study import (
    fit_and_predict,
    make_specification,
    make_tables,
    null_band,
)

TERTILES = quantiles_of("tertiles")


def cut_at(plan, quantiles):
    return plan.model_copy(update={"risk_quantiles": quantiles})


@pytest.fixture(scope="module")
def study():
    return make_tables(signal=2.0)


def test_groups_of_tertiles_are_those_of_the_cuts_of_each_fold(study):
    plan = cut_at(make_specification("survival"), TERTILES)
    predictions, fit = fit_and_predict(study, plan)

    assert set(predictions["risk_group"]) == {"low", "middle", "high"}
    for model in fit.models.models:
        rows = predictions[predictions["fold"] == model.fold]
        first, second = model.estimates.cuts
        scores = rows["score"]
        assert ((scores > second) == (rows["risk_group"] == "high")).all()
        assert ((scores <= first) == (rows["risk_group"] == "low")).all()


def test_a_fused_arm_is_cut_by_its_own_scores():
    study = two_images(n=72, n_features=5)
    plan = cut_at(fused("mean", "survival"), TERTILES)
    predictions, fit = fit_and_predict(study, plan)
    assert set(predictions["risk_group"].dropna()) == {"low", "middle", "high"}
    assert all(len(model.estimates.cuts) == 2 for model in fit.models.models)


def test_a_document_with_cuts_is_read_to_the_last_bit_and_other_cuts_change_its_hash(
    study, tmp_path
):
    plan = make_specification("survival")
    _, fit = fit_and_predict(study, cut_at(plan, TERTILES))
    fitted_model.write(fit.models, tmp_path / "estimates.json")
    assert fitted_model.read(tmp_path / "estimates.json") == fit.models

    _, other = fit_and_predict(study, plan)
    same = fit.fits["estimates_hash"].to_numpy() == other.fits["estimates_hash"]
    assert not same.any()


def test_an_older_document_with_one_cut_is_still_read(study, tmp_path):
    _, fit = fit_and_predict(study, make_specification("survival"))
    path = tmp_path / "estimates.json"
    fitted_model.write(fit.models, path)
    document = files.read_json(path)
    for model in document["models"]:
        model["estimates"]["cut"] = model["estimates"].pop("cuts")[0]
        model.pop("cuts", None)
    document["specification"].pop("risk_quantiles")
    files.write_json(document, path)

    assert fitted_model.read(path) == fit.models


def test_cuts_do_not_change_when_evaluation_rows_do(study):
    plan = cut_at(make_specification("survival"), TERTILES)
    folds = study.folds[study.folds["fold"] == "1"]
    _, fit = fit_and_predict(study, plan)
    found = leakage_test(
        study.rows, folds, fit.fits[fit.fits["fold"] == "1"], plan, seed=1
    )
    own = found[found["fit"] == "study"]
    assert len(own)
    assert own["unchanged"].all()


def test_the_permuted_statistic_of_tertiles_is_that_of_trend(study):
    plan = cut_at(make_specification("survival"), TERTILES)
    found = null_band(study.rows, study.folds, plan, n_permutations=10, seed=1)
    own = found.loc[found["scheme"] == "cv", "log_rank_z"]
    assert own.notna().all()
    for cut in TERTILES:
        one = cut_at(plan, [cut])
        other = null_band(study.rows, study.folds, one, n_permutations=10, seed=1)
        two = other.loc[other["scheme"] == "cv", "log_rank_z"]
        assert (own.to_numpy() != two.to_numpy()).all()
        assert found["estimate"].tolist() == other["estimate"].tolist()


def test_the_signed_statistic_of_three_groups_counts_their_number():
    rng = np.random.default_rng(1)
    event, time = np.ones(300, int), rng.exponential(size=300)
    group, known = rng.integers(0, 3, 300), np.ones(300, bool)
    faster = time / (1 + group)
    assert signed_log_rank(event, faster, group, known) > 4
    shuffled = [
        signed_log_rank(event, time, rng.permutation(group), known) for _ in range(200)
    ]
    assert np.std(shuffled) == pytest.approx(1, abs=0.15)
