"""AUC and C-index with standard errors against R's pROC and survival."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import chdtrc

from concord.evaluation.treatment.fits import Outcomes
from concord.models.estimators.penalized import RidgeCox, RidgeLogistic
from concord.statistics.censoring import horizon_weights
from concord.statistics.discrimination import concordance, pair_counts
from concord.statistics.outcome_kinds import SURVIVAL

from .. import reference_rows

#: Terms of the models whose AUC is compared.
AUC = {
    "auc_delong_m0": ["fin", "age", "race"],
    "auc_delong_m1": ["fin", "age", "race", "prio", "wexp"],
}
#: Name of the coefficient there, by the term here; the last two are the full model's.
TRIAL = {
    "age": "age",
    "tsize": "tsize",
    "grade": "gr",
    "pnodes": "pnodes",
    "progrec": "log1p(progrec)",
}
COEFFICIENTS = {term: f"gb_coef_{name}" for term, name in TRIAL.items()}
N_TERMS = {"base": 3, "full": 5}
AT_HORIZON = {
    f"tdauc_{model}_{horizon}": (model, horizon)
    for model, horizon in [
        ("full", 1000),
        ("full", 1825),
        ("base", 1500),
        ("base", 1825),
    ]
}
DIFFERENCE = {f"tdauc_delta_base_full_{day}": day for day in (1000, 1500, 1825)}
#: Columns of the file of the sarcoma study that are the same in all of its rows.
SARCOMA = "logit_sts_lungmets"
ROWS = frozenset(
    [
        *AUC,
        *COEFFICIENTS.values(),
        *AT_HORIZON,
        *DIFFERENCE,
        "harrell_gbsg2",
        "harrell_diff_gbsg2",
        "lrt_cox_gbsg2",
        "lrt_glm",
    ]
)


@pytest.fixture(scope="module")
def modelling(shared_data):
    return shared_data / "reference" / "modelling"


@pytest.fixture(scope="module")
def reference(modelling):
    return reference_rows.modelling(modelling.parents[1])


def error_of(counts):
    return np.sqrt((counts.influence() ** 2).sum())


@pytest.mark.parametrize(("row", "terms"), AUC.items(), ids=AUC)
def test_auc_and_delong_error_equal_proc(modelling, reference, row, terms):
    table = pd.read_csv(modelling / "data" / "rossi.csv").astype(float)
    event = table["arrest"].to_numpy()
    model = RidgeLogistic(unpenalized=terms).fit(table[terms], event)
    score = model.decision_function(table[terms])

    expected = reference.loc[row]
    assert concordance(event, score).value == pytest.approx(expected["value"], abs=1e-9)
    assert error_of(pair_counts(event, score)) == pytest.approx(
        expected["se"], abs=1e-9
    )


def test_delong_interval_of_the_sarcoma_study_equals_proc(shared_data):
    table = pd.read_csv(shared_data / "sts" / "clinical.csv")
    expected = reference_rows.survival(shared_data, SARCOMA).iloc[0]
    terms, event = ["age_years", "chemotherapy"], table["lung_mets"].to_numpy()
    X = table[terms].astype(float)

    score = RidgeLogistic(unpenalized=terms).fit(X, event).decision_function(X)

    half_width = (expected["auc_delong_high"] - expected["auc_delong_low"]) / 2
    assert concordance(event, score).value == pytest.approx(expected["auc"], abs=1e-9)
    found = error_of(pair_counts(event, score))
    assert found == pytest.approx(half_width / 1.959964, rel=1e-6)


def test_c_index_and_its_error_equal_r_survival(modelling, reference):
    X, event, time = trial(modelling)
    y = SURVIVAL.target(pd.DataFrame({"event": event, "time_days": time}))

    model = RidgeCox(unpenalized=list(X.columns)).fit(X, y)
    score = model.decision_function(X)

    for term, value in zip(X, model.coef_, strict=True):
        known = reference.loc[COEFFICIENTS[term], "value"]
        assert value == pytest.approx(known, rel=1e-6), term
    expected = reference.loc["harrell_gbsg2"]
    found = concordance(event, score, time).value
    assert found == pytest.approx(expected["value"], abs=1e-9)
    counts = pair_counts(event, score, time)
    # The infinitesimal jackknife, without the correction of the subjects' shares.
    share = 2 * counts.pairs / counts.pairs.sum()
    plain = np.sqrt((counts.influence() ** 2 * (1 - share)).sum())
    assert plain == pytest.approx(expected["se"], abs=1e-9)
    assert error_of(counts) == pytest.approx(expected["se"], rel=0.005)


def test_c_index_treats_ties_as_lifelines_does():
    from lifelines.utils import concordance_index

    generator = np.random.default_rng(3)
    for _ in range(5):
        time = generator.integers(1, 12, 60).astype(float)
        event = generator.random(60) < 0.5
        score = generator.integers(0, 9, 60).astype(float)
        expected = concordance_index(time, -score, event)
        assert concordance(event, score, time).value == pytest.approx(expected)


def trial(modelling):
    """Predictors, with two that only the full model has, event and days."""
    table = pd.read_csv(modelling / "data" / "gbsg2.csv")
    X = table[["age", "tsize"]].astype(float)
    X["grade"] = table["tgrade"].map({"I": 1.0, "II": 2.0, "III": 3.0})
    X["pnodes"] = table["pnodes"].astype(float)
    X["progrec"] = np.log1p(table["progrec"])
    return X, table["cens"].to_numpy(), table["time"].to_numpy(dtype=float)


def weighted_at(horizon, event, days):
    """Known outcomes at a horizon, and the weights of their subjects."""
    status = np.where(days >= horizon, 0.0, np.nan)
    status = np.where((event == 1) & (days <= horizon), 1.0, status)
    return status, horizon_weights(status, days)


@pytest.mark.parametrize("row", AT_HORIZON)
def test_auc_at_a_horizon_equals_riskregression(modelling, reference, row):
    model, horizon = AT_HORIZON[row]
    X, event, days = trial(modelling)
    terms = list(X.columns[: N_TERMS[model]])
    y = SURVIVAL.target(pd.DataFrame({"event": event, "time_days": days}))
    score = RidgeCox(unpenalized=terms).fit(X[terms], y).decision_function(X[terms])
    status, weight = weighted_at(horizon, event, days)
    known = np.isfinite(status)

    counts = pair_counts(status[known], score[known], weight=weight[known])

    expected = reference.loc[row]
    assert counts.value == pytest.approx(expected["value"], rel=1e-8)
    # The error there knows that the weights are estimated, ours takes them as given.
    assert error_of(counts) == pytest.approx(expected["se"], rel=0.006)


@pytest.mark.parametrize("row", DIFFERENCE)
def test_difference_of_aucs_at_a_horizon_equals_riskregression(
    modelling, reference, row
):
    horizon = DIFFERENCE[row]
    X, event, days = trial(modelling)
    y = SURVIVAL.target(pd.DataFrame({"event": event, "time_days": days}))
    status, weight = weighted_at(horizon, event, days)
    known = np.isfinite(status)
    found = []
    for terms in (list(X.columns[:3]), list(X.columns)):
        model = RidgeCox(unpenalized=terms).fit(X[terms], y)
        score = model.decision_function(X[terms])[known]
        found.append(pair_counts(status[known], score, weight=weight[known]))

    base, full = found
    expected = reference.loc[row]
    assert base.value - full.value == pytest.approx(expected["value"], rel=1e-6)
    error = np.sqrt(((base.influence() - full.influence()) ** 2).sum())
    assert error == pytest.approx(expected["se"], rel=0.006)


def test_difference_of_c_indices_equals_concordance(modelling, reference):
    X, event, days = trial(modelling)
    y = SURVIVAL.target(pd.DataFrame({"event": event, "time_days": days}))
    found = []
    for n_terms in N_TERMS.values():
        terms = list(X.columns[:n_terms])
        model = RidgeCox(unpenalized=terms).fit(X[terms], y)
        found.append(pair_counts(event, model.decision_function(X[terms]), days))

    base, full = found
    expected = reference.loc["harrell_diff_gbsg2"]
    assert full.value - base.value == pytest.approx(expected["value"], rel=1e-6)
    # With the correction of the subjects' shares, which R leaves out.
    error = np.sqrt(((full.influence() - base.influence()) ** 2).sum())
    assert error == pytest.approx(expected["se"], rel=0.005)


def twice_the_gain(outcomes, X, n_fewer):
    """Likelihood-ratio statistic of a model and the one of its first columns."""
    names = list(X.columns)
    fits = [
        outcomes.fit(X[part].to_numpy(dtype=float), part)
        for part in (names, names[:n_fewer])
    ]
    whole, without = (fit.log_likelihood for fit in fits)
    return 2 * (whole - without)


def test_likelihood_ratio_tests_equal_anova(modelling, reference):
    X, event, days = trial(modelling)
    rossi = pd.read_csv(modelling / "data" / "rossi.csv").astype(float)
    arrested = (rossi["arrest"] == 1).to_numpy()
    found = {
        "lrt_cox_gbsg2": twice_the_gain(
            Outcomes(event == 1, days, np.zeros(len(X), int)), X, N_TERMS["base"]
        ),
        "lrt_glm": twice_the_gain(
            Outcomes(arrested, None, np.zeros(len(rossi), int)),
            rossi[AUC["auc_delong_m1"]],
            len(AUC["auc_delong_m0"]),
        ),
    }
    for row, value in found.items():
        assert value == pytest.approx(reference.loc[row, "value"], rel=1e-6), row
        p_value = chdtrc(2, value)
        assert p_value == pytest.approx(reference.loc[row, "p"], rel=1e-6), row
