"""AUC and C-indices with standard errors against R's pROC, survival, riskRegression."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import chdtrc, ndtr

from concord.evaluation.treatment.fits import Outcomes
from concord.models.estimators.penalized import RidgeCox, RidgeLogistic
from concord.statistics.classification.delong import unpaired_test
from concord.statistics.classification.roc_points import youden_threshold
from concord.statistics.classification.shares import accuracy_shares
from concord.statistics.discrimination import concordance, pair_counts
from concord.statistics.outcome_kinds import SURVIVAL
from concord.statistics.survival.censoring import Censoring
from concord.statistics.survival.concordance import (
    harrell_pairs,
    horizon_pairs,
    uno_pairs,
)

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
UNO = {f"uno_gbsg2_{day}": day for day in (1000, 1825, 2500)}
TRUNCATED = {f"harrell_ymax_{day}": day for day in (1825, 2500)}
YOUDEN = [
    f"youden_{one}"
    for one in ("threshold", "sensitivity", "specificity", "ppv", "accuracy")
]
#: Columns of the file of the sarcoma study that are the same in all of its rows.
SARCOMA = "logit_sts_lungmets"
ROWS = frozenset(
    [
        *AUC,
        *COEFFICIENTS.values(),
        *AT_HORIZON,
        *DIFFERENCE,
        *UNO,
        *TRUNCATED,
        *YOUDEN,
        "auc_delong_test_unpaired",
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


def score_of(modelling, model):
    """Scores of a Cox model of the trial, with the outcome."""
    X, event, days = trial(modelling)
    terms = list(X.columns[: N_TERMS[model]])
    y = SURVIVAL.target(pd.DataFrame({"event": event, "time_days": days}))
    score = RidgeCox(unpenalized=terms).fit(X[terms], y).decision_function(X[terms])
    return score, event, days


def influence_at(horizon, score, event, days):
    """AUC at a day, and the influence of each subject as riskRegression has it."""
    censoring = Censoring.of(days, event == 1)
    counts = horizon_pairs(event, days, score, np.array([horizon]), censoring)
    total = counts.pairs.sum() / 2
    plain = (counts.wins - counts.value[:, None] * counts.pairs) / total
    influence = (plain + counts.of_censoring(censoring))[0]
    # It divides by one less than the number of subjects.
    return counts.value[0], influence * np.sqrt(len(days) / (len(days) - 1))


@pytest.mark.parametrize("row", AT_HORIZON)
def test_auc_at_a_horizon_equals_riskregression(modelling, reference, row):
    model, horizon = AT_HORIZON[row]

    value, influence = influence_at(horizon, *score_of(modelling, model))

    expected = reference.loc[row]
    assert value == pytest.approx(expected["value"], rel=1e-8)
    error = np.sqrt((influence**2).sum())
    assert error == pytest.approx(expected["se"], rel=1e-8)


@pytest.mark.parametrize("row", DIFFERENCE)
def test_difference_of_aucs_at_a_horizon_equals_riskregression(
    modelling, reference, row
):
    base, full = (
        influence_at(DIFFERENCE[row], *score_of(modelling, model)) for model in N_TERMS
    )

    expected = reference.loc[row]
    difference = base[0] - full[0]
    assert difference == pytest.approx(expected["value"], rel=1e-6)
    error = np.sqrt(((base[1] - full[1]) ** 2).sum())
    assert error == pytest.approx(expected["se"], rel=1e-8)
    p_value = 2 * ndtr(-abs(difference) / error)
    assert p_value == pytest.approx(expected["p"], rel=1e-6)


def plain_error(counts):
    """Infinitesimal jackknife, without the correction of the subjects' shares."""
    total = counts.pairs.sum() / 2
    return np.sqrt((((counts.wins - counts.value * counts.pairs) / total) ** 2).sum())


@pytest.mark.parametrize("row", UNO)
def test_unos_c_equals_concordance_with_weights_of_censoring(modelling, reference, row):
    score, event, days = score_of(modelling, "full")
    followed = Censoring.of(days, event == 1).before(days)

    counts = uno_pairs(event, days, score, UNO[row], followed)

    expected = reference.loc[row]
    assert counts.value == pytest.approx(expected["value"], rel=1e-8)
    assert plain_error(counts) == pytest.approx(expected["se"], rel=1e-8)


@pytest.mark.parametrize("row", TRUNCATED)
def test_harrells_c_up_to_a_day_equals_concordance(modelling, reference, row):
    score, event, days = score_of(modelling, "full")

    counts = harrell_pairs(event, days, score, TRUNCATED[row])

    expected = reference.loc[row]
    assert counts.value == pytest.approx(expected["value"], rel=1e-8)
    assert plain_error(counts) == pytest.approx(expected["se"], rel=1e-8)


def arrested(modelling, row):
    """Event, and the scores of one of the two logistic models."""
    table = pd.read_csv(modelling / "data" / "rossi.csv").astype(float)
    event, terms = table["arrest"].to_numpy(), AUC[row]
    model = RidgeLogistic(unpenalized=terms).fit(table[terms], event)
    return event, model.decision_function(table[terms])


def test_delongs_test_of_unpaired_areas_equals_proc(modelling, reference):
    counts = [pair_counts(*arrested(modelling, row)) for row in AUC]

    found = unpaired_test(counts[1], counts[0])

    expected = reference.loc["auc_delong_test_unpaired"]
    assert found.statistic == pytest.approx(expected["value"], rel=1e-6)
    assert found.p_value == pytest.approx(expected["p"], rel=1e-6)


def test_threshold_of_youden_and_what_it_reaches_equal_proc(modelling, reference):
    event, score = arrested(modelling, "auc_delong_m1")
    chance = 1 / (1 + np.exp(-score))

    threshold = youden_threshold(event.astype(int), chance)

    high, case = chance >= threshold, event == 1
    weight, own = np.ones(len(event)), np.arange(len(event))
    shares = accuracy_shares(case, high, weight, own)
    found = {f"youden_{name}": share.value for name, share in shares.items()}
    found |= {
        "youden_threshold": threshold,
        "youden_accuracy": float((high == case).mean()),
    }
    for row in YOUDEN:
        assert found[row] == pytest.approx(reference.loc[row, "value"], rel=1e-6), row


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
