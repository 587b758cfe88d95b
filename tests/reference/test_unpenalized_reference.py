"""Models without a penalty against R: coefficients, standard errors, intervals."""

import numpy as np
import pandas as pd
import pytest

from concord.models.estimators.unpenalized import UnpenalizedCox, UnpenalizedLogistic
from concord.statistics.outcome_kinds import SURVIVAL

from ..reference_rows import modelling

COX = ["fin", "age", "race", "wexp", "mar", "paro", "prio"]
LOGIT = ["fin", "age", "race", "prio", "wexp"]
STRATA = ["fin", "age", "prio"]
#: Rows that are compared with their errors, of those that the table has.
ROWS = frozenset(
    [
        *(f"cox_{ties}_{name}" for ties in ("efron", "breslow") for name in COX),
        *(f"glm_{name}" for name in ("(Intercept)", *LOGIT)),
        *(f"cox_strata_{name}" for name in STRATA),
    ]
)


@pytest.fixture(scope="module")
def reference(shared_data):
    return modelling(shared_data)


@pytest.fixture(scope="module")
def rossi(shared_data):
    path = shared_data / "reference" / "modelling" / "data" / "rossi.csv"
    return pd.read_csv(path).astype(float)


@pytest.fixture(scope="module")
def times(rossi):
    names = {"week": "time_days", "arrest": "event"}
    return SURVIVAL.target(rossi.rename(columns=names))


def rows_of(reference, prefix, names):
    """Rows of the reference that there are, by the term."""
    found = {name: f"{prefix}{name}" for name in names}
    known = {name: key for name, key in found.items() if key in reference.index}
    assert ROWS.issuperset(known.values())
    return reference.loc[list(known.values())].set_axis(list(known))


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_cox_equals_r_survival_with_its_standard_errors(rossi, times, reference, ties):
    expected = rows_of(reference, f"cox_{ties}_", COX)
    model = UnpenalizedCox(ties=ties).fit(rossi[COX], times)
    places = [COX.index(name) for name in expected.index]

    assert len(expected) >= 5
    np.testing.assert_allclose(model.coef_[places], expected["value"], rtol=1e-6)
    np.testing.assert_allclose(
        model.standard_errors_[places], expected["se"], rtol=1e-6
    )
    assert model.rescue_ == ""


def test_logistic_equals_r_glm_with_its_standard_errors(rossi, reference):
    expected = rows_of(reference, "glm_", LOGIT)
    model = UnpenalizedLogistic().fit(rossi[LOGIT], rossi["arrest"].to_numpy())
    places = [LOGIT.index(name) for name in expected.index]

    assert len(expected) >= 3
    np.testing.assert_allclose(model.coef_[places], expected["value"], rtol=1e-6)
    known = expected["se"].notna().to_numpy()
    errors = model.standard_errors_[places]
    # R takes the information of the step before its last.
    np.testing.assert_allclose(errors[known], expected["se"][known], rtol=1e-5)
    intercept = reference.loc["glm_(Intercept)", "value"]
    assert model.intercept_ == pytest.approx(intercept, rel=1e-6)


def test_cox_with_strata_equals_r_survival(rossi, reference):
    terms = STRATA
    y = np.empty(
        len(rossi), [("event", bool), ("time_days", float), ("stratum", np.int64)]
    )
    y["event"], y["time_days"] = rossi["arrest"] == 1, rossi["week"]
    y["stratum"] = rossi["race"]
    model = UnpenalizedCox().fit(rossi[terms], y)

    expected = rows_of(reference, "cox_strata_", terms)
    assert list(expected.index) == terms
    np.testing.assert_allclose(model.coef_, expected["value"], rtol=1e-6)
    np.testing.assert_allclose(model.standard_errors_, expected["se"], rtol=1e-6)


def test_cox_equals_lifelines(rossi, times):
    from lifelines import CoxPHFitter

    columns = [*COX, "week", "arrest"]
    other = CoxPHFitter().fit(rossi[columns], "week", "arrest")
    model = UnpenalizedCox().fit(rossi[COX], times)
    np.testing.assert_allclose(model.coef_, other.params_[COX], atol=1e-7)
    np.testing.assert_allclose(
        model.standard_errors_, other.standard_errors_[COX], rtol=1e-5
    )


def test_firth_takes_the_bias_from_small_samples():
    """Mean of the coefficient of a known model over samples of 40 (Firth 1993)."""
    generator, names = np.random.default_rng(4), np.array(["x"])
    found: dict[bool, list[float]] = {False: [], True: []}
    for _ in range(400):
        x = generator.normal(size=(40, 1))
        event = generator.random(40) < 1 / (1 + np.exp(1 - 1.5 * x[:, 0]))
        for firth, values in found.items():
            model = UnpenalizedLogistic(firth).fit_values(names, x, event.astype(float))
            values.append(float(model.coef_[0]))
    plain, firth = (np.mean(values) - 1.5 for values in found.values())

    assert plain > 0.15
    assert abs(firth) < 0.05
