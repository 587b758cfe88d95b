"""Steps before the model."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from concord.errors import ConfigError, FitError, StudyError
from concord.folds.subject_table import feature_matrix, matching
from concord.models.steps.correlation import CorrelationFilter, absolute_spearman
from concord.models.steps.imputation import MedianImputer
from concord.models.steps.indicators import Indicators
from concord.models.steps.scaling import Standardizer
from concord.models.steps.stability_filter import StabilityFilter
from concord.models.steps.univariate import UnivariateSelection, univariate_strength
from concord.statistics.outcome_kinds import OUTCOME_KINDS

from ...modelling_study import make_tables


@pytest.fixture
def rows():
    generator = np.random.default_rng(2)
    table = pd.DataFrame(generator.normal(size=(50, 6))).add_prefix("CT.t.f")
    return table.set_index("P" + table.index.astype(str))


class Judge:
    """Calls some features stable and remembers who was asked about."""

    def __init__(self, stable):
        self.stable, self.asked = frozenset(stable), None

    def stable_names(self, subjects):
        self.asked = subjects
        return self.stable


def test_stability_is_judged_by_development_subjects_alone(rows):
    judge = Judge(["CT.t.f1", "CT.t.f4"])
    chosen = StabilityFilter(judge).fit(rows.iloc[:20])
    assert judge.asked == frozenset(rows.index[:20])
    assert list(chosen.transform(rows.iloc[20:])) == ["CT.t.f1", "CT.t.f4"]


def test_no_stable_feature_is_an_error(rows):
    with pytest.raises(FitError, match="none of 6 features is stable"):
        StabilityFilter(Judge([])).fit(rows)


def test_missing_values_take_the_development_median_and_constants_go(rows):
    rows = rows.copy()
    rows["CT.t.f0"] = 3.0
    rows["CT.t.f1"] = np.nan
    rows.iloc[:5, 2] = np.nan
    imputer = MedianImputer().fit(rows)
    assert imputer.dropped_ == ["CT.t.f0", "CT.t.f1"]
    found = imputer.transform(rows)
    assert (found["CT.t.f2"][:5] == rows["CT.t.f2"].median()).all()


def test_scaling_uses_development_mean_and_sd_and_leaves_indicators(rows):
    rows = rows.assign(**{"group=A": np.tile([0.0, 1.0], 25)})
    scaled = Standardizer().fit(rows.iloc[:30]).transform(rows)
    np.testing.assert_allclose(scaled.iloc[:30, :6].mean(), 0, atol=1e-12)
    np.testing.assert_allclose(scaled.iloc[:30, :6].std(ddof=0), 1)
    assert scaled["group=A"].tolist() == rows["group=A"].tolist()


def test_group_never_seen_has_all_indicators_zero(rows):
    rows = rows.assign(group=["A", "B"] * 25, **{"covariate.age": 1.0})
    step = Indicators(["covariate.age"], True).fit(rows)
    found = step.transform(rows.assign(group="C"))
    assert (found[["group=A", "group=B"]] == 0).all(axis=None)
    assert "group" not in found
    without = Indicators([], False).fit(rows).transform(rows)
    assert list(without) == list(rows.columns[:6])


def test_spearman_equals_scipy(rows):
    expected = np.abs(stats.spearmanr(rows).statistic)
    np.testing.assert_allclose(absolute_spearman(rows.to_numpy()), expected, atol=1e-12)


def test_copies_of_a_feature_leave_one_and_others_stay(rows):
    rows = rows.assign(
        **{"CT.t.g0": np.exp(rows["CT.t.f0"]), "CT.t.g1": -rows["CT.t.f0"]}
    )
    found = CorrelationFilter(0.9).fit_transform(rows)
    copies = {"CT.t.f0", "CT.t.g0", "CT.t.g1"}
    assert len(copies & set(found)) == 1
    assert {f"CT.t.f{k}" for k in range(1, 6)} <= set(found)


def test_limit_of_one_keeps_all_but_exact_copies(rows):
    near = rows["CT.t.f0"] + 0.3 * rows["CT.t.f1"]
    rows = rows.assign(**{"CT.t.near": near, "CT.t.copy": rows["CT.t.f5"]})
    found = CorrelationFilter(1.0).fit_transform(rows)
    assert len(found.columns) == 7


def test_strength_of_binary_outcomes_is_distance_of_the_auc_from_half(rows):
    event = (np.random.default_rng(0).random(50) < 0.4).astype(float)
    found = univariate_strength(rows.to_numpy(), event)
    for k, name in enumerate(rows):
        u = stats.mannwhitneyu(rows[name][event == 1], rows[name][event == 0]).statistic
        auc = u / (event.sum() * (1 - event).sum())
        assert found[k] == pytest.approx(abs(auc - 0.5))


@pytest.mark.parametrize("kind", ["binary", "survival"])
def test_planted_feature_is_selected_first_and_covariates_stay(rows, kind):
    generator = np.random.default_rng(1)
    time = np.exp(-2 * rows["CT.t.f3"]) * generator.exponential(size=50)
    event = (rows["CT.t.f3"] > 0) | (kind == "survival")
    outcome = pd.DataFrame({"event": event.astype(float), "time_days": time})
    y = OUTCOME_KINDS[kind].target(outcome)
    rows = rows.assign(**{"covariate.age": generator.normal(size=50)})
    found = UnivariateSelection(1).fit(rows, y).transform(rows)
    assert list(found) == ["CT.t.f3", "covariate.age"]


def test_matrix_holds_baseline_of_the_reference_reader_under_full_names():
    table = make_tables(n=6, n_features=2).features
    matrix = feature_matrix(table, "baseline", "A")
    assert list(matrix) == [
        "CT.tumour.original.glcm.f000",
        "CT.tumour.original.glcm.f001",
    ]
    first = table[table["reader"] == "A"].iloc[0]
    assert matrix.iloc[0, 0] == first["original.glcm.f000"]
    with pytest.raises(StudyError, match=r"session 'week3' by reader 'A'; the table"):
        feature_matrix(table, "week3", "A")


def test_pattern_without_a_match_is_an_error():
    names = ["CT.tumour.original.glcm.contrast", "CT.node.original.glcm.contrast"]
    assert matching(names, ["CT.node.*"]) == names[1:]
    with pytest.raises(ConfigError, match=r"pattern 'MR.\*' matches none of 2"):
        matching(names, ["CT.*", "MR.*"])
