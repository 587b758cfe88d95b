"""What the report says of a treatment and its markers."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from concord import tables
from concord.evaluation.treatment.interaction import treatment_interaction
from concord.evaluation.treatment.markers import KIND_COVARIATE, Marker, adjustment
from concord.folds.settings import EndpointSection
from concord.report.blocks import Picture, Table, Text
from concord.report.methods.models import treatment_paragraphs
from concord.report.pictures import with_pictures
from concord.report.results import Results
from concord.report.sections.models import treatment
from concord.report.small_cells import Hiding

from ... import synthetic_results as synthetic

KINDS = ("interaction", "marker_effects", "treatment_effect")


def endpoint(**changes) -> EndpointSection:
    given = {"column": "drug", "control": "no", "treated": "yes", "label": "New drug"}
    return EndpointSection(
        label="Relapse",
        kind="predictive",
        event="relapse",
        time_days="days",
        markers=["age", "sex"],
        marker_arms=["texture"],
        adjust=["age"],
        treatment=given | {"randomized": False} | changes.pop("treatment", {}),
        **changes,
    )


def made(planted: float) -> dict[str, pd.DataFrame]:
    """Tables of age, sex, a score, and a marker that cannot be tested."""
    generator = np.random.default_rng(2)
    n = 500
    subjects = [f"S{number}" for number in range(n)]
    cohort = pd.DataFrame({"subject_id": subjects, "cluster": subjects, "group": "A"})
    age, treated = generator.normal(size=n), generator.integers(2, size=n)
    cohort["covariate.age"] = 60 + 10 * age
    cohort["covariate.sex=male"] = generator.integers(2, size=n).astype(float)
    cohort["treatment.relapse"] = treated.astype(float)
    times = generator.exponential(1 / np.exp(planted * treated * age))
    cohort["event.relapse"] = (times < 2).astype(float)
    cohort["time_days.relapse"] = 100 * np.minimum(times, 2)
    score = pd.DataFrame({"score": generator.normal(size=n)}, subjects)
    markers = [
        Marker("age", KIND_COVARIATE, adjustment(cohort, ["age"])),
        Marker("sex", KIND_COVARIATE, adjustment(cohort, ["sex"]), ("female", "male")),
        Marker("texture", "score", score),
        Marker("volume", "score", score.iloc[:0]),
    ]
    none = adjustment(cohort, [])
    found = treatment_interaction(cohort, "relapse", markers, none, "measured", 0.95)
    return {kind: tables.check(pd.DataFrame(found[kind]), "x", kind) for kind in KINDS}


TABLES = {planted: made(planted) for planted in (0.0, 0.8)}


def results(planted=0.8, **changes) -> Results:
    settings = synthetic.SETTINGS.model_copy(
        update={"endpoints": {"relapse": endpoint(**changes)}}
    )
    return Results(TABLES[planted], pd.DataFrame(), {}, {}, {}, (), settings)


def words_of(section) -> str:
    texts = [block for block in section.blocks if isinstance(block, Text)]
    return " ".join(paragraph for text in texts for paragraph in text.paragraphs)


def test_without_randomization_everything_is_exploratory():
    told = results()

    words = words_of(treatment.treatment_section(told, "relapse"))
    assert "New drug was not randomized: somebody who knew the patient chose" in words
    assert "no marker here tells for whom it works" in words
    (finding,) = treatment.treatment_findings(told, "relapse")
    assert finding.endswith("The treatment was not randomized: this is exploratory.")
    ((title, _),) = treatment.treatment_warnings(told)
    assert title == "Treatment not randomized"


def test_of_a_randomized_treatment_the_marker_is_still_not_its_cause():
    told = results(treatment={"randomized": True})

    words = words_of(treatment.treatment_section(told, "relapse"))
    assert "New drug was randomized" in words
    assert "The marker itself was not randomized" in words
    assert "exploratory" not in words
    assert list(treatment.treatment_warnings(told)) == []


def test_the_number_of_markers_is_told_and_those_that_are_shown():
    (found,) = treatment.treatment_findings(results(0.8), "relapse")
    assert "Of 4 declared markers, of which 3 could be tested, “Age” (p = " in found
    assert "was shown to interact with New drug (p < 0.05, counting all)" in found
    (nothing,) = treatment.treatment_findings(results(0.0), "relapse")
    assert "none was shown to interact with New drug" in nothing


def test_tables_hold_a_row_per_marker_and_say_why_one_has_no_test():
    section = treatment.treatment_section(results(), "relapse")
    tests, effects = (block for block in section.blocks if isinstance(block, Table))

    assert [row[0] for row in tests.rows] == [
        "Age",
        "Sex",
        "Score of “Clinical + CT texture”",
        "Score of “Volume”",
    ]
    assert tests.rows[3][3] == "not defined: 0 of 0 subjects were treated"
    first = TABLES[0.8]["interaction"].iloc[0]
    assert tests.rows[0][1] == f"{first['n_events_treated']} of {first['n_treated']}"
    assert [row[:2] for row in effects.rows] == [
        ("Age", f"SD, {first['step']:.3g} years"),
        ("Sex: male", "against female"),
        ("Score of “Clinical + CT texture”", effects.rows[2][1]),
    ]
    ratio = TABLES[0.8]["marker_effects"].iloc[2]
    assert effects.rows[0][4].startswith(f"{ratio['ratio']:.2f} (")
    assert "Each a hazard ratio" in effects.note
    words = words_of(section)
    assert "of them lay below 0.05" in words
    assert "500 subjects without outcome, treatment, marker or adjustment" in words


def test_the_figure_stands_behind_the_effects_of_the_marker(tmp_path):
    path = tmp_path / "treatment_effect_relapse.svg"
    path.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    told = replace(results(), figures=(str(path),))
    section = treatment.treatment_section(told, "relapse")
    blocks = with_pictures(section, told).blocks

    (place,) = (n for n, block in enumerate(blocks) if isinstance(block, Picture))
    assert blocks[place - 1].caption == "Effect of the marker by treatment"
    assert blocks[place].caption.startswith("Relapse: Treated against control over")


def test_where_small_numbers_are_hidden_counts_of_people_alone_are():
    section = treatment.treatment_section(results(), "relapse")
    whole = section.blocks[1].rows[0]
    events, treated = (int(word) for word in whole[1].split(" of "))
    hidden = Hiding(smallest=treated - events + 1).section(section)

    row = hidden.blocks[1].rows[0]
    assert row[1] != whole[1]
    assert (row[0], *row[3:]) == (whole[0], *whole[3:])
    assert hidden.blocks[2].rows == section.blocks[2].rows
    shown = words_of(Hiding(smallest=10).section(section))
    assert "Of 4 declared markers, of which 3 could be tested" in shown


def test_another_kind_of_endpoint_has_no_such_section():
    told = Results(TABLES[0.8], pd.DataFrame(), {}, {}, {}, (), synthetic.SETTINGS)

    assert treatment.treatment_section(told, "survival") is None
    assert list(treatment.treatment_findings(told, "survival")) == []
    assert list(treatment.treatment_warnings(told)) == []
    assert list(treatment_paragraphs(told)) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"treatment": {"randomized": True}},
        {"treatment": {"label": "Old drug"}},
        {"treatment": {"treated": "given"}},
        {"treatment": {"control": "not given"}},
        {"marker_scale": "ranks"},
    ],
)
def test_the_methods_change_with_every_key(changes):
    (before,) = treatment_paragraphs(results())
    (after,) = treatment_paragraphs(results(**changes))

    assert before != after


def test_the_methods_name_models_markers_and_adjustment():
    (told,) = treatment_paragraphs(results())

    assert "New drug (yes against no)" in told
    assert "Cox regression with a baseline hazard of each group" in told
    assert "the markers Age and Sex" in told
    assert "scores of “Clinical + CT texture”" in told
    assert "all models adjusted for Age" in told
