"""The report on sample size, events of groups, strata, horizons, repeated columns."""

from dataclasses import replace

import pandas as pd
import pytest

from concord.evaluation.guards.event_counts import event_counts as counted
from concord.evaluation.guards.sample_size import NOTHING, sample_size
from concord.evaluation.settings import Anticipation
from concord.folds.endpoints.horizon import at_horizon
from concord.models.settings.model import ModelSection
from concord.report.methods.endpoints import endpoint_paragraph
from concord.report.results import Results
from concord.report.sections.design import duplicates
from concord.report.sections.models import event_counts, required_size

from ... import synthetic_results as synthetic

ENDPOINT = "survival"


def results(cohort=None, **options) -> Results:
    """Results of the synthetic study with options of its survival endpoint."""
    endpoints = dict(synthetic.ENDPOINTS)
    endpoints[ENDPOINT] = endpoints[ENDPOINT].model_copy(update=options)
    cohort = synthetic.cohort() if cohort is None else cohort
    tables = {
        "sample_size": synthetic.sample_size(ENDPOINT),
        "event_counts": counted(cohort, ENDPOINT, endpoints[ENDPOINT].outcome),
    }
    settings = synthetic.SETTINGS.model_copy(update={"endpoints": endpoints})
    return Results(tables, cohort, {}, {}, {}, (), settings)


def test_what_is_needed_stands_beside_what_there_is():
    found = results()
    shown = required_size.required_table(found)
    (sentence,) = required_size.required_findings(found, ENDPOINT)

    (texture,) = [row for row in shown.rows if row[1] == "Clinical + CT texture"]
    assert texture[2:5] == ("60", "51", "14")
    assert texture[-1].startswith("no, ")
    needed = max(int(cell) for cell in texture[6:9])
    assert "14 candidate parameters of the headline arm" in sentence
    assert f"ask for {needed} subjects; the outcome is known of 60" in sentence


def test_a_study_that_is_large_enough_is_not_warned():
    found = results()
    large = found["sample_size"].assign(n=100_000)
    found = replace(found, tables={**found.tables, "sample_size": large})

    assert list(required_size.required_findings(found, ENDPOINT)) == []
    assert all(row[-1] == "yes" for row in required_size.required_table(found).rows)


def test_groups_with_very_few_events_are_warned_of_and_strata_advised():
    cohort = synthetic.cohort()
    cohort.loc[cohort["group"] == "B", f"event.{ENDPOINT}"] = 0.0
    ((title, text),) = event_counts.event_count_warnings(results(cohort))

    assert title == "Groups with very few events"
    assert "(B: 0)" in text
    assert "give the endpoint strata rather than an arm indicators" in text
    cohort[f"stratum.{ENDPOINT}"] = cohort["site"]
    ((_, text),) = event_counts.event_count_warnings(results(cohort, strata=["site"]))
    assert "strata rather" not in text


def test_strata_are_told_with_those_that_have_no_event():
    cohort = synthetic.cohort()
    cohort.loc[cohort["group"] == "B", f"event.{ENDPOINT}"] = 0.0
    cohort[f"stratum.{ENDPOINT}"] = cohort["site"]
    found = list(
        event_counts.strata_findings(results(cohort, strata=["site"]), ENDPOINT)
    )

    assert "only pairs of one stratum are compared" in found[0]
    assert found[1].startswith("1 of 3 strata have no event")
    assert found[1].endswith(": B.")


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("exclude", "they are left out, so that events look more frequent"),
        ("weight", "those who were followed longer stand for them"),
    ],
)
def test_subjects_censored_before_the_horizon_are_counted(rule, told):
    cohort = synthetic.cohort()
    event, days = (cohort.pop(f"{k}.{ENDPOINT}").copy() for k in ("event", "time_days"))
    days[:7], event[:7] = 10.0, 0.0
    columns = at_horizon(ENDPOINT, event, days, 365, rule == "weight")
    options = {"horizon_days": 365.0, "censored_before": rule}
    found = results(pd.concat([cohort, columns], axis=1), **options)

    (sentence,) = event_counts.horizon_findings(found, ENDPOINT)
    assert "7 of 60 (12 %) subjects were censored before" in sentence
    assert told in sentence
    assert (
        "Censored before the horizon" in event_counts.event_counts_table(found).columns
    )


def test_without_options_no_sentence_speaks_of_them():
    found = results()
    assert list(event_counts.horizon_findings(found, ENDPOINT)) == []
    assert list(event_counts.strata_findings(found, ENDPOINT)) == []
    columns = event_counts.event_counts_table(found).columns
    assert "Censored before the horizon" not in columns


def repeated(*pairs) -> Results:
    rows = [
        {"name": name, "copy_of": first, "n": 60, "equal": True, "factor": 1.0}
        for name, first in pairs
    ]
    found = results()
    return replace(found, tables={"duplicate_columns": pd.DataFrame(rows)})


def test_a_covariate_given_twice_is_warned_of_and_a_feature_is_listed():
    both = repeated(("covariate.years", "covariate.age"), ("CT.b", "CT.a"))
    ((title, text),) = duplicates.duplicate_warnings(both)

    assert title == "A covariate given twice"
    assert "years repeats age." in text
    assert not duplicates.duplicate_table(both).folded
    features = repeated(("CT.b", "CT.a"))
    assert list(duplicates.duplicate_warnings(features)) == []
    assert duplicates.duplicate_table(features).folded


def test_the_methods_tell_options_of_endpoints_and_the_expected_r2():
    assert "baseline hazards" not in endpoint_paragraph(results())
    text = endpoint_paragraph(results(strata=["site"]))
    assert "“Overall survival”: baseline hazards of their own by site." in text
    assert "of 15 % of the largest R2" in text
    options = {"horizon_days": 365.0, "censored_before": "weight"}
    text = endpoint_paragraph(results(**options))
    assert "an event within 365 days, subjects censored before represented" in text


def test_a_published_score_estimates_nothing_and_needs_no_size():
    score = synthetic.ARMS["clinical"].model_copy(
        update={"model": ModelSection(kind="linear_predictor", weights={"age": 1.0})}
    )
    fits = synthetic.fits(ENDPOINT, "clinical")
    outcome = synthetic.ENDPOINTS[ENDPOINT].outcome
    needed = sample_size(
        synthetic.cohort(), fits, {"clinical": score}, outcome, Anticipation()
    )

    assert needed["n_parameters"].tolist() == [0]
    assert needed["reason"].tolist() == [NOTHING]
    assert needed["n_required"].isna().all()
