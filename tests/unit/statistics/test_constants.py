"""Constancy but for rounding: one function, and what follows from it everywhere."""

import numpy as np
import pandas as pd
import pytest

from concord.harmonization.diagnostics.associations import correlation
from concord.harmonization.diagnostics.batch_prediction import cross_validated
from concord.harmonization.diagnostics.components import scores
from concord.harmonization.estimators.combat import ComBat
from concord.harmonization.estimators.covbat import CovBat
from concord.harmonization.estimators.zscore import WithinBatchZScore
from concord.harmonization.neurocombat_check import compare
from concord.models.steps.imputation import MedianImputer
from concord.models.steps.scaling import Standardizer
from concord.statistics.constants import varies, without_rounding
from concord.statistics.icc import intraclass_correlation

from ...batch_rows import batch_effect, batch_rows, features

ULP = np.finfo(float).eps


@pytest.fixture
def noise():
    """Ones that differ by their last bits, as gldzm of a one-voxel zone does."""
    return 1.0 + ULP * np.random.default_rng(3).integers(-2, 3, 62)


@pytest.fixture
def rows():
    return batch_rows(sizes=(30, 20, 12), n_features=15)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1.0, 1.0], False),
        ([1.0, 1.0 + ULP], False),
        ([-3e7, -3e7 * (1 + 1e-10)], False),
        ([1.0, 1.0 + 1e-8], True),
        ([0.0, 1e-200], True),
        ([0.0, 0.0], False),
        ([np.nan, 2.0], False),
        ([np.nan, np.inf], False),
        ([np.nan, 2.0, 3.0], True),
        ([], False),
    ],
)
def test_a_column_varies_if_its_spread_exceeds_its_rounding(values, expected):
    assert varies(np.array(values, dtype=float)) == expected


def test_scale_and_sign_do_not_matter():
    values = np.random.default_rng(0).normal(5, 1, (20, 3)) * [1e-12, -1, 1e12]
    assert varies(values).all()
    assert not varies(np.array([[7.0], [7.0]]) * [1e-12, -1, 1e12]).any()


def test_constant_columns_take_one_value_and_others_stay():
    values = np.array([[1.0, 2.0], [np.nan, 3.0], [1.0 + ULP, 4.0]])
    settled = without_rounding(values)
    np.testing.assert_array_equal(settled[:, 0], [1.0, np.nan, 1.0])
    np.testing.assert_array_equal(settled[:, 1], values[:, 1])


@pytest.mark.parametrize(
    "kind", [ComBat, CovBat, WithinBatchZScore], ids=lambda kind: kind.__name__
)
def test_harmonizers_pass_them_on_and_learn_nothing_from_them(kind, rows, noise):
    names = features(rows)
    alone = kind("site", columns=names).fit_transform(rows)
    table = rows.assign(f99=noise)
    fitted = kind("site", columns=[*names, "f99"]).fit(table)
    found = fitted.transform(table)
    np.testing.assert_array_equal(found["f99"], noise)
    np.testing.assert_allclose(found[names], alone[names], rtol=0, atol=1e-12)


@pytest.mark.parametrize("kind", [ComBat, WithinBatchZScore])
def test_a_feature_that_only_rounding_moves_in_one_batch_is_not_stretched(
    kind, rows, noise
):
    values = np.where(rows["site"] == "C", noise, rows["f0"])
    exact = np.where(rows["site"] == "C", 1.0, rows["f0"])
    names = features(rows)
    found, expected = (
        kind("site", columns=names)
        .fit_transform(rows.assign(f0=column))[names]
        .to_numpy()
        for column in (values, exact)
    )
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-9)


def test_an_adapted_batch_that_only_rounding_moves_is_not_stretched(rows, noise):
    known = rows[rows["site"] != "C"]
    combat = WithinBatchZScore("site", columns=features(rows), unseen="adapt")
    new = rows[rows["site"] == "C"].assign(f0=noise[:12])
    found = combat.fit(known).adapt(new).transform(new)
    assert found["f0"].std() < 1e-9


def test_a_kept_covariate_that_only_rounding_moves_has_no_effect(rows, noise):
    table = rows.assign(dose=noise)
    names = features(rows)
    fitted = ComBat("site", keep=("dose",), columns=names).fit(table)
    plain = ComBat("site", columns=names).fit(table)
    rebuilt = ComBat.from_estimates(fitted.estimates())
    other = table.assign(dose=5.0)
    for harmonizer in (fitted, rebuilt):
        np.testing.assert_array_equal(
            harmonizer.transform(other)[names], plain.transform(other)[names]
        )


def test_neurocombat_agrees_because_both_leave_them_out(rows, noise):
    combat = ComBat("site", columns=[*features(rows), "f99"], stop_rule="sva")
    found = compare(combat, rows.assign(f99=noise))
    assert found["n_left_out"] == 1
    assert found["largest_difference"] < 1e-6


def test_diagnostics_take_them_for_constant(rows, noise):
    table = rows.assign(f99=noise)
    found = batch_effect(table["f99"], table["site"])
    assert np.isnan([found["eta_squared"], found["p_value"]]).all()
    names = features(rows)
    every = table[[*names, "f99"]]
    np.testing.assert_allclose(
        scores(every.to_numpy())[0], scores(rows[names].to_numpy())[0], atol=1e-12
    )
    assert np.isnan(correlation(every, table["age"])[-1])
    both = [cross_validated(one, table["site"], 1) for one in (every, rows[names])]
    assert both[0] == both[1]


def test_repeated_ratings_that_only_rounding_moves_have_no_correlation(noise):
    ratings = noise[:60].reshape(20, 3, 1)
    found = intraclass_correlation(ratings, "ICC(1,1)")
    assert np.isnan(found.estimate[0])
    assert found.reason[0] == "the subjects do not differ, so no correlation is defined"


def test_models_drop_them_and_no_scale_comes_of_them(noise):
    table = pd.DataFrame({"CT.t.a": noise, "CT.t.b": np.arange(62.0)})
    assert MedianImputer().fit(table).dropped_ == ["CT.t.a"]
    scaled = Standardizer().fit_transform(table)
    assert np.abs(scaled["CT.t.a"]).max() < 1e-9
