"""Models without a penalty, and with Firth's, against closed forms and a second way."""

import json

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize
from sklearn.base import clone

from concord.errors import FitError
from concord.models.estimators.firth import CoxRows, LogisticRows, Objective
from concord.models.estimators.penalized import RidgeCox, RidgeLogistic
from concord.models.estimators.unpenalized import UnpenalizedCox, UnpenalizedLogistic
from concord.statistics.outcome_kinds import SURVIVAL

NAMES = np.array(["covariate.a", "covariate.b", "covariate.c"])
ESTIMATORS = {"binary": UnpenalizedLogistic, "survival": UnpenalizedCox}
RIDGES = {"binary": RidgeLogistic, "survival": RidgeCox}

#: Coefficients and 95 % profile intervals of data without ties, by firthmodels 0.8.2
#: (MIT licence), made once.
LOGISTIC = [1.7112469286, -0.4293717562, 0.9536162939]
LOGISTIC_INTERVALS = [
    [0.8671493750, 2.8249591013],
    [-1.1313610406, 0.2425404422],
    [-0.5689113800, 2.6068135032],
]
COX = [1.1118629689, -0.1120838271, 0.2108082777]
COX_INTERVALS = [
    [0.7105303262, 1.5367679449],
    [-0.5836612449, 0.3651350893],
    [-0.6975828672, 1.0295681590],
]


def survival(event, time):
    return SURVIVAL.target(pd.DataFrame({"event": event, "time_days": time}))


def two_by_two(without, with_):
    """Rows of a table: (no event, event) without and with what is asked for."""
    counts = [*without, *with_]
    x = np.repeat([0.0, 0.0, 1.0, 1.0], counts)
    return x[:, None], np.repeat([0.0, 1.0, 0.0, 1.0], counts)


@pytest.fixture(scope="module", params=["binary", "survival"])
def data(request):
    """Sixty subjects, a rare level, ties and few events."""
    generator = np.random.default_rng(2)
    values = generator.normal(size=(60, 3))
    values[:, 2] = generator.random(60) < 0.2
    event = generator.random(60) < 1 / (1 + np.exp(1 - values[:, 0]))
    time = np.ceil(generator.exponential(8 * np.exp(-values[:, 0])))
    y = event.astype(float) if request.param == "binary" else survival(event, time)
    return request.param, values, y


def objective(kind, values, y, firth):
    return ESTIMATORS[kind](firth)._objective(values, y)


@pytest.mark.parametrize(
    "table", [((6, 4), (8, 0)), ((0, 5), (9, 0)), ((20, 1), (7, 3))]
)
def test_firth_of_a_table_of_four_cells_adds_one_half_to_each(table):
    """Heinze and Schemper 2002: also where a cell is empty and outcomes separate."""
    values, event = two_by_two(*table)
    model = UnpenalizedLogistic(firth=True).fit_values(NAMES[:1], values, event)
    (none, some), (none_with, some_with) = table
    at_zero = np.log((some + 0.5) / (none + 0.5))
    at_one = np.log((some_with + 0.5) / (none_with + 0.5))

    assert model.intercept_ == pytest.approx(at_zero, abs=1e-8)
    assert model.coef_[0] == pytest.approx(at_one - at_zero, abs=1e-8)
    assert model.rescue_ == ""


def test_firth_of_the_intercept_alone_adds_one_half_to_either_outcome():
    event = np.repeat([1.0, 0.0], [3, 17])
    nothing = np.zeros((20, 0))
    model = UnpenalizedLogistic(firth=True).fit_values(NAMES[:0], nothing, event)

    assert model.intercept_ == pytest.approx(np.log(3.5 / 17.5), abs=1e-8)


def test_firth_of_two_subjects_in_cox_by_hand():
    """One death among two, x = 1 and 0: p times the root of p(1-p) is largest."""
    y = survival([1, 0], [1.0, 2.0])
    model = UnpenalizedCox(firth=True)
    model.fit_values(NAMES[:1], np.array([[1.0], [0.0]]), y)

    # d/dp (1.5 log p + 0.5 log(1 - p)) = 0 at p = 3/4, and p = 1 / (1 + exp(-b)).
    assert model.coef_[0] == pytest.approx(np.log(3), abs=1e-8)


def direct(kind, values, y):
    """The same penalized likelihood, written down anew and handed to scipy."""
    if kind == "binary":
        design = np.column_stack([np.ones(len(values)), values])

        def negative(point):
            p = 1 / (1 + np.exp(-design @ point))
            information = design.T @ np.diag(p * (1 - p)) @ design
            likelihood = np.log(np.where(y == 1, p, 1 - p)).sum()
            return -likelihood - 0.5 * np.log(np.linalg.det(information))

        start = np.zeros(4)
    else:

        def negative(point):
            total, information = 0.0, np.zeros((3, 3))
            for time in np.unique(y["time_days"][y["event"]]):
                tied = y["event"] & (y["time_days"] == time)
                for number in range(tied.sum()):
                    weight = (y["time_days"] >= time) * np.exp(values @ point)
                    weight[tied] *= 1 - number / tied.sum()
                    total -= np.log(weight.sum())
                    p = weight / weight.sum()
                    centred = values - p @ values
                    information += (centred * p[:, None]).T @ centred
                total += (values[tied] @ point).sum()
            return -total - 0.5 * np.log(np.linalg.det(information))

        start = np.zeros(3)
    found = minimize(negative, start, method="BFGS", options={"gtol": 1e-7})
    return found.x, negative


def test_firth_equals_a_direct_maximization_of_the_penalized_likelihood(data):
    kind, values, y = data
    model = ESTIMATORS[kind](firth=True).fit_values(NAMES, values, y)
    expected, _ = direct(kind, values, y)

    np.testing.assert_allclose(model._point(), expected, atol=2e-6)
    assert model.kkt_residual_ <= 1e-9


def test_value_and_gradient_of_firth_match_a_second_way(data):
    kind, values, y = data
    _, negative = direct(kind, values, y)
    found = objective(kind, values, y, firth=True)
    point = np.array([0.3, -0.2, 0.4, 0.1])[: len(found.rows.start())]
    value, gradient, _ = found(point)

    assert 60 * value == pytest.approx(negative(point), rel=1e-12)
    steps = 1e-5 * np.eye(len(point))
    slopes = [(found(point + s)[0] - found(point - s)[0]) / 2e-5 for s in steps]
    np.testing.assert_allclose(gradient, slopes, atol=1e-9)


def test_values_of_another_implementation_are_met():
    generator = np.random.default_rng(2)
    values = generator.normal(size=(60, 3))
    values[:, 2] = generator.random(60) < 0.2
    event = generator.random(60) < 1 / (1 + np.exp(-values[:, 0] + 1))
    time = np.ceil(generator.exponential(8 * np.exp(-values[:, 0])))
    apart = time + generator.random(60) * 0.5
    logistic = UnpenalizedLogistic(firth=True)
    logistic.fit_values(NAMES, values, event.astype(float))
    logistic.find_intervals(values, event.astype(float))
    cox = UnpenalizedCox(firth=True).fit_values(NAMES, values, survival(event, apart))
    cox.find_intervals(values, survival(event, apart))

    np.testing.assert_allclose(logistic.coef_, LOGISTIC, atol=2e-8)
    np.testing.assert_allclose(logistic.intervals_, LOGISTIC_INTERVALS, atol=2e-6)
    np.testing.assert_allclose(cox.coef_, COX, atol=2e-8)
    np.testing.assert_allclose(cox.intervals_, COX_INTERVALS, atol=2e-6)


def test_without_firth_it_is_the_likeliest_model(data):
    kind, values, y = data
    model = ESTIMATORS[kind]().fit_values(NAMES, values, y)
    other = RIDGES[kind](unpenalized=tuple(NAMES)).fit_values(NAMES, values, y)

    assert model.coef_.tobytes() == np.asarray(other.coef_).tobytes()
    assert model.unpenalized == tuple(NAMES)
    firth = ESTIMATORS[kind](firth=True).fit_values(NAMES, values, y)
    assert np.abs(firth.coef_ - model.coef_).max() > 0.01


def test_a_profile_interval_ends_where_the_likelihood_ratio_is_significant(data):
    kind, values, y = data
    for firth in (False, True):
        model = ESTIMATORS[kind](firth).fit_values(NAMES, values, y)
        assert model.intervals_ is None
        model.find_intervals(values, y)
        whole = objective(kind, values, y, firth)
        point = model._point()
        place = len(point) - 3
        for end in model.intervals_[0]:
            held = whole._profiled(point, place, end)
            assert 120 * (held - whole(point)[0]) == pytest.approx(3.841459, abs=1e-5)
        low, high = model.intervals_.T
        assert (low < model.coef_).all()
        assert (model.coef_ < high).all()


def test_standard_errors_are_those_of_the_information(data):
    kind, values, y = data
    model = ESTIMATORS[kind]().fit_values(NAMES, values, y)
    found = objective(kind, values, y, False)
    steps = 1e-4 * np.eye(len(model._point()))
    slopes = [
        (found(model._point() + s)[1] - found(model._point() - s)[1]) / 2e-4
        for s in steps
    ]
    errors = np.sqrt(np.diag(np.linalg.inv(60 * np.array(slopes))))

    np.testing.assert_allclose(model.standard_errors_, errors[-3:], rtol=1e-5)


@pytest.mark.parametrize("firth", [False, True])
def test_a_model_comes_back_from_json_bit_for_bit(data, firth):
    kind, values, y = data
    model = clone(ESTIMATORS[kind](firth)).fit_values(NAMES, values, y)
    model.find_intervals(values, y)
    text = json.dumps(model.estimates(), allow_nan=False)
    again = type(model).from_estimates(json.loads(text))

    assert again.scores_of(values).tobytes() == model.scores_of(values).tobytes()
    assert json.dumps(again.estimates()) == text


def test_separated_outcomes_are_rescued_without_firth_and_need_none_with_it():
    values, event = two_by_two((6, 4), (8, 0))
    plain, firth = (
        UnpenalizedLogistic(option).fit_values(NAMES[:1], values, event)
        for option in (False, True)
    )

    assert "ridge of 0.001: a separates the outcomes" in plain.rescue_
    assert plain.standard_errors_ is None
    plain.find_intervals(values, event)
    assert plain.intervals_ is None
    assert firth.rescue_ == ""
    assert np.isfinite(firth.standard_errors_).all()


def test_a_monotone_likelihood_of_cox_is_finite_with_firth():
    time = np.arange(1.0, 13.0)
    values = (time < 5)[:, None].astype(float)  # all of these die first
    y = survival(np.repeat([1, 0], [4, 8]), time)
    plain, firth = (
        UnpenalizedCox(option).fit_values(NAMES[:1], values, y)
        for option in (False, True)
    )

    assert "separates the outcomes" in plain.rescue_
    assert 1 < firth.coef_[0] < plain.coef_[0]


def test_columns_that_determine_each_other_are_refused_by_firth(data):
    kind, values, y = data
    twice = np.column_stack([values[:, 0], values[:, 0], values[:, 1]])
    with pytest.raises(FitError, match="determine each other: a and b"):
        ESTIMATORS[kind](firth=True).fit_values(NAMES, twice, y)


@pytest.mark.parametrize("firth", [False, True])
def test_a_case_of_weight_two_is_two_cases(firth):
    generator = np.random.default_rng(8)
    values, event = generator.normal(size=(40, 2)), generator.random(40) < 0.4
    count = generator.integers(0, 3, 40)
    weighted = np.empty(40, dtype=[("event", bool), ("weight", float)])
    weighted["event"], weighted["weight"] = event, count
    many = np.repeat(np.arange(40), count)
    model = UnpenalizedLogistic(firth).fit_values(NAMES[:2], values, weighted)
    other = UnpenalizedLogistic(firth).fit_values(
        NAMES[:2], values[many], event[many].astype(float)
    )

    np.testing.assert_allclose(model._point(), other._point(), atol=1e-8)
    assert model.standard_errors_ is None
    assert other.standard_errors_ is not None


@pytest.mark.parametrize("firth", [False, True])
def test_strata_have_risk_sets_of_their_own(firth):
    generator = np.random.default_rng(9)
    values, stratum = generator.normal(size=(50, 2)), np.arange(50) % 2
    y = np.empty(
        50, dtype=[("event", bool), ("time_days", float), ("stratum", np.int64)]
    )
    y["event"], y["stratum"] = generator.random(50) < 0.6, stratum
    y["time_days"] = np.ceil(generator.exponential(9, 50)) * (1 + 99 * stratum)
    model = UnpenalizedCox(firth).fit_values(NAMES[:2], values, y)
    far = y.copy()  # other times, the same order within each stratum
    far["time_days"] = y["time_days"] ** 2
    same = UnpenalizedCox(firth).fit_values(NAMES[:2], values, far)
    plain = UnpenalizedCox(firth).fit_values(
        NAMES[:2], values, survival(y["event"], y["time_days"])
    )

    np.testing.assert_allclose(same.coef_, model.coef_, atol=1e-9)
    assert np.abs(plain.coef_ - model.coef_).max() > 1e-3


def test_an_end_that_is_never_reached_is_unknown():
    """A likelihood that stays flat to one side has no end there."""
    values, event = two_by_two((6, 4), (8, 0))
    design = np.column_stack([np.ones(len(values)), values])
    rows = LogisticRows(design, event, np.ones(len(event)))
    low, high = Objective(rows, len(event), False).interval(np.array([-0.4, -9.0]), 1)

    assert np.isnan(low)
    assert high == pytest.approx(0.0, abs=2.0)


def test_tied_deaths_leave_the_risk_set_by_shares_after_efron():
    event, time = np.array([1, 1, 0], bool), np.array([2.0, 2.0, 3.0])
    efron, breslow = (
        CoxRows.of(np.eye(3), event, time, None, ties).exposure
        for ties in ("efron", "breslow")
    )

    assert efron.tolist() == [[1.0, 1.0, 1.0], [0.5, 0.5, 1.0]]
    assert breslow.tolist() == [[1.0, 1.0, 1.0], [1.0, 1.0, 1.0]]


@pytest.mark.parametrize("kind", ESTIMATORS)
def test_no_event_is_told(kind):
    y = np.zeros(9) if kind == "binary" else survival(np.zeros(9), np.ones(9))
    for firth in (False, True):
        with pytest.raises(FitError, match="event"):
            ESTIMATORS[kind](firth).fit_values(NAMES[:1], np.ones((9, 1)), y)
