"""Steps blind to the outcome: missing share, transforms, gaps, scaling, clusters."""

import json

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.base import clone
from sklearn.preprocessing import RobustScaler as Other

from concord.errors import FitError
from concord.folds.completeness import unmeasured
from concord.models.steps.correlation import CorrelationFilter
from concord.models.steps.imputation import MedianImputer
from concord.models.steps.missing_share import MissingShareFilter
from concord.models.steps.scaling import RobustScaler, Standardizer
from concord.models.steps.transforms import LogTransform, RankNormal
from concord.stability.reliability import RepeatedMeasurements
from concord.statistics.icc import intraclass_correlation

from ...modelling_study import make_tables


@pytest.fixture
def rows():
    """Positive, signed, zero-inflated, constant, empty and incomplete features."""
    generator = np.random.default_rng(2)
    table = pd.DataFrame(
        {
            "CT.t.positive": np.exp(generator.normal(size=60)),
            "CT.t.signed": generator.normal(size=60),
            "CT.t.zeros": np.where(
                np.arange(60) % 3, generator.exponential(size=60), 0.0
            ),
            "CT.t.constant": 0.1 * 3 + np.where(np.arange(60) % 2, 0, 5e-17),
            "CT.t.empty": np.nan,
            "CT.t.gaps": np.where(np.arange(60) % 4, generator.normal(size=60), np.nan),
            "covariate.age": generator.normal(60, 10, 60),
            "group": ["A", "B"] * 30,
        }
    )
    return table.set_index("P" + table.index.astype(str))


def rebuilt(step):
    """The step from its estimates, through JSON without NaN."""
    found = json.loads(json.dumps(step.estimates(), allow_nan=False))
    return type(step).from_estimates(found)


@pytest.mark.parametrize(
    "step", [MissingShareFilter(0.3), LogTransform(), RankNormal()], ids=repr
)
def test_a_step_before_harmonization_comes_back_from_json_and_keeps_other_columns(
    rows, step
):
    fitted = clone(step).fit(rows.iloc[:40])
    found = fitted.transform(rows.iloc[40:])

    pd.testing.assert_frame_equal(rebuilt(fitted).transform(rows.iloc[40:]), found)
    assert found["group"].tolist() == rows["group"][40:].tolist()
    assert found["covariate.age"].equals(rows["covariate.age"][40:])
    alone = pd.concat([fitted.transform(rows.iloc[k : k + 1]) for k in range(40, 60)])
    pd.testing.assert_frame_equal(alone, found)


def test_features_that_more_than_the_share_lack_are_dropped(rows):
    found = MissingShareFilter(0.25).fit(rows).transform(rows)
    assert "CT.t.gaps" in found
    assert "CT.t.empty" not in found
    found = MissingShareFilter(0.24).fit(rows).transform(rows)
    assert "CT.t.gaps" not in found
    assert unmeasured(rows.drop(columns="group"), 0.24) == ["CT.t.empty", "CT.t.gaps"]
    assert unmeasured(rows.drop(columns="group"), 0.25) == ["CT.t.empty"]


def test_a_share_that_leaves_no_feature_is_an_error(rows):
    with pytest.raises(FitError, match=r"each of 1 features .* 10 % .*drop_missing"):
        MissingShareFilter(0.1).fit(rows[["CT.t.gaps", "group"]])
    assert list(MissingShareFilter(0.1).fit_transform(rows[["group"]])) == ["group"]


def test_logarithms_are_plain_of_positive_features_and_signed_of_others(rows):
    found = LogTransform().fit(rows).transform(rows)

    np.testing.assert_allclose(found["CT.t.positive"], np.log(rows["CT.t.positive"]))
    scale = rows["CT.t.signed"].abs().median()
    expected = np.sign(rows["CT.t.signed"]) * np.log1p(
        rows["CT.t.signed"].abs() / scale
    )
    np.testing.assert_allclose(found["CT.t.signed"], expected)
    assert (found["CT.t.zeros"][rows["CT.t.zeros"] == 0] == 0).all()
    assert (found["CT.t.constant"] == 0).all()
    assert found["CT.t.empty"].isna().all()
    assert found["CT.t.gaps"].isna().equals(rows["CT.t.gaps"].isna())


def test_a_value_below_those_of_development_has_the_logarithm_of_half_the_least(rows):
    step = LogTransform().fit(rows)
    least = rows["CT.t.positive"].min()
    new = rows.iloc[:4].assign(**{"CT.t.positive": [0.0, -5.0, 0.4 * least, np.inf]})
    found = step.transform(new)["CT.t.positive"]

    assert found[:3].tolist() == [np.log(least / 2)] * 3
    assert np.isnan(found.iloc[3])


def test_scores_of_ranks_are_bloms_and_ties_have_one(rows):
    step = RankNormal().fit(rows)
    found = step.transform(rows)
    for name in ("CT.t.zeros", "CT.t.gaps"):
        known = rows[name].dropna()
        blom = stats.norm.ppf((stats.rankdata(known) - 0.375) / (len(known) + 0.25))
        np.testing.assert_allclose(found.loc[known.index, name], blom, atol=0.03)
    assert found["CT.t.zeros"][rows["CT.t.zeros"] == 0].nunique() == 1
    assert (found["CT.t.constant"] == 0).all()
    assert found["CT.t.empty"].isna().all()


def test_few_values_have_exact_scores_and_ends_are_clamped():
    rows = pd.DataFrame({"CT.t.f": [1.0, 2.0, 2.0, 8.0]}, index=list("abcd"))
    step = RankNormal().fit(rows)
    blom = stats.norm.ppf((np.array([1, 2.5, 4]) - 0.375) / 4.25)
    new = pd.DataFrame({"CT.t.f": [1.0, 2.0, 8.0, 5.0, -99.0, 99.0]})

    found = step.transform(new)["CT.t.f"]
    expected = [*blom, (blom[1] + blom[2]) / 2, blom[0], blom[2]]
    np.testing.assert_allclose(found, expected)


def test_normal_scores_of_many_values_are_kept_by_few():
    generator = np.random.default_rng(0)
    rows = pd.DataFrame({"CT.t.f": np.exp(2 * generator.normal(size=3000))})
    step = RankNormal().fit(rows)
    found = step.transform(rows)["CT.t.f"]

    assert len(step.values_[0]) <= 51
    assert (found[rows["CT.t.f"].argsort()].diff().dropna() >= 0).all()
    blom = stats.norm.ppf((stats.rankdata(rows["CT.t.f"]) - 0.375) / 3000.25)
    np.testing.assert_allclose(found, blom, atol=0.1)
    assert np.abs(found - blom).mean() < 0.01


@pytest.mark.parametrize("step", [LogTransform(), RankNormal()], ids=repr)
def test_a_change_of_units_moves_or_leaves_what_is_transformed(rows, step):
    names = ["CT.t.positive", "CT.t.signed", "CT.t.zeros"]
    before = clone(step).fit_transform(rows)[names]
    after = clone(step).fit_transform(rows.assign(**1000 * rows[names]))[names]

    moved = (after - before).to_numpy()
    np.testing.assert_allclose(moved - moved[0], 0, atol=1e-12)
    np.testing.assert_allclose(moved[:, 1:], 0, atol=1e-12)


def test_gaps_have_a_column_of_their_own_where_development_has_some(rows):
    levels = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0], [np.nan, np.nan]] * 15)
    rows = rows.drop(columns="group").assign(
        **{"covariate.stage=2": levels[:, 0], "covariate.stage=3": levels[:, 1]}
    )
    step = MedianImputer(indicators=True).fit(rows)
    found = rebuilt(step).transform(rows)

    assert list(found)[-2:] == ["CT.t.gaps=(missing)", "covariate.stage=(missing)"]
    assert found["CT.t.gaps=(missing)"].tolist() == [1.0, 0, 0, 0] * 15
    assert found["covariate.stage=(missing)"].tolist() == [0.0, 0, 0, 1] * 15
    assert "covariate.age=(missing)" not in found
    new = rows.iloc[:1].assign(**{"covariate.age": np.nan, "CT.t.gaps": 1.0})
    assert step.transform(new)["CT.t.gaps=(missing)"].tolist() == [0.0]
    assert np.isfinite(step.transform(new)).all(axis=None)


def test_a_predictor_of_the_name_of_such_a_column_is_refused(rows):
    rows = rows[["CT.t.gaps"]].assign(**{"CT.t.gaps=(missing)": range(60)})
    with pytest.raises(FitError, match=r"'CT.t.gaps=\(missing\)' already"):
        MedianImputer(indicators=True).fit(rows)


def test_columns_that_a_later_step_fills_keep_their_gaps(rows):
    rows = rows.drop(columns="group")
    rows.iloc[:9, rows.columns.get_loc("covariate.age")] = np.nan
    step = rebuilt(MedianImputer(leave=["covariate.age"]).fit(rows))
    found = step.transform(rows)

    assert found["covariate.age"].isna().sum() == 9
    assert found["CT.t.gaps"].notna().all()
    scaled = Standardizer().fit(found).transform(found)["covariate.age"]
    assert scaled.mean() == pytest.approx(0)
    assert scaled.std(ddof=0) == pytest.approx(1)


def test_robust_scaling_is_that_of_scikit_learn_but_of_columns_of_two_values(rows):
    rows = rows[["CT.t.positive", "CT.t.signed", "CT.t.zeros"]].assign(
        **{"covariate.x": np.arange(60) % 5 == 0, "group=A": np.arange(60) % 2}
    )
    rows = rows.astype(float)
    step = rebuilt(RobustScaler().fit(rows))
    found = step.transform(rows)

    expected = Other(unit_variance=True).fit_transform(rows.iloc[:, :3])
    np.testing.assert_allclose(found.iloc[:, :3], expected, rtol=1e-9)
    plain = Standardizer().fit(rows).transform(rows)
    assert found["covariate.x"].equals(plain["covariate.x"])
    assert found["group=A"].equals(rows["group=A"])


def test_a_range_of_zero_is_replaced_by_the_sd():
    rows = pd.DataFrame({"CT.t.f": [0.0] * 30 + [1.0, 2.0, 3.0]})
    assert RobustScaler().fit(rows).sd_ == Standardizer().fit(rows).sd_


class Judge:
    """Knows the reliability of some features, and who was asked about."""

    def __init__(self, **known):
        self.known, self.asked = {f"CT.t.{k}": v for k, v in known.items()}, None

    def reliabilities(self, subjects):
        self.asked = subjects
        return self.known


@pytest.fixture
def clusters():
    """Two clusters, a and b, of three features each."""
    generator = np.random.default_rng(1)
    base = generator.normal(size=(50, 2))
    names = {f"CT.t.{c}{k}": base[:, i] for i, c in enumerate("ab") for k in range(3)}
    table = pd.DataFrame(names) + 0.05 * generator.normal(size=(50, 6))
    return table.set_index("P" + table.index.astype(str))


def test_the_most_repeatable_feature_stands_for_its_cluster(clusters):
    judge = Judge(a0=0.7, a1=0.9, a2=0.8, b2=0.1)
    step = CorrelationFilter(0.9, "icc", judge).fit(clusters[:30])

    assert list(step.transform(clusters)) == ["CT.t.a1", "CT.t.b2"]
    assert judge.asked == frozenset(clusters.index[:30])
    assert list(rebuilt(step).transform(clusters)) == ["CT.t.a1", "CT.t.b2"]


def test_equal_reliabilities_keep_the_first_and_unknown_ones_the_central(clusters):
    judge = Judge(a0=0.5, a1=0.5, a2=float("nan"))
    kept = list(CorrelationFilter(0.9, "icc", judge).fit_transform(clusters))
    central = list(CorrelationFilter(0.9).fit_transform(clusters))

    assert kept == ["CT.t.a0", central[1]]
    with pytest.raises(FitError, match="needs repeated measurements"):
        CorrelationFilter(0.9, "icc").fit(clusters)


def test_reliabilities_are_the_lowest_of_all_axes_among_the_subjects():
    table = make_tables(n=20, n_features=3).features
    again = table[table["reader"] == "A"].assign(session="retest")
    shaken = np.random.default_rng(1).normal(0, [0.1, 3.0, 0.1], (20, 3))
    names = [name for name in table if name.startswith("original.")]
    again[names] += shaken
    measured = RepeatedMeasurements(
        pd.concat([table, again]), "baseline", "A", ["retest"], 0.75, 0.95
    )
    some = frozenset(f"P{number:04d}" for number in range(15))
    found = measured.reliabilities(some)

    values = [
        part[part["subject_id"].isin(some)][names].to_numpy()
        for part in (
            table[table["reader"] == "A"],
            table[table["reader"] == "B"],
            again,
        )
    ]
    readers = intraclass_correlation(np.stack(values[:2], 1), "ICC(A,1)").estimate
    retest = intraclass_correlation(
        np.stack([values[0], values[2]], 1), "ICC(1,1)"
    ).estimate
    np.testing.assert_allclose(list(found.values()), np.minimum(readers, retest))
    assert found["CT.tumour.original.glcm.f001"] == pytest.approx(retest[1])
    assert clone(measured, safe=False) is measured
