"""Section and short page of external validation."""

import re

import pandas as pd
import pytest

from concord import tables
from concord.figures.external import expected_observed
from concord.figures.style import save
from concord.folds import cohort as cohorts
from concord.report import external_page
from concord.report.blocks import Table, Text
from concord.report.results import load
from concord.report.sections.transfer.external import (
    external_section,
    external_sentences,
)
from concord.tables.kinds import KINDS

from ... import external_study as study
from ...modelling_study import make_tables
from ...plotting import HOSTILE

ENDPOINT = "recurrence"


def paths_in(folder, kind="binary", **changed):
    """Files that the page is made from; `changed` takes the place of a table."""
    found = study.compared(kind) | changed
    paths = {}
    for name, table in found.items():
        paths[name] = [str(folder / f"{name}.tsv")]
        tables.write(table, paths[name][0], name)
    paths["cohort"] = str(folder / "cohort.tsv")
    cohorts.write(make_tables(90, n_features=3, seed=8).cohort, paths["cohort"])
    return paths


def results_in(folder, kind="binary", **changed):
    return load(paths_in(folder, kind, **changed), study.report_settings(kind))


def said(results, endpoint=ENDPOINT):
    return list(external_sentences(results, endpoint))


def external(**changes):
    """The table with other values in all rows of the headline model."""
    table = study.compared()["external"].copy()
    mine = table["arm"] == "radiomics"
    for name, value in changes.items():
        table.loc[mine, name] = value
    return table


def test_one_sentence_tells_observed_expected_and_how_much_is_case_mix(tmp_path):
    answer, flagged, membership = said(results_in(tmp_path))
    assert answer.replace("\N{MINUS SIGN}", "-") == (
        "“Clinical + CT texture” reached an AUC of 0.75 (0.62 to 0.84) in the subjects "
        "of this study whose score is applicable (n = 84, 33 events); 0.72 (0.64 to "
        "0.79) was expected (repeated cross-validation in development): a change of "
        "0.03 (-0.12 to 0.15). Of it, -0.03 (-0.06 to 0.01) is case mix, that is, the "
        "spread of the scores of these subjects, and 0.05 (-0.08 to 0.19) is beyond it."
    )
    assert "With 6 subjects more whose score a red flag voids, it is 0.73" in flagged
    assert "exchangeable subjects would give" in membership


def test_membership_inside_its_band_speaks_of_subjects_like_those_of_development(
    tmp_path,
):
    table = external()
    mine = table["quantity"] == "membership"
    table.loc[mine, "observed"] = 0.5
    *_, membership = said(results_in(tmp_path, external=table))
    assert "speak of subjects like those of development" in membership
    table.loc[mine, "observed"] = 0.9
    *_, membership = said(results_in(tmp_path, external=table))
    assert "speak of other subjects than those of development" in membership


def test_without_an_expected_value_the_sentence_says_so_and_what_is_known(tmp_path):
    settings = study.report_settings()
    evaluation = settings.evaluation.model_copy(update={"headline_arm": "clinical"})
    results = load(
        paths_in(tmp_path), settings.model_copy(update={"evaluation": evaluation})
    )
    answer, _, membership = said(results)
    assert "the model's document tells no expected AUC" in answer
    assert "a model that is right would reach 0.68" in answer
    assert "does not tell the scores of development" in answer
    assert "no mean and covariance of predictors" in membership


def test_nobody_flagged_is_said(tmp_path):
    _, flagged, _ = said(results_in(tmp_path, external=external(n=84, n_events=33)))
    assert flagged == "No subject with a known outcome was left out for a red flag."


def test_a_study_that_applies_no_model_has_no_section(tmp_path):
    results = results_in(tmp_path, external=study.compared()["external"].iloc[:0])
    assert external_section(results, ENDPOINT) is None


@pytest.mark.parametrize("kind", ["binary", "survival"])
def test_tables_have_a_row_per_model_and_population(tmp_path, kind):
    results = results_in(tmp_path, kind)
    section = external_section(results, study.ENDPOINTS[kind])
    found = {one.caption: one for one in section.blocks if isinstance(one, Table)}
    main = found["Discrimination, expected and observed (95 % intervals)"]
    assert [row[0] for row in main.rows] == ["Clinical + CT texture"] * 2 + [
        "Clinical"
    ] * 2
    assert main.rows[0][1].startswith("applicable, n = 84")
    detail = found["Expected and observed in detail"]
    assert detail.folded
    assert len(detail.rows) == len(results["external"])
    assert ("Calibration, expected and observed" in found) == (kind == "binary")


def test_a_model_that_is_its_own_reference_has_its_rows_once(tmp_path):
    settings = study.report_settings()
    evaluation = settings.evaluation.model_copy(update={"reference_arm": "radiomics"})
    alone = settings.model_copy(update={"evaluation": evaluation})
    section = external_section(load(paths_in(tmp_path), alone), ENDPOINT)
    main, *_ = (one for one in section.blocks if isinstance(one, Table))
    assert len(main.rows) == len(set(main.rows)) == 4


def test_no_word_of_a_verdict_stands_in_the_section(tmp_path):
    section = external_section(results_in(tmp_path), ENDPOINT)
    texts = [one for one in section.blocks if isinstance(one, Text)]
    words = " ".join(one for block in texts for one in block.paragraphs).lower()
    for verdict in ("valid ", "validated", "good", "poor", "failed", "succe", "robust"):
        assert verdict not in words


def test_the_short_page_needs_nothing_else_and_tells_model_flags_and_updates(tmp_path):
    scores = {
        "endpoint": ENDPOINT,
        "arm": "radiomics",
        "subject_id": "P1",
        "site": "X",
        "model_hash": "abc",
    }
    flags = pd.DataFrame(
        [
            scores | {"flag": "out_of_range", "severity": "red", "voids": True},
            scores | {"flag": "unknown_scanner", "severity": "amber", "voids": False},
        ]
    ).assign(item=None, seen="9", expected="1 to 2")
    paths = paths_in(tmp_path, patient_flags=flags[list(KINDS["patient_flags"])])
    svg = [str(tmp_path / f"expected_observed_{ENDPOINT}.{e}") for e in ("svg", "pdf")]
    table, settings = study.compared()["external"], study.plot_settings()
    save(expected_observed.draw(table, settings), *svg, str(tmp_path / "x.png"))
    page = external_page.build(
        paths | {"figures": svg[:1]}, study.report_settings(label="Texture")
    )
    assert "External validation: Recurrence" in page
    assert study.fitted().hash[:16] in page
    assert "out of range" in page
    assert "data:image/svg+xml;base64," in page
    assert "prefers-color-scheme: dark" in page
    assert not re.search(r"(src|href)=\"https?:", page)
    assert "<script" not in page
    assert "With fewer than 100 events" in page


def test_updates_that_were_not_tested_are_told_with_the_reason(tmp_path):
    names = list(KINDS["updates"])
    row = dict.fromkeys(names) | {
        "endpoint": ENDPOINT,
        "arm": "radiomics",
        "update": "none",
        "parent": "abc",
        "n": 42,
        "n_events": 19,
        "test": "no test: 42 subjects, expected 50",
    }
    updates = tables.check(pd.DataFrame([row])[names], "updates", "updates")
    page = external_page.build(
        paths_in(tmp_path, updates=updates), study.report_settings()
    )
    assert "no test: 42 subjects, expected 50" in page
    assert "Nothing was updated silently" in page


def test_hostile_labels_stand_on_the_page_letter_by_letter(tmp_path):
    paths = paths_in(tmp_path)
    for label in (*HOSTILE, "<script>alert(1)</script>"):
        page = external_page.build(paths, study.report_settings(label=label))
        assert "<script" not in page
        assert page.count("<section") == 5
        assert "<b>" not in page


def test_small_counts_are_hidden_on_the_short_page(tmp_path):
    settings = study.report_settings()
    hidden = settings.report.model_copy(update={"smallest_cell": 10})
    page = external_page.build(
        paths_in(tmp_path), settings.model_copy(update={"report": hidden})
    )
    assert "Small numbers are hidden" in page
    assert "With 6 subjects more" not in page
