"""Faults of the options of endpoints, all told before any job."""

import pytest

from concord.study.parsing import parse

from ...whole_demo import plain_demo


@pytest.fixture
def raw():
    return plain_demo()


def faults_of(raw, name="survival", **options):
    endpoint = raw["endpoints"][name] | options
    raw["endpoints"][name] = {k: v for k, v in endpoint.items() if v is not None}
    return {fault.key: fault.message for fault in parse(raw, "config.yaml")[1]}


def test_all_options_of_a_prognostic_endpoint_may_be_given(raw):
    raw["factors"] = {"treatment": {"column": "treatment"}}
    assert faults_of(raw, strata=["site", "stage", "treatment"]) == {}
    assert faults_of(raw, strata=None, horizon_days=365) == {}
    assert faults_of(raw, censored_before="weight") == {}
    dates = {"start_date": "first", "end_date": "last", "time_days": None}
    assert faults_of(raw, **dates) == {}


@pytest.mark.parametrize(
    ("strata", "message"),
    [
        (["sit"], "'sit' is not defined; did you mean 'site'?"),
        (["age"], "'age' is a number; only what has few values divides subjects"),
        (["site", "site"], "'site' is named twice; name it once"),
    ],
)
def test_strata_are_sites_factors_or_categories(raw, strata, message):
    assert message in faults_of(raw, strata=strata)["endpoints.survival.strata"]


def test_only_a_model_with_times_has_strata(raw):
    found = faults_of(raw, "recurrence", strata=["site"])
    assert "only Cox's model" in found["endpoints.recurrence.strata"]
    found = faults_of(raw, strata=["site"], horizon_days=365)
    assert "only Cox's model" in found["endpoints.survival.strata"]


@pytest.mark.parametrize(
    ("options", "key", "message"),
    [
        ({"start_date": "a", "time_days": None}, "end_date", "is missing, but start"),
        ({"end_date": "a", "time_days": None}, "start_date", "is missing, but end"),
        ({"start_date": "a", "end_date": "b"}, "start_date", "keep one of them"),
        ({"time_days": None}, "time_days", "or start_date and end_date"),
        ({"censored_before": "weight"}, "censored_before", "there is no horizon"),
    ],
)
def test_times_are_given_once_and_whole(raw, options, key, message):
    found = faults_of(raw, **options)
    assert message in found[f"endpoints.survival.{key}"]
    assert len(found) == 1


def test_a_diagnostic_endpoint_has_no_dates_and_no_horizon(raw):
    options = {"start_date": "a", "end_date": "b", "horizon_days": 100}
    found = faults_of(raw, "recurrence", **options)
    assert "has no times" in found["endpoints.recurrence.start_date"]
    assert "only a prognostic endpoint" in found["endpoints.recurrence.horizon_days"]


@pytest.mark.parametrize(
    ("endpoint", "options"),
    [("survival", {"horizon_days": 365.0}), ("recurrence", {})],
)
def test_risks_are_judged_at_days_of_outcomes_with_times_alone(raw, endpoint, options):
    found = faults_of(raw, endpoint, evaluate_at_days=[365.0], **options)
    message = found[f"endpoints.{endpoint}.evaluate_at_days"]
    assert "only the risk of an outcome with times depends on days" in message
