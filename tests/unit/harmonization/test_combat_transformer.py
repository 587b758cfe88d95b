"""ComBat as a transformer: what it learns, from whom, and what it refuses."""

import json

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

from concord.errors import ConfigError, FitError
from concord.harmonization.estimators.combat import ComBat

from ...batch_rows import batch_rows, features


@pytest.fixture
def rows():
    return batch_rows()


def test_batches_have_equal_means_and_spread_without_shrinkage(rows):
    names = features(rows)
    harmonized = ComBat("site", columns=names, empirical_bayes=False).fit_transform(
        rows
    )

    by_site = harmonized.groupby("site")[names]
    means, spreads = by_site.mean(), by_site.std()
    np.testing.assert_allclose(means - means.mean(), 0, atol=1e-9)
    np.testing.assert_allclose(spreads / spreads.mean(), 1, atol=1e-9)


def test_one_row_at_a_time_gives_the_same_bits_as_all_rows(rows):
    combat = ComBat("site", keep=("age",), columns=features(rows)).fit(rows)

    together = combat.transform(rows)
    alone = pd.concat([combat.transform(rows.iloc[[i]]) for i in range(len(rows))])

    pd.testing.assert_frame_equal(together, alone, check_exact=True)


def test_rows_outside_the_fit_do_not_change_the_estimates(rows):
    development, others = rows.iloc[::2], rows.iloc[1::2].copy()
    first = ComBat("site", columns=features(rows)).fit(development).estimates()

    others[features(rows)] *= 1e6
    whole = pd.concat([development, others])
    second = ComBat("site", columns=features(rows)).fit(whole.loc[development.index])

    assert second.estimates() == first


def test_order_of_development_rows_hardly_matters(rows):
    names = features(rows)
    shuffled = rows.sample(frac=1, random_state=0)
    first = ComBat("site", keep=("age",), columns=names).fit(rows).transform(rows)
    second = ComBat("site", keep=("age",), columns=names).fit(shuffled).transform(rows)
    np.testing.assert_allclose(first[names], second[names], atol=1e-9)


def test_change_of_unit_of_a_feature_changes_only_its_unit(rows):
    names = features(rows)
    factors = np.array([1, 10, 1e-3, 1e4, 2, 5, 1, 1])
    scaled = rows.copy()
    scaled[names] = rows[names] * factors + 7
    first = ComBat("site", columns=names).fit_transform(rows)[names] * factors + 7
    second = ComBat("site", columns=names).fit_transform(scaled)[names]
    np.testing.assert_allclose(first / factors, second / factors, atol=1e-8)


def test_effect_of_a_kept_covariate_survives_confounding_with_site(rows):
    rows = rows.assign(age=rows["age"] + 10.0 * (rows["site"] == "C"))
    rows["f0"] = 2.0 * rows["age"] + rows["f0"]

    kept = ComBat("site", keep=("age",), columns=features(rows)).fit_transform(rows)
    lost = ComBat("site", columns=features(rows)).fit_transform(rows)

    slopes = [np.polyfit(table["age"], table["f0"], 1)[0] for table in (kept, lost)]
    assert slopes[0] == pytest.approx(2.0, abs=0.15)
    assert slopes[1] < 1.7


def test_confounded_covariate_is_named(rows):
    rows = rows.assign(scanner=(rows["site"] == "B").astype(float))
    combat = ComBat("site", keep=("age", "scanner"), columns=features(rows))
    with pytest.raises(FitError, match="'scanner' is confounded with 'site'"):
        combat.fit(rows)


def test_constant_covariate_has_no_effect(rows):
    names = features(rows)
    rows = rows.assign(sex=1.0)
    with_it = ComBat("site", keep=("sex",), columns=names).fit_transform(rows)[names]
    without = ComBat("site", columns=names).fit_transform(rows)[names]
    np.testing.assert_allclose(with_it, without, atol=1e-12)


def test_missing_covariate_takes_the_development_median(rows):
    names = features(rows)
    combat = ComBat("site", keep=("age",), columns=names).fit(rows)
    row = rows.iloc[[3]]
    missing = combat.transform(row.assign(age=np.nan))[names]
    filled = combat.transform(row.assign(age=rows["age"].median()))[names]
    pd.testing.assert_frame_equal(missing, filled)


def test_constant_feature_passes_through_and_is_listed(rows):
    rows = rows.assign(f0=0.1)
    combat = ComBat("site", columns=features(rows)).fit(rows)
    assert combat.constant_ == ("f0",)
    assert (combat.transform(rows)["f0"] == 0.1).all()


def test_feature_constant_within_sites_cannot_betray_the_site(rows):
    rows = rows.assign(f0=rows["site"].map({"A": 1.0, "B": 2.5, "C": 3.1}))
    combat = ComBat("site", columns=features(rows)).fit(rows)
    assert combat.estimates()["location_only"] == ["f0"]
    assert np.ptp(combat.transform(rows)["f0"]) == pytest.approx(0, abs=1e-12)


def test_missing_cells_stay_missing_and_do_not_touch_other_features(rows):
    names = features(rows)
    holed = rows.copy()
    holed.loc[[0, 5, 30], "f2"] = np.nan
    options = {"columns": names, "empirical_bayes": False}

    found = ComBat("site", **options).fit_transform(holed)
    complete = ComBat("site", **options).fit_transform(rows)

    assert list(found.index[found["f2"].isna()]) == [0, 5, 30]
    others = [name for name in names if name != "f2"]
    np.testing.assert_allclose(found[others], complete[others], atol=1e-12)
    alone = holed.dropna(subset="f2")
    expected = ComBat("site", **options).fit_transform(alone)["f2"]
    np.testing.assert_allclose(found["f2"].dropna(), expected, atol=1e-12)


def test_feature_without_values_in_one_batch_uses_the_prior_there(rows):
    holed = rows.copy()
    holed.loc[rows["site"] == "C", "f2"] = np.nan
    combat = ComBat("site", columns=features(rows)).fit(holed)
    which = list(combat.columns_).index("f2")
    prior = combat.priors_[2]
    assert combat.shift_[2, which] == pytest.approx(prior["shift_mean"])
    assert np.isfinite(combat.transform(rows)["f2"]).all()


def test_feature_without_any_value_stays_missing(rows):
    holed = rows.assign(f2=np.nan)
    found = ComBat("site", columns=features(rows)).fit_transform(holed)
    assert found["f2"].isna().all()
    assert found["f1"].notna().all()


def test_unseen_site_is_refused_by_name(rows):
    combat = ComBat("site", columns=features(rows)).fit(rows[rows["site"] != "C"])
    with pytest.raises(FitError, match=r"12 rows .* \['C'\]; .* \['A', 'B'\]"):
        combat.transform(rows)


def test_unseen_site_passes_through_if_declared(rows):
    names = features(rows)
    combat = ComBat("site", columns=names, unseen="passthrough")
    combat.fit(rows[rows["site"] != "C"])
    found = combat.transform(rows)
    unseen = rows["site"] == "C"
    pd.testing.assert_frame_equal(found[unseen], rows[unseen])
    assert not np.allclose(found.loc[~unseen, names], rows.loc[~unseen, names])


def test_batch_below_the_minimum_counts_as_unseen(rows):
    names = features(rows)
    options = {"columns": names, "unseen": "passthrough"}
    small = ComBat("site", min_batch_size=13, **options).fit(rows)
    assert small.batches_ == ("A", "B")
    without = ComBat("site", **options).fit(rows[rows["site"] != "C"])
    np.testing.assert_array_equal(small.shift_, without.shift_)


def test_no_batch_large_enough_is_an_error_with_the_sizes(rows):
    combat = ComBat("site", columns=features(rows), min_batch_size=50)
    with pytest.raises(FitError, match=r"'A': 20, 'B': 15, 'C': 12"):
        combat.fit(rows)


def test_one_batch_alone_is_left_as_it_is(rows):
    alone = rows[rows["site"] == "A"]
    names = features(rows)
    found = ComBat("site", columns=names).fit_transform(alone)
    np.testing.assert_allclose(found[names], alone[names], atol=1e-12)


def test_two_features_are_not_shrunk(rows):
    names = ["f0", "f1"]
    shrunk = ComBat("site", columns=names).fit_transform(rows)
    plain = ComBat("site", columns=names, empirical_bayes=False).fit_transform(rows)
    pd.testing.assert_frame_equal(shrunk, plain)


def test_mean_only_moves_large_batches_almost_all_the_way(rows):
    """With one row per batch, as in sva, a fifth of the shift would be removed."""
    names = features(rows)
    combat = ComBat("site", columns=names, mean_only=True)
    harmonized = combat.fit_transform(rows)

    def gap(table):
        return np.abs(np.diff(table.groupby("site")[names].mean(), axis=0)).mean()

    assert gap(harmonized) < 0.1 * gap(rows)
    assert (combat.variance_ == 1).all()


def test_unknown_choice_is_refused(rows):
    with pytest.raises(ConfigError, match=r"harmonization.unseen is 'ignore', expect"):
        ComBat("site", columns=features(rows), unseen="ignore").fit(rows)


def test_estimates_are_json_and_complete(rows):
    combat = ComBat("site", keep=("age",), columns=features(rows)).fit(rows)
    found = json.loads(json.dumps(combat.estimates(), allow_nan=False))
    assert np.shape(found["shift"]) == (3, 8)
    assert found["batch_sizes"] == {"A": 20, "B": 15, "C": 12}
    assert found["converged"] == [True, True, True]


def test_it_is_a_scikit_learn_estimator(rows):
    combat = ComBat("site", keep=("age",), min_batch_size=4)
    assert clone(combat).get_params() == combat.get_params()
    assert list(combat.fit(rows).columns_) == features(rows)
