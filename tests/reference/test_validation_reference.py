"""Random-effects pooling against R's metafor, optimism against R's rms."""

import re

import numpy as np
import pandas as pd
import pytest

from concord.models.estimators.penalized import RidgeLogistic, probability
from concord.statistics.discrimination import concordance
from concord.statistics.meta_analysis import (
    generalized_q,
    heterogeneity,
    inconsistency,
    pooled,
    reml_variance,
)
from concord.statistics.optimism import optimism

from .. import reference_rows

#: Events and others among the vaccinated, then among the controls, of the 13 trials of
#: BCG against tuberculosis (Colditz et al. 1994), which the rows name `dat.bcg`.
BCG = [
    (4, 119, 11, 128),
    (6, 300, 29, 274),
    (3, 228, 11, 209),
    (62, 13536, 248, 12619),
    (33, 5036, 47, 5761),
    (180, 1361, 372, 1079),
    (8, 2537, 10, 619),
    (505, 87886, 499, 87892),
    (29, 7470, 45, 7232),
    (17, 1699, 65, 1600),
    (186, 50448, 141, 27197),
    (5, 2493, 3, 2338),
    (27, 16886, 29, 17825),
]
#: Poolings of numbers that stand in the call: heterogeneity, estimator and test.
POOLED = [
    f"meta_{numbers}_{estimator}_{test}"
    for numbers in ("homog", "heter")
    for estimator in ("DL", "PM", "REML", "FE")
    for test in ("z", "knha")
]
Q = [f"{pooled}_Q" for pooled in POOLED]
#: Other estimators of the variance enter the other rows as they stand.
TAU2 = [f"{pooled}_tau2" for pooled in POOLED if "REML" in pooled]
I2 = [f"{pooled}_I2" for pooled in POOLED]
BOUNDED = [f"{pooled}_tau2_QP" for pooled in POOLED]
HARTUNG_KNAPP = [pooled for pooled in POOLED if pooled.endswith("_knha")]
NORMAL = [pooled for pooled in POOLED if pooled.endswith("_z")]
PREDICTED = [f"{pooled}_PI" for pooled in HARTUNG_KNAPP]
VACCINE = [
    f"meta_bcg_{estimator}{end}"
    for estimator in ("DL", "REML")
    for end in ("", "_tau2", "_I2")
]
OPTIMISM = [f"rms_validate_{name}" for name in ("Dxy", "Slope", "B")]
#: Rows that are compared, of those that the table has: it holds a choice.
ROWS = frozenset(
    [*Q, *TAU2, *I2, *BOUNDED, *HARTUNG_KNAPP, *NORMAL, *PREDICTED, *VACCINE, *OPTIMISM]
)
#: R stops its search for the bounds of tau2 at 0.0001.
BOUNDS = 2e-4


@pytest.fixture(scope="module")
def modelling(shared_data):
    return shared_data / "reference" / "modelling"


@pytest.fixture(scope="module")
def reference(modelling):
    return reference_rows.modelling(modelling.parents[1])


def of_call(call):
    """Values and variances that a call of R is given."""
    values, variances = (
        np.array([float(number) for number in text.split(",")])
        for text in re.findall(r"c\(([^)]*)\)", call)[:2]
    )
    return values, variances


def of_bcg():
    a, b, c, d = np.array(BCG, dtype=float).T
    values = np.log(a / (a + b)) - np.log(c / (c + d))
    return values, 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)


def tau2_of(row, reference, values, variances):
    """Variance of the true values: by REML, or the row's where R used another one."""
    kind = row.split("_")[2]
    if kind == "REML":
        return reml_variance(values, variances)
    if kind == "FE":
        return 0.0
    whole = "_".join(row.split("_")[:4])
    other = {"z": "knha", "knha": "z"}[row.split("_")[3]]
    names = [f"{whole}_tau2", whole[: -len(row.split("_")[3])] + other + "_tau2"]
    return next(
        (float(reference.loc[n, "value"]) for n in names if n in reference.index), 0.0
    )


@pytest.mark.parametrize("row", Q)
def test_cochrans_q_equals_metafor(reference, row):
    if row not in reference.index:
        return
    expected = reference.loc[row]
    values, variances = of_call(expected["r_call"])
    assert generalized_q(values, variances, 0.0) == pytest.approx(
        expected["value"], rel=1e-6
    )
    found = heterogeneity(values, variances, 0.95)
    assert found.p_value == pytest.approx(expected["p"], rel=1e-6)


@pytest.mark.parametrize("row", TAU2 + I2)
def test_tau2_and_i2_equal_metafor(reference, row):
    if row not in reference.index:
        return
    expected = reference.loc[row]
    values, variances = of_call(expected["r_call"])
    tau2 = tau2_of(row, reference, values, variances)
    found = tau2 if row.endswith("tau2") else 100 * inconsistency(variances, tau2)
    assert found == pytest.approx(expected["value"], rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("row", BOUNDED)
def test_bounds_of_tau2_equal_metafor(reference, row):
    if row not in reference.index:
        return
    expected = reference.loc[row]
    found = heterogeneity(*of_call(expected["r_call"]), 0.95)
    bounds = (found.tau2_lower, found.tau2_upper)
    assert bounds == pytest.approx(tuple(expected[["lo", "hi"]]), abs=BOUNDS)


@pytest.mark.parametrize("row", HARTUNG_KNAPP)
def test_the_mean_with_its_interval_equals_metafor(reference, row):
    if row not in reference.index:
        return
    expected = reference.loc[row]
    values, variances = of_call(expected["r_call"])
    tau2 = tau2_of(row, reference, values, variances)
    found = pooled(values, variances, tau2, 0.95, never_narrower=False)
    assert (
        found.estimate,
        found.lower,
        found.upper,
        found.standard_error,
    ) == pytest.approx(tuple(expected[["value", "lo", "hi", "se"]]), rel=1e-6)


@pytest.mark.parametrize("row", PREDICTED)
def test_the_prediction_interval_equals_metafor(reference, row):
    if row not in reference.index:
        return
    expected = reference.loc[row]
    values, variances = of_call(expected["r_call"])
    tau2 = tau2_of(row, reference, values, variances)
    found = pooled(values, variances, tau2, 0.95, never_narrower=False)
    assert (
        found.estimate,
        found.prediction_lower,
        found.prediction_upper,
    ) == pytest.approx(tuple(expected[["value", "lo", "hi"]]), rel=1e-6)


def test_the_normal_interval_of_the_mean_equals_metafor(reference):
    """Rows with test='z': the mean is the same, and its error that of the weights."""
    for row in (row for row in NORMAL if row in reference.index):
        expected = reference.loc[row]
        values, variances = of_call(expected["r_call"])
        tau2 = tau2_of(row, reference, values, variances)
        found = pooled(values, variances, tau2, 0.95)
        error = (1 / (variances + tau2)).sum() ** -0.5
        assert (found.estimate, error) == pytest.approx(
            tuple(expected[["value", "se"]]), rel=1e-6
        )
        assert found.standard_error >= error * (1 - 1e-12)


def test_trials_of_a_vaccine_are_pooled_as_by_metafor(reference):
    values, variances = of_bcg()
    tau2 = reml_variance(values, variances)
    for name, variance in (("REML", tau2), ("DL", None)):
        row = f"meta_bcg_{name}"
        assert row in VACCINE
        known = float(reference.loc[f"{row}_tau2", "value"])
        used = known if variance is None else variance
        assert used == pytest.approx(known, rel=1e-6)
        assert 100 * inconsistency(variances, used) == pytest.approx(
            float(reference.loc[f"{row}_I2", "value"]), rel=1e-6
        )
        found = pooled(values, variances, used, 0.95)
        assert found.estimate == pytest.approx(
            float(reference.loc[row, "value"]), rel=1e-6
        )
        error = (1 / (variances + used)).sum() ** -0.5
        assert error == pytest.approx(float(reference.loc[row, "se"]), rel=1e-6)


def test_optimism_of_a_logistic_model_equals_rms(modelling, reference):
    """Rank correlation, calibration slope and Brier score, corrected for optimism."""
    terms = ["fin", "age", "race", "prio", "wexp"]
    table = pd.read_csv(modelling / "data" / "rossi.csv").astype(float)
    X, y = table[terms].to_numpy(), table["arrest"].to_numpy()
    names = np.array(terms)

    def model(rows):
        return RidgeLogistic(unpenalized=terms).fit_values(names, X[rows], y[rows])

    def judged(fitted, rows):
        score = fitted.scores_of(X[rows])
        slope = RidgeLogistic(unpenalized=["s"]).fit_values(
            np.array(["s"]), score[:, None], y[rows]
        )
        return (
            2 * concordance(y[rows], score).value - 1,
            slope.coef_[0],
            np.mean((probability(score) - y[rows]) ** 2),
        )

    every = np.arange(len(y))
    generator = np.random.default_rng(1)
    samples = [generator.integers(len(y), size=len(y)) for _ in range(1000)]
    fitted = [model(rows) for rows in samples]
    inside = np.array([judged(m, r) for m, r in zip(fitted, samples, strict=True)])
    outside = np.array([judged(m, every) for m in fitted])
    apparent = judged(model(every), every)
    for place, row in enumerate(OPTIMISM):
        found = apparent[place] - optimism(inside[:, place], outside[:, place])
        expected = float(reference.loc[row, "value"])
        # Means over 1,000 samples here and 2,000 in R: three errors of the difference,
        # of the slope more than the 0.003 that the table gives.
        lost = inside[:, place] - outside[:, place]
        tolerance = 3 * lost.std() * np.sqrt(1 / 1000 + 1 / 2000)
        assert found == pytest.approx(expected, abs=tolerance), row
