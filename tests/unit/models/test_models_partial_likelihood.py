"""The partial likelihood: strata, ties and weights against sums written out."""

import numpy as np
import pandas as pd
import pytest

from concord.errors import FitError
from concord.models.chain import Pipeline
from concord.models.estimators.model_kind import MODEL_KINDS
from concord.models.estimators.partial_likelihood import PartialLikelihood
from concord.models.estimators.penalized import RidgeCox, RidgeLogistic
from concord.models.estimators.unpenalized import UnpenalizedCox
from concord.models.estimators.variances import variances
from concord.models.fitted_model import Baseline
from concord.models.steps.univariate import univariate_strength
from concord.statistics.existence import separating

N = 90
POINT = np.array([0.4, -0.3, 0.2])
NAMES = list("abc")
TIES = ("efron", "breslow")


def hazard(likelihood, linear):
    """Event times and cumulative hazard of a likelihood without strata."""
    (found,) = likelihood.cumulative_hazards(linear).values()
    return found


def drawn(seed=0, n=N):
    """Columns, events, times with many ties, and strata; one has no event."""
    generator = np.random.default_rng(seed)
    strata = generator.integers(0, 4, n)
    event = (generator.random(n) < 0.6) & (strata != 2)
    time = generator.integers(1, 9, n).astype(float)
    return generator.normal(size=(n, 3)), event, time, strata


def outcome(event, time, strata=None):
    fields = [("event", bool), ("time_days", float)]
    y = np.zeros(len(event), fields + ([] if strata is None else [("stratum", int)]))
    y["event"], y["time_days"] = event, time
    if strata is not None:
        y["stratum"] = strata
    return y


def weighted(event, weight):
    y = np.zeros(len(event), [("event", float), ("weight", float)])
    y["event"], y["weight"] = event, weight
    return y


def written_out(X, event, time, strata, ties, point):
    """Log partial likelihood, term by term."""
    risk, total = np.exp(X @ point), 0.0
    for stratum in np.unique(strata):
        own = strata == stratum
        for now in np.unique(time[own & event]):
            dying = np.flatnonzero(own & event & (time == now))
            at_risk = risk[own & (time >= now)].sum()
            for rank, one in enumerate(dying):
                left = rank / len(dying) * risk[dying].sum() * (ties == "efron")
                total += X[one] @ point - np.log(at_risk - left)
    return total


@pytest.mark.parametrize("ties", ["efron", "breslow"])
@pytest.mark.parametrize("seed", range(5))
def test_the_likelihood_is_that_of_terms_written_out(seed, ties):
    X, *times = drawn(seed)
    likelihood = PartialLikelihood(*times, ties)
    expected = written_out(X, *times, ties, POINT)
    assert likelihood.derivatives(X, POINT)[0] == pytest.approx(expected, rel=1e-12)
    assert likelihood.at(X @ POINT).value == pytest.approx(-expected / N, rel=1e-12)


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_the_derivatives_are_slopes_of_the_terms_written_out(ties):
    X, *times = drawn(1)
    likelihood = PartialLikelihood(*times, ties)
    _, gradient, information = likelihood.derivatives(X, POINT)
    step = 1e-5

    def at(point):
        return written_out(X, *times, ties, point)

    for j, unit in enumerate(step * np.eye(3)):
        found = (at(POINT + unit) - at(POINT - unit)) / (2 * step)
        assert gradient[j] == pytest.approx(found, abs=1e-7)
        for k, other in enumerate(step * np.eye(3)):
            up = at(POINT + unit + other) - at(POINT + unit - other)
            down = at(POINT - unit + other) - at(POINT - unit - other)
            assert information[j, k] == pytest.approx(
                (down - up) / (4 * step**2), abs=2e-3
            )


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_strata_are_a_sum_of_separate_likelihoods(ties):
    X, event, time, strata = drawn(2)
    found = PartialLikelihood(event, time, strata, ties).derivatives(X, POINT)
    parts = [
        PartialLikelihood(event[own], time[own], ties=ties).derivatives(X[own], POINT)
        for own in (strata == one for one in range(4))
    ]
    for number in range(3):
        summed = sum(part[number] for part in parts)
        np.testing.assert_allclose(found[number], summed, atol=1e-12)


def test_a_stratum_gives_its_own_cumulative_hazard():
    X, event, time, strata = drawn(3)
    strata, linear = strata * 10, X @ POINT
    found = PartialLikelihood(event, time, strata).cumulative_hazards(linear)
    assert list(found) == ["0", "10", "20", "30"]
    for name, stratum in found.items():
        own = strata == int(name)
        alone = hazard(PartialLikelihood(event[own], time[own]), linear[own])
        np.testing.assert_array_equal(stratum.times, alone[0])
        np.testing.assert_allclose(stratum.cumulative, alone[1], rtol=1e-13)
    assert not len(found["20"].times)


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_a_document_has_the_hazard_of_each_stratum(ties):
    X, event, time, strata = drawn(3)
    y = outcome(event, time, strata)
    rows = pd.DataFrame(X, columns=NAMES)
    chain = Pipeline([("model", RidgeCox(0.1, ties=ties))]).fit(rows, y)
    scores = chain.decision_function(rows)
    baseline = MODEL_KINDS["survival"].baseline(chain, scores, y)
    assert baseline.times_days == baseline.cumulative_hazard == []
    found = PartialLikelihood(event, time, strata, ties).cumulative_hazards(scores)
    for name, stratum in found.items():
        document = baseline.strata[name].model_dump()
        assert document["times_days"] == stratum.times.tolist()
        assert document["cumulative_hazard"] == stratum.cumulative.tolist()
    assert Baseline.model_validate(baseline.model_dump()) == baseline


def test_the_hazard_of_breslow_predicts_as_many_events_as_each_stratum_had():
    X, event, time, strata = drawn(3)
    linear = X @ POINT
    likelihood = PartialLikelihood(event, time, strata, "breslow")
    for name, (times, hazard) in likelihood.cumulative_hazards(linear).items():
        own = strata == int(name)
        until = np.append(0.0, hazard)[np.searchsorted(times, time[own], "right")]
        assert np.exp(linear[own]) @ until == pytest.approx(event[own].sum())


def test_the_hazard_of_breslow_counts_tied_events_among_all_at_risk():
    tied = PartialLikelihood(
        np.array([1, 1, 0, 0], bool), np.array([1.0, 1, 2, 3]), ties="breslow"
    )
    assert hazard(tied, np.zeros(4))[1] == pytest.approx([2 / 4])


def test_the_score_test_of_a_column_is_that_of_its_strata():
    X, event, time, strata = drawn(4)
    values = np.column_stack([X, strata == 1])  # the last informs within no stratum
    likelihood = PartialLikelihood(event, time, strata)
    found = likelihood.score_statistics(values)
    for j in range(3):
        _, gradient, information = likelihood.derivatives(X[:, [j]], np.zeros(1))
        assert found[j] == pytest.approx(gradient[0] ** 2 / information[0, 0])
    assert np.isnan(found[3])
    strength = univariate_strength(values, outcome(event, time, strata))
    np.testing.assert_array_equal(strength, found)


def test_noise_that_differs_between_strata_scores_as_noise_within_them():
    """Strata shift both hazard and columns: without them noise looks strong."""
    generator = np.random.default_rng(12)
    n = 200
    strata = generator.integers(0, 3, n)
    time = np.ceil(12 * generator.exponential(np.exp(-1.5 * strata)))
    event = generator.random(n) < 0.7
    values = generator.normal(size=(n, 400)) + strata[:, None]
    within = PartialLikelihood(event, time, strata).score_statistics(values)
    across = PartialLikelihood(event, time).score_statistics(values)
    assert within.mean() == pytest.approx(1.0, abs=0.25)
    assert (within > 3.841).mean() == pytest.approx(0.05, abs=0.035)
    assert across.mean() > 5


@pytest.mark.parametrize("seed", range(30))
def test_a_monotone_likelihood_in_strata_is_that_of_all_pairs(seed):
    generator = np.random.default_rng(seed)
    n = 14
    X = generator.integers(-1, 2, (n, 2)).astype(float)
    event, strata = generator.random(n) < 0.5, generator.integers(0, 2, n)
    time = generator.integers(1, 6, n).astype(float)
    pairs = [
        X[i] - X[j]
        for i in np.flatnonzero(event)
        for j in range(n)
        if time[j] >= time[i] and strata[j] == strata[i]
    ]
    found = PartialLikelihood(event, time, strata).comparisons(X)
    assert (separating(found) is None) == (separating(np.array(pairs)) is None)


def test_extreme_predictors_leave_all_derivatives_finite():
    X, *times = drawn(5)
    found = PartialLikelihood(*times).derivatives(X, np.array([900.0, 0, 0]))
    assert all(np.isfinite(part).all() for part in found)


@pytest.mark.parametrize("l1_share", [0.0, 0.7])
@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_a_stratified_model_takes_no_difference_between_strata(ties, l1_share):
    """A shift of whole strata, in columns or times, moves no coefficient."""
    X, event, time, strata = drawn(6)
    options = {"penalty": 0.02, "unpenalized": ("a",), "l1_share": l1_share}
    model = RidgeCox(**options, ties=ties)
    model.fit(pd.DataFrame(X, columns=NAMES), outcome(event, time, strata))
    moved = pd.DataFrame(X + 3.0 * strata[:, None], columns=NAMES)
    again = RidgeCox(**options, ties=ties)
    again.fit(moved, outcome(event, time + 100 * strata, strata))
    np.testing.assert_allclose(again.coef_, model.coef_, atol=1e-8)
    assert model.kkt_residual_ <= 1e-7
    assert model.rescue_ == ""
    rebuilt = RidgeCox.from_estimates(model.estimates())
    assert rebuilt.estimates() == model.estimates()
    assert rebuilt.ties == ties


def test_a_covariate_that_differs_between_strata_alone_is_named():
    X, event, time, strata = drawn(7)
    values = pd.DataFrame(X, columns=NAMES).assign(site=(strata > 1).astype(float))
    y = outcome(event, time, strata)
    with pytest.raises(FitError, match=r"^site has one value .* of each stratum"):
        RidgeCox(0.0).fit(values, y)
    model = RidgeCox(0.1, ("site",)).fit(values, y)
    assert "site has one value" in model.rescue_
    assert model.coef_[3] == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("n_columns", [3, 120])
@pytest.mark.parametrize("l1_share", [0.0, 0.6])
def test_a_weight_counts_as_so_many_rows(l1_share, n_columns):
    generator = np.random.default_rng(8)
    names = [f"x{number}" for number in range(n_columns)]
    X = pd.DataFrame(generator.normal(size=(N, n_columns)), columns=names)
    event = (generator.random(N) < 1 / (1 + np.exp(-X["x0"]))).to_numpy(float)
    times = generator.integers(0, 4, N)
    rows = np.repeat(np.arange(N), times)
    model = RidgeLogistic(0.1, ("x0",), l1_share).fit(X, weighted(event, times))
    again = RidgeLogistic(0.1, ("x0",), l1_share).fit(X.iloc[rows], event[rows])
    np.testing.assert_allclose(model.coef_, again.coef_, atol=1e-7)
    assert model.intercept_ == pytest.approx(again.intercept_, abs=1e-7)
    assert model.rescue_ == again.rescue_ == ""


def test_rows_of_no_weight_do_not_end_a_separation():
    x = np.r_[np.zeros(20), np.ones(20)]
    event, weight = x.copy(), np.ones(40)
    event[[0, 20]], weight[[0, 20]] = [1.0, 0.0], 0.0
    X = pd.DataFrame({"x": x})
    model = RidgeLogistic(unpenalized=("x",)).fit(X, weighted(event, weight))
    assert "x separates the outcomes" in model.rescue_
    with pytest.raises(FitError, match="hold 0 events in 38"):
        RidgeLogistic().fit(X, weighted(np.r_[1.0, np.zeros(39)], weight))


def test_strata_without_events_do_not_inform():
    X, event, time, strata = drawn(9)
    without = strata != 2
    y = outcome(event, time, strata)
    model = RidgeCox(0.1 * without.mean()).fit(pd.DataFrame(X, columns=NAMES), y)
    fewer = RidgeCox(0.1).fit(pd.DataFrame(X[without], columns=NAMES), y[without])
    np.testing.assert_allclose(model.coef_, fewer.coef_, atol=1e-9)


def separated(times=True):
    """A covariate that tells the outcome beside columns that do not."""
    X, event, time, strata = drawn(10)
    rows = pd.DataFrame(X, columns=NAMES)
    rows.insert(0, "tells", event * 1.0)
    return rows, outcome(event, time, strata) if times else event * 1.0


@pytest.mark.parametrize("l1_share", [0.0, 0.5])
@pytest.mark.parametrize("estimator", [RidgeLogistic, RidgeCox])
def test_fits_along_penalties_are_those_of_each(estimator, l1_share):
    X, event, time, strata = drawn(11)
    rows = pd.DataFrame(X, columns=NAMES)
    y = outcome(event, time, strata) if estimator is RidgeCox else event * 1.0
    model = estimator(0.1, ("a",), l1_share)
    falling = [0.3, 0.1, 0.03]
    for fit, penalty in zip(model.fits_along(rows, y, falling), falling, strict=True):
        alone = estimator(penalty, ("a",), l1_share).fit(rows, y)
        np.testing.assert_allclose(fit.coef_, alone.coef_, atol=1e-3)
        assert fit.kkt_residual_ <= 1e-4 * penalty
        assert fit.rescue_ == ""


@pytest.mark.parametrize("l1_share", [0.0, 0.5])
@pytest.mark.parametrize("estimator", [RidgeLogistic, RidgeCox])
def test_fits_along_penalties_are_rescued_where_none_exists(estimator, l1_share):
    rows, y = separated(estimator is RidgeCox)
    model = estimator(0.1, ("tells",), l1_share)
    fits = model.fits_along(rows, y, [0.3, 0.1])
    for fit in fits:
        assert "tells separates the outcomes" in fit.rescue_
        assert fit.kkt_residual_ <= 1e-6


@pytest.mark.parametrize("firth", [False, True])
def test_models_without_a_penalty_count_ties_as_they_are_told(firth):
    """Beside a penalty of nothing; the variance is the same information's."""
    X, event, time, strata = drawn(13)
    rows, y = pd.DataFrame(X, columns=NAMES), outcome(event, time, strata)
    efron, breslow = (UnpenalizedCox(firth, t).fit(rows, y) for t in TIES)
    assert not np.allclose(efron.coef_, breslow.coef_, atol=1e-3)
    assert UnpenalizedCox.from_estimates(breslow.estimates()).ties == "breslow"
    if not firth:
        known = RidgeCox(0.0, tuple(NAMES), ties="breslow").fit(rows, y)
        np.testing.assert_allclose(breslow.coef_, known.coef_, atol=1e-9)
        errors = np.sqrt(variances(known, X, y))
        np.testing.assert_allclose(breslow.standard_errors_, errors, rtol=1e-6)
