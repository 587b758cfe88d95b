"""Kept covariates: categories, curves, and what cannot be told apart."""

import json

import numpy as np
import pandas as pd
import pytest
from scipy.interpolate import CubicSpline

from concord.errors import ConfigError, FitError
from concord.harmonization.estimators.combat import ComBat
from concord.harmonization.estimators.covariates import (
    Coding,
    fit_coding,
    natural_spline,
)

from ...batch_rows import batch_rows, features


@pytest.fixture
def rows():
    table = batch_rows(sizes=(40, 40, 30))
    generator = np.random.default_rng(3)
    return table.assign(stage=generator.choice(["I", "II", "III"], len(table)))


def kept(rows, keep, **options):
    return ComBat("site", keep=keep, columns=features(rows), **options)


def test_category_equals_indicators_made_by_hand(rows):
    by_hand = rows.assign(
        **{level: (rows["stage"] == level).astype(float) for level in ("II", "III")}
    )
    names = features(rows)
    found = kept(rows, ("stage",)).fit_transform(rows)[names]
    expected = kept(rows, ("II", "III")).fit_transform(by_hand)[names]
    np.testing.assert_allclose(found, expected, atol=1e-12)


def test_unknown_level_is_named(rows):
    combat = kept(rows, ("age", "stage")).fit(rows)
    row = rows.iloc[[0]].assign(stage="IV")
    with pytest.raises(
        FitError, match=r"'stage' has the level 'IV', .*'I', 'II', 'III'"
    ):
        combat.transform(row)


def test_levels_absent_from_new_rows_do_not_matter(rows):
    combat = kept(rows, ("stage",)).fit(rows)
    chosen = rows["stage"] == "II"
    found = combat.transform(rows[chosen])
    pd.testing.assert_frame_equal(found, combat.transform(rows)[chosen])


def test_missing_category_takes_the_commonest_level(rows):
    rows["stage"] = ["II"] * 60 + ["I"] * 20 + ["III"] * 30
    rows = rows.sample(frac=1, random_state=0).reset_index(drop=True)
    names = features(rows)
    rows["site"] = np.resize(["A", "B", "C"], len(rows))
    combat = kept(rows, ("stage",)).fit(rows)
    missing = combat.transform(rows.assign(stage=None))[names]
    filled = combat.transform(rows.assign(stage="II"))[names]
    pd.testing.assert_frame_equal(missing, filled)


def test_truth_values_are_a_category(rows):
    first = rows.assign(smoker=np.arange(len(rows)) % 2 == 0)
    second = rows.assign(smoker=first["smoker"].astype(float))
    found, expected = (
        kept(rows, ("smoker",)).fit_transform(table)[features(rows)]
        for table in (first, second)
    )
    np.testing.assert_allclose(found, expected, atol=1e-12)


def test_spline_spans_the_natural_cubic_splines_of_its_knots():
    """Any natural interpolant is a combination of the columns and a constant."""
    knots = np.array([-1.5, -0.4, 0.1, 0.9, 2.0])
    places = np.linspace(-1.5, 2.0, 101)
    columns = natural_spline(places, knots)
    design = np.column_stack([np.ones(101), columns])
    assert np.linalg.matrix_rank(design) == len(knots) == design.shape[1]
    for knot in range(len(knots)):
        target = CubicSpline(knots, np.eye(5)[knot], bc_type="natural")(places)
        solved = np.linalg.lstsq(design, target, rcond=None)[0]
        np.testing.assert_allclose(design @ solved, target, atol=1e-10)


def test_spline_is_a_line_outside_its_knots():
    knots = [-1.0, 0.0, 1.0]
    for outside in (np.array([1.0, 2.0, 3.0, 4.0]), np.array([-4.0, -3.0, -2.0, -1.0])):
        steps = np.diff(natural_spline(outside, knots), axis=0)
        np.testing.assert_allclose(steps, steps[:1].repeat(3, axis=0), atol=1e-12)


def test_curve_of_age_survives_harmonization_that_a_line_would_bend(rows):
    """Two sites of different age on one curve, without any batch effect."""
    generator = np.random.default_rng(5)
    age = np.concatenate(
        [generator.uniform(20, 60, 150), generator.uniform(40, 80, 150)]
    )
    curve = ((age - 50) / 15) ** 2
    table = pd.DataFrame(
        {f"f{n}": curve + generator.normal(0, 0.1, 300) for n in range(5)}
    )
    table = table.assign(site=np.repeat(["A", "B"], 150), age=age)
    names = features(table)

    def gap(**options):
        found = kept(table, ("age",), **options).fit_transform(table)[names]
        return np.abs(found - table[names]).to_numpy().mean()

    assert gap(smooth=("age",), spline_knots=5) < 0.04
    assert gap() > 3 * gap(smooth=("age",), spline_knots=5)


def test_number_of_knots_changes_the_curve(rows):
    names = features(rows)
    found = [
        kept(rows, ("age",), smooth=("age",), spline_knots=n).fit_transform(rows)[names]
        for n in (3, 6)
    ]
    assert not np.allclose(*found)


def test_curve_of_few_values_is_a_line(rows):
    rows["sex"] = np.arange(len(rows)) % 2
    names = features(rows)
    curve = kept(rows, ("sex",), smooth=("sex",)).fit_transform(rows)[names]
    line = kept(rows, ("sex",)).fit_transform(rows)[names]
    np.testing.assert_allclose(curve, line, atol=1e-10)


def test_curve_must_be_kept_and_a_number(rows):
    with pytest.raises(ConfigError, match=r"smooth names \['age'\], .*keep does not"):
        kept(rows, (), smooth=("age",)).fit(rows)
    with pytest.raises(
        FitError, match="'stage' is a category, so it cannot be a curve"
    ):
        kept(rows, ("stage",), smooth=("stage",)).fit(rows)


def test_one_row_at_a_time_gives_the_same_bits_with_all_kinds(rows):
    combat = kept(rows, ("age", "stage"), smooth=("age",)).fit(rows)
    together = combat.transform(rows)
    alone = pd.concat([combat.transform(rows.iloc[[i]]) for i in range(len(rows))])
    pd.testing.assert_frame_equal(together, alone, check_exact=True)


def test_coding_is_rebuilt_from_json_bit_for_bit(rows):
    coding = fit_coding(rows, ("age", "stage"), ("age",), 4)
    found = json.loads(json.dumps(coding.estimates(), allow_nan=False))
    again = Coding.from_estimates(found)
    np.testing.assert_array_equal(again.columns(rows), coding.columns(rows))


def test_covariate_that_follows_from_the_batch_is_named_with_it(rows):
    rows["scanner"] = rows["site"].map({"A": "old", "B": "old", "C": "new"})
    with pytest.raises(
        FitError, match=r"'scanner' is confounded with 'site': among 110"
    ):
        kept(rows, ("age", "scanner")).fit(rows)


def test_covariate_that_follows_from_another_is_named_with_it(rows):
    rows["age_months"] = rows["age"] * 12 + 1
    with pytest.raises(
        FitError, match="'age_months' is confounded with 'site' and 'age'"
    ):
        kept(rows, ("stage", "age", "age_months")).fit(rows)


def test_covariate_without_values_is_named(rows):
    rows["age"] = np.nan
    with pytest.raises(FitError, match="'age' has no value in the development rows"):
        kept(rows, ("age",)).fit(rows)


def test_covariate_that_is_no_column_is_named(rows):
    with pytest.raises(FitError, match=r"the columns \['height'\], which"):
        kept(rows, ("height",)).fit(rows)


def test_level_that_only_an_unseen_batch_has_is_not_learnt(rows):
    rows.loc[rows.index[-1], ["site", "stage"]] = ["D", "IV"]
    combat = kept(rows, ("stage",), unseen="passthrough").fit(rows)
    assert combat.coding_.covariates[0].levels == ("I", "II", "III")
    assert combat.transform(rows).iloc[-1].equals(rows.iloc[-1])
