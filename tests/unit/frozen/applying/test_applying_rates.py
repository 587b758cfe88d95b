"""How often flags are raised of patients who are like those of development."""

import numpy as np
import pytest
from scipy import stats

from concord.frozen.applying.distance import Distances
from concord.frozen.applying.ranges import out_of_range
from concord.frozen.development import Applicability, ColumnSummary

from ....applied_study import left_out_distances

COLUMNS = ("a", "b", "c")


def normal(generator, n):
    """Rows of correlated normal values."""
    mixed = np.array([[1.0, 0.8, 0.0], [0.0, 0.6, 0.3], [0.0, 0.0, 1.0]])
    return generator.normal(size=(n, 3)) @ mixed


def skewed(generator, n):
    """Rows with long tails, as texture features have."""
    return np.exp(normal(generator, n))


def distances_of(values):
    """Distances with the limit as it is frozen: by the definition."""
    apart = left_out_distances(values)
    return Distances.of(
        Applicability(
            columns=list(COLUMNS),
            mean=values.mean(axis=0).tolist(),
            covariance=np.cov(values.T).tolist(),
            distance_limit=float(np.quantile(apart, 0.99, method="weibull")),
            n=len(values),
        )
    )


@pytest.mark.parametrize("draw", [normal, skewed])
def test_a_hundredth_of_exchangeable_patients_is_distant(draw):
    generator = np.random.default_rng(11)
    flagged, n_sets, n_new = 0, 120, 60
    for _ in range(n_sets):
        known = distances_of(draw(generator, 120))
        for row in draw(generator, n_new):
            values = dict(zip(COLUMNS, row, strict=True))
            flagged += len([*known.flags(values)])

    # Between sets the true share differs by about 0.009; within them by chance.
    error = np.sqrt(0.009**2 / n_sets + 0.01 / (n_sets * n_new))
    assert flagged / (n_sets * n_new) == pytest.approx(0.01, abs=3 * error)


def test_patients_from_elsewhere_are_distant():
    generator = np.random.default_rng(12)
    known = distances_of(normal(generator, 120))
    away = normal(generator, 50) + np.array([3.0, -3.0, 0.0])

    flagged = [
        bool([*known.flags(dict(zip(COLUMNS, row, strict=True)))]) for row in away
    ]

    assert np.mean(flagged) > 0.9


def test_a_patient_with_a_gap_has_a_limit_of_the_same_rate():
    generator = np.random.default_rng(13)
    n, found = 60, []
    for _ in range(3000):
        values = normal(generator, n)
        known = Distances(
            COLUMNS, values.mean(axis=0), np.cov(values.T), n, limit_of_normal(3, n)
        )
        row = normal(generator, 1)[0]
        row[1] = np.nan
        found.append(known.distance(row) > known.limit_of(2))

    assert np.mean(found) == pytest.approx(0.01, abs=3 * np.sqrt(0.0099 / 3000))


def limit_of_normal(k, n):
    """99th percentile of the distance of a new normal row from n others."""
    quantile = stats.f.ppf(0.99, k, n - k)
    return float(np.sqrt(k * (n + 1) * (n - 1) / (n * (n - k)) * quantile))


def test_the_limit_of_all_predictors_is_the_one_of_development():
    known = Distances(COLUMNS, np.zeros(3), np.eye(3), 60, 3.3)

    assert known.limit_of(3) == 3.3
    assert known.limit_of(1) < known.limit_of(2) < 3.3
    ratio = limit_of_normal(2, 60) / limit_of_normal(3, 60)
    assert known.limit_of(2) == pytest.approx(3.3 * ratio)


@pytest.mark.parametrize("n", [40, 99])
def test_two_of_n_and_one_patients_are_out_of_range_by_each_predictor(n):
    generator = np.random.default_rng(14)
    flagged, n_sets = 0, 4000
    for _ in range(n_sets):
        values, row = generator.normal(size=(n, 3)), generator.normal(size=3)
        ranges = {
            name: ColumnSummary(
                n=n, lowest=column.min(), highest=column.max(), mean=0.0, sd=1.0
            )
            for name, column in zip(COLUMNS, values.T, strict=True)
        }
        found = out_of_range(dict(zip(COLUMNS, row, strict=True)), ranges, {}, 0.0)
        flagged += bool([*found])

    wanted = 1 - (1 - 2 / (n + 1)) ** 3  # about 2k / (n + 1)
    error = np.sqrt(wanted * (1 - wanted) / n_sets)
    assert flagged / n_sets == pytest.approx(wanted, abs=3.5 * error)
