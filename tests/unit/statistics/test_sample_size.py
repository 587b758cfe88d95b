"""Sample sizes: limits, their inverse, and a large simulated study."""

import math

import numpy as np
import pytest

from concord.statistics.sample_size import (
    OVERALL_RISK,
    SHRINKAGE,
    BinaryOutcome,
    SurvivalOutcome,
    required,
)

SURVIVAL = SurvivalOutcome(rate=0.001, mean_follow_up_days=700, at_days=365)


def by_criterion(*given):
    return {found.criterion: found.n for found in required(*given)}


@pytest.mark.parametrize("outcome", [BinaryOutcome(0.2), SURVIVAL])
def test_no_discrimination_explains_nothing_and_more_of_it_explains_more(outcome):
    found = [outcome.r2_of(value) for value in (0.5, 0.6, 0.7, 0.8, 0.9)]

    assert found[0] == pytest.approx(0, abs=1e-12)
    assert np.all(np.diff(found) > 0)
    assert found[-1] < outcome.largest_r2


def test_r2_of_an_auc_is_that_of_a_large_simulated_study():
    generator = np.random.default_rng(3)
    event = generator.random(400_000) < 0.3
    distance = 0.9538726  # of two normal curves with an AUC of 0.75
    score = generator.normal(size=len(event)) + distance * event
    odds = math.log(0.3 / 0.7) - distance**2 / 2 + distance * score
    mean = np.where(event, -np.logaddexp(0, -odds), -np.logaddexp(0, odds)).mean()
    null = 0.3 * math.log(0.3) + 0.7 * math.log(0.7)

    simulated = 1 - math.exp(2 * (null - mean))
    assert BinaryOutcome(0.3).r2_of(0.75) == pytest.approx(simulated, abs=0.005)


def test_the_shrinkage_of_the_number_found_is_the_one_asked_for():
    found = by_criterion(BinaryOutcome(0.4), 20, 0.1)[SHRINKAGE]

    # Van Houwelingen and Le Cessie: 1 - parameters / likelihood ratio, where the
    # R2 given is the apparent one times the shrinkage.
    ratio = -found * math.log(1 - 0.1 / 0.9)
    assert 1 - 20 / ratio == pytest.approx(0.9, abs=1e-3)


def test_the_interval_of_the_overall_risk_is_as_narrow_as_asked():
    n = by_criterion(SURVIVAL, 3, 0.05)[OVERALL_RISK]
    rate = SURVIVAL.rate
    error = math.sqrt(rate / (n * SURVIVAL.mean_follow_up_days))
    bounds = [1 - math.exp(-(rate + z * error) * 365) for z in (-1.96, 0, 1.96)]

    assert bounds[1] - bounds[0] == pytest.approx(0.05, abs=5e-4)
    assert bounds[2] - bounds[1] <= 0.05


def test_a_model_without_parameters_needs_the_overall_risk_alone():
    found = by_criterion(BinaryOutcome(0.5), 0, 0.1)

    assert found == {"shrinkage": 0, "optimism": 0, "overall_risk": 385}


def test_what_is_too_good_to_be_asked_for_has_no_number():
    assert by_criterion(BinaryOutcome(0.5), 5, 0.95)[SHRINKAGE] == math.inf


def test_the_unit_of_time_does_not_matter():
    years = SurvivalOutcome(0.365, 700 / 365, 1.0)
    days = SurvivalOutcome(0.001, 700, 365)

    assert by_criterion(years, 12, 0.08) == by_criterion(days, 12, 0.08)
    assert years.largest_r2 == pytest.approx(days.largest_r2)
