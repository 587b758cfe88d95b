"""What is known of development subjects: ranges, distances, scores, counts."""

import numpy as np
import pandas as pd
import pytest

from concord.folds.settings import CovariateSection
from concord.frozen.freezing import acquisition, applicability, population
from concord.frozen.freezing.scores import distribution, expected_concordance
from concord.models.fitted_model import FittedModel
from concord.statistics.mahalanobis import leave_one_out, limit
from concord.statistics.outcome_kinds import OUTCOME_KINDS

NAMES = ["CT.tumour.original.glcm.a", "CT.tumour.original.glcm.b", "covariate.age"]


@pytest.fixture
def predictors():
    values = np.random.default_rng(2).normal(size=(80, 3)) * [1, 100, 10] + [0, 0, 60]
    table = pd.DataFrame(values, columns=NAMES)
    table.iloc[4, 1] = np.nan
    table.iloc[9, 2] = np.inf
    return table


def test_numbers_are_compared_and_levels_batches_and_groups_are_not():
    columns = [*NAMES, "covariate.stage=II", "batch.CT.site", "group"]
    assert applicability.numeric(columns) == NAMES


def test_ranges_are_those_of_finite_values_as_measured(predictors):
    found = applicability.ranges(predictors.assign(nothing=np.nan))
    ages = predictors["covariate.age"].drop(index=9)
    assert list(found) == NAMES
    assert found["covariate.age"].n == 79
    assert found["covariate.age"].highest == ages.max()
    assert found["covariate.age"].sd == pytest.approx(ages.std(ddof=1))


def test_distances_are_judged_by_the_subjects_without_a_gap(predictors):
    found = applicability.compared(predictors)
    complete = predictors.drop(index=[4, 9]).to_numpy()
    assert found["n"] == 78
    assert found["columns"] == NAMES
    assert found["distance_reason"] == ""
    assert found["distance_limit"] == pytest.approx(limit(leave_one_out(complete)))
    np.testing.assert_allclose(found["mean"], complete.mean(axis=0))
    np.testing.assert_allclose(found["covariance"], np.cov(complete, rowvar=False))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda t: t.head(20), "18 subjects without a gap and 3 columns; needed are"),
        (lambda t: t.assign(copy=2 * t[NAMES[0]] - 7), "determine each other"),
        (lambda t: t[[]], "no number moves the score"),
    ],
)
def test_without_a_limit_there_is_a_reason(predictors, change, reason):
    found = applicability.compared(change(predictors))
    assert found["distance_limit"] is None
    assert reason in found["distance_reason"]
    assert found["columns"] == found["mean"] == found["covariance"] == []


def test_a_constant_says_nothing_of_a_distance(predictors):
    found = applicability.compared(predictors.assign(constant=1.0))
    assert found["columns"] == NAMES
    assert found["ranges"]["constant"].sd == 0


def scored(n, seed=0):
    score = np.random.default_rng(seed).normal(size=n)
    return pd.DataFrame({"score": score, "probability": 1 / (1 + np.exp(-score))})


@pytest.mark.parametrize(
    ("n", "cell", "steps"), [(600, 0, 100), (60, 0, 12), (60, 10, 6)]
)
def test_percentiles_have_five_subjects_between_them_or_more(n, cell, steps):
    table = scored(n)
    found = distribution(table, OUTCOME_KINDS["binary"], cell)
    assert len(found.percentiles) == steps + 1
    assert found.percentiles[0] == table["score"].min()
    assert found.percentiles == sorted(found.percentiles)
    inside = np.histogram(table["score"], found.percentiles)[0]
    assert inside.min() >= max(5, cell)


def test_percentiles_of_few_are_the_lowest_and_the_highest_score():
    found = distribution(scored(4), OUTCOME_KINDS["survival"])
    assert len(found.percentiles) == 2
    assert distribution(scored(3).assign(score=np.nan), None).n == 0


def test_a_published_score_without_an_intercept_promises_no_concordance():
    table = scored(50).assign(probability=np.nan)
    assert expected_concordance(table, OUTCOME_KINDS["binary"]) is None
    assert expected_concordance(table, OUTCOME_KINDS["survival"]) > 0.5


FACTS = pd.DataFrame(
    {
        "subject_id": ["a", "b", "c", "d"],
        "session": ["baseline", "baseline", "retest", "baseline"],
        "image": "CT",
        "Manufacturer": ["One", "Two", "Three", "Four"],
        "KVP": [120.0, 100.0, 80.0, 140.0],
        "ContrastBolus": [True, None, False, False],
        "TimeOfFlight": None,
    }
)


def test_facts_are_those_of_development_subjects_at_baseline():
    wanted = {"CT": {"ContrastBolus": [False], "TimeOfFlight": [True]}}
    found = acquisition.facts(FACTS, {"a", "b", "c"}, "baseline", wanted)
    assert found == {
        "CT": {
            "Manufacturer": ["One", "Two"],
            "KVP": ["100", "120"],
            "ContrastBolus": ["True"],
        }
    }
    assert acquisition.facts(FACTS, {"a"}, "baseline", {}) == {}


def test_many_numbers_are_told_as_their_range_alone():
    values = pd.Series(np.linspace(50.0, 70.5, 7))
    assert acquisition.values_of(values) == ["50 to 70.5"]
    assert len(acquisition.values_of(values.head(6))) == 6
    assert acquisition.values_of(pd.Series([True, False], dtype=bool)) == [
        "false",
        "true",
    ]


@pytest.mark.parametrize(
    ("reader", "kind"),
    [("A", "human"), ("AI", "algorithm"), ("consensus", "consensus")],
)
def test_a_reader_is_a_person_unless_the_study_says_otherwise(reader, kind):
    assert acquisition.kinds_of_readers(reader, ["AI", "net"]) == [kind]


def test_the_smallest_region_is_that_of_the_reader_and_session_used():
    masks = pd.DataFrame(
        {
            "subject_id": ["a", "b", "a", "c", "a"],
            "session": ["baseline"] * 4 + ["retest"],
            "image": "CT",
            "region": "tumour",
            "reader": ["A", "A", "B", "A", "A"],
            "voxels": [40, 30, 7, 5, 3],
        }
    )
    found = acquisition.smallest_regions(
        masks, {"a", "b"}, "baseline", "A", ["CT.tumour", "CT.rim"]
    )
    assert found == {"CT.tumour": 30.0}


COHORT = pd.DataFrame(
    {
        "subject_id": [f"s{n}" for n in range(12)],
        "group": ["A"] * 8 + ["B"] * 3 + ["C"],
        "covariate.age": [*np.arange(60.0, 71.0), np.nan],
        "covariate.stage=II": [1.0] * 2 + [0.0] * 10,
        "covariate.stage=III": [0.0] * 2 + [1.0] * 5 + [0.0] * 5,
    }
)
SECTIONS = {
    "age": CovariateSection(column="age"),
    "stage": CovariateSection(
        column="stage", kind="category", levels=["I", "II", "III"]
    ),
}


def counted(smallest=0, n_events=6, **columns):
    subjects = pd.Index(COHORT["subject_id"][:11])
    outcome = pd.DataFrame({"event": 1.0, "time_days": np.nan, **columns}, subjects)
    model = FittedModel(
        scheme="final", repeat=1, fold="all", n_development=11, n_events=n_events
    )
    return population.population(COHORT, outcome, model, SECTIONS, smallest)


def test_a_population_is_that_of_the_subjects_who_were_fitted_to():
    found = counted()
    assert (found.n, found.n_events, found.excluded) == (11, 6, 1)
    assert found.groups == {"A": 8, "B": 3}
    assert found.covariates["age"] == pytest.approx(
        {"mean": 65.0, "sd": np.std(np.arange(11), ddof=1), "n": 11.0}
    )
    shares = {"I": 4 / 11, "II": 2 / 11, "III": 5 / 11, "n": 11.0}
    assert found.covariates["stage"] == pytest.approx(shares)
    assert found.facts == {}


def test_small_counts_and_what_would_tell_them_are_not_told():
    found = counted(smallest=4)
    assert found.groups == {}  # 3 is small, and 8 would tell it
    assert found.n_events == 6
    # 2 are of stage II: with them goes the next larger.
    assert found.covariates["stage"] == pytest.approx({"III": 5 / 11, "n": 11.0})
    assert "fewer than 4" in found.facts["small counts"]
    assert counted(smallest=4, n_events=8).n_events is None
    assert counted(smallest=12).covariates == {}


def test_follow_up_is_the_median_of_those_who_were_not_censored_by_an_event():
    days = np.arange(1.0, 12.0)
    every = counted(event=0.0, time_days=days)
    assert every.follow_up_days == 6.0
    # Events at the end tell nothing of a later end of follow-up.
    event = (days > 8).astype(float)
    assert counted(event=event, time_days=days).follow_up_days == 6.0
    assert counted(event=1.0, time_days=days).follow_up_days is None
    cause = (days <= 3) * 2.0
    assert counted(event=0.0, time_days=days, cause=cause).follow_up_days == 7.0
    assert counted().follow_up_days is None
