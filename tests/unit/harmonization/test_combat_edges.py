"""Rows and features at the edge of what ComBat can be fitted to."""

import tracemalloc

import numpy as np
import pandas as pd
import pytest

from concord.errors import FitError
from concord.harmonization.estimators.combat import ComBat

from ...batch_rows import batch_rows, features


@pytest.fixture
def rows():
    return batch_rows()


def combat(rows, **options):
    return ComBat("site", columns=features(rows), **options)


def test_row_without_a_label_teaches_nothing_and_is_refused(rows):
    unlabelled = rows.copy()
    unlabelled.loc[[0, 1, 2], "site"] = None
    fitted = combat(rows).fit(unlabelled)
    without = combat(rows).fit(rows.iloc[3:])
    np.testing.assert_array_equal(fitted.shift_, without.shift_)
    assert fitted.batch_sizes_[""] == 3
    with pytest.raises(FitError, match=r"3 rows .* \['\(no label\)'\]"):
        fitted.transform(unlabelled)


@pytest.mark.parametrize("label", [None, np.nan, pd.NA, "", "  "])
def test_row_without_a_label_may_pass_through(rows, label):
    fitted = combat(rows, unseen="passthrough").fit(rows)
    row = rows.iloc[[5]].assign(site=[label])
    assert fitted.unseen_rows(row).tolist() == [True]
    assert fitted.transform(row)[features(rows)].equals(row[features(rows)])


def test_missing_labels_are_never_a_batch(rows):
    """They have no scanner in common, however many they are."""
    rows.loc[rows["site"] == "C", "site"] = np.nan
    fitted = combat(rows, unseen="adapt").fit(rows)
    assert fitted.batches_ == ("A", "B")
    assert fitted.adapt(rows).batches_ == ("A", "B")


def test_site_with_one_patient_passes_and_leaves_no_trace(rows):
    alone = pd.concat([rows, rows.iloc[[0]].assign(site="D")], ignore_index=True)
    fitted = combat(rows, unseen="passthrough").fit(alone)
    found = fitted.transform(alone)
    assert fitted.batches_ == ("A", "B", "C")
    assert found.iloc[-1].equals(alone.iloc[-1])
    expected = combat(rows).fit_transform(rows)
    pd.testing.assert_frame_equal(found.iloc[:-1], expected)


def test_site_with_one_patient_is_moved_if_only_means_are(rows):
    alone = pd.concat([rows, rows.iloc[[0]].assign(site="D")], ignore_index=True)
    found = combat(rows, mean_only=True, min_batch_size=1).fit_transform(alone)
    assert np.isfinite(found[features(rows)]).all(axis=None)
    assert not found.iloc[-1].equals(alone.iloc[-1])


def test_fold_that_lacks_a_site_harmonizes_the_others(rows):
    development = rows[rows["site"] != "C"]
    fitted = combat(rows, unseen="passthrough").fit(development)
    held_out = rows.iloc[[0, 25, 40]]
    found = fitted.transform(held_out)
    assert fitted.unseen_rows(held_out).tolist() == [False, False, True]
    assert found.iloc[2].equals(held_out.iloc[2])
    assert not found.iloc[0].equals(held_out.iloc[0])


def test_two_identical_features_stay_identical(rows):
    rows["f1"] = rows["f0"]
    found = combat(rows).fit_transform(rows)
    assert found["f1"].equals(found["f0"])
    assert np.isfinite(found[features(rows)]).all(axis=None)


def test_features_that_are_all_the_same_are_harmonized(rows):
    """Their prior has no spread, so that they move exactly as the prior says."""
    for name in features(rows):
        rows[name] = rows["f0"]
    found = combat(rows).fit_transform(rows)
    means = found.groupby("site")["f0"].mean()
    assert np.ptp(means) < 1e-9
    assert np.isfinite(found[features(rows)]).all(axis=None)


@pytest.mark.parametrize("n_features", [1, 2])
def test_fewer_than_three_features_are_matched_without_shrinkage(n_features):
    rows = batch_rows(n_features=n_features)
    fitted = combat(rows).fit(rows)
    assert fitted.priors_ == [None, None, None]
    by_site = fitted.transform(rows).groupby("site")[features(rows)]
    assert np.ptp(by_site.mean(), axis=0).max() < 1e-9
    assert np.ptp(by_site.std(), axis=0).max() < 1e-9


def test_one_missing_cell_becomes_one_missing_cell(rows):
    rows.loc[7, "f3"] = np.nan
    found = combat(rows, keep=("age",)).fit_transform(rows)
    missing = np.argwhere(found[features(rows)].isna().to_numpy())
    assert missing.tolist() == [[7, 3]]


def test_infinite_cell_is_not_learnt_from(rows):
    spoilt = rows.copy()
    spoilt.loc[7, "f3"] = np.inf
    missing = rows.copy()
    missing.loc[7, "f3"] = np.nan
    first, second = (combat(rows).fit(table) for table in (spoilt, missing))
    np.testing.assert_array_equal(first.shift_, second.shift_)
    assert np.isfinite(first.transform(rows)[features(rows)]).all(axis=None)


def test_row_without_any_feature_needs_no_batch(rows):
    fitted = combat(rows).fit(rows)
    empty = rows.iloc[[0]].assign(site="unheard of", **dict.fromkeys(["f0"], np.nan))
    empty[features(rows)] = np.nan
    assert not fitted.unseen_rows(empty).any()
    assert fitted.transform(empty)[features(rows)].isna().all(axis=None)


def test_single_finite_value_in_a_batch_is_moved_but_not_scaled(rows):
    rows.loc[rows.index[rows["site"] == "C"][1:], "f2"] = np.nan
    fitted = combat(rows, empirical_bayes=False).fit(rows)
    which = fitted.columns_.index("f2")
    assert fitted.variance_[2, which] == 1
    value = fitted.transform(rows).loc[rows["site"] == "C", "f2"].dropna()
    assert value.tolist() == pytest.approx([fitted.model_.grand_mean[which]])


def test_feature_whose_rows_cannot_tell_a_covariate_is_named_and_missing(rows):
    rows["sex"] = (np.arange(len(rows)) % 2).astype(float)
    same = rows["sex"] == (rows["site"] == "A")
    rows.loc[~same, "f4"] = np.nan
    fitted = combat(rows, keep=("sex",)).fit(rows)
    found = fitted.transform(rows)
    assert fitted.not_estimated_ == ("f4",)
    assert found["f4"].isna().all()
    others = [name for name in features(rows) if name != "f4"]
    assert np.isfinite(found[others]).all(axis=None)


def test_feature_that_was_not_estimated_is_missing_in_unseen_batches_too(rows):
    """Raw values there would be compared with nothing."""
    development = rows[rows["site"] != "C"].assign(f4=np.nan)
    fitted = combat(rows, unseen="passthrough").fit(development)
    found = fitted.transform(rows)
    assert found["f4"].isna().all()
    assert found.loc[rows["site"] == "C", "f3"].equals(
        rows.loc[rows["site"] == "C", "f3"]
    )


def test_feature_constant_in_development_passes_whatever_its_new_value(rows):
    fitted = combat(rows).fit(rows.assign(f0=0.1))
    row = rows.iloc[[0]].assign(f0=1e-17)
    assert fitted.transform(row)["f0"].tolist() == [1e-17]


def test_bits_do_not_depend_on_how_the_table_lies_in_memory(rows):
    names = features(rows)
    by_row = rows[["site", "age"]].join(
        pd.DataFrame(np.ascontiguousarray(rows[names].to_numpy()), columns=names)
    )
    by_column = rows[["site", "age"]].join(
        pd.DataFrame(np.asfortranarray(rows[names].to_numpy()), columns=names)
    )
    spread = by_row[[names[0], "site", *names[1:4], "age", *names[4:]]]
    tables = [
        ComBat("site", keep=("age",), columns=names).fit(table)
        for table in (by_row, by_column, spread)
    ]
    first = tables[0].estimates()
    for other in tables[1:]:
        found = other.estimates()
        assert {**found, "columns": None} == {**first, "columns": None}


def test_columns_keep_their_order_and_others_their_values(rows):
    mixed = rows[["f3", "site", "f0", "f1", "age", *features(rows)[4:], "f2"]]
    found = combat(rows).fit_transform(mixed)
    assert list(found.columns) == list(mixed.columns)
    assert found[["site", "age"]].equals(mixed[["site", "age"]])
    expected = combat(rows).fit_transform(rows)
    pd.testing.assert_frame_equal(found[list(rows.columns)], expected)


def test_rows_with_many_other_columns_come_back_whole(rows):
    others = pd.DataFrame(np.zeros((len(rows), 120))).add_prefix("other")
    wide = pd.concat([others, rows], axis=1)
    found = combat(rows).fit_transform(wide)
    assert list(found.columns) == list(wide.columns)
    pd.testing.assert_frame_equal(
        found[list(rows.columns)], combat(rows).fit_transform(rows)
    )


def test_given_rows_are_not_changed(rows):
    before = rows.copy()
    combat(rows, keep=("age",)).fit_transform(rows)
    pd.testing.assert_frame_equal(rows, before)


def test_reference_batch_stays_to_the_last_bit(rows):
    found = combat(rows, reference="B", keep=("age",)).fit_transform(rows)
    at_reference = rows["site"] == "B"
    pd.testing.assert_frame_equal(
        found[at_reference], rows[at_reference], check_exact=True
    )


def test_reference_sets_mean_and_spread_of_the_others(rows):
    names = features(rows)
    found = combat(rows, reference="B", empirical_bayes=False).fit_transform(rows)
    by_site = found.groupby("site")[names]
    np.testing.assert_allclose(by_site.mean(), [by_site.mean().loc["B"]] * 3)
    # The spread of the reference is its population SD, as in the R packages.
    spread = by_site.std(ddof=1).loc[["A", "C"]]
    np.testing.assert_allclose(
        spread, [rows[rows["site"] == "B"][names].std(ddof=0)] * 2
    )


def test_reference_without_rows_is_named(rows):
    with pytest.raises(FitError, match=r"reference 'Z' is not among .*'A': 20"):
        combat(rows, reference="Z").fit(rows)


def test_batch_labels_may_be_numbers(rows):
    numbered = rows.assign(site=rows["site"].map({"A": 1, "B": 2, "C": 10}))
    found = combat(rows).fit_transform(numbered)
    expected = combat(rows).fit_transform(rows)
    pd.testing.assert_frame_equal(found[features(rows)], expected[features(rows)])


def test_rows_without_the_batch_column_are_refused(rows):
    with pytest.raises(FitError, match=r"needs the columns \['site'\]"):
        combat(rows).fit(rows.drop(columns="site"))


def test_rows_without_a_feature_are_refused(rows):
    fitted = combat(rows).fit(rows)
    with pytest.raises(FitError, match=r"columns \['f3'\], which the rows lack"):
        fitted.transform(rows.drop(columns="f3"))


def test_table_without_features_is_refused(rows):
    with pytest.raises(FitError, match="found no features"):
        ComBat("site").fit(rows[["site"]])


@pytest.mark.parametrize("keep", [(), ("age",)])
def test_fit_and_transform_need_less_than_three_copies_of_the_features(keep):
    rows = batch_rows(sizes=(800, 600, 600), n_features=800)
    fitted = combat(rows, keep=keep)
    for step in (fitted.fit, fitted.transform):
        tracemalloc.start()
        step(rows)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 3 * rows[features(rows)].to_numpy().nbytes
