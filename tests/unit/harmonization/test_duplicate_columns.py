"""Columns that repeat others: copies in all disguises, and those that are none."""

import numpy as np
import pandas as pd
import pytest

from concord.harmonization.diagnostics.duplicate_columns import duplicate_columns


@pytest.fixture
def study():
    generator = np.random.default_rng(8)
    subjects = [f"P{number:02d}" for number in range(40)]
    cohort = pd.DataFrame(
        {
            "subject_id": subjects,
            "covariate.age": generator.normal(60, 10, 40).round(1),
            "covariate.sex=m": generator.integers(0, 2, 40).astype(float),
        }
    )
    features = pd.DataFrame(
        generator.lognormal(2, 1, (40, 5)), subjects, [f"f{n}" for n in range(5)]
    )
    return cohort, features


def pairs(cohort, features):
    rows = duplicate_columns(cohort, features)
    return [tuple(row) for row in rows.reindex(columns=["name", "copy_of"]).to_numpy()]


def test_columns_of_their_own_are_not_named(study):
    cohort, features = study
    near = features["f0"] * (1 + 1e-6 * np.sin(np.arange(40)))
    assert pairs(cohort, features.assign(near=near)) == []


@pytest.mark.parametrize(
    ("factor", "offset"),
    [(1, 0), (-1, 0), (1000, 0), (-0.1, 32.7), (1 / 365.25, -3)],
)
def test_a_copy_is_named_in_any_unit_and_sign(study, factor, offset):
    cohort, features = study
    copied = features.assign(copy=factor * features["f2"] + offset)

    (row,) = duplicate_columns(cohort, copied).to_dict("records")
    assert (row["name"], row["copy_of"], row["n"]) == ("copy", "f2", 40)
    assert row["factor"] == pytest.approx(factor, rel=1e-6)
    assert row["equal"] == (factor == 1)


def test_of_several_copies_each_is_named_once_with_the_first(study):
    cohort, features = study
    copied = features.assign(z=2 * features["f1"], a=-features["f1"])
    cohort["covariate.female"] = 1 - cohort["covariate.sex=m"]
    copied["sex"] = cohort["covariate.sex=m"].to_numpy()

    assert pairs(cohort, copied) == [
        ("covariate.female", "covariate.sex=m"),
        ("z", "f1"),
        ("a", "f1"),
        ("sex", "covariate.sex=m"),
    ]


def test_the_verdict_does_not_depend_on_the_order_of_rows_or_on_large_offsets(study):
    cohort, features = study
    copied = features.assign(copy=features["f4"] * 3 - 1e4)
    shuffled = cohort.sample(frac=1, random_state=2)

    assert pairs(cohort, copied) == pairs(shuffled, copied) == [("copy", "f4")]


def test_columns_known_of_other_subjects_and_constant_ones_are_no_copies(study):
    cohort, features = study
    copied = features.assign(copy=features["f3"], flat=1.0, flat_too=2.0)
    copied.loc["P00", "copy"] = np.nan
    assert pairs(cohort, copied) == []
    copied.loc["P00", "f3"] = np.nan
    assert pairs(cohort, copied) == [("copy", "f3")]
