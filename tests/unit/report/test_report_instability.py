"""Sections on instability and on subgroups."""

import pandas as pd
import pytest

from concord.evaluation.instability import selection_stability
from concord.evaluation.subgroups.settings import SubgroupSection
from concord.report.blocks import Table, Text
from concord.report.results import Results
from concord.report.sections.evaluation.instability import instability_section
from concord.report.sections.evaluation.subgroups import subgroups_section

from ... import synthetic_results as synthetic

SUBGROUPS = {
    "age": SubgroupSection(bands=[50, 60]),
    "sex": SubgroupSection(),
    "site": SubgroupSection(label="Hospital"),
}


def study(**tables) -> Results:
    changed = synthetic.EVALUATION.model_copy(update={"subgroups": SUBGROUPS})
    return Results(
        tables=tables,
        cohort=synthetic.cohort(),
        engine={},
        imported={},
        recipes={},
        figures=(),
        settings=synthetic.SETTINGS.model_copy(update={"evaluation": changed}),
    )


def parts(section):
    found = {one.caption: one for one in section.blocks if isinstance(one, Table)}
    words = " ".join(
        p for one in section.blocks if isinstance(one, Text) for p in one.paragraphs
    )
    return found, words


def stable():
    fits = pd.DataFrame(
        {
            "endpoint": "metastasis",
            "arm": "texture",
            "sample": [0, 1, 2],
            "status": "ok",
            "n_candidates": 5,
            "n_selected": 2,
            "features": "CT.a;CT.b",
        }
    )
    return selection_stability.of_samples(fits, 0.95)


def test_a_study_without_either_has_no_section():
    assert instability_section(study(), "metastasis") is None
    assert subgroups_section(study(), "metastasis") is None


def test_instability_is_told_with_the_range_of_models_and_few_of_them():
    made = synthetic.instability_tables("metastasis")["instability"]
    section = instability_section(
        study(instability=made, selection_stability=stable()), "metastasis"
    )
    found, words = parts(section)
    assert section.anchor == "instability-metastasis"
    assert "12 models are few" in words
    rows = found["Instability over models of bootstrap samples"].rows
    row = made[made["quantity"] == "mape"].iloc[0]
    assert rows[0][2] == "Mean absolute difference to the original prediction"
    assert rows[0][4] == f"{row['mean']:.2f} ({row['lower']:.2f} to {row['upper']:.2f})"
    assert rows[0][5] == "12 of 12 (100 %)"
    selected = found["Stability of the selected features"].rows
    assert selected[0][1] == "2 bootstrap samples"
    assert selected[0][4] == "1.00 (1.00 to 1.00)"


def test_selection_alone_has_a_section_of_its_own():
    section = instability_section(study(selection_stability=stable()), "metastasis")
    assert len(section.blocks) == 1
    assert instability_section(study(selection_stability=stable()), "survival") is None


@pytest.mark.parametrize("endpoint", ["metastasis", "survival"])
def test_subgroups_tell_how_many_tests_there_were_and_what_noise_gives(endpoint):
    made = synthetic.subgroup_tables(endpoint)
    found, words = parts(subgroups_section(study(**made), endpoint))
    tests = made["subgroup_tests"].query("arm == 'texture' and scheme == 'cv'")
    n = int(tests["p_value"].notna().sum())
    assert f"{n} tests asked whether subgroups differ" in words
    assert f"where {0.05 * n:.1f} are expected of noise" in words
    assert "declared by Age, Sex and Hospital" in words
    values = found["“Clinical + CT texture” in subgroups"]
    assert values.rows[0][0] == "All subjects"
    assert "Hospital: A" in {row[0] for row in values.rows}
    assert all(len(row) == len(values.columns) for row in values.rows)
    assert "Do subgroups differ?" in found
    fair = found["Fairness: classes by subgroup, in cross-validation"]
    assert all(len(row) == len(fair.columns) for row in fair.rows)


def test_times_without_a_horizon_have_a_sentence_in_place_of_classes():
    made = synthetic.subgroup_tables("survival")
    made["fairness"] = made["fairness"].iloc[:0]
    found, words = parts(subgroups_section(study(**made), "survival"))
    assert "need a day at which they are judged" in words
    assert "Fairness: classes by subgroup, in cross-validation" not in found
