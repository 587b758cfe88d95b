"""AUC and C-index with standard errors against R's pROC and survival."""

import numpy as np
import pandas as pd
import pytest

from concord.models.estimators.penalized import RidgeCox, RidgeLogistic
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
