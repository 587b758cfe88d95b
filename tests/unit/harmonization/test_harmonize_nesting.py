"""A factor that is constant within each group cannot be told from the group."""

import numpy as np
import pandas as pd
import pytest

from concord import tables
from concord.harmonization.confounding_settings import ConfoundingSection
from concord.harmonization.diagnostics.nesting import nesting

GROUP = ["A"] * 4 + ["B"] * 4 + ["C"] * 2
NESTED = ["rt"] * 4 + ["surgery"] * 4 + ["rt"] * 2


def rows(tmp_path, **columns):
    cohort = pd.DataFrame({"group": GROUP, "site": GROUP})
    cohort = cohort.assign(**columns)
    table = nesting(cohort, ConfoundingSection(), seed=1)
    tables.write(table, tmp_path / "nesting.tsv", "nesting")
    return tables.read(tmp_path / "nesting.tsv", "nesting")


def test_a_factor_with_one_value_per_group_is_nested(tmp_path):
    found = rows(tmp_path, **{"factor.treatment": NESTED})

    assert found["nested"].all()
    assert found["level"].tolist() == ["rt", "surgery", "rt"]
    assert found["strength"].tolist() == pytest.approx([0.94, 0.94, 0.94], abs=0.01)
    assert set(found["verdict"]) == {"nested"}
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
    assert found.loc["age", "lowest"].tolist()[::2] == [60.0, 61.5]


def test_a_study_without_factors_and_covariates_has_an_empty_table(tmp_path):
    assert rows(tmp_path).empty


AGES = np.random.default_rng(0).normal(size=90)
SITES = np.repeat(["A", "B", "C"], 30)
ALTERNATING = np.where(np.arange(90) % 2, "surgery", "rt")


def judged(**columns) -> tuple[str, list[str], list[str]]:
    """Verdict, groups of one level, and groups that hardly know the factor."""
    cohort = pd.DataFrame({"group": SITES, **columns})
    found = nesting(cohort, ConfoundingSection(), seed=1)
    (verdict,) = set(found["verdict"])
    one, few = (found.loc[found[c], "group"] for c in ("one_level", "little_known"))
    return verdict, one.tolist(), few.tolist()


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        (np.where(SITES == "A", "surgery", "rt"), ("nested", list("ABC"), [])),
        (
            np.where((SITES == "A") & (np.arange(90) != 0), "surgery", "rt"),
            ("nearly nested", ["B", "C"], []),
        ),
        (
            np.select([SITES == "A", SITES == "B"], ["surgery", "rt"], ALTERNATING),
            ("tied", ["A", "B"], []),
        ),
        (
            np.where(SITES == "A", "surgery", ALTERNATING),
            ("apart", ["A"], []),
        ),
        (ALTERNATING, ("apart", [], [])),
        (np.where(SITES == "A", "unknown", ALTERNATING), ("apart", [], ["A"])),
        (
            np.where((SITES == "A") & (np.arange(90) != 0), "unknown", ALTERNATING),
            ("apart", [], ["A"]),
        ),
        (  # rare everywhere: 30 subjects without it are no surprise
            np.where(np.isin(np.arange(90), [0, 45]), "surgery", "rt"),
            ("apart", [], []),
        ),
    ],
)
def test_nesting_is_told_by_degrees(levels, expected):
    assert judged(**{"factor.treatment": levels}) == expected


@pytest.mark.parametrize(
    ("age", "verdict"),
    [
        (AGES, "apart"),
        (AGES * 10 + np.repeat([50, 60, 70], 30), "tied"),
        (AGES * 2 + np.repeat([10, 50, 80], 30), "nearly nested"),
    ],
)
def test_numbers_are_nested_by_association_and_overlap(age, verdict):
    assert judged(**{"covariate.age": age}) == (verdict, [], [])


def test_subjects_of_one_cluster_count_once():
    rng = np.random.default_rng(5)
    alone = pd.DataFrame({"group": rng.permutation(SITES)[:24]})
    alone["factor.era"] = np.where(rng.random(24) < 0.5, "old", "new")
    alone["cluster"] = [f"P{i}" for i in range(24)]
    repeated = pd.concat([alone] * 10, ignore_index=True)

    once, many = (nesting(c, ConfoundingSection(), 1) for c in (alone, repeated))
    assert many["p_value"].tolist() == once["p_value"].tolist()
    unclustered = nesting(repeated.drop(columns="cluster"), ConfoundingSection(), 1)
    assert unclustered["p_value"][0] < once["p_value"][0]
