"""A model in each of several imputations: truth, other software, rows by themselves."""

import json

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

from concord.errors import FitError
from concord.models.estimators import imputed as module
from concord.models.estimators.imputed import Imputed, combined
from concord.models.estimators.penalized import RidgeCox, RidgeLogistic
from concord.models.estimators.variances import variances
from concord.models.pipeline import _rebuilt
from concord.models.steps.imputation import MedianImputer
from concord.statistics.outcome_kinds import OUTCOME_KINDS
from concord.statistics.rubin import pooled

MODELS = {"binary": RidgeLogistic, "survival": RidgeCox}
TRUTH = {"binary": np.array([0.6, 0.5]), "survival": np.array([0.4, 0.3])}


def study(seed: int, kind: str = "binary", n: int = 400):
    """Two covariates; the second is missing more often by the first and the event."""
    generator = np.random.default_rng(seed)
    first = generator.normal(size=n)
    second = 0.6 * first + 0.8 * generator.normal(size=n)
    risk = TRUTH[kind][0] * first + TRUTH[kind][1] * second
    event = generator.random(n) < 1 / (1 + np.exp(-risk))
    time = generator.exponential(size=n) * np.exp(-risk)
    censored = 2 * generator.exponential(size=n)
    if kind == "survival":
        event, time = time <= censored, np.minimum(time, censored)
    outcome = pd.DataFrame({"event": event.astype(float), "time_days": 100 * time})
    lost = 1 / (1 + np.exp(1.7 - first - event))
    rows = pd.DataFrame(
        {
            "covariate.a": first,
            "covariate.b": np.where(generator.random(n) < lost, np.nan, second),
        }
    ).set_index(pd.Index([f"P{number}" for number in range(n)]))
    return rows, OUTCOME_KINDS[kind].target(outcome)


def imputed(kind: str, rows: pd.DataFrame, m: int = 5, seed: int = 1) -> Imputed:
    """Unfitted, without a penalty."""
    free = tuple(rows.columns)
    return Imputed(MODELS[kind](unpenalized=free), free, m, seed)


@pytest.mark.parametrize(("kind", "bias"), [("binary", 0.09), ("survival", 0.08)])
def test_intervals_hold_the_truth_where_the_median_is_biased(kind, bias):
    """Missing at random given the first covariate and the event, a third of all.

    For times, the hazard stands for all that the outcome tells, which leaves strong
    effects somewhat too small (White and Royston 2009).
    """
    truth, inside, estimate, median = TRUTH[kind], [], [], []
    for seed in range(16):
        rows, y = study(seed, kind)
        model = imputed(kind, rows, seed=seed).fit(rows, y)
        error = np.sqrt(model.pooled_.total)
        inside.append(np.abs(model.coef_ - truth) < 1.96 * error)
        estimate.append(model.coef_)
        filled = MedianImputer().fit_transform(rows)
        median.append(MODELS[kind](unpenalized=tuple(rows)).fit(filled, y).coef_)

    assert np.mean(inside, axis=0).min() >= 0.8
    assert np.abs(np.mean(estimate, axis=0) - truth).max() < bias
    # The median blurs the second covariate, and the first one takes its part.
    assert np.mean(median, axis=0)[0] > truth[0] + 0.05
    assert np.mean(median, axis=0)[0] > np.mean(estimate, axis=0)[0] + 0.04


def test_pooled_coefficients_are_near_those_of_another_imputer():
    """Iterative regressions of scikit-learn, with the outcome as a column."""
    from sklearn.experimental import enable_iterative_imputer  # noqa: F401
    from sklearn.impute import IterativeImputer

    rows, y = study(3, n=500)
    own = imputed("binary", rows, m=10).fit(rows, y)
    coefficients, errors = [], []
    for seed in range(10):
        other = IterativeImputer(sample_posterior=True, random_state=seed)
        filled = other.fit_transform(rows.assign(y=y).to_numpy())[:, :2]
        table = pd.DataFrame(filled, columns=rows.columns)
        model = RidgeLogistic(unpenalized=tuple(rows)).fit(table, y)
        coefficients.append(model.coef_)
        errors.append(variances(model, filled, y))
    expected = pooled(np.array(coefficients), np.array(errors))

    error = np.sqrt(own.pooled_.total)
    assert (np.abs(own.coef_ - expected.estimate) < 0.4 * error).all()
    np.testing.assert_allclose(error, np.sqrt(expected.total), rtol=0.2)


@pytest.mark.parametrize("kind", MODELS)
def test_variances_are_those_of_an_unpenalized_fit(kind):
    rows, y = study(5, kind)
    rows = rows.dropna()
    y = study(5, kind)[1][[int(name[1:]) for name in rows.index]]
    model = MODELS[kind](unpenalized=tuple(rows)).fit(rows, y)
    found = variances(model, rows.to_numpy(), y)

    if kind == "binary":
        design = np.column_stack([np.ones(len(rows)), rows])
        chance = model.predict_proba(rows)[:, 1]
        weighted = design * (chance * (1 - chance))[:, None]
        expected = np.sqrt(np.diag(np.linalg.inv(design.T @ weighted)))[1:]
    else:
        from lifelines import CoxPHFitter

        fitter = CoxPHFitter().fit(
            rows.assign(event=y["event"], time=y["time_days"]), "time", "event"
        )
        expected = fitter.standard_errors_.to_numpy()
    np.testing.assert_allclose(np.sqrt(found), expected, rtol=1e-5)
    shrunk = MODELS[kind](unpenalized=("covariate.a",)).fit(rows, y)
    assert np.isnan(variances(shrunk, rows.to_numpy(), y)).all()


@pytest.mark.parametrize("kind", MODELS)
def test_a_rebuilt_model_scores_bit_for_bit_and_each_row_by_itself(kind):
    rows, y = study(2, kind)
    model = imputed(kind, rows).fit(rows, y)
    rebuilt = _rebuilt("model", json.loads(json.dumps(model.estimates())))
    again = clone(model).fit(rows, y)

    scores = model.decision_function(rows)
    assert np.isfinite(scores).all()
    assert rebuilt.decision_function(rows).tobytes() == scores.tobytes()
    assert again.decision_function(rows).tobytes() == scores.tobytes()
    alone = [model.decision_function(rows.iloc[k : k + 1])[0] for k in range(30)]
    assert np.array(alone).tobytes() == scores[:30].tobytes()
    assert rebuilt.estimates() == model.estimates()
    other = imputed(kind, rows, seed=2).fit(rows, y).decision_function(rows)
    assert other.tobytes() != scores.tobytes()


def test_development_rows_are_scored_without_their_outcomes():
    """Two rows that differ by nothing but the outcome have one score."""
    rows, y = study(2)
    gap = rows["covariate.b"].isna().to_numpy()
    rows.loc[gap, "covariate.a"] = 0.25
    model = imputed("binary", rows).fit(rows, y)

    assert len(set(y[gap])) == 2
    assert len(set(model.decision_function(rows[gap]))) == 1


def test_without_the_help_of_the_outcome_its_coefficient_would_be_too_small(
    monkeypatch,
):
    found = []
    for helps in (True, False):
        if not helps:
            monkeypatch.setattr(module, "_helpers", lambda y: np.zeros((len(y), 0)))
        made = [study(seed) for seed in range(4)]
        fits = [imputed("binary", rows).fit(rows, y) for rows, y in made]
        found.append(np.mean([fit.coef_[1] for fit in fits]))

    assert found[0] > found[1] + 0.08


def test_binary_scores_are_log_odds_of_the_mean_probability():
    scores = np.array([[-2.0, 800.0, 1.0], [1.0, 900.0, 1.0]])
    found = combined(scores, has_times=False)
    chance = (1 / (1 + np.exp(-scores[:, 0]))).mean()

    assert found[0] == pytest.approx(np.log(chance / (1 - chance)))
    assert np.isfinite(found[1])
    assert found[2] == pytest.approx(1.0)
    assert combined(scores, has_times=True)[0] == -0.5


def test_complete_covariates_give_the_model_itself():
    rows, y = study(4)
    rows = rows.fillna(0.3)
    found = imputed("binary", rows).fit(rows, y)
    alone = RidgeLogistic(unpenalized=tuple(rows)).fit(rows, y)

    np.testing.assert_allclose(found.coef_, alone.coef_, rtol=1e-12)
    assert found.pooled_.between.max() == pytest.approx(0.0, abs=1e-20)
    np.testing.assert_allclose(
        found.decision_function(rows), alone.decision_function(rows), rtol=1e-9
    )


def test_without_an_event_there_is_no_fit():
    rows, y = study(4)
    with pytest.raises(FitError, match="0 events in 400"):
        imputed("binary", rows).fit(rows, 0 * y)


class Split:
    """A stump in place of a model with coefficients."""

    coef_, kkt_residual_, rescue_ = None, float("nan"), ""

    def get_params(self, deep=True):
        return {}

    def fit_values(self, names, values, y):
        self.feature_names_in_, self._cut = names, values[:, 1].mean()
        return self

    def scores_of(self, values):
        return np.where(values[:, 1] > self._cut, 1.0, -1.0)

    def used_terms(self):
        return ["covariate.b"]


def test_a_model_without_coefficients_is_imputed_and_averaged_too():
    rows, y = study(2)
    model = Imputed(Split(), tuple(rows), 3).fit(rows, y)

    assert model.coef_ is None
    assert model.pooled_ is None
    assert model.unpenalized == ()
    assert model.used_terms() == ["covariate.b"]
    assert np.isnan(model.kkt_residual_)
    assert not hasattr(model, "largest_penalty")
    assert np.isfinite(model.decision_function(rows)).all()
    assert (model.variances_.shape, np.isnan(model.variances_).all()) == ((3, 2), True)


def test_standard_errors_of_the_model_itself_are_believed():
    rows, y = study(2)
    known = RidgeLogistic(unpenalized=tuple(rows)).fit(rows.fillna(0), y)
    values = rows.fillna(0).to_numpy()
    known.standard_errors_ = np.array([2.0, 3.0])
    assert variances(known, values, y).tolist() == [4.0, 9.0]
    known.standard_errors_ = None
    assert np.isnan(variances(known, values, y)).all()
