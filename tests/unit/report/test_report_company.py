"""Company of the headline arm on the page: values with their n, and what is missing."""

import re

import pandas as pd
import pytest

from concord.report.results import load
from concord.report.sections import company, findings, prediction

from ... import synthetic_results as synthetic

SETTINGS = synthetic.SETTINGS


@pytest.fixture
def inputs(tmp_path):
    return synthetic.write_results(tmp_path) | {"figures": []}


def results_of(inputs, **changes):
    return load(inputs, SETTINGS.model_copy(update=changes))


def arms(**changes):
    return {n: a for n, a in {**synthetic.ARMS, **changes}.items() if a is not None}


def said(results) -> str:
    return " ".join(company.company_findings(results, "metastasis"))


def table_rows(results) -> dict[str, str]:
    section = prediction.design_section(results)
    (table,) = (
        b
        for b in section.blocks
        if getattr(b, "caption", "") == "Company of the headline arm"
    )
    return dict(table.rows)


def test_every_member_has_its_value_with_its_n(inputs):
    volume = synthetic.ARMS["volume"].model_copy(update={"covariates": []})
    text = said(results_of(inputs, arms=arms(volume=volume)))

    for words in (
        "The same arm without harmonization, “Clinical + CT texture, not harmonized”",
        "The group alone, “Site only”, reached an AUC of",
        "The volume alone, “Volume”, reached an AUC of",
    ):
        assert words in text
    assert text.count("(n = 60, 24 events)") >= 6


def test_no_value_of_the_findings_stands_without_its_n(inputs):
    section = findings.findings_section(results_of(inputs))
    sentences = [s for block in section.blocks if block for s in block.items]
    judged = [s for s in sentences if re.search(r" reached an? (AUC|C-index) of", s)]

    assert len(judged) >= 8
    for sentence in judged:
        values = re.findall(r"\d\.\d\d \(", sentence)
        assert sentence.count("n = ") >= len(values), sentence


def test_the_page_lists_each_member_or_why_it_is_not_there(inputs):
    evaluation = SETTINGS.evaluation.model_copy(
        update={"decline_company": {"site": "the group is one of us"}}
    )
    shown = table_rows(
        results_of(inputs, arms=arms(site_only=None), evaluation=evaluation)
    )

    assert shown["The same arm without harmonization"] == (
        "Clinical + CT texture, not harmonized"
    )
    assert shown["The clinical model"] == "Clinical"
    assert shown["The group alone"] == "declined by the study (the group is one of us)"
    assert shown["The volume alone"] == "no volume was measured"


def test_what_is_declined_is_a_key_finding(inputs):
    evaluation = SETTINGS.evaluation.model_copy(
        update={"decline_company": {"unharmonized": "all scanners are one model"}}
    )
    text = said(results_of(inputs, arms=arms(texture_raw=None), evaluation=evaluation))

    assert "declined by the study (all scanners are one model)" in text
    assert "The volume alone is not shown: no volume was measured." in text


def test_values_of_other_subjects_are_told_on_those_of_both(inputs):
    results = results_of(inputs)
    row = results["comparisons"].iloc[0]
    alike = company.on_common_subjects(results, row)
    fewer = company.on_common_subjects(results, pd.Series({**row, "n": 48}))

    assert alike == " on the subjects of both (n = 60, 24 events)"
    assert re.fullmatch(
        r" on the subjects of both \(n = 48, 24 events; there 0\.\d\d against 0\.58\)",
        fewer,
    )
