"""Who is compared, on the page: reasons with counts, and a banner."""

import pandas as pd
import pytest

from concord import tables
from concord.report.results import load
from concord.report.sections import findings
from concord.report.sections.compared_subjects import compared_subjects

from ... import synthetic_results as synthetic


@pytest.fixture
def inputs(tmp_path):
    return synthetic.write_results(tmp_path) | {"figures": []}


def results_of(inputs):
    return load(inputs, synthetic.SETTINGS)


def without_exclusions(inputs):
    for path, endpoint in zip(
        inputs["arm_exclusions"], synthetic.ENDPOINTS, strict=True
    ):
        none = synthetic.arm_exclusions(endpoint).iloc[:0]
        tables.write(none, path, "arm_exclusions")
    return results_of(inputs)


def test_each_arm_has_its_number_of_subjects_and_the_reasons(inputs):
    found = compared_subjects(results_of(inputs), "metastasis")
    rows = {tuple(row[:2]): row[2:] for row in found.rows}
    clinical = next(cells for (arm, _), cells in rows.items() if arm == "Clinical")
    adapted = [cells[1] for cells in rows.values() if "used for adaptation" in cells[1]]

    assert clinical == ("60 of 60", "\N{EN DASH}")
    assert len(adapted) == 1
    assert "1 no feature row of session 'baseline' by reader 'A'" in adapted[0]
    assert "results/evaluation/metastasis_arm_exclusions.tsv" in found.note


def test_those_whose_image_was_refused_are_told(inputs):
    path = inputs["arm_exclusions"][0]
    rows = synthetic.arm_exclusions("metastasis")
    rows = rows.replace({"subject_id": {"A-001": "B-003"}})
    tables.write(rows, path, "arm_exclusions")
    found = compared_subjects(results_of(inputs), "metastasis")

    (told,) = {row[3] for row in found.rows if "not harmonized" in row[0]}
    assert told.endswith("1 of them with an excluded image or row")


def test_subjects_of_one_reason_are_counted_together(inputs):
    rows = synthetic.arm_exclusions("metastasis").query("scheme == 'cv'")
    of_each = [f"too many missing features: {300 + k} of 522" for k in range(len(rows))]
    rows = rows.assign(stage="missing values", reason=of_each)
    tables.write(rows, inputs["arm_exclusions"][0], "arm_exclusions")
    found = compared_subjects(results_of(inputs), "metastasis")

    assert {row[3] for row in found.rows} == {
        "2 too many missing features",
        "\N{EN DASH}",
    }


def test_of_many_reasons_the_commonest_are_named(inputs):
    one = synthetic.arm_exclusions("metastasis").iloc[[0]]
    rows = pd.concat(
        [one.assign(reason=f"reason {k}", subject_id=f"A-{k:03d}") for k in range(9)]
    )
    tables.write(rows, inputs["arm_exclusions"][0], "arm_exclusions")
    found = compared_subjects(results_of(inputs), "metastasis")

    (told,) = {row[3] for row in found.rows if "reason" in row[3]}
    assert told.count(" reason ") == 4
    assert told.endswith("5 other reasons")


def test_the_banner_counts_who_is_not_compared_but_no_adaptation(inputs):
    banners = {b.title: b.text for b in findings.banners(results_of(inputs))}
    text = banners["Not everybody is compared"]

    assert "Lung metastasis: 2 of 60 (3 %) (1 no feature row of session" in text
    assert "adaptation" not in text


def test_a_whole_cohort_in_every_arm_has_one_sentence_and_no_banner(inputs):
    results = without_exclusions(inputs)

    told = compared_subjects(results, "metastasis")
    assert told.paragraphs == (
        "All 60 subjects of the cohort are judged in every arm.",
    )
    titles = {b.title for b in findings.banners(results)}
    assert "Not everybody is compared" not in titles
