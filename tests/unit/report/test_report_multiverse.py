"""Section on every analysis at once: the place of the headline in words."""

import pandas as pd
import pytest

from concord.report.blocks import Table, Text
from concord.report.results import Results
from concord.report.sections.evaluation.multiverse import (
    multiverse_findings,
    multiverse_section,
)

from ... import synthetic_results as synthetic

ENDPOINT = "metastasis"


def study(**changes) -> Results:
    found = synthetic.multiverse(ENDPOINT)
    found["multiverse"] = found["multiverse"].assign(**changes)
    return Results(
        tables=found,
        cohort=synthetic.cohort(),
        engine={},
        imported={},
        recipes={},
        figures=(),
        settings=synthetic.SETTINGS,
    )


def words_of(results) -> str:
    section = multiverse_section(results, ENDPOINT)
    return " ".join(
        p for one in section.blocks if isinstance(one, Text) for p in one.paragraphs
    )


def test_a_study_without_a_multiverse_has_no_section():
    results = study()
    empty = Results(**{**vars(results), "tables": {}})
    assert multiverse_section(empty, ENDPOINT) is None
    assert list(multiverse_findings(empty, ENDPOINT)) == []


def test_the_place_of_the_headline_and_the_shares_are_told():
    results = study()
    row = results["multiverse"].iloc[0]
    words = words_of(results)
    assert "Among 12 analyses in the same folds" in words
    assert f"stands at place {row['rank']} of 12" in words
    assert f"a median AUC of {row['median']:.2f}" in words
    above = round(100 * row["share_above_reference"])
    assert f"{above} % of them exceed the reference" in words
    assert "39 permutations; no p-value can be lower than 0.025" in words
    first = results["choice_effects"].iloc[0]
    name = "Harmonizer" if first["key"].endswith("harmonizer") else "Max features"
    assert f"The choice of “{name}” moves the value most" in words
    assert next(iter(multiverse_findings(results, ENDPOINT))) in words


def test_combinations_that_cannot_be_are_counted_with_the_reason():
    words = words_of(study())
    assert "make 13 combinations. 1 contradict themselves." in words
    assert "1 combination without a value: max_features is 0, expected 1" in words


@pytest.mark.parametrize("key", ["share_above_null", "share_above_reference"])
def test_what_is_not_known_is_not_told(key):
    words = words_of(study(**{key: float("nan")}))
    assert "nan" not in words
    if key == "share_above_null":
        assert "exceed their own null" not in words
    else:
        assert "None could be compared" in words


def test_a_curve_without_values_says_so():
    results = study(n_specifications=0, reason="no analysis has a value")
    assert "No analysis has a value: no analysis has a value." in words_of(results)


def test_tables_tell_what_moves_the_value():
    section = multiverse_section(study(), ENDPOINT)
    tables = {one.caption: one for one in section.blocks if isinstance(one, Table)}
    assert list(tables) == ["All analyses together", "What moves the value"]
    assert len(tables["What moves the value"].rows) == 2
    assert all("nan" not in cell for t in tables.values() for r in t.rows for cell in r)
    assert pd.notna(study()["choice_effects"]["share"]).all()
