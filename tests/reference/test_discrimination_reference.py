"""AUC and C-index with standard errors against R's pROC and survival."""

import numpy as np
import pandas as pd
import pytest

from concord.models.estimators.penalized import RidgeCox, RidgeLogistic
from concord.statistics.censoring import horizon_weights
from concord.statistics.discrimination import concordance, pair_counts
from concord.statistics.outcome_kinds import SURVIVAL


@pytest.fixture(scope="module")
def modelling(shared_data):
    return shared_data / "reference" / "modelling"


@pytest.fixture(scope="module")
def reference(modelling):
    return pd.read_csv(modelling / "reference_values.csv").set_index("id")


def error_of(counts):
    return np.sqrt((counts.influence() ** 2).sum())


@pytest.mark.parametrize(
    ("row", "terms"),
    [
        ("auc_delong_m0", ["fin", "age", "race"]),
        ("auc_delong_m1", ["fin", "age", "race", "prio", "wexp"]),
    ],
)
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
    path = shared_data / "reference" / "survival_r" / "logit_sts_lungmets.csv"
    expected = pd.read_csv(path).iloc[0]
    terms, event = ["age_years", "chemotherapy"], table["lung_mets"].to_numpy()
    X = table[terms].astype(float)

    score = RidgeLogistic(unpenalized=terms).fit(X, event).decision_function(X)

    half_width = (expected["auc_delong_high"] - expected["auc_delong_low"]) / 2
    assert concordance(event, score).value == pytest.approx(expected["auc"], abs=1e-9)
    found = error_of(pair_counts(event, score))
    assert found == pytest.approx(half_width / 1.959964, rel=1e-6)


def test_c_index_and_its_error_equal_r_survival(modelling, reference):
    table = pd.read_csv(modelling / "data" / "gbsg2.csv")
    X = table[["age", "tsize", "pnodes"]].astype(float)
    X["grade"] = table["tgrade"].map({"I": 1.0, "II": 2.0, "III": 3.0})
    X["progrec"] = np.log1p(table["progrec"])
    event, time = table["cens"].to_numpy(), table["time"].to_numpy(dtype=float)
    y = SURVIVAL.target(pd.DataFrame({"event": event, "time_days": time}))

    model = RidgeCox(unpenalized=list(X.columns)).fit(X, y)
    score = model.decision_function(X)

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


@pytest.mark.parametrize(
    ("model", "n_terms", "horizon"),
    [("full", 5, 1000), ("full", 5, 1825), ("base", 3, 1500), ("base", 3, 1825)],
)
def test_auc_at_a_horizon_equals_riskregression(
    modelling, reference, model, n_terms, horizon
):
    X, event, days = trial(modelling)
    terms = list(X.columns[:n_terms])
    y = SURVIVAL.target(pd.DataFrame({"event": event, "time_days": days}))
    score = RidgeCox(unpenalized=terms).fit(X[terms], y).decision_function(X[terms])
    status, weight = weighted_at(horizon, event, days)
    known = np.isfinite(status)

    counts = pair_counts(status[known], score[known], weight=weight[known])

    expected = reference.loc[f"tdauc_{model}_{horizon}"]
    assert counts.value == pytest.approx(expected["value"], rel=1e-8)
    # The error there knows that the weights are estimated, ours takes them as given.
    assert error_of(counts) == pytest.approx(expected["se"], rel=0.006)


@pytest.mark.parametrize("horizon", [1000, 1500, 1825])
def test_difference_of_aucs_at_a_horizon_equals_riskregression(
    modelling, reference, horizon
):
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
    expected = reference.loc[f"tdauc_delta_base_full_{horizon}"]
    assert base.value - full.value == pytest.approx(expected["value"], rel=1e-6)
    error = np.sqrt(((base.influence() - full.influence()) ** 2).sum())
    assert error == pytest.approx(expected["se"], rel=0.006)
