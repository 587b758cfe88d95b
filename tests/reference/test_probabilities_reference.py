"""Calibration and Brier scores against R's rms, riskRegression, pec and glm."""

import numpy as np
import pandas as pd
import pytest
from scipy import special

from concord.models.estimators.penalized import RidgeCox, RidgeLogistic
from concord.statistics.calibration.distances import Distances
from concord.statistics.calibration.links import LOGIT
from concord.statistics.calibration.lowess import Lowess
from concord.statistics.calibration.regression import (
    calibration_in_the_large,
    calibration_line,
    calibration_slope,
)
from concord.statistics.calibration.spiegelhalter import spiegelhalter_z
from concord.statistics.outcome_kinds import SURVIVAL
from concord.statistics.survival.brier import HorizonBrier, integrated
from concord.statistics.survival.pseudo_values import risk_at

from ..reference_rows import modelling

RELATIVE = 1e-6
#: Of values that R rounds on its way: 0 and 1 of a model judged by its own subjects.
ABSOLUTE = 1e-9
TERMS = ["fin", "age", "race", "prio", "wexp"]
OWN, SHIFTED = "valprob_", "valprob_miscal_"
INDICES = ("D", "D:Chi-sq", "U", "U:Chi-sq", "U:p", "Q", "Intercept", "Slope")
SMOOTH = ("Emax", "E90", "Eavg")
TEST = ("S:z", "S:p")
DAYS = (1000, 1500, 1825)
#: Days of the rows that the table has, by value and model.
GIVEN = {
    ("brier", "Null model"): DAYS,
    ("brier", "full"): (1000, 1825),
    ("brier", "base"): (1000, 1825),
    ("ipa", "Null model"): (1000, 1500),
    ("ipa", "full"): (1000, 1500),
    ("ipa", "base"): DAYS,
}
HORIZONS = {
    f"{name}_{model}_{day}": (name, model, day)
    for (name, model), days in GIVEN.items()
    for day in days
}
IBS = {f"ibs_{model}_1825": model for model in ("Null model", "base")}
CRPS = {f"crps_pec_{model}_1825": model for model in ("full", "base")}
ROWS = frozenset(
    [
        *(OWN + name for name in INDICES if name != "U:p"),
        *(SHIFTED + name for name in INDICES if name not in ("D", "Q")),
        *(start + name for start in (OWN, SHIFTED) for name in SMOOTH),
        *(OWN + name for name in TEST),
        SHIFTED + "S:p",
        "calib_in_large_miscal",
        "calib_slope_miscal",
        "brier_m1",
        *HORIZONS,
        *IBS,
        *CRPS,
    ]
)


@pytest.fixture(scope="module")
def reference(shared_data):
    return modelling(shared_data)


@pytest.fixture(scope="module")
def arrests(shared_data):
    """Outcomes, and probabilities of the model of all covariates for its subjects."""
    path = shared_data / "reference" / "modelling" / "data" / "rossi.csv"
    table = pd.read_csv(path).astype(float)
    event = table["arrest"].to_numpy()
    return event, table


@pytest.fixture(scope="module")
def predicted(reference, arrests):
    """Fitted probabilities by the beginning of the rows, as the source names them."""
    event, table = arrests
    model = RidgeLogistic(unpenalized=TERMS).fit(table[TERMS], event)
    score = model.decision_function(table[TERMS])
    return {
        OWN: special.expit(score),
        SHIFTED: special.expit(1.6 * score - 0.3),
    }


def likelihood(event, predictor):
    return float((event * predictor - np.logaddexp(0, predictor)).sum())


def indices(event, probability):
    """Indices of val.prob from intercept and slope of the product."""
    n, logit = len(event), LOGIT.of(probability)
    intercept, slope = calibration_line(event, logit, np.ones(n), LOGIT)
    fitted = likelihood(event, intercept.estimate + slope.estimate * logit)
    share = event.mean()
    nothing = likelihood(event, np.full(n, special.logit(share)))
    given = likelihood(event, logit)
    gain, bad = 2 * (given - nothing), 2 * (fitted - given)
    d, u = (gain - 1) / n, (bad - 2) / n
    return {
        "D": d,
        "D:Chi-sq": gain,
        "U": u,
        "U:Chi-sq": bad,
        "U:p": special.chdtrc(2, max(bad, 0.0)),
        "Q": d - u,
        "Intercept": intercept.estimate,
        "Slope": slope.estimate,
    }


@pytest.mark.parametrize("start", [OWN, SHIFTED])
def test_regressions_equal_val_prob_and_glm(reference, arrests, predicted, start):
    event, _ = arrests
    found = indices(event, predicted[start])
    for name, value in found.items():
        if start + name in ROWS:
            # R takes the p-value as what is left to 1, of which digits are lost.
            expected = pytest.approx(
                reference.loc[start + name, "value"], rel=RELATIVE, abs=ABSOLUTE
            )
            assert value == expected, name


def test_intercept_and_slope_of_shifted_predictions_equal_glm(
    reference, arrests, predicted
):
    event, _ = arrests
    logit, ones = LOGIT.of(predicted[SHIFTED]), np.ones(len(event))
    found = {
        "calib_in_large_miscal": calibration_in_the_large(event, logit, ones, LOGIT),
        "calib_slope_miscal": calibration_slope(event, logit, ones, LOGIT),
    }
    for row, value in found.items():
        expected = reference.loc[row]
        assert value.estimate == pytest.approx(expected["value"], rel=RELATIVE), row
        # Theirs trusts the model that it fits; ours is the jackknife.
        error = np.sqrt((value.influence**2).sum())
        assert error == pytest.approx(expected["se"], rel=0.2), row


@pytest.mark.parametrize("start", [OWN, SHIFTED])
def test_distances_of_the_smooth_curve_equal_val_prob(
    reference, arrests, predicted, start
):
    event, _ = arrests
    p = predicted[start]
    found = Distances.of(Lowess.of(p), event, p)
    values = {"Emax": found.emax, "E90": found.e90, "Eavg": found.ici}
    for name, value in values.items():
        expected = reference.loc[start + name, "value"]
        assert value == pytest.approx(expected, rel=RELATIVE), name


@pytest.mark.parametrize("start", [OWN, SHIFTED])
def test_spiegelhalter_equals_val_prob(reference, arrests, predicted, start):
    event, _ = arrests
    z = spiegelhalter_z(event, predicted[start])
    found = {"S:z": z, "S:p": 2 * special.ndtr(-abs(z))}
    for name, value in found.items():
        if start + name in ROWS:
            expected = reference.loc[start + name, "value"]
            assert value == pytest.approx(expected, rel=RELATIVE), name


def test_brier_score_of_a_binary_outcome(reference, arrests, predicted):
    event, _ = arrests
    found = ((event - predicted[OWN]) ** 2).mean()
    assert found == pytest.approx(reference.loc["brier_m1", "value"], rel=RELATIVE)


@pytest.fixture(scope="module")
def trial(shared_data):
    path = shared_data / "reference" / "modelling" / "data" / "gbsg2.csv"
    table = pd.read_csv(path)
    X = table[["age", "tsize"]].astype(float)
    X["grade"] = table["tgrade"].map({"I": 1.0, "II": 2.0, "III": 3.0})
    X["pnodes"] = table["pnodes"].astype(float)
    X["progrec"] = np.log1p(table["progrec"])
    return X, table["cens"].to_numpy(), table["time"].to_numpy(dtype=float)


def predicted_risks(trial, model, days):
    """Risks of the Cox models of the source, or of nobody in particular."""
    X, event, time = trial
    if model == "Null model":
        share = [risk_at(time, event, 1, day) for day in days]
        return np.tile(share, (len(X), 1))
    terms = list(X.columns[: {"full": 5, "base": 3}[model]])
    y = SURVIVAL.target(pd.DataFrame({"event": event, "time_days": time}))
    score = RidgeCox(unpenalized=terms).fit(X[terms], y).decision_function(X[terms])
    hazard = efron_hazard(event == 1, time, np.exp(score), days)
    return -np.expm1(-np.exp(score)[:, None] * hazard)


def efron_hazard(event, time, relative, days):
    moments, steps = np.unique(time[event]), []
    for moment in moments:
        own = event & (time == moment)
        risk, tied, n = relative[time >= moment].sum(), relative[own].sum(), own.sum()
        steps.append((1 / (risk - np.arange(n) / n * tied)).sum())
    total = np.append(0.0, np.cumsum(steps))
    return total[np.searchsorted(moments, days, side="right")]


@pytest.mark.parametrize("row", HORIZONS)
def test_brier_scores_at_horizons_equal_riskregression(reference, trial, row):
    name, model, day = HORIZONS[row]
    X, event, time = trial
    at = HorizonBrier.of(time, event, 1, day)
    score = at.score(predicted_risks(trial, model, [day])[:, 0])
    expected = reference.loc[row]
    if name == "ipa":
        nobody = at.score(predicted_risks(trial, "Null model", [day])[:, 0])
        found = 1 - score.estimate / nobody.estimate
        assert found == pytest.approx(expected["value"], rel=RELATIVE, abs=ABSOLUTE)
        return
    assert score.estimate == pytest.approx(expected["value"], rel=RELATIVE)
    error = score.influence.std(ddof=1) / np.sqrt(len(X))
    assert error == pytest.approx(expected["se"], rel=RELATIVE)


def scores_on(trial, model, days):
    _, event, time = trial
    risks = predicted_risks(trial, model, days)
    return np.array(
        [
            HorizonBrier.of(time, event, 1, day).score(risk).estimate
            for day, risk in zip(days, risks.T, strict=True)
        ]
    )


def by_steps(days, scores, end):
    """Mean of scores that are level from one day to the next, as both sources have."""
    widths = np.diff(np.concatenate([days, [end]]))
    return float((scores * widths).sum() / end)


@pytest.mark.parametrize("row", IBS)
def test_integrated_brier_scores_equal_riskregression(reference, trial, row):
    days = np.arange(5.0, 1826, 5)
    scores = scores_on(trial, IBS[row], days)
    found = by_steps(days, scores, 1825.0)
    assert found == pytest.approx(reference.loc[row, "value"], rel=RELATIVE)
    # Straight lines between the days, as integrated here, differ by half a step.
    assert float(integrated(days, scores)) == pytest.approx(found, rel=0.003)


@pytest.mark.parametrize("row", CRPS)
def test_integrated_brier_scores_of_all_days_equal_pec(reference, trial, row):
    _, _, time = trial
    days = np.unique(time[time <= 1825])
    scores = scores_on(trial, CRPS[row], days)
    found = by_steps(days, scores, days[-1])
    assert found == pytest.approx(reference.loc[row, "value"], rel=RELATIVE)
    assert float(integrated(days, scores)) == pytest.approx(found, rel=0.003)
