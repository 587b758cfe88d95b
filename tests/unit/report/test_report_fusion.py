"""What the report says of late fusion: weights, who lacks a member, what it gains."""

from dataclasses import replace

import pandas as pd
import pytest

from concord import tables
from concord.models.settings.arm import ArmSection
from concord.report import methods
from concord.report.blocks import Table, Text
from concord.report.results import Results
from concord.report.sections.missing_values import (
    missing_findings,
    missing_table,
    rescue_findings,
)
from concord.report.sections.models.fusion import fusion_section
from concord.report.sections.sample_size import covariate_terms
from concord.report.small_cells import Hiding

from ... import synthetic_results as synthetic
from .test_report_missing import counted, fits

MINUS = "\N{MINUS SIGN}"
FUSED = ArmSection(
    fusion={"of": ["texture", "clinical"], "rule": "stacking"}, label="Late fusion"
)
SETTINGS = synthetic.SETTINGS.model_copy(
    update={
        "arms": synthetic.ARMS | {"late": FUSED, "early": synthetic.ARMS["texture"]},
        "evaluation": synthetic.EVALUATION.model_copy(update={"headline_arm": "late"}),
    }
)


def weights(**changes) -> pd.DataFrame:
    row = {
        "endpoint": "metastasis",
        "arm": "late",
        "scheme": "cv",
        "member": "texture",
        "n_fits": 6,
        "n_zero": 1,
        "weight": 0.8,
        "weight_lowest": 0.0,
        "weight_highest": 1.25,
        "n": 51,
        "n_events": 19,
        "n_without": 7,
        "n_events_without": 3,
    }
    clinical = row | {"member": "clinical", "n_without": 0, "n_events_without": 0}
    return tables.check(pd.DataFrame([row | changes, clinical]), "x", "fusion")


def comparisons() -> pd.DataFrame:
    row = {
        "endpoint": "metastasis",
        "arm": "late",
        "scheme": "cv",
        "metric": "auc",
        "n": 44,
        "n_events": 16,
        "n_folds": 6,
        "estimate_arm": 0.8,
        "estimate_reference": 0.7,
        "estimate": 0.1,
        "lower": -0.05,
        "upper": 0.25,
        "standard_error": 0.08,
        "widening": 1.0,
        "method": "paired mean over folds",
        "reason": None,
    }
    others = ["texture", "clinical", "early", "volume"]
    rows = [row | {"reference_arm": other} for other in others]
    return tables.check(pd.DataFrame(rows), "x", "comparisons")


@pytest.fixture
def results() -> Results:
    given = {"fusion": weights(), "comparisons": comparisons()}
    return Results(given, pd.DataFrame(), {}, {}, {}, (), SETTINGS)


def blocks(results) -> tuple:
    section = fusion_section(results)
    assert section is not None
    return section.blocks


def test_a_study_without_fused_arms_has_no_section(results):
    assert fusion_section(replace(results, tables={})) is None


def test_weights_stand_with_their_range_and_who_lacks_a_member(results):
    _, table, *_ = blocks(results)
    assert isinstance(table, Table)

    first = dict(zip(table.columns, table.rows[0], strict=True))
    assert first["Weight"] == "0.80 (0.00 to 1.25)"
    assert first["Fits"] == "6 (1 without weight)"
    assert first["Scored"] == "51 (19)"
    assert first["Without this member"] == "7 (3)"


def test_members_and_early_fusion_are_told_apart_from_other_arms(results):
    _, _, table, _ = blocks(results)

    assert {row[2] for row in table.rows} == {
        "Clinical + CT texture (member)",
        "Clinical (member)",
        "Clinical + CT texture (early fusion)",
    }
    assert table.rows[0][4:] == (f"0.10 ({MINUS}0.05 to 0.25)", "0.80 / 0.70", "44")


def test_sentences_name_members_and_subjects_without_one(results):
    first, *_, last = blocks(results)
    assert isinstance(first, Text)
    assert first.paragraphs[0].startswith(
        "“Late fusion” combines the models of “Clinical + CT texture” and “Clinical”: "
        "its score is a sum of standardized linear predictors with weights of 0 or more"
    )
    assert last.paragraphs == (
        "Lung metastasis: 7 of 51 subjects (3 events) were scored by “Late fusion” "
        "without “Clinical + CT texture”.",
    )


def test_small_numbers_of_subjects_are_hidden(results):
    section = fusion_section(results)
    assert section is not None
    _, table, _, last = Hiding(10).section(section).blocks

    assert table.rows[0][-1] == "< 10"
    assert table.rows[0][5] == "6 (1 without weight)"
    assert "7 of 51" not in last.paragraphs[0]


def test_missing_members_are_no_imputed_values(results):
    row = counted(arm="late", n_imputed=0, n_partial=2, n_events_partial=1)
    told = replace(results, tables={"missing_values": row})
    (sentence,) = missing_findings(told, "metastasis")

    assert "had all predictors of “Late fusion”" in sentence
    assert "2 (1 event) were scored without a member of it" in sentence
    assert "imputed" not in sentence
    table = missing_table(told)
    assert table is not None
    assert table.columns[-1] == "Without a member"
    assert table.rows[0][-1] == "2 (1)"


def test_fits_that_fell_back_are_told_as_such(results):
    found = tables.check(
        synthetic.fits("metastasis", "late").assign(rescue="no member has a weight"),
        "x",
        "fits",
    )
    (sentence,) = rescue_findings(
        replace(results, tables={"fits": found}), "metastasis"
    )

    assert "fell back: no member has a weight" in sentence
    assert "had no optimum" not in sentence
    assert fits("texture", rescue=None) is not None


def test_the_methods_describe_members_where_the_headline_is_fused():
    cohort = pd.DataFrame({"site": ["A"], "cluster": ["P1"]})
    told = Results({}, cohort, {}, {}, {}, (), SETTINGS)
    (block,) = methods.methods_section(told).blocks
    text = "\n".join(block.paragraphs)

    assert (
        "The headline arm “Late fusion”: one model for each of “Clinical + CT texture” "
        "and “Clinical”; combined by non-negative weights of their standardized linear "
        "predictors, learnt from scores out of inner folds; 5 inner folds of each "
        "development set. “Clinical”: covariates Age and Sex"
    ) in text
    assert "“Volume” differs from “Clinical”: features" in text
    assert text.count("“Late fusion”") == 1


def test_parameters_of_a_fused_arm_are_those_of_its_members():
    cohort = pd.DataFrame({"group": ["A", "B"]})
    told = Results({}, cohort, {}, {}, {}, (), SETTINGS)

    assert covariate_terms(told, "late") == 2 * covariate_terms(told, "clinical") == 4
