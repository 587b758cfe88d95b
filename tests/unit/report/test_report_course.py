"""Course of survival in the report: groups, their differences, and p by the rule."""

import pytest

from concord import tables
from concord.folds.settings import EndpointSection
from concord.report.blocks import Table, section
from concord.report.results import Results
from concord.report.sections.evaluation.course import course_blocks, course_paragraph
from concord.report.small_cells import Hiding

from ... import synthetic_results as synthetic

FOUND = synthetic.course("survival") | {"risk_groups": synthetic.grouped("survival")}


def results(settings=synthetic.SETTINGS, **changed) -> Results:
    found = {
        kind: tables.check(table, kind, kind)
        for kind, table in (FOUND | changed).items()
    }
    return Results(found, synthetic.cohort(), {}, {}, {}, (), settings)


def blocks_of(kind, given):
    return [one for one in course_blocks(given, "survival") if one.kind == kind]


def sentences(given) -> str:
    return " ".join(p for block in blocks_of("text", given) for p in block.paragraphs)


def shown(given, kind) -> Table:
    (found,) = (one for one in blocks_of("table", given) if one.shows == kind)
    return found


def cell(found, column):
    return [row[found.columns.index(column)] for row in found.rows]


def declared(table):
    """The rows of the cross-validation as those of a declared evaluation set."""
    return table[table["scheme"] == "cv"].assign(scheme="fixed", fold="1")


def test_an_endpoint_without_times_has_no_block_and_no_sentence():
    assert course_blocks(results(), "metastasis") == []
    none = results(group_survival=FOUND["group_survival"].iloc[:0])
    assert course_paragraph(none) == ""


def test_groups_have_median_survival_at_declared_days_and_restricted_mean():
    found = shown(results(), "group_survival")
    assert "Survival at 12.0 months" in found.columns
    assert cell(found, "Risk group")[:2] == ["Low risk", "High risk"]
    assert all(" until " in text for text in cell(found, "Restricted mean (months)"))
    assert all(" of " in text for text in cell(found, "Events"))
    arms = cell(found, "Arm")
    assert len(set(arms)) == 2
    assert arms == sorted(arms, reverse=True)  # the headline first


def test_in_cross_validation_the_permutation_p_stands_and_no_log_rank_p():
    found = shown(results(), "rmst_differences")
    for scheme, test, interval in zip(
        cell(found, "Subjects compared"),
        cell(found, "Test of all groups"),
        cell(found, "Difference of restricted means (months)"),
        strict=True,
    ):
        assert "no interval: groups were learnt" in interval
        assert "log-rank p" not in test
        if scheme == "Repeated cross-validation":
            assert "by permutation (one-sided)" in test
        else:
            assert "no p-value" in test
    assert "12 % of such p-values lie below" in found.note


@pytest.mark.parametrize("n_groups", [2, 3])
def test_a_declared_set_has_the_log_rank_p_plain_and_within_groups(n_groups):
    tests = declared(FOUND["log_rank_tests"])
    tests = tests.assign(p_value=0.012, trend_p_value=0.0004, n_groups=n_groups)
    found = shown(
        results(
            log_rank_tests=tests.assign(reason=None),
            rmst_differences=declared(FOUND["rmst_differences"]).assign(
                lower=-300.0, upper=-30.0, reason=None
            ),
        ),
        "rmst_differences",
    )
    test = cell(found, "Test of all groups")[0]
    assert "log-rank p = 0.012; " in test
    assert "log-rank p = 0.012 within groups" in test
    assert ("trend p < 0.001" in test) == (n_groups == 3)
    assert " to " in cell(found, "Difference of restricted means (months)")[0]


def test_proportional_hazards_are_told_of_scores_and_of_each_covariate():
    found = shown(results(), "proportional_hazards")
    terms = cell(found, "Term")
    assert any(term.startswith("Score of “") for term in terms)
    assert synthetic.SETTINGS.covariates["age"].label in terms
    assert "does not show that hazards are proportional" in found.note


def test_the_introduction_says_the_cut_and_what_is_not_declared():
    assert "at the median score of the development set" in sentences(results())
    evaluation = synthetic.SETTINGS.evaluation.model_copy(
        update={"risk_groups": "tertiles"}
    )
    settings = synthetic.SETTINGS.model_copy(update={"evaluation": evaluation})
    nothing = FOUND["group_survival_at"].iloc[:0]
    text = sentences(results(settings, group_survival_at=nothing))
    assert "at the tertiles of the scores" in text
    assert "No time is declared (evaluate_at_days of the endpoint)" in text


def test_where_causes_compete_all_is_said_to_be_cause_specific():
    endpoint = EndpointSection(
        kind="competing",
        event="status",
        time_days="days",
        causes={1: "Relapse", 2: "Death without"},
    )
    settings = synthetic.SETTINGS.model_copy(
        update={"endpoints": synthetic.ENDPOINTS | {"survival": endpoint}}
    )
    text = sentences(results(settings))
    assert "cause-specific hazard of Relapse" in text
    assert "not shares of patients" in text


def test_small_groups_are_hidden_on_a_page_that_leaves():
    page = Hiding(1000).section(
        section("a", "A", *course_blocks(results(), "survival"))
    )
    found = next(b for b in page.blocks if getattr(b, "shows", "") == "group_survival")
    assert not any(" of " in text for text in cell(found, "Events"))


def test_methods_name_the_cut_and_the_tests():
    text = course_paragraph(results())
    assert text.startswith("Risk groups were cut at the median score")
    assert "Grambsch and Therneau (1994)" in text
