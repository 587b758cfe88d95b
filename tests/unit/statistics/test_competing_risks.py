"""Competing risks: values by hand, and by the definition written out."""

import numpy as np
import pytest

from concord.models.estimators.partial_likelihood import PartialLikelihood
from concord.statistics.competing.cumulative_incidence import cumulative_incidence
from concord.statistics.competing.fine_gray import SubdistributionLikelihood
from concord.statistics.competing.gray import gray_test
from concord.statistics.log_rank import log_rank

#: Ties of both causes and of a censored subject at times 2 and 4.
times = np.array([1.0, 2, 2, 2, 3, 4, 4, 4, 5, 6, 6, 7])
codes = np.array([1, 1, 2, 0, 2, 1, 1, 0, 0, 2, 1, 0])
X = np.array([[0.5, 1], [1.2, 0], [-0.3, 1], [0.1, 0], [2.0, 1], [-1.1, 0]] * 2)
X[6:, 0] *= -0.7


def test_incidence_by_hand_with_ties_and_censoring_at_event_times():
    found = cumulative_incidence(times[:5], codes[:5], 1)
    assert found.times.tolist() == [1, 2, 3]
    # 1/5, then 4/5 * 1/4; the subject censored at 2 is at risk then.
    np.testing.assert_allclose(found.estimate, [0.2, 0.4, 0.4])
    # A jump of 1/5 at 1, three quarters of which are left at 2, where one of 1/5 comes.
    assert found.standard_error[0] == pytest.approx(0.2)
    assert found.standard_error[1] == pytest.approx(np.sqrt(0.15**2 + 0.2**2))


def test_causes_and_survival_add_up_to_one():
    curves = [cumulative_incidence(times, codes, cause) for cause in (1, 2)]
    at_risk, survival = curves[0].at_risk, 1.0
    for place in range(len(at_risk)):
        died = curves[0].events[place] + curves[1].events[place]
        survival *= 1 - died / at_risk[place]
        total = sum(curve.estimate[place] for curve in curves)
        assert total + survival == pytest.approx(1)


def test_without_censoring_the_error_is_nearly_that_of_a_share():
    time, code = np.arange(1000.0), np.tile([1, 2, 2, 1], 250)
    share, error = cumulative_incidence(time, code, 1).at(np.array([99, 499, 799]))
    np.testing.assert_allclose(share, [0.05, 0.25, 0.4])
    np.testing.assert_allclose(error, np.sqrt(share * (1 - share) / 1000), rtol=0.01)


def test_values_at_times_are_those_of_the_step_before_and_end_with_follow_up():
    found = cumulative_incidence(times, codes, 1)
    estimate, error = found.at(np.array([0.5, 1, 1.9, 7, 7.1]))
    assert estimate[0] == error[0] == 0
    assert estimate[1] == estimate[2] == pytest.approx(1 / 12)
    assert np.isfinite(estimate[3])
    assert np.isnan(estimate[4])


def test_the_interval_holds_the_estimate_within_zero_and_one():
    found = cumulative_incidence(times, codes, 1)
    lower, upper = found.interval(0.95)
    inside = found.estimate > 0
    assert (lower[inside] > 0).all()
    assert (lower[inside] < found.estimate[inside]).all()
    assert (upper[inside] > found.estimate[inside]).all()
    assert (upper[inside] < 1).all()
    none = cumulative_incidence(times, codes, 3)
    assert np.isnan(none.interval(0.95)).all()


def test_the_interval_covers_in_nineteen_of_twenty_simulated_studies():
    generator, truth, covered = np.random.default_rng(5), 0.5 * (1 - np.exp(-1.0)), []
    for _ in range(300):
        years = generator.exponential(1.0, 60)
        code = generator.integers(1, 3, 60)
        censored = generator.uniform(0.5, 3, 60)
        code = np.where(years <= censored, code, 0)
        found = cumulative_incidence(np.minimum(years, censored), code, 1)
        place = np.searchsorted(found.times, 1.0) - 1
        low, high = (bound[place] for bound in found.interval(0.95))
        covered.append(low < truth < high)
    assert 0.92 <= np.mean(covered) <= 0.98


def test_without_other_causes_the_score_of_grays_test_is_that_of_the_log_rank_test():
    code, group = (codes == 1).astype(int), np.arange(12) % 3
    found, expected = gray_test(times, code, 1, group), log_rank(code, times, group)
    np.testing.assert_allclose(found.observed, expected.observed)
    np.testing.assert_allclose(found.expected, expected.expected)


def test_grays_test_needs_two_groups_at_risk():
    found = gray_test(times, codes, 1, np.zeros(12, dtype=int))
    assert found.df == 0
    assert np.isnan(found.chi_squared)
    assert np.isnan(gray_test(times, codes, 3, np.arange(12) % 2).p_value)


def test_grays_test_does_not_depend_on_the_names_of_groups():
    group = np.arange(12) % 3
    found = gray_test(times, codes, 1, group)
    renamed = gray_test(times, codes, 1, (group + 1) % 3)
    assert found.df == renamed.df == 2
    assert found.chi_squared == pytest.approx(renamed.chi_squared)


def test_groups_are_compared_within_strata_alone():
    generator = np.random.default_rng(2)
    group, stratum = generator.integers(0, 2, 200), np.repeat([0, 1], 100)
    group[stratum == 1] = generator.random(100) < 0.9
    code = np.where(generator.random(200) < 0.5 + 0.3 * stratum, 1, 2)
    time = generator.exponential(1 / (1 + 3 * stratum))
    raw = gray_test(time, code, 1, group)
    within = gray_test(time, code, 1, group, stratum)
    parts = [
        gray_test(time[s], code[s], 1, group[s]) for s in (stratum == 0, stratum == 1)
    ]
    np.testing.assert_allclose(within.expected, sum(part.expected for part in parts))
    assert within.chi_squared < raw.chi_squared


def test_without_other_causes_fine_gray_is_coxs_model_with_breslows_ties():
    time = np.arange(12.0)[::-1]
    code = (codes == 1).astype(int)
    cox = PartialLikelihood(code == 1, time)
    found = SubdistributionLikelihood(time, code, 1)
    point = np.array([0.3, -0.2])
    for ours, theirs in zip(
        found.derivatives(X, point), cox.derivatives(X, point), strict=True
    ):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12)


def weight(subject: int, time: float) -> float:
    """Weight of a subject in the risk set of the cause 1 at a time, by definition."""

    def kept(until: float, start: float) -> float:
        value = 1.0
        for one in np.unique(times[(times >= start) & (times < until)]):
            censored = ((times == one) & (codes == 0)).sum()
            value *= 1 - censored / (times >= one).sum()
        return value

    if times[subject] >= time:
        return 1.0
    return kept(time, times[subject]) if codes[subject] == 2 else 0.0


def written_out(point: np.ndarray) -> tuple[float, np.ndarray]:
    """Log pseudo-likelihood and score residuals (n, p), subject by subject."""
    risk, events = np.exp(X @ point), np.flatnonzero(codes == 1)
    weights = {t: np.array([weight(j, t) for j in range(12)]) for t in times[events]}
    total = {t: (w * risk).sum() for t, w in weights.items()}
    mean = {t: (w * risk) @ X / total[t] for t, w in weights.items()}
    value = sum(np.log(risk[i] / total[times[i]]) for i in events)
    rows = np.zeros_like(X)
    for i in range(12):
        rows[i] += (codes[i] == 1) * (X[i] - mean.get(times[i], X[i]))
        for k in times[events]:
            rows[i] -= risk[i] * weights[k][i] * (X[i] - mean[k]) / total[k]
    moved = {}
    for u in np.unique(times):  # a censoring then moves all later weights
        moved[u] = np.zeros(2)
        for j in np.flatnonzero((codes == 2) & (times <= u)):
            for k in times[events][times[events] > u]:
                share = risk[j] * weights[k][j] / total[k]
                moved[u] += share * (X[j] - mean[k])
    for i in range(12):
        for u in np.unique(times[times <= times[i]]):
            rate = ((times == u) & (codes == 0)).sum() / (times >= u).sum()
            jump = float(times[i] == u and codes[i] == 0)
            rows[i] += (jump - rate) * moved[u] / (times >= u).sum()
    return float(value), rows


@pytest.mark.parametrize("point", [[0.0, 0.0], [0.4, -0.8]])
def test_fine_grays_likelihood_and_residuals_are_those_of_the_definition(point):
    found = SubdistributionLikelihood(times, codes, 1)
    value, rows = written_out(np.array(point))
    ours = found.derivatives(X, np.array(point))
    assert ours[0] == pytest.approx(value, rel=1e-12)
    np.testing.assert_allclose(found.residuals(X, np.array(point)), rows, atol=1e-12)
    # What the weights add sums to zero, so that all residuals sum to the score.
    np.testing.assert_allclose(rows.sum(axis=0), ours[1], atol=1e-12)


def test_derivatives_are_those_of_the_likelihood():
    found, point = SubdistributionLikelihood(times, codes, 1), np.array([0.2, 0.1])
    step = 1e-5
    up, down = (
        [found.derivatives(X, point + sign * step * e) for e in np.eye(2)]
        for sign in (1, -1)
    )
    value, gradient, information = found.derivatives(X, point)
    slopes = [(a[0] - b[0]) / (2 * step) for a, b in zip(up, down, strict=True)]
    curves = [(b[1] - a[1]) / (2 * step) for a, b in zip(up, down, strict=True)]
    np.testing.assert_allclose(gradient, slopes, rtol=1e-6)
    np.testing.assert_allclose(information, curves, rtol=1e-6)
    assert np.isfinite(value)
