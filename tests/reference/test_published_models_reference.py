"""Cox models of four studies against R's survival: effects, errors, likelihood, C.

Every row of R stands for a term, and repeats what concerns the model.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from concord.models.estimators.partial_likelihood import PartialLikelihood
from concord.models.estimators.unpenalized import UnpenalizedCox
from concord.statistics.discrimination import pair_counts
from concord.statistics.outcome_kinds import SURVIVAL

from ..reference_rows import survival, survival_id


@dataclass(frozen=True)
class Study:
    """Predictors and outcomes; strata as R has them."""

    X: pd.DataFrame
    event: pd.Series
    days: pd.Series
    stratum: pd.Series | None = None
    ties: str = "efron"


def gbsg2(folder):
    table = pd.read_csv(folder / "tables" / "gbsg2.csv")
    table["horThyes"] = (table["horTh"] == "yes").astype(float)
    table["menostatPre"] = (table["menostat"] == "Pre").astype(float)
    table["log1p(progrec)"] = np.log1p(table["progrec"])
    product = table["horThyes"] * table["log1p(progrec)"]
    return table.assign(**{"horThyes:log1p(progrec)": product})


def trial(folder, terms, ties="efron"):
    table = gbsg2(folder)
    return Study(table[terms].astype(float), table["cens"], table["time"], ties=ties)


def whole_trial(folder):
    names = ["horThyes", "age", "menostatPre", "tsize", "pnodes", "progrec", "estrec"]
    return trial(folder, names)


def interaction(folder):
    names = ["horThyes", "log1p(progrec)", "age", "tsize", "pnodes"]
    return trial(folder, [*names, "horThyes:log1p(progrec)"])


def breslow(folder):
    return trial(folder, ["horThyes", "age", "pnodes"], "breslow")


def colon(folder):
    table = pd.read_csv(folder / "tables" / "colon.csv").query("etype == 2")
    names = {"rxLev": "Lev", "rxLev+5FU": "Lev+5FU"}
    X = pd.DataFrame({name: table["rx"] == arm for name, arm in names.items()})
    X = X.astype(float).join(table[["node4", "age"]].astype(float))
    for name in names:
        X[f"{name}:node4"] = X[name] * X["node4"]
    return Study(X, table["status"], table["time"])


def head_neck(folder, outcome, terms, by_institution):
    table = pd.read_csv(folder / "tables" / "hn300_clinical_outcomes.csv")
    table[terms] = table[terms].apply(pd.to_numeric, errors="coerce")
    table = table.dropna(subset=terms)
    strata = table["institution"] if by_institution else None
    event, days = table[f"{outcome}_event"], table[f"{outcome}_days"]
    return Study(table[terms].astype(float), event, days, strata)


def death(folder):
    return head_neck(folder, "os", ["age", "t_stage", "n_stage"], True)


def metastasis(folder):
    return head_neck(folder, "dm", ["age", "n_stage"], False)


def sarcoma(folder):
    table = pd.read_csv(folder / "sts" / "clinical.csv")
    X = table[["age_years", "chemotherapy"]].astype(float)
    return Study(X, table["lung_mets"], table["lung_mets_time"])


FILE = "cox_reference"
#: Data set, name of the model and its study.
MODELS = {
    (
        "gbsg2",
        "coxph efron time,cens ~ horTh+age+menostat+tsize+pnodes+progrec+estrec",
    ): whole_trial,
    ("gbsg2", "coxph efron interaction horTh*log1p(progrec)"): interaction,
    ("gbsg2", "coxph breslow horTh+age+pnodes"): breslow,
    ("colon", "coxph efron death rx*node4 + age"): colon,
    (
        "hn300",
        "coxph efron os ~ age + t_stage + n_stage strata(institution)",
    ): death,
    ("hn300", "coxph efron dm ~ age + n_stage"): metastasis,
    ("sts", "coxph efron lung_mets ~ age_years + chemotherapy"): sarcoma,
}
#: Beginnings of the ids of the rows, whose terms must be those of the study.
STARTS = tuple(survival_id(FILE, *model, "") for model in MODELS)


@pytest.fixture(scope="module")
def reference(shared_data):
    return survival(shared_data, FILE)


@pytest.mark.parametrize("model", MODELS, ids=" ".join)
def test_models_of_studies_equal_coxph(shared_data, reference, model):
    study = MODELS[model](shared_data)
    start = survival_id(FILE, *model, "")
    rows = [row for row in reference.index if row.startswith(start)]
    assert sorted(rows) == sorted(f"{start}{term}" for term in study.X)
    expected = reference.loc[[f"{start}{term}" for term in study.X]]
    outcome = pd.DataFrame({"event": study.event, "time_days": study.days})
    if study.stratum is not None:
        outcome["stratum"] = study.stratum

    y = SURVIVAL.target(outcome)
    found = UnpenalizedCox(ties=study.ties).fit(study.X, y)

    assert found.rescue_ == ""
    # R stops at a relative change of 1e-9 of the log-likelihood, a little early.
    np.testing.assert_allclose(found.coef_, expected["coef"], rtol=1e-6)
    np.testing.assert_allclose(found.standard_errors_, expected["se"], rtol=1e-6)
    whole = expected.iloc[0]
    assert (len(y), y["event"].sum()) == (whole["n"], whole["events"])
    score = found.decision_function(study.X)
    likelihood = PartialLikelihood.of(y, study.ties).at(score).value
    assert -len(y) * likelihood == pytest.approx(whole["loglik"], rel=1e-9)
    strata = None if study.stratum is None else study.stratum.to_numpy(str)
    counts = pair_counts(y["event"], score, y["time_days"], strata)
    assert counts.value == pytest.approx(whole["concordance"], abs=1e-9)
    share = 2 * counts.pairs / counts.pairs.sum()
    # The infinitesimal jackknife, without the correction of the subjects' shares.
    error = np.sqrt((counts.influence() ** 2 * (1 - share)).sum())
    assert error == pytest.approx(whole["concordance_se"], rel=1e-6)
