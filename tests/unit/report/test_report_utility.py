"""What the report says of usefulness and added value: from intervals alone."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from concord.report.blocks import Picture, Table, Text
from concord.report.pictures import with_pictures
from concord.report.results import Results, load
from concord.report.sections.evaluation import added_value, usefulness
from concord.report.sections.evaluation.claims import verdict

from ... import synthetic_results as synthetic

NAN = float("nan")
KINDS = ("decision_curve", "clinical_impact", "added_value", "performance")


def results(tmp_path, **changes) -> Results:
    """The synthetic study with changed tables."""
    found = load(synthetic.write_results(tmp_path), synthetic.SETTINGS)
    return replace(found, tables={**found.tables, **changes})


def without_risks(found, endpoint) -> Results:
    """The same as if no time were declared at which risks of an endpoint are judged."""
    kept = {}
    for kind in ("decision_curve", "clinical_impact", "added_value"):
        table = found[kind]
        of_risk = table["endpoint"] == endpoint
        if kind == "added_value":
            of_risk &= table["horizon_days"].notna()
        kept[kind] = table[~of_risk]
    return replace(found, tables={**found.tables, **kept})


def words(section) -> str:
    parts = [b.paragraphs for b in section.blocks if isinstance(b, Text)]
    return " ".join(" ".join(part) for part in parts)


def tables_of(section) -> list[Table]:
    return [block for block in section.blocks if isinstance(block, Table)]


@pytest.mark.parametrize(
    ("lower", "upper", "expected"),
    [
        (0.01, 0.05, "is shown"),
        (-0.01, 0.05, "is not shown"),
        (-0.02, 0.015, "is shown to be small (at most 0.01"),
        (-0.05, -0.01, "is not there: the interval lies below zero"),
        (NAN, NAN, "cannot be judged without an interval"),
    ],
)
def test_a_verdict_comes_from_the_interval(lower, upper, expected):
    assert verdict(lower, upper, 0.02).startswith(expected)


def at_threshold(found, **cells):
    """The curve with other cells of the headline arm at a risk of 20 %."""
    curve = found["decision_curve"].copy()
    own = (curve["arm"] == found.headline) & (curve["threshold"] == 0.2)
    for name, value in cells.items():
        curve.loc[own, name] = value
    return replace(found, tables={**found.tables, "decision_curve": curve})


def test_usefulness_needs_both_acting_on_everybody_and_on_nobody_to_be_beaten(tmp_path):
    cells = {"net_benefit": 0.2, "lower": 0.1, "upper": 0.3}
    cells |= {"over_all": 0.11, "over_all_lower": 0.02, "over_all_upper": 0.2}
    found = at_threshold(results(tmp_path), **cells)
    told = next(usefulness.usefulness_findings(found, "metastasis"))
    assert "0.200 (0.100 to 0.300)" in told
    assert "0.110 (0.020 to 0.200): usefulness is shown" in told
    found = at_threshold(found, over_all_lower=-0.01)
    told = next(usefulness.usefulness_findings(found, "metastasis"))
    assert "0.110 (\N{MINUS SIGN}0.010 to 0.200): usefulness is not shown" in told


def test_a_gain_that_is_at_most_small_is_said_to_be(tmp_path):
    cells = {"over_all": 0.001, "over_all_lower": -0.002, "over_all_upper": 0.004}
    found = at_threshold(results(tmp_path), **cells)
    told = next(usefulness.usefulness_findings(found, "metastasis"))
    assert "usefulness is shown to be small (at most 0.004)" in told


def test_without_a_declared_threshold_nothing_is_claimed(tmp_path):
    found = results(tmp_path)
    empty = found["clinical_impact"].iloc[:0]
    found = replace(found, tables={**found.tables, "clinical_impact": empty})
    section = usefulness.usefulness_section(found, "metastasis")
    assert usefulness.NO_THRESHOLD in words(section)
    assert not list(usefulness.usefulness_findings(found, "metastasis"))


def test_an_outcome_with_times_and_no_horizon_has_a_sentence_in_place_of_a_figure(
    tmp_path,
):
    found = without_risks(results(tmp_path), "survival")
    figures = (str(tmp_path / "decision_curve_survival.svg"),)
    (tmp_path / "decision_curve_survival.svg").write_text("<svg/>")
    found = replace(found, figures=figures)
    section = with_pictures(usefulness.usefulness_section(found, "survival"), found)
    assert words(section) == usefulness.NO_TIME
    assert not [block for block in section.blocks if isinstance(block, Picture)]


def test_the_figure_stands_behind_the_numbers_per_1000_patients(tmp_path):
    found = results(tmp_path)
    path = tmp_path / "decision_curve_metastasis.svg"
    path.write_text("<svg/>")
    found = replace(found, figures=(str(path),))
    section = usefulness.usefulness_section(found, "metastasis")
    kinds = [type(block) for block in with_pictures(section, found).blocks]
    assert kinds == [Text, Table, Picture]
    rows = tables_of(section)[0].rows
    arms = found.headline, found.reference
    assert {row[0] for row in rows} == {found.arm_label(arm) for arm in arms}


def test_no_table_has_an_nri_without_likelihood_ratio_and_idi(tmp_path):
    section = added_value.added_value_section(results(tmp_path), "metastasis")
    first, *_, arms = tables_of(section)
    names = [row[0] for row in first.rows]
    assert names.index("Likelihood ratio (chi-squared)") == 0
    assert names.index("IDI, sum of both") < names.index("NRI, sum of both")
    assert arms.columns[1].startswith("Likelihood ratio")
    assert "IDI, sum of both" in arms.columns
    assert added_value.CAUTION in words(section)


def test_what_no_information_would_give_stands_beside_the_nri(tmp_path):
    found = results(tmp_path)
    section = added_value.added_value_section(found, "metastasis")
    row = next(row for row in tables_of(section)[0].rows if row[0].startswith("NRI,"))
    own = found.of(
        "added_value", endpoint="metastasis", arm="texture", measure="nri_events"
    )
    expected = own[own["scheme"] == "cv"]["without_information"].iloc[0]
    assert row[3].lstrip("\N{MINUS SIGN}") == f"{abs(expected):.2f}"


def test_the_claim_is_of_the_interval_of_the_difference_not_of_p(tmp_path):
    found = results(tmp_path)
    table = found["added_value"].copy()
    own = table["measure"].str.startswith("difference_")
    table.loc[own, ["lower", "upper"]] = [-0.1, 0.3]
    table.loc[table["measure"] == "likelihood_ratio", "p_value"] = 1e-9
    found = replace(found, tables={**found.tables, "added_value": table})
    told = words(added_value.added_value_section(found, "metastasis"))
    assert "so added value is not shown." in told
    table.loc[own, ["lower", "upper"]] = [0.1, 0.3]
    told = words(added_value.added_value_section(found, "metastasis"))
    assert "so added value is shown." in told


def test_scores_alone_are_told_to_have_no_nri(tmp_path):
    found = without_risks(results(tmp_path), "survival")
    section = added_value.added_value_section(found, "survival")
    assert "which this outcome has at no declared time" in words(section)
    names = [row[0] for row in tables_of(section)[0].rows]
    assert not [name for name in names if "NRI" in name]


def test_an_undefined_measure_says_why(tmp_path):
    found = results(tmp_path)
    table = found["added_value"].copy()
    own = table["measure"] == "new_information"
    table.loc[own, ["estimate", "reason"]] = [np.nan, "too little"]
    found = replace(found, tables={**found.tables, "added_value": table})
    section = added_value.added_value_section(found, "metastasis")
    cells = pd.DataFrame(list(tables_of(section)[0].rows))
    assert (cells[2] == "not defined: too little").any()
