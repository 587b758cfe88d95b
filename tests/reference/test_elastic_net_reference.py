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


@pytest.fixture(scope="module")
def reference(shared_data):
    file = shared_data / "reference" / "modelling" / "reference_values.csv"
    return pd.read_csv(file).set_index("id")["value"]


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
    names = [n for n in COLUMNS if "strata" not in name or n != "race"]
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
