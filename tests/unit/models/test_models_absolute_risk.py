from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from concord.models.absolute_risk import absolute_risk, with_other_causes
from concord.models.estimators.model_kind import MODEL_KINDS
from concord.models.fitted_model import Baseline, StratumHazard
from concord.statistics.competing.cumulative_incidence import cumulative_incidence
from concord.statistics.outcome_kinds import SURVIVAL

N = 400
DAYS = [50.0, 200.0, 600.0]


@pytest.fixture
def competing():
    """Two causes with constant hazards; the first depends on a score, censoring too."""
    draw = np.random.default_rng(5)
    score = draw.normal(0, 0.7, N)
    first = draw.exponential(400 / np.exp(score))
    other, end = draw.exponential(700, N), draw.uniform(100, 1200, N)
    days = np.ceil(np.minimum.reduce([first, other, end]))
    cause = np.argmin([end, first, other], axis=0)
    event = (cause == 1).astype(float)
    outcome = pd.DataFrame({"event": event, "time_days": days, "cause": cause * 1.0})
    return score, outcome


def baseline_of(score, outcome):
    y = SURVIVAL.target(outcome)
    # A pipeline whose model has no treatment of ties of its own.
    pipeline = SimpleNamespace(named_steps={"model": None})
    return MODEL_KINDS["survival"].baseline(pipeline, score, y)


def test_without_other_causes_it_is_one_minus_the_survival_of_the_baseline(competing):
    score, outcome = competing
    baseline = baseline_of(score, outcome)
    found = absolute_risk(baseline, score, DAYS)

    times = np.asarray(baseline.times_days)
    for place, day in enumerate(DAYS):
        hazard = np.asarray(baseline.cumulative_hazard)[times <= day][-1]
        expected = 1 - np.exp(-hazard * np.exp(score))
        np.testing.assert_allclose(found[:, place], expected, rtol=1e-12)


def test_before_the_first_event_there_is_no_risk_and_none_without_a_score(competing):
    baseline = baseline_of(*competing)
    found = absolute_risk(baseline, np.array([0.3, np.nan]), [0.5, 200.0])

    assert found[0, 0] == 0
    assert found[0, 1] > 0
    assert np.isnan(found[1, 1])


def test_with_other_causes_it_is_the_integral_over_both_hazards(competing):
    score, outcome = competing
    baseline = with_other_causes(baseline_of(score, outcome), outcome)
    found = absolute_risk(baseline, score[:5], DAYS)

    every = outcome["time_days"].to_numpy()
    other = (outcome["cause"] == 2).to_numpy()
    for row in range(5):
        # Day by day, each cause in turn, by loops.
        own_before = other_before = risk = 0.0
        rows = []
        for day in np.unique(every):
            at = np.searchsorted(baseline.times_days, day, side="right")
            own = ([0.0, *baseline.cumulative_hazard])[at] * np.exp(score[row])
            risk += np.exp(-own_before - other_before) * (1 - np.exp(own_before - own))
            own_before = own
            other_before += other[every == day].sum() / (every >= day).sum()
            rows.append((day, risk))
        for place, limit in enumerate(DAYS):
            expected = [value for day, value in rows if day <= limit][-1]
            assert found[row, place] == pytest.approx(expected, rel=1e-9)


def test_risks_of_many_subjects_mean_the_observed_incidence(competing):
    score, outcome = competing
    baseline = with_other_causes(baseline_of(score, outcome), outcome)
    days = outcome["time_days"].to_numpy()
    incidence = cumulative_incidence(days, outcome["cause"].to_numpy(dtype=int), 1)
    for place, day in enumerate(DAYS):
        observed = float(incidence.at(np.array([day]))[0][0])
        mean = absolute_risk(baseline, score, DAYS)[:, place].mean()
        # The model leaves some room; without the other cause it is far above.
        assert mean == pytest.approx(observed, abs=0.03)
    naive = absolute_risk(baseline_of(score, outcome), score, DAYS)[:, -1].mean()
    assert naive > observed + 0.08


def test_strata_have_their_own_hazards_of_other_causes(competing):
    score, outcome = competing
    outcome["stratum"] = np.where(np.arange(N) % 2, "A", "B")
    baseline = with_other_causes(baseline_of(score, outcome), outcome)

    assert set(baseline.strata) == {"A", "B"}
    for name, hazard in baseline.strata.items():
        mine = outcome[outcome["stratum"] == name].drop(columns="stratum")
        alone = with_other_causes(Baseline(), mine)
        assert hazard.competing_hazard == alone.competing_hazard


def test_a_hazard_without_events_is_no_risk():
    assert (absolute_risk(StratumHazard(), np.zeros(3), DAYS) == 0).all()
