"""Elastic nets against R glmnet and solutions certified by their conditions.

R standardizes the columns and rescales the penalty factors to the number of columns.
Its stratified Cox path did not converge, and is no reference.
"""

import numpy as np
import pandas as pd
import pytest

from concord.models.estimators.elastic_net import path
from concord.models.estimators.elastic_net.likelihoods import LogisticLikelihood
from concord.models.estimators.elastic_net.problem import Problem
from concord.models.estimators.partial_likelihood import PartialLikelihood

from .. import reference_rows

COLUMNS = ["fin", "age", "race", "wexp", "mar", "paro", "prio"]
FREE = ("fin", "age")
L1_SHARE = 0.5
PENALTIES = (0.1, 0.05, 0.02, 0.01)
CASES = [
    (name, penalty)
    for name in (
        "glmnet_bin",
        "glmnet_cox",
        "kkt_coxstrata_breslow",
        "kkt_coxstrata_efron",
    )
    for penalty in (0.05, 0.01)
]


def terms_of(name):
    """Columns of a model; strata are none, and the logistic one has an intercept."""
    columns = [n for n in COLUMNS if "strata" not in name or n != "race"]
    return ["(Intercept)", *columns] if name == "glmnet_bin" else columns


#: Rows that are compared, of those that the table has: it holds a choice.
ROWS = frozenset(f"{n}_{c}_{term}" for n, c in CASES for term in terms_of(n))
#: Coefficients of lassos of 76 genes, beside three clinical columns.
GENES = "glmnet_cox_unpenalised_gse7390"
FILES = frozenset([GENES])


@pytest.fixture(scope="module")
def reference(shared_data):
    return reference_rows.modelling(shared_data)["value"]


@pytest.fixture(scope="module")
def rossi(shared_data):
    file = shared_data / "reference" / "modelling" / "data" / "rossi.csv"
    return pd.read_csv(file).astype(float)


def likelihood(name, rossi):
    arrested, week = rossi["arrest"] == 1, rossi["week"]
    if name == "glmnet_bin":
        return LogisticLikelihood(rossi["arrest"])
    if name == "glmnet_cox":
        return PartialLikelihood(arrested, week, ties="breslow")
    return PartialLikelihood(arrested, week, rossi["race"], name.rpartition("_")[2])


def coefficients(name, penalty, rossi):
    """Coefficients per unit of each column, and of the intercept if there is one."""
    names = [n for n in terms_of(name) if n != "(Intercept)"]
    values = rossi[names].to_numpy()
    centre, spread = values.mean(axis=0), values.std(axis=0)
    factor = np.where(np.isin(names, FREE), 0.0, len(names) / (len(names) - 2))
    columns = (values - centre) / spread
    if name == "glmnet_bin":
        columns = np.column_stack([np.ones(len(columns)), columns])
        factor = np.concatenate([[0.0], factor])
    problem = Problem(
        likelihood(name, rossi), np.asfortranarray(columns), factor, L1_SHARE
    )
    found = path.solutions(problem, PENALTIES)[PENALTIES.index(penalty)]
    assert found.kkt_residual <= 1e-9
    *intercept, slopes = np.split(found.coefficients, [len(factor) - len(names)])
    per_unit = dict(zip(names, slopes / spread, strict=True))
    if name == "glmnet_bin":
        shift = sum(per_unit[n] * c for n, c in zip(names, centre, strict=True))
        per_unit["(Intercept)"] = float(intercept[0][0]) - shift
    return per_unit


@pytest.mark.parametrize(("name", "penalty"), CASES)
def test_coefficients_equal_the_reference(name, penalty, rossi, reference):
    found = coefficients(name, penalty, rossi)
    assert sorted(found) == sorted(terms_of(name))
    expected = {
        term: reference[f"{name}_{penalty}_{term}"]
        for term in found
        if f"{name}_{penalty}_{term}" in reference
    }
    assert len(expected) >= 3
    for term, value in expected.items():
        if value == 0:
            assert found[term] == 0, term
        else:
            assert found[term] == pytest.approx(value, rel=1e-6), term


def test_the_same_genes_are_chosen_as_by_glmnet(shared_data):
    """R stopped early: at its coefficients a free column has a slope of 2e-3.

    So they are compared to 0.01, and ours must have the smaller objective.
    """
    expected = reference_rows.survival(shared_data, GENES)
    table = pd.read_csv(shared_data / "tables" / "breast_gse7390.csv")
    X = table[["age", "size"]].assign(er=table["er"] == "positive").astype(float)
    X = X.join(table.filter(regex="^X"))
    ids = [reference_rows.survival_id(GENES, name) for name in X]
    assert sorted(ids) == sorted(expected.index)
    values = X.to_numpy(dtype=float)
    columns = np.asfortranarray((values - values.mean(axis=0)) / values.std(axis=0))
    free = np.isin(X.columns, ["age", "size", "er"])
    factor = np.where(free, 0.0, len(free) / (~free).sum())
    likelihood = PartialLikelihood(table["e.tdm"] == 1, table["t.tdm"], ties="breslow")
    problem = Problem(likelihood, columns, factor, 1.0)

    penalties = (0.2, 0.1, 0.05)
    for penalty, found in zip(
        penalties, path.solutions(problem, penalties), strict=True
    ):
        theirs = expected.loc[ids, f"lambda_{penalty}"].to_numpy()
        assert found.kkt_residual <= 1e-9
        ours = found.coefficients
        assert ((ours != 0) == (theirs != 0)).all()
        np.testing.assert_allclose(ours, theirs, atol=0.01)
        least, other = (
            likelihood.at(columns @ b).value + penalty * (factor * np.abs(b)).sum()
            for b in (ours, theirs)
        )
        assert least < other
        assert other - least < 1e-4
