"""Ridge models without and with penalty against R and other Python packages."""

import warnings

import numpy as np
import pandas as pd
import pytest

from concord.models.estimators.partial_likelihood import PartialLikelihood
from concord.models.estimators.penalized import RidgeCox, RidgeLogistic

from .. import reference_rows

FIELDS = ("event", "time_days", "stratum")
ROSSI = ["fin", "age", "race", "wexp", "mar", "paro", "prio"]
#: Rows that are compared, of those that the table has: it holds a choice.
TIES = {
    ties: [f"cox_{ties}_{name}" for name in (*ROSSI, "loglik", "loglik0")]
    for ties in ("efron", "breslow")
}
STRATA = {
    "cox_strata_": (["fin", "age", "prio"], ("week", "arrest", "race")),
    "cox_lung_inst_": (["age", "sex", "ph.ecog"], ("time", "event", "inst")),
}
RIDGE = ["coxph_ridge_1", "coxph_ridge_2", "coxph_ridge_3"]
LOGISTIC = ["glm_(Intercept)", "glm_fin", "glm_race", "glm_wexp"]
SARCOMA = ["age_years", "chemotherapy"]
ROWS = frozenset(
    [
        *TIES["efron"],
        *TIES["breslow"],
        *(f"{s}{name}" for s, (terms, _) in STRATA.items() for name in terms),
        *(f"{start}loglik" for start in STRATA),
        *RIDGE,
        *LOGISTIC,
        *(reference_rows.survival_id("logit_sts_lungmets", name) for name in SARCOMA),
        reference_rows.survival_id("logit_sts_lungmets", "(Intercept)"),
    ]
)


@pytest.fixture(scope="module")
def reference(shared_data):
    return reference_rows.modelling(shared_data)["value"]


@pytest.fixture(scope="module")
def rossi(shared_data):
    path = shared_data / "reference" / "modelling" / "data" / "rossi.csv"
    return pd.read_csv(path).astype(float)


def survival(table, time, event, stratum=None):
    names = [event, time, *([stratum] if stratum else [])]
    y = np.zeros(len(table), list(zip(FIELDS, (bool, float, int), strict=True)))
    for field, name in zip(FIELDS, names, strict=False):
        y[field] = table[name]
    return y if stratum else y[list(FIELDS[:2])]


def likelihood_of(model, X, y):
    """Log partial likelihood of a model, and of no effects."""
    fields = [y[name] if name in y.dtype.names else None for name in FIELDS]
    likelihood = PartialLikelihood(*fields, model.ties)
    linear = model.decision_function(X)
    return [-len(X) * likelihood.at(place).value for place in (linear, 0 * linear)]


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_either_treatment_of_ties_equals_r_survival(rossi, reference, ties):
    X, y = rossi[ROSSI], survival(rossi, "week", "arrest")
    model = RidgeCox(unpenalized=ROSSI, ties=ties).fit(X, y)

    names = [*ROSSI, "loglik", "loglik0"]
    values = [*model.coef_, *likelihood_of(model, X, y)]
    found = {f"cox_{ties}_{n}": v for n, v in zip(names, values, strict=True)}
    expected = known(reference, TIES[ties])
    assert len(expected) >= 7
    assert {row: found[row] for row in expected} == expected
    assert model.rescue_ == ""


@pytest.mark.parametrize("start", STRATA)
def test_strata_equal_r_survival(shared_data, rossi, reference, start):
    terms, (time, event, stratum) = STRATA[start]
    table = rossi if stratum == "race" else lung(shared_data)
    X, y = table[terms], survival(table, time, event, stratum)
    model = RidgeCox(unpenalized=terms).fit(X, y)

    assert model.rescue_ == ""
    assert model.kkt_residual_ <= 1e-7
    values = [*model.coef_, likelihood_of(model, X, y)[0]]
    names = [*terms, "loglik"]
    found = {f"{start}{n}": v for n, v in zip(names, values, strict=True)}
    assert found == known(reference, found)


def lung(shared_data):
    """Complete cases of eighteen institutions; status 1 is a death."""
    path = shared_data / "reference" / "modelling" / "data" / "lung.csv"
    table = pd.read_csv(path)[["time", "status", "age", "sex", "ph.ecog", "inst"]]
    table = table.dropna().astype(float)
    return table.assign(event=(table["status"] == table["status"].max()).astype(float))


def known(reference, rows):
    """Values of the rows that the table has, at a tolerance of 1e-6."""
    assert ROWS.issuperset(rows)
    there = [row for row in rows if row in reference]
    return {row: pytest.approx(reference[row], rel=1e-6) for row in there}


def test_ridge_on_some_terms_equals_r_survival(rossi, reference):
    terms = ["age", "prio", "mar", "fin"]
    model = RidgeCox(penalty=10 / len(rossi), unpenalized=["fin"])
    model.fit(rossi[terms], survival(rossi, "week", "arrest"))

    found = dict(zip(RIDGE, model.coef_, strict=False))
    assert found == known(reference, RIDGE)


@pytest.mark.parametrize("penalty", [0.01, 0.1, 1.0])
def test_ridge_cox_equals_lifelines(rossi, penalty):
    from lifelines import CoxPHFitter

    table = rossi.copy()
    table[ROSSI] = (table[ROSSI] - table[ROSSI].mean()) / table[ROSSI].std()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        other = CoxPHFitter(penalizer=penalty, l1_ratio=0).fit(
            table, "week", "arrest", fit_options={"precision": 1e-11}
        )

    model = RidgeCox(penalty).fit(table[ROSSI], survival(rossi, "week", "arrest"))

    np.testing.assert_allclose(model.coef_, other.params_, atol=1e-7)


def test_logistic_equals_r_glm(rossi, reference):
    terms = ["fin", "age", "race", "prio", "wexp"]
    model = RidgeLogistic(unpenalized=terms).fit(rossi[terms], rossi["arrest"])

    names = ["(Intercept)", *terms]
    values = [model.intercept_, *model.coef_]
    found = {f"glm_{n}": v for n, v in zip(names, values, strict=True)}
    assert {row: found[row] for row in LOGISTIC} == known(reference, LOGISTIC)


def test_logistic_on_the_sarcoma_study_equals_r_glm(shared_data):
    table = pd.read_csv(shared_data / "sts" / "clinical.csv")
    name = "logit_sts_lungmets"
    expected = reference_rows.survival(shared_data, name)["coef"]

    model = RidgeLogistic(unpenalized=SARCOMA)
    model.fit(table[SARCOMA].astype(float), table["lung_mets"].to_numpy())

    terms = ["(Intercept)", *SARCOMA]
    values = [model.intercept_, *model.coef_]
    for term, value in zip(terms, values, strict=True):
        row = reference_rows.survival_id(name, term)
        assert value == pytest.approx(expected[row], rel=1e-8), term


@pytest.mark.parametrize("penalty", [0.01, 0.1, 1.0])
def test_ridge_logistic_equals_scikit_learn(rossi, penalty):
    from sklearn.linear_model import LogisticRegression

    X = (rossi[ROSSI] - rossi[ROSSI].mean()) / rossi[ROSSI].std()
    y = rossi["arrest"].to_numpy()
    other = LogisticRegression(C=1 / (penalty * len(y)), tol=1e-12, max_iter=1000)

    model = RidgeLogistic(penalty).fit(X, y)

    other.fit(X, y)
    np.testing.assert_allclose(model.coef_, other.coef_[0], atol=1e-6)
    np.testing.assert_allclose(
        model.predict_proba(X), other.predict_proba(X), atol=1e-6
    )
