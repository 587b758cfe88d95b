"""A binary outcome that is coded the other way round gets the same warnings."""

import numpy as np
import pandas as pd
import pytest

from concord import tables
from concord.report.results import Results
from concord.report.sections import findings, sample_size

from ... import synthetic_results as synthetic

N, N_DEAD = 248, 8


def coded(event_is: str) -> Results:
    """A study of 240 alive and 8 dead, whose event is to be alive or to be dead."""
    dead = np.arange(N) < N_DEAD
    event = (~dead if event_is == "alive" else dead).astype(int)
    cohort = pd.DataFrame(
        {
            "subject_id": [f"P{number:03d}" for number in range(N)],
            "site": "A",
            "group": "A",
            "event.outcome": event,
        }
    )
    share = 0.8
    fit = {"arm": "radiomics", "scheme": "cv", "repeat": 1, "fold": "1"}
    fit |= {"endpoint": "outcome", "status": "ok", "n_selected": 10}
    fit |= {"n_candidates": 100, "n_development": round(share * N)}
    fit["n_events"] = fit["n_development"] - 6 if event_is == "alive" else 6
    fits = tables.check(
        pd.DataFrame([fit]).reindex(columns=list(tables.KINDS["fits"])), "f", "fits"
    )
    endpoint = synthetic.ENDPOINTS["metastasis"].model_copy(update={"label": "Outcome"})
    arm = synthetic.ARMS["texture"].model_copy(update={"covariates": []})
    evaluation = synthetic.EVALUATION.model_copy(
        update={"headline_arm": "radiomics", "reference_arm": "radiomics"}
    )
    settings = synthetic.SETTINGS.model_copy(
        update={
            "endpoints": {"outcome": endpoint},
            "arms": {"radiomics": arm},
            "evaluation": evaluation,
        }
    )
    return Results({"fits": fits}, cohort, {}, {}, {}, (), settings)


def few_events(results: Results) -> str:
    (banner,) = (b for b in findings.banners(results) if b.title == "Few events")
    return banner.text


def sizes(results: Results) -> list[str]:
    (table,) = sample_size.sample_size_section(results).blocks
    ((_, _, *numbers),) = table.rows
    return numbers


def test_a_study_of_eight_deaths_is_warned_of_however_it_is_coded():
    assert "(Outcome: 8)" in few_events(coded("dead"))
    told = few_events(coded("alive"))
    assert "(Outcome: 8 of the rarer outcome (no event))" in told


@pytest.mark.parametrize("event_is", ["alive", "dead"])
def test_events_per_coefficient_are_those_of_the_rarer_class(event_is):
    assert sizes(coded(event_is)) == ["6", "100", "10", "0.06 (few)", "0.60 (few)"]


def test_the_heading_tells_the_rarer_outcome_where_it_is_no_event():
    (items, *_) = findings.findings_section(coded("alive")).blocks
    heading = (
        "Outcome (240 events among 248 subjects, 8 of the rarer outcome (no event))"
    )
    assert items.title == heading
    (items, *_) = findings.findings_section(coded("dead")).blocks
    assert items.title == "Outcome (8 events among 248 subjects)"
