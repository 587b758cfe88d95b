"""Ridge models without and with penalty against R and other Python packages."""

import warnings

import numpy as np
import pandas as pd
import pytest

from concord.models.estimators.partial_likelihood import PartialLikelihood
from concord.models.estimators.penalized import RidgeCox, RidgeLogistic

FIELDS = ("event", "time_days", "stratum")
ROSSI = ["fin", "age", "race", "wexp", "mar", "paro", "prio"]


@pytest.fixture(scope="module")
def reference(shared_data):
    path = shared_data / "reference" / "modelling" / "reference_values.csv"
    return pd.read_csv(path).set_index("id")["value"]


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


def published(shared_data, dataset, model):
    path = shared_data / "reference" / "survival_r" / "cox_reference.csv"
    table = pd.read_csv(path)
    rows = table[(table["dataset"] == dataset) & (table["model"] == model)]
    return rows.set_index("term")["coef"]


def test_cox_with_ties_equals_r_survival(rossi, reference):
    X = rossi[ROSSI]
    model = RidgeCox(unpenalized=ROSSI).fit(X, survival(rossi, "week", "arrest"))

    terms = [name for name in ROSSI if f"cox_efron_{name}" in reference]
    expected = [reference[f"cox_efron_{name}"] for name in terms]
    found = pd.Series(model.coef_, ROSSI)[terms]
    assert len(terms) >= 6
    np.testing.assert_allclose(found, expected, atol=1e-8)
    assert model.rescue_ == ""


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

    found = dict(zip(ROSSI, model.coef_, strict=True))
    expected = rows(reference, f"cox_{ties}_", found)
    assert len(expected) >= 5
    assert found == {**found, **expected}
    fitted, null = likelihood_of(model, X, y)
    likelihoods = {"loglik": fitted, "loglik0": null}
    known = rows(reference, f"cox_{ties}_", likelihoods)
    assert known
    assert likelihoods == {**likelihoods, **known}


@pytest.mark.parametrize(
    ("dataset", "terms", "columns"),
    [
        ("strata", ["fin", "age", "prio"], ("week", "arrest", "race")),
        ("lung_inst", ["age", "sex", "ph.ecog"], ("time", "event", "inst")),
    ],
)
def test_strata_equal_r_survival(
    shared_data, rossi, reference, dataset, terms, columns
):
    table = rossi if dataset == "strata" else lung(shared_data)
    time, event, stratum = columns
    X, y = table[terms], survival(table, time, event, stratum)
    model = RidgeCox(unpenalized=terms).fit(X, y)

    assert model.rescue_ == ""
    assert model.kkt_residual_ <= 1e-7
    found = dict(zip(terms, model.coef_, strict=True))
    expected = rows(reference, f"cox_{dataset}_", found)
    assert expected.keys() == found.keys()
    assert found == expected
    fitted, _ = likelihood_of(model, X, y)
    assert rows(reference, f"cox_{dataset}_", ["loglik"]) == {"loglik": fitted}


def lung(shared_data):
    """Complete cases of eighteen institutions; status 1 is a death."""
    path = shared_data / "reference" / "modelling" / "data" / "lung.csv"
    table = pd.read_csv(path)[["time", "status", "age", "sex", "ph.ecog", "inst"]]
    table = table.dropna().astype(float)
    return table.assign(event=(table["status"] == table["status"].max()).astype(float))


def rows(reference, start, names):
    """Reference values at a tolerance of 1e-6, by the end of their ids."""
    known = {name: f"{start}{name}" for name in names}
    return {
        name: pytest.approx(reference[one], rel=1e-6)
        for name, one in known.items()
        if one in reference
    }


def test_cox_on_a_breast_cancer_trial_equals_r_survival(shared_data):
    table = pd.read_csv(shared_data / "tables" / "gbsg2.csv")
    X = table[["age", "tsize", "pnodes", "progrec", "estrec"]].astype(float)
    X.insert(0, "horThyes", (table["horTh"] == "yes").astype(float))
    X.insert(2, "menostatPre", (table["menostat"] == "Pre").astype(float))
    model = RidgeCox(unpenalized=list(X.columns))
    model.fit(X, survival(table, "time", "cens"))

    formula = "coxph efron time,cens ~ horTh+age+menostat+tsize+pnodes+progrec+estrec"
    expected = published(shared_data, "gbsg2", formula)
    # R stops at a relative change of 1e-9 of the log-likelihood, a little early.
    np.testing.assert_allclose(model.coef_, expected[X.columns], rtol=1e-7)


def test_cox_on_the_sarcoma_study_equals_r_survival(shared_data):
    table = pd.read_csv(shared_data / "sts" / "clinical.csv")
    X = table[["age_years", "chemotherapy"]].astype(float)
    model = RidgeCox(unpenalized=list(X.columns))
    model.fit(X, survival(table, "lung_mets_time", "lung_mets"))

    formula = "coxph efron lung_mets ~ age_years + chemotherapy"
    expected = published(shared_data, "sts", formula)
    np.testing.assert_allclose(model.coef_, expected[X.columns], rtol=1e-8)


def test_ridge_on_some_terms_equals_r_survival(rossi, reference):
    terms = ["age", "prio", "mar", "fin"]
    model = RidgeCox(penalty=10 / len(rossi), unpenalized=["fin"])
    model.fit(rossi[terms], survival(rossi, "week", "arrest"))

    expected = [reference[f"coxph_ridge_{number}"] for number in (1, 2, 3)]
    np.testing.assert_allclose(model.coef_[:3], expected, atol=1e-8)


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

    found = pd.Series(model.coef_, terms)
    for name in ("fin", "race", "wexp"):
        assert found[name] == pytest.approx(reference[f"glm_{name}"], abs=1e-9)
    assert model.intercept_ == pytest.approx(reference["glm_(Intercept)"], abs=1e-8)


def test_logistic_on_the_sarcoma_study_equals_r_glm(shared_data):
    table = pd.read_csv(shared_data / "sts" / "clinical.csv")
    path = shared_data / "reference" / "survival_r" / "logit_sts_lungmets.csv"
    expected = pd.read_csv(path).set_index("term")["coef"]
    terms = ["age_years", "chemotherapy"]

    model = RidgeLogistic(unpenalized=terms)
    model.fit(table[terms].astype(float), table["lung_mets"].to_numpy())

    np.testing.assert_allclose(model.coef_, expected[terms], rtol=1e-8)
    assert model.intercept_ == pytest.approx(expected["(Intercept)"], rel=1e-8)


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
