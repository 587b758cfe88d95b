"""Causes that compete: effects, incidence and tests of a cohort with known truth."""

import numpy as np
import pandas as pd
import pytest

from concord.evaluation.competing.effects import MODELS, CauseSpecific, FineGray
from concord.evaluation.competing.outcomes import CompetingOutcomes
from concord.evaluation.competing.tables import (
    effect_table,
    group_test_table,
    incidence_table,
)
from concord.evaluation.competing.variables import LEARNT
from concord.tables import KINDS

from ...competing_study import (
    CAUSES,
    SETTINGS,
    cohort,
    predictions,
    simulated_outcomes,
)


@pytest.fixture(scope="module")
def members():
    return cohort()


@pytest.fixture(scope="module")
def outcomes(members):
    return CompetingOutcomes.of(members, "recurrence")


@pytest.fixture(scope="module")
def effects(members, outcomes):
    return effect_table(outcomes, members, predictions(members), SETTINGS)


def simulated(generator, n, on_cause, on_other) -> CompetingOutcomes:
    return CompetingOutcomes(
        pd.RangeIndex(n), *simulated_outcomes(generator, on_cause, on_other)
    )


def test_an_effect_on_the_other_cause_alone_moves_incidence_but_not_the_hazard():
    generator, n = np.random.default_rng(3), 1500
    x = generator.normal(size=n)
    found = simulated(generator, n, 0 * x, 1.0 * x)
    specific, subdistribution = (
        model(found, 1).effects(["x"], x[:, None])[0]
        for model in (CauseSpecific, FineGray)
    )
    of_other = CauseSpecific(found, 2).effects(["x"], x[:, None])[0]
    assert abs(specific.log_ratio) < 2 * specific.standard_error
    assert subdistribution.log_ratio < -4 * subdistribution.standard_error
    assert abs(of_other.log_ratio - 1.0) < 2.5 * of_other.standard_error


def test_an_effect_on_the_cause_is_found_on_its_hazard():
    generator, n = np.random.default_rng(4), 800
    x = generator.normal(size=n)
    found = simulated(generator, n, 0.7 * x, 0 * x)
    effect = CauseSpecific(found, 1).effects(["x"], x[:, None])[0]
    assert abs(effect.log_ratio - 0.7) < 2.5 * effect.standard_error


@pytest.mark.parametrize("model", MODELS.values())
def test_effects_are_per_unit_of_the_column(model):
    generator, n = np.random.default_rng(5), 200
    x = generator.normal(size=(n, 2))
    regression = model(simulated(generator, n, x[:, 0], x[:, 1]), 1)
    one, other = (
        regression.effects(["a", "b"], x * scale) for scale in (1.0, [[100.0, 0.01]])
    )
    assert one[0].log_ratio == pytest.approx(100 * other[0].log_ratio, rel=1e-6)
    assert one[1].standard_error == pytest.approx(0.01 * other[1].standard_error)


def separated(x: np.ndarray) -> CompetingOutcomes:
    """All of the cause, first those with x, then the others of the other cause."""
    n = len(x)
    order = np.argsort(-x, kind="stable")
    days, code = np.empty(n), np.where(x > 0, 1, 2)
    days[order] = np.arange(1, n + 1)
    return CompetingOutcomes(pd.RangeIndex(n), days, code)


@pytest.mark.parametrize("model", MODELS.values())
@pytest.mark.parametrize(
    ("columns", "cause", "reason"),
    [
        (np.repeat([1.0, 0.0], 30), 1, "x separates the outcomes"),
        (np.ones(60), 1, "x has one value"),
        (np.arange(60.0), 3, "no event of this cause"),
    ],
)
def test_an_effect_that_has_no_optimum_is_undefined_with_the_reason(
    model, columns, cause, reason
):
    found = separated(np.repeat([1.0, 0.0], 30))
    effect = model(found, cause).effects(["x"], columns[:, None])[0]
    assert np.isnan(effect.log_ratio)
    assert effect.reason.startswith(reason)


def test_separation_by_those_with_another_cause_concerns_the_incidence_alone():
    # Who has x has the cause; who has not, has another cause before all of them.
    x = np.repeat([0.0, 1.0], 30)
    found = CompetingOutcomes(
        pd.RangeIndex(60), np.arange(1.0, 61), np.repeat([2, 1], 30)
    )
    specific, subdistribution = (
        model(found, 1).effects(["x"], x[:, None])[0] for model in MODELS.values()
    )
    assert specific.reason.startswith("x has one value")
    assert subdistribution.reason.startswith("x separates")


def test_few_events_have_an_estimate_without_an_interval(outcomes):
    few = CompetingOutcomes(
        outcomes.subjects[:20], outcomes.time_days[:20], outcomes.code[:20]
    )
    x = np.random.default_rng(1).normal(size=(20, 1))
    effect = FineGray(few, 1).effects(["x"], x)[0]
    assert np.isfinite(effect.log_ratio)
    assert np.isnan(effect.standard_error)
    assert effect.reason.endswith("events, an interval takes 15 per column")


def test_every_variable_has_both_effects_on_every_cause(effects):
    found = effects.groupby("variable")["term"].agg(lambda terms: len(set(terms)))
    assert found.to_dict() == {
        "age": 1,
        "stage": 2,
        "treatment": 1,
        "texture": 1,
        "clinical": 1,
    }
    assert (effects.groupby(["variable", "term"]).size() == len(CAUSES)).all()
    assert set(effects.columns) | {"endpoint"} == set(KINDS["competing_effects"])
    age = effects[(effects["term"] == "age") & (effects["cause"] == 2)].iloc[0]
    assert age["specific_lower"] > 0
    assert age["n"] == 120


def test_scores_have_an_effect_per_sd_and_neither_interval_nor_p(effects):
    scores = effects[effects["kind"] == "score"]
    assert scores["specific_log_hr"].notna().all()
    assert scores["specific_lower"].isna().all()
    assert scores["subdistribution_p_value"].isna().all()
    assert (scores["specific_reason"] == LEARNT).all()
    np.testing.assert_allclose(scores["standard_deviation"], 1, atol=0.02)
    assert set(scores.loc[scores["variable"] == "clinical", "n"]) == {119}


def test_the_origin_of_the_scores_of_a_fold_does_not_matter(members, outcomes, effects):
    moved = predictions(members)
    moved.loc[moved["fold"] == "1", "score"] += 100
    moved.loc[moved["fold"] == "2", "score"] *= 7
    again = effect_table(outcomes, members, moved, SETTINGS)
    pd.testing.assert_frame_equal(again, effects)


def test_incidence_of_risk_groups_starts_with_all_at_risk(members, outcomes):
    table = incidence_table(outcomes, predictions(members), SETTINGS)
    keys = ["risk_group", "cause"]
    first = table.groupby(keys).first()
    assert set(table["risk_group"]) == {"all", "low", "high"}
    assert (first["time_days"] == 0).all()
    assert (first["incidence"] == 0).all()
    assert first.loc["low", "n_at_risk"].iloc[0] == 60
    last = table.groupby(keys).last()["incidence"].unstack()
    assert (last.sum(axis=1) <= 1 + 1e-12).all()
    assert len(table[table["risk_group"] == "all"]) == 2 * (
        1 + len(set(outcomes.time_days))
    )


def test_fixed_groups_are_tested_and_learnt_ones_are_not(members, outcomes):
    table = group_test_table(outcomes, members, predictions(members), SETTINGS)
    learnt = table["grouping"] == "risk_group"
    assert table.loc[learnt, "p_value"].isna().all()
    assert table.loc[learnt, "chi_squared"].notna().all()
    assert table.loc[learnt, "reason"].str.contains("a p-value that takes").all()
    site = table[table["grouping"] == "site"]
    assert site["p_value"].between(0, 1).all()
    assert site["reason"].isna().all()
    within = table[table["within"].notna()]
    assert set(within["grouping"]) == {"factor.treatment", "factor.ward"}
    assert set(within["within"]) == {"site"}


def test_groups_with_few_expected_events_have_no_p_value(members, outcomes):
    wards = members["factor.ward"].where(members.index > 5, "small ward")
    table = group_test_table(
        outcomes,
        members.assign(**{"factor.ward": wards}),
        predictions(members),
        SETTINGS,
    )
    ward = table[(table["grouping"] == "factor.ward") & table["within"].isna()]
    assert ward["p_value"].isna().all()
    assert ward["reason"].str.contains("chi-squared takes 5").all()


def test_subjects_without_outcome_or_value_are_not_counted(members):
    gaps = members.copy()
    gaps.loc[0, ["cause.recurrence", "event.recurrence", "time_days.recurrence"]] = (
        np.nan
    )
    gaps.loc[1, "covariate.age"] = np.nan
    found = CompetingOutcomes.of(gaps, "recurrence")
    table = effect_table(found, gaps, predictions(members), SETTINGS)
    assert set(table.loc[table["term"] == "age", "n"]) == {118}
    assert set(table.loc[table["variable"] == "treatment", "n"]) == {119}
