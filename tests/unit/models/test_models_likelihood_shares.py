"""Shares of rows add up to the likelihood of all rows."""

import numpy as np
import pytest

from concord.models.estimators.likelihood_shares import (
    combine,
    cox_share,
    logistic_share,
    penalized,
)
from concord.models.estimators.partial_likelihood import PartialLikelihood


@pytest.fixture
def rows():
    generator = np.random.default_rng(0)
    return generator.normal(size=(40, 3)), (generator.random(40) < 0.4).astype(float)


def test_sites_that_answer_apart_give_the_sum_of_all_rows(rows):
    X, event = rows
    point = np.array([0.1, 0.5, -0.3, 0.2])
    whole = logistic_share(X, event, point, 40)
    parts = [slice(0, 11), slice(11, 30), slice(30, 40)]
    shares = [logistic_share(X[part], event[part], point, 40) for part in parts]
    found = combine(shares)
    assert found.value == pytest.approx(whole.value, rel=1e-14)
    assert found.gradient == pytest.approx(whole.gradient, abs=1e-15)
    assert found.hessian == pytest.approx(whole.hessian, abs=1e-15)


def test_one_share_alone_is_itself_to_the_last_bit(rows):
    X, event = rows
    share = logistic_share(X, event, np.zeros(4), 40)
    assert combine([share]) is share


def test_the_gradient_is_the_slope_of_the_penalized_value(rows):
    X, event = rows
    likelihood = PartialLikelihood(event == 1, np.arange(40.0))
    ridge, point = np.array([0.0, 0.1, 1.0]), np.array([0.2, -0.1, 0.4])

    def at(place):
        return penalized(cox_share(likelihood, X, place, 40), ridge, place)

    steps = 1e-6 * np.eye(3)
    slope = [(at(point + s)[0] - at(point - s)[0]) / 2e-6 for s in steps]
    assert at(point)[1] == pytest.approx(slope, abs=1e-8)
    bend = [(at(point + s)[1] - at(point - s)[1]) / 2e-6 for s in steps]
    assert at(point)[2] == pytest.approx(np.array(bend), abs=1e-7)
