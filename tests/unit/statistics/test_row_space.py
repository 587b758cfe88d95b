"""More columns than rows: the same optimum as Newton's method in all columns."""

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

from concord.errors import FitError
from concord.models.estimators import penalized_base
from concord.models.estimators.likelihood_shares import (
    combine,
    cox_share,
    logistic_share,
)
from concord.models.estimators.partial_likelihood import PartialLikelihood
from concord.models.estimators.penalized import RidgeCox, RidgeLogistic
from concord.statistics.outcome_kinds import SURVIVAL
from concord.statistics.row_space import RowSpace

N_ROWS = 40
PENALTY = 0.1


def wide(n_columns=120, seed=4):
    """Correlated columns, an outcome of two of them, and times with ties."""
    generator = np.random.default_rng(seed)
    hidden = generator.normal(size=(N_ROWS, 6))
    columns = hidden @ generator.normal(size=(6, n_columns))
    columns += 0.5 * generator.normal(size=(N_ROWS, n_columns))
    X = pd.DataFrame(columns, columns=[f"x{k}" for k in range(n_columns)])
    event = generator.random(N_ROWS) < 1 / (1 + np.exp(-hidden[:, 0]))
    time = np.ceil(generator.exponential(8 * np.exp(-hidden[:, 0])))
    return X, event, SURVIVAL.target(pd.DataFrame({"event": event, "time_days": time}))


def collinear():
    """Each column twice, the second time with another factor, and a constant one."""
    X, event, times = wide()
    twice = (2 * X).add_prefix("again_")
    return pd.concat([X, twice], axis=1).assign(constant=1.0), event, times


CASES = {
    "wide": (wide, ()),
    "collinear": (collinear, ()),
    "one more column than rows": (lambda: wide(N_ROWS + 1), ()),
    "covariates": (wide, ("x0", "x7")),
}


@pytest.fixture(params=CASES)
def case(request):
    build, free = CASES[request.param]
    return *build(), free


@pytest.fixture(params=[RidgeLogistic, RidgeCox])
def kind(request):
    return request.param


def fitted(kind, X, event, times, free=()):
    model = kind(PENALTY, free)
    return model.fit(X, event if kind is RidgeLogistic else times)


def in_all_columns(model, X, free=()):
    """Solution of Newton's method with a Hessian (p, p), for a model once fitted."""
    ridge = np.where(X.columns.isin(free), 0.0, PENALTY)
    point, _ = model._minimum(X.to_numpy(), ridge)
    return point[len(point) - X.shape[1] :]


def test_the_optimum_is_that_of_newtons_method_in_all_columns(kind, case):
    X, event, times, free = case
    model = fitted(kind, X, event, times, free)
    assert model.rescue_ == ""
    assert model.kkt_residual_ < 1e-10
    expected = in_all_columns(model, X, free)
    np.testing.assert_allclose(model.coef_, expected, rtol=1e-9, atol=1e-12)
    assert np.abs(expected).max() > 0.01


def test_the_logistic_optimum_is_that_of_scikit_learn():
    X, event, times = wide()
    theirs = LogisticRegression(
        C=1 / (PENALTY * N_ROWS), solver="newton-cholesky", tol=1e-12
    ).fit(X, event)
    ours = fitted(RidgeLogistic, X, event, times)
    np.testing.assert_allclose(ours.coef_, theirs.coef_[0], rtol=1e-8, atol=1e-11)
    assert ours.intercept_ == pytest.approx(theirs.intercept_[0], rel=1e-8)


def test_columns_that_are_copies_share_their_coefficient(kind):
    X, event, times = collinear()
    model = fitted(kind, X, event, times)
    first, second = model.coef_[:120], model.coef_[120:240]
    np.testing.assert_allclose(second, 2 * first, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize(("n_penalized", "used"), [(N_ROWS, False), (N_ROWS + 1, True)])
def test_up_to_as_many_penalized_columns_as_rows_nothing_is_replaced(
    kind, monkeypatch, n_penalized, used
):
    """Not by a bit; covariates do not count."""
    X, event, times = wide(n_penalized + 2)
    free, seen = ("x0", "x1"), []

    class Watched(RowSpace):
        @classmethod
        def of(cls, X, columns):
            seen.append(columns.sum())
            return super().of(X, columns)

    monkeypatch.setattr(penalized_base, "RowSpace", Watched)
    model = fitted(kind, X, event, times, free)
    assert seen == ([n_penalized] if used else [])
    if not used:
        assert np.array_equal(model.coef_, in_all_columns(model, X, free))


def test_without_a_penalty_more_columns_than_rows_determine_each_other(kind):
    X, event, times = wide()
    with pytest.raises(FitError, match="determine each other"):
        kind(0.0).fit(X, event if kind is RidgeLogistic else times)


def test_a_covariate_that_separates_the_outcomes_gets_a_recorded_ridge():
    X, event, times = wide()
    X = X.assign(separates=np.where(event, 1.0, -1.0) * (1 + np.arange(N_ROWS)))
    model = fitted(RidgeLogistic, X, event, times, ("separates",))
    assert "got a ridge of 0.001" in model.rescue_
    assert model.kkt_residual_ < 1e-10


def test_a_point_that_is_no_optimum_of_the_columns_is_refused(kind, monkeypatch):
    X, event, times = wide()
    coefficients = RowSpace.coefficients
    monkeypatch.setattr(
        RowSpace, "coefficients", lambda self, found: coefficients(self, found) + 0.01
    )
    with pytest.raises(FitError, match="did not converge: largest gradient"):
        fitted(kind, X, event, times)


def test_shares_of_the_rows_add_up_to_a_gradient_of_zero_at_the_optimum(kind):
    """As a federated fit asks for them: the sites need not know of the row space."""
    X, event, times = wide()
    model, values = fitted(kind, X, event, times), X.to_numpy()
    if kind is RidgeLogistic:
        point = np.concatenate([[model.intercept_], model.coef_])
        parts = [slice(0, 15), slice(15, N_ROWS)]
        share = combine(
            logistic_share(values[part], event[part].astype(float), point, N_ROWS)
            for part in parts
        )
        gradient = share.gradient + PENALTY * np.concatenate([[0.0], model.coef_])
    else:
        likelihood = PartialLikelihood(times["event"], times["time_days"])
        share = cox_share(likelihood, values, model.coef_, N_ROWS)
        gradient = share.gradient + PENALTY * model.coef_
    assert np.abs(gradient).max() < 1e-10
