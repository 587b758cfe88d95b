"""Baseline hazards at another hospital: against lifelines, and by hand."""

import numpy as np
import pandas as pd
import pytest
from lifelines import CoxPHFitter

from concord.errors import FitError
from concord.frozen.updating import hazards
from concord.frozen.updating.subjects import Subjects
from concord.models.fitted_model import Baseline
from concord.statistics.outcome_kinds import SURVIVAL

from ...updated_models import HAZARD, plain_document, timed_subjects


def subjects(baseline=None, **planted):
    rows = timed_subjects(150, np.random.default_rng(1), **planted)
    return Subjects.of(rows, SURVIVAL, baseline)


@pytest.mark.parametrize("rounded", [False, True])
def test_slope_and_baseline_are_those_of_lifelines(rounded):
    some = subjects(slope=0.6)
    rows = some.rows[["time_days", "event", "score"]]
    if rounded:  # several events of one day
        rows = rows.assign(time_days=np.ceil(rows["time_days"] / 100))
        some = Subjects(some.rows.assign(time_days=rows["time_days"]), SURVIVAL)
    model = CoxPHFitter(baseline_estimation_method="breslow")
    model.fit(rows, "time_days", "event")
    slope = hazards.cox_slope(some, "efron")
    assert slope == pytest.approx(model.params_["score"], abs=1e-6)

    if not rounded:
        found = hazards.estimated(some, slope, "efron", Baseline(), False)
        theirs = model.baseline_cumulative_hazard_.iloc[:, 0]
        theirs = theirs[theirs.diff().fillna(1) > 0]
        at_zero = theirs * np.exp(-slope * rows["score"].mean())
        np.testing.assert_allclose(found.cumulative_hazard, at_zero, rtol=1e-5)


def test_the_slope_is_where_the_partial_likelihood_is_highest():
    some = subjects(slope=0.6)
    slope = hazards.cox_slope(some, "breslow")

    def value(beta):
        score, time = beta * some.score, some.time
        return sum(
            score[i] - np.log(np.exp(score[time >= time[i]]).sum())
            for i in np.flatnonzero(some.event)
        )

    assert value(slope) > max(value(slope - 1e-4), value(slope + 1e-4))


def test_an_estimated_hazard_expects_the_events_that_were_observed():
    some = subjects(factor=2.0)
    found = hazards.estimated(some, 0.8, "breslow", Baseline(), False)
    expected = hazards.levels(found, some) @ np.exp(0.8 * some.score)
    assert expected == pytest.approx(some.n_events, rel=1e-10)


def test_a_factor_is_observed_over_expected_events():
    parent = plain_document("survival").model.baseline
    some = subjects(parent, factor=2.0)
    level = HAZARD * np.floor(some.time)
    expected = some.n_events / (level @ np.exp(some.score))
    assert hazards.factor(parent, some) == pytest.approx(expected, rel=1e-9)
    assert hazards.factor(parent, some) == pytest.approx(2.0, rel=0.3)


def test_strata_have_hazards_of_their_own_and_share_a_factor():
    parent = plain_document("survival", strata=["a", "b"]).model.baseline
    some = subjects(parent, strata=["a", "b"])
    found = hazards.estimated(some, 1.0, "efron", parent, False)
    for name in ("a", "b"):
        mine = Subjects(some.rows[some.rows["stratum"] == name], SURVIVAL)
        alone = Subjects(mine.rows.drop(columns="stratum"), SURVIVAL)
        own = hazards.estimated(alone, 1.0, "efron", Baseline(), False)
        assert found.strata[name].cumulative_hazard == own.cumulative_hazard
    scaled = hazards.scaled(parent, 2.0, None)
    for name, one in scaled.strata.items():
        before = np.array(parent.strata[name].cumulative_hazard)
        assert one.cumulative_hazard == pytest.approx(2 * before)


def test_a_subject_of_a_stratum_that_the_model_does_not_know_is_left_out():
    parent = plain_document("survival", strata=["a", "b"]).model.baseline
    some = subjects(parent, strata=["a", "b", "c"])
    assert (len(some), some.n_left_out) == (100, 50)


def test_the_hazard_of_other_causes_is_estimated_scaled_or_kept():
    parent = plain_document("survival", competing=0.0005).model.baseline
    some = subjects(parent, competing=0.001)
    found = hazards.estimated(some, 1.0, "efron", parent, True)
    days = np.sort(some.time[some.had_other])
    expected = np.cumsum([1 / (some.time >= day).sum() for day in days])
    assert found.competing_hazard == pytest.approx(expected)
    kept = hazards.estimated(some, 1.0, "efron", parent, False)
    assert kept.competing_hazard == parent.competing_hazard
    factor = hazards.competing_factor(parent, some)
    assert factor == pytest.approx(2.0, rel=0.35)
    scaled = hazards.scaled(parent, 1.0, factor)
    assert scaled.competing_hazard[-1] == factor * parent.competing_hazard[-1]


def test_equal_scores_have_no_slope():
    some = subjects()
    equal = Subjects(some.rows.assign(score=1.0), SURVIVAL)
    with pytest.raises(FitError, match="no finite slope"):
        hazards.cox_slope(equal, "efron")


def test_bootstrap_samples_hold_whole_clusters():
    rows = timed_subjects(60, np.random.default_rng(1), clusters=20)
    some = Subjects.of(rows, SURVIVAL, None)
    drawn = some.drawn(np.random.default_rng(2)).rows
    sizes = drawn.groupby(["cluster", "subject_id"]).size().unstack("cluster")
    assert len(drawn) == 60
    for _, one in sizes.items():
        assert one.dropna().nunique() == 1
        assert len(one.dropna()) == 3


def test_rows_without_a_score_or_an_outcome_are_counted():
    rows = timed_subjects(60, np.random.default_rng(1))
    rows.loc[:4, "score"] = np.nan
    rows["event"] = rows["event"].astype("Int64")
    rows.loc[5:6, "event"] = pd.NA
    some = Subjects.of(rows, SURVIVAL, None)
    assert (len(some), some.n_left_out) == (53, 7)
