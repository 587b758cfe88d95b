"""A factor that is constant within each group cannot be told from the group."""

import numpy as np
import pandas as pd
import pytest

from concord import tables
from concord.harmonization.diagnostics.nesting import nesting

GROUP = ["A"] * 4 + ["B"] * 4 + ["C"] * 2
NESTED = ["rt"] * 4 + ["surgery"] * 4 + ["rt"] * 2


def rows(tmp_path, **columns):
    cohort = pd.DataFrame({"group": GROUP, "site": GROUP})
    cohort = cohort.assign(**columns)
    tables.write(nesting(cohort), tmp_path / "nesting.tsv", "nesting")
    return tables.read(tmp_path / "nesting.tsv", "nesting")


def test_a_factor_with_one_value_per_group_is_nested(tmp_path):
    found = rows(tmp_path, **{"factor.treatment": NESTED})

    assert found["nested"].all()
    assert found["level"].tolist() == ["rt", "surgery", "rt"]
    assert found["cramers_v"].tolist() == pytest.approx([1, 1, 1])
    assert set(found["kind"]) == {"factor"}


@pytest.mark.parametrize(
    "levels",
    [
        ["rt"] * 10,  # the same for all: it cannot explain a difference
        ["rt", "surgery"] * 5,
        [*NESTED[:-1], "surgery"],  # one subject is enough to tell them apart
        ["unknown"] * 10,
        ["rt"] * 4 + ["unknown"] * 6,
    ],
)
def test_other_factors_are_not_nested(tmp_path, levels):
    assert not rows(tmp_path, **{"factor.treatment": levels})["nested"].any()


def test_unknown_values_are_counted_and_do_not_count_as_a_level(tmp_path):
    levels = ["rt", "unknown", "unknown", "rt", *["surgery"] * 4, "unknown", "unknown"]
    found = rows(tmp_path, **{"factor.treatment": levels})

    assert found["n_known"].tolist() == [2, 4, 0]
    assert found["nested"].all()
    assert pd.isna(found["level"][2])


def test_categories_and_numbers_among_the_covariates_are_checked_too(tmp_path):
    stage = {
        "covariate.stage=II": [1.0] * 4 + [0.0] * 4 + [np.nan] * 2,
        "covariate.stage=III": [0.0] * 4 + [0.0] * 4 + [np.nan] * 2,
    }
    age = {"covariate.age": [60.0] * 4 + [np.nan] * 4 + [61.5, 62.0]}
    found = rows(tmp_path, **stage, **age).set_index(["name", "group"])

    assert found.loc["stage", "level"].tolist()[:2] == ["II", "reference level"]
    assert found.loc["stage", "nested"].all()
    assert found.loc["stage", "n_known"].tolist() == [4, 4, 0]
    assert not found.loc["age", "nested"].any()
    assert found.loc["age", "n_levels"].tolist() == [1, 0, 2]
    assert found.loc["age", "cramers_v"].isna().all()


def test_a_study_without_factors_and_covariates_has_an_empty_table(tmp_path):
    assert rows(tmp_path).empty
