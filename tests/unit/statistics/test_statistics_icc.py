"""Intraclass correlation against published values, algebra and simulation."""

import math

import numpy as np
import pytest
from scipy import stats

from concord.errors import StudyError
from concord.statistics.icc import FORMS, intraclass_correlation, lower_bound

#: Table 2 of Shrout and Fleiss (1979): six subjects, four judges.
SHROUT_FLEISS = np.array(
    [
        [9, 2, 5, 8],
        [6, 1, 3, 2],
        [8, 4, 6, 8],
        [7, 1, 2, 6],
        [10, 5, 6, 9],
        [6, 2, 4, 7],
    ],
    float,
)


def one_feature(ratings, form, confidence=0.95):
    """Estimate, lower and upper bound of one table (subjects, raters)."""
    found = intraclass_correlation(np.asarray(ratings)[..., None], form, confidence)
    return found.estimate[0], found.lower[0], found.upper[0]


def simulated(n_subjects, n_raters, n_features, rater_sd=0.0, seed=1):
    """Ratings with between-subject and error variance of 4 and 1."""
    generator = np.random.default_rng(seed)
    subject = 2 * generator.normal(size=(n_subjects, 1, n_features))
    rater = rater_sd * generator.normal(size=(1, n_raters, n_features))
    return subject + rater + generator.normal(size=(n_subjects, n_raters, n_features))


def textbook(x, form, confidence):
    """McGraw and Wong (1996), tables 4 and 7, term by term for one feature."""
    n, k = x.shape
    rows, columns = x.mean(axis=1), x.mean(axis=0)
    msr = k * np.var(rows, ddof=1)
    msc = n * np.var(columns, ddof=1)
    msw = np.mean(np.var(x, axis=1, ddof=1))
    mse = (((n * (k - 1)) * msw) - (k - 1) * msc) / ((n - 1) * (k - 1))
    p = 1 - (1 - confidence) / 2
    if form == "ICC(1,1)":
        low = msr / msw / stats.f.ppf(p, n - 1, n * (k - 1))
        high = msr / msw * stats.f.ppf(p, n * (k - 1), n - 1)
        estimate = (msr - msw) / (msr + (k - 1) * msw)
        return estimate, (low - 1) / (low + k - 1), (high - 1) / (high + k - 1)
    if form == "ICC(C,1)":
        low = msr / mse / stats.f.ppf(p, n - 1, (n - 1) * (k - 1))
        high = msr / mse * stats.f.ppf(p, (n - 1) * (k - 1), n - 1)
        estimate = (msr - mse) / (msr + (k - 1) * mse)
        return estimate, (low - 1) / (low + k - 1), (high - 1) / (high + k - 1)
    r = (msr - mse) / (msr + (k - 1) * mse + k / n * (msc - mse))
    a, b = k * r / (n * (1 - r)), 1 + k * r * (n - 1) / (n * (1 - r))
    v = (a * msc + b * mse) ** 2 / (
        (a * msc) ** 2 / (k - 1) + (b * mse) ** 2 / ((n - 1) * (k - 1))
    )
    below, above = stats.f.ppf(p, n - 1, v), stats.f.ppf(p, v, n - 1)
    rest = k * msc + (k * n - k - n) * mse
    lower = n * (msr - below * mse) / (below * rest + n * msr)
    upper = n * (above * msr - mse) / (rest + n * above * msr)
    return r, lower, upper


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        # Estimates as printed by Shrout and Fleiss; bounds by psych 2.2.9 in R.
        ("ICC(1,1)", (0.1657417684, -0.1329323249, 0.7225600623)),
        ("ICC(A,1)", (0.2897637795, 0.01878651337, 0.7610843696)),
        ("ICC(C,1)", (0.7148407148, 0.342464765, 0.94585826)),
    ],
)
def test_the_ratings_of_shrout_and_fleiss_give_their_values(form, expected):
    assert one_feature(SHROUT_FLEISS, form) == pytest.approx(expected, abs=1e-9)


def test_consistency_does_not_see_a_constant_difference_between_raters():
    ratings = simulated(12, 2, 1)[..., 0]
    shifted = ratings + np.array([0.0, 5.0])

    consistent = one_feature(ratings, "ICC(C,1)")
    assert one_feature(shifted, "ICC(C,1)") == pytest.approx(consistent)
    assert one_feature(shifted, "ICC(A,1)")[0] < consistent[0] - 0.3


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("confidence", [0.95, 0.8])
@pytest.mark.parametrize(("n_subjects", "n_raters"), [(3, 2), (12, 2), (25, 4)])
def test_every_feature_has_the_values_of_the_textbook(
    form, confidence, n_subjects, n_raters
):
    ratings = simulated(n_subjects, n_raters, 8, rater_sd=0.7)

    found = intraclass_correlation(ratings, form, confidence)

    for feature in range(8):
        expected = textbook(ratings[..., feature], form, confidence)
        values = (found.estimate, found.lower, found.upper)
        assert [value[feature] for value in values] == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("form", FORMS)
def test_the_interval_covers_the_truth_as_often_as_it_says(form):
    found = intraclass_correlation(simulated(30, 2, 4000), form)

    covered = (found.lower <= 0.8) & (found.upper >= 0.8)
    assert covered.mean() == pytest.approx(0.95, abs=0.012)
    assert found.estimate.mean() == pytest.approx(0.8, abs=0.01)


def test_a_shift_between_readers_lowers_the_agreement_by_its_square():
    subject = np.array([1.0, 4.0, 2.0, 7.0, 5.0])
    ratings = np.stack([subject, subject + 3], axis=1)[..., None]

    found = intraclass_correlation(ratings, "ICC(A,1)")

    between = 2 * np.var(subject, ddof=1)
    assert found.estimate[0] == pytest.approx(between / (between + 3**2), abs=1e-12)
    assert found.bias[0] == pytest.approx(3, abs=1e-12)
    assert found.lower[0] < found.estimate[0] < found.upper[0]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("unit", [1.0, 0.1])
def test_ratings_that_repeat_exactly_have_a_correlation_of_one(form, unit):
    ratings = unit * np.repeat([[1.0], [4.0], [9.0]], 3, axis=1)

    assert one_feature(ratings, form) == pytest.approx((1, 1, 1), abs=1e-12)


def test_within_subject_sd_and_cv_are_root_mean_squares_over_subjects():
    ratings = np.array([[9.0, 11.0], [30.0, 34.0]])[..., None]

    found = intraclass_correlation(ratings, "ICC(1,1)")

    assert found.within_sd[0] == pytest.approx(math.sqrt((2 + 8) / 2))
    assert found.within_cv[0] == pytest.approx(
        math.sqrt((2 / 10**2 + 8 / 32**2) / 2), abs=1e-12
    )


def test_the_coefficient_of_variation_needs_means_of_one_sign():
    ratings = np.array([[9.0, 11.0], [-30.0, -34.0]])[..., None]

    found = intraclass_correlation(ratings, "ICC(1,1)")

    assert math.isnan(found.within_cv[0])
    assert found.estimate[0] > 0.9
    assert found.reason[0] == "within_cv: the subjects' means do not have one sign"


def test_negative_features_have_a_positive_coefficient_of_variation():
    ratings = -np.array([[9.0, 11.0], [30.0, 34.0]])[..., None]

    assert intraclass_correlation(ratings, "ICC(1,1)").within_cv[0] > 0


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("missing", [np.nan, np.inf])
def test_a_subject_without_all_ratings_counts_for_no_other_value(form, missing):
    ratings = simulated(10, 3, 2)
    gap = ratings.copy()
    gap[4, 1, 0] = missing

    found = intraclass_correlation(gap, form)

    without = intraclass_correlation(np.delete(ratings, 4, axis=0), form)
    whole = intraclass_correlation(ratings, form)
    assert found.n_subjects.tolist() == [9, 10]
    for name in ("estimate", "lower", "upper", "within_sd", "bias"):
        expected = getattr(without, name)[0], getattr(whole, name)[1]
        assert getattr(found, name) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("form", FORMS)
def test_unit_and_zero_of_the_feature_do_not_change_the_correlation(form):
    ratings = simulated(15, 3, 5, rater_sd=0.5)
    plain = intraclass_correlation(ratings, form)
    moved = intraclass_correlation(1e-3 * ratings + 500, form)

    assert moved.estimate == pytest.approx(plain.estimate, abs=1e-8)
    assert moved.lower == pytest.approx(plain.lower, abs=1e-8)
    assert moved.within_sd == pytest.approx(1e-3 * plain.within_sd)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("value", [0.0, 0.1, -1e9])
def test_a_constant_feature_has_no_correlation_and_a_reason(form, value):
    found = intraclass_correlation(np.full((7, 3, 1), value), form)

    assert np.isnan([found.estimate, found.lower, found.upper]).all()
    assert found.within_sd[0] == pytest.approx(0, abs=1e-6)
    assert found.reason[0] == "the subjects do not differ, so no correlation is defined"


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("n_subjects", [0, 1])
def test_less_than_two_subjects_have_no_value_and_a_reason(form, n_subjects):
    found = intraclass_correlation(np.ones((n_subjects, 2, 3)), form)

    values = (found.estimate, found.lower, found.within_sd, found.within_cv, found.bias)
    assert np.isnan(values).all()
    assert found.n_subjects.tolist() == [n_subjects] * 3
    assert set(found.reason) == {"fewer than 2 subjects have all ratings"}


def test_a_defined_correlation_has_no_reason():
    found = intraclass_correlation(simulated(9, 2, 3) + 50, "ICC(1,1)")

    assert found.reason.tolist() == ["", "", ""]
    assert found.n_raters.tolist() == [2, 2, 2]


def test_an_unknown_form_is_refused():
    with pytest.raises(StudyError, match=r"ICC\(3,1\)', expected one of .*ICC\(A,1\)"):
        intraclass_correlation(np.ones((3, 2, 1)), "ICC(3,1)")


@pytest.mark.parametrize("shape", [(5, 1, 2), (5, 2)])
def test_ratings_need_two_raters_and_three_axes(shape):
    with pytest.raises(StudyError, match=r"at least 2 raters, found \(5, "):
        intraclass_correlation(np.ones(shape), "ICC(1,1)")


def test_no_bound_exceeds_one_by_rounding():
    generator = np.random.default_rng(2)
    truth = generator.lognormal(9, 1, (6, 1, 400))
    ratings = np.concatenate([truth, truth * (1 + 1e-9), truth], axis=1)
    for form in ("ICC(1,1)", "ICC(A,1)", "ICC(C,1)"):
        found = intraclass_correlation(ratings, form, 0.95)
        for values in (found.estimate, found.lower, found.upper):
            assert values.max() <= 1.0


@pytest.mark.parametrize("form", FORMS)
def test_the_lower_bound_alone_is_that_of_the_table(form):
    ratings = simulated(12, 3, 40, rater_sd=0.5)
    ratings[3:, :, 0] = np.nan  # three subjects
    ratings[1:, :, 1] = np.nan  # one subject
    ratings[:, 0, 2] = np.nan  # none
    ratings[:, :, 3] = 5.0  # no spread
    ratings[:, :, 4] = ratings[:, :1, 4]  # perfect repetition
    for confidence in (0.5, 0.9, 0.95):
        table = intraclass_correlation(ratings, form, confidence)
        lower, n_subjects = lower_bound(ratings, form, confidence)
        assert lower.tobytes() == table.lower.tobytes()
        assert n_subjects.tobytes() == table.n_subjects.tobytes()
