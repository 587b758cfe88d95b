"""Section of calibration: claims, odd groups, tables, and sentences where nothing."""

import pandas as pd
import pytest

from concord.report.blocks import Table, Text
from concord.report.methods.probabilities import probabilities_sentence
from concord.report.results import Results
from concord.report.sections.evaluation.calibration import calibration_section

from ... import synthetic_probabilities as probabilities
from ... import synthetic_results as synthetic

HEADLINE = "Clinical + CT texture"


def study(endpoint="metastasis", days=(), **changed):
    return Results(
        tables=probabilities.of_study(endpoint, days) | changed,
        cohort=synthetic.cohort(),
        engine={},
        imported={},
        recipes={},
        figures=(),
        settings=synthetic.SETTINGS,
    )


def blocks(results, endpoint="metastasis"):
    found = calibration_section(results, endpoint)
    words = " ".join(
        one
        for block in found.blocks
        if isinstance(block, Text)
        for one in block.paragraphs
    )
    return words, {one.caption: one for one in found.blocks if isinstance(one, Table)}


def test_the_headline_arm_has_a_sentence_with_its_numbers():
    words, tables = blocks(study())
    table = probabilities.of_study("metastasis")["calibration"]
    arm = synthetic.SETTINGS.evaluation.headline_arm
    (row,) = table[
        (table["arm"] == arm) & (table["scheme"] == "cv") & (table["stratum"] == "all")
    ].to_dict("records")

    assert f"(n = 60, {row['n_events']} events)" in words
    assert f"slope {row['slope']:.2f} (" in words.replace("\N{MINUS SIGN}", "-")
    assert "by chance)" in words
    assert "where 0 is no better than that share" in words
    assert next(iter(tables)) == "Calibration of all arms"
    assert "Brier scores of all arms" in tables


@pytest.mark.parametrize(("lower", "said"), [(-0.3, True), (0.3, False)])
def test_a_slope_that_may_be_0_or_1_is_not_known(lower, said):
    found = probabilities.of_study("metastasis")["calibration"]
    wide = found.assign(slope_lower=lower, slope_upper=1.5)

    words, _ = blocks(study(calibration=wide))
    assert ("so that the slope is not known" in words) == said


def test_an_odd_group_is_named_and_otherwise_none():
    found = probabilities.of_study("metastasis")["calibration"]
    is_group = found["stratum"].str.startswith("group=")
    odd = found.assign(intercept_p_holm=0.2)
    odd.loc[odd["stratum"] == "group=C", "intercept_p_holm"] = 0.001
    odd.loc[~is_group, "intercept_p_holm"] = None
    alike = odd.assign(intercept_p_holm=0.2)

    words, _ = blocks(study(calibration=odd))
    assert "Group C is miscalibrated in the large:" in words
    assert "Group A" not in words
    words, _ = blocks(study(calibration=alike))
    assert "No group is miscalibrated in the large" in words
    assert "(3 groups, p-values adjusted by Holm's method)" in words


def test_of_few_groups_their_own_values_stand_before_their_mean():
    _, tables = blocks(study())
    groups = f"Calibration of “{HEADLINE}” in each group, left out"
    pooled = "Calibration over groups left out, pooled"

    names = list(tables)
    assert names.index(groups) < names.index(pooled)
    assert [row[0] for row in tables[groups].rows] == ["A", "B", "C"]
    assert "read their own values first" in tables[pooled].rows[0][-1]
    many = probabilities.of_study("metastasis")["pooled_calibration"]
    _, tables = blocks(study(pooled_calibration=many.assign(n_pooled=7, reason=None)))
    names = list(tables)
    assert names.index(pooled) < names.index(groups)


def test_horizons_have_a_column_and_a_sentence_each():
    words, tables = blocks(study("survival", (365.0, 730.0)), "survival")

    assert "at 365 days: " in words
    assert "at 730 days: " in words
    table = tables["Calibration of all arms"]
    assert "Horizon (days)" in table.columns
    assert "three or more" not in table.note
    assert "3 or more horizons" in tables["Brier scores of all arms"].note


@pytest.mark.parametrize(
    ("endpoint", "said"),
    [
        ("survival", "No horizon is declared for this endpoint (evaluate_at_days)"),
        ("metastasis", "The headline arm gives no probability"),
    ],
)
def test_where_there_is_no_probability_a_sentence_says_so(endpoint, said):
    nothing = probabilities.of_study("survival")
    words, tables = blocks(study(endpoint, **nothing), endpoint)

    assert said in words
    assert not tables


def test_what_is_not_defined_has_its_reason():
    rows = synthetic.predictions("metastasis", "texture").assign(probability=None)
    arm = synthetic.SETTINGS.evaluation.headline_arm
    rows["probability"] = rows["probability"].astype(float)
    found = probabilities.tables_of(rows.assign(arm=arm))
    words, tables = blocks(study(**found))

    assert "calibration of the headline arm is not defined: no subject has" in words
    (row, *_) = tables["Calibration of all arms"].rows
    assert "not defined: no subject has a probability" in " ".join(row)


def test_a_study_without_the_tables_has_no_section():
    results = study()
    results = Results(**{**vars(results), "tables": {"performance": pd.DataFrame()}})
    assert calibration_section(results, "metastasis") is None


def test_the_methods_tell_of_probabilities_where_there_are_some():
    binary = probabilities_sentence(study())
    assert "calibration in the large" in binary
    assert "pseudo-observations" not in binary
    times = probabilities_sentence(study("survival", (365.0, 730.0)))
    assert "pseudo-observations of the risk" in times
    assert probabilities_sentence(study("survival")) == ""
