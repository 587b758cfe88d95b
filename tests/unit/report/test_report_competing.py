"""Causes that compete in the report: sentences, tables, and small numbers."""

import re
from dataclasses import replace

import pytest

from concord import tables
from concord.folds.settings import EndpointSection, FactorSection
from concord.report.blocks import Table, section
from concord.report.pictures import with_pictures
from concord.report.results import Results
from concord.report.sections.models.competing import (
    competing_blocks,
    competing_paragraph,
)
from concord.report.small_cells import Hiding

from ... import synthetic_results as synthetic
from ...competing_study import CAUSES, cohort, tables_of

ENDPOINT = EndpointSection(
    kind="competing", event="status", time_days="days", causes=CAUSES, label="Relapse"
)
#: In this cohort the hazard of recurrence does not go with age.
SEED = 2
FOUND = tables_of(SEED)
SETTINGS = synthetic.SETTINGS.model_copy(
    update={
        "endpoints": {"recurrence": ENDPOINT},
        "factors": {"treatment": FactorSection(column="x", label="Treatment")},
    }
)


def results(**changed) -> Results:
    found = {
        kind: tables.check(table[list(tables.KINDS[kind])], kind, kind)
        for kind, table in (FOUND | changed).items()
    }
    return Results(found, cohort(SEED), {}, {}, {}, (), SETTINGS)


def blocks_of(kind, given):
    return [one for one in competing_blocks(given, "recurrence") if one.kind == kind]


def sentences(given) -> str:
    return " ".join(p for block in blocks_of("text", given) for p in block.paragraphs)


def shown(given, kind) -> Table:
    (found,) = (one for one in blocks_of("table", given) if one.shows == kind)
    return found


def test_a_study_without_competing_causes_has_no_block_and_no_sentence():
    plain = SETTINGS.model_copy(update={"endpoints": synthetic.ENDPOINTS})
    given = Results({}, cohort(SEED), {}, {}, {}, (), plain)
    assert competing_blocks(given, "survival") == []
    assert competing_paragraph(given) == ""


def test_the_causes_are_counted_and_the_arms_are_said_to_predict_one():
    members = cohort(SEED)
    first, second = ((members["cause.recurrence"] == one).sum() for one in (1, 2))
    text = sentences(results())
    assert f"{first} events of Recurrence and {second} events of Death without" in text
    assert "All arms predict Recurrence" in text


def test_effects_that_point_apart_are_explained_by_the_other_cause():
    text = sentences(results())
    (told,) = re.findall(r"“[^“]*the second of who will have it\.", text)
    assert told.startswith("“Age” has no clear effect on the hazard of Recurrence")
    assert "but lowers its incidence (subdistribution hazard ratio 0." in told
    assert "which fits that it raises the hazard of Death without recurrence" in told


@pytest.mark.parametrize("prefix", ["specific", "subdistribution"])
def test_effects_that_agree_need_no_sentence(prefix):
    effects = FOUND["competing_effects"].copy()
    for part in ("log_hr", "lower", "upper"):
        effects[f"specific_{part}"] = effects[f"{prefix}_{part}"]
        effects[f"subdistribution_{part}"] = effects[f"{prefix}_{part}"]
    assert "who will have it" not in sentences(results(competing_effects=effects))


def test_both_ratios_stand_side_by_side_with_their_p_values():
    rows = shown(results(), "competing_effects").rows
    age = next(row for row in rows if row[0] == "Age" and row[2].startswith("Death"))
    assert re.fullmatch(r"1\.\d\d \(1\.\d\d to 1\.\d\d\)", age[3])
    assert re.fullmatch(r"1\.\d\d \(1\.\d\d to 1\.\d\d\)", age[5])
    assert age[4] == "< 0.001"
    score = next(row for row in rows if row[0].startswith("Score of"))
    assert score[3].endswith("(no interval)")
    assert score[4] == "\N{EN DASH}"
    assert "Treatment: surgery" in {row[0] for row in rows}


def test_an_undefined_effect_is_told_with_its_reason():
    effects = FOUND["competing_effects"].copy()
    age = effects["term"] == "age"
    reason = "age separates the outcomes"
    effects.loc[age, ["specific_log_hr", "specific_lower", "specific_upper"]] = None
    effects.loc[age, "specific_p_value"] = None
    effects.loc[age, "specific_reason"] = reason
    rows = shown(results(competing_effects=effects), "competing_effects").rows
    assert next(row for row in rows if row[0] == "Age")[3] == f"not defined: {reason}"


def test_the_statistic_of_learnt_groups_has_a_reason_in_place_of_p():
    rows = shown(results(), "competing_tests").rows
    learnt = [row for row in rows if row[0] == "risk groups"]
    assert len(learnt) == len(CAUSES)
    assert all(row[3].startswith("none: the risk groups were learnt") for row in learnt)
    assert {"sites", "Treatment", "Treatment, within sites"} <= {row[0] for row in rows}


def test_incidence_is_told_at_times_that_a_tenth_has_reached():
    table = shown(results(), "competing_incidence")
    assert table.columns[:3] == ("Cause", "Subjects", "Events")
    assert all(re.match(r"After \d+ (months|year)", one) for one in table.columns[3:])
    assert len(table.rows) == 2 * 3
    incidence = FOUND["competing_incidence"]
    short = incidence.assign(time_days=incidence["time_days"] / 100)
    none = results(competing_incidence=short)
    assert all(one.shows != "competing_incidence" for one in blocks_of("table", none))


def test_small_counts_of_events_are_hidden():
    incidence = FOUND["competing_incidence"].copy()
    of_two = (incidence["cause"] == 2) & (incidence["risk_group"] == "low")
    later = of_two & (incidence["n_events"].where(of_two, 0).cumsum() > 3)
    incidence.loc[later, "n_events"] = 0
    blocks = competing_blocks(results(competing_incidence=incidence), "recurrence")
    hidden = Hiding(10).section(section("a", "A", *blocks))
    (table,) = (
        one
        for one in hidden.blocks
        if getattr(one, "shows", "") == "competing_incidence"
    )
    assert "3 of 60" not in " ".join(cell for row in table.rows for cell in row)
    tests = next(
        b for b in hidden.blocks if getattr(b, "shows", "") == "competing_tests"
    )
    assert any("(df 2)" in row[2] for row in tests.rows)


def test_the_methods_name_causes_and_models():
    text = competing_paragraph(results())
    assert "Relapse (Recurrence against Death without recurrence)" in text
    assert "Fine and Gray 1999" in text


def test_each_figure_stands_behind_its_table(tmp_path):
    names = ("cumulative_incidence", "competing_effects")
    paths = [tmp_path / f"{name}_recurrence.svg" for name in names]
    for path in paths:
        path.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    given = replace(results(), figures=tuple(map(str, paths)))
    blocks = competing_blocks(given, "recurrence")
    page = with_pictures(section("endpoint-recurrence", "Relapse", *blocks), given)
    order = [getattr(one, "shows", "") or one.kind for one in page.blocks]
    for kind in ("competing_incidence", "competing_effects"):
        assert order[order.index(kind) + 1] == "picture"
    captions = [one.caption for one in page.blocks if one.kind == "picture"]
    assert captions[0].startswith("Relapse: Cumulative incidence of each cause")
