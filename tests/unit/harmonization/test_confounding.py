"""Outcome and group: counts, expected events, pairs, and what counts once."""

import numpy as np
import pandas as pd
import pytest
from lifelines import KaplanMeierFitter
from scipy.stats import false_discovery_control

from concord.harmonization.confounding_settings import ConfoundingSection
from concord.harmonization.diagnostics.confounding import (
    confounding,
    confounding_tests,
)
from concord.statistics.multiple_tests import holm
from concord.statistics.outcome_kinds import OUTCOME_KINDS

from ...modelling_study import make_tables

SETTINGS = ConfoundingSection()


@pytest.fixture
def study():
    return make_tables(n=60)


def judged(study, cohort, *endpoints):
    return confounding_tests(cohort, study.folds, endpoints, SETTINGS, seed=1)


def test_subjects_with_known_outcome_are_counted(study):
    study.cohort.loc[0, "event.recurrence"] = np.nan
    found = confounding(study.cohort, ["recurrence"])

    assert found["n"].sum() == 59
    known = study.cohort["event.recurrence"].dropna()
    assert found["n_events"].sum() == known.sum()
    assert found["n_expected"].sum() == pytest.approx(known.sum())
    assert found["median_follow_up_days"].isna().all()


def test_medians_are_those_of_kaplan_and_meier(study):
    found = confounding(study.cohort, ["survival"]).set_index("group")
    for name, rows in study.cohort.groupby("group"):
        time, event = rows["time_days.survival"], rows["event.survival"]
        free = KaplanMeierFitter().fit(time, event).median_survival_time_
        followed = KaplanMeierFitter().fit(time, 1 - event).median_survival_time_
        for column, expected in (
            ("median_event_free_days", free),
            ("median_follow_up_days", followed),
        ):
            value = found.loc[name, column]
            assert np.isinf(expected) if np.isnan(value) else value == expected


@pytest.mark.parametrize(
    ("endpoint", "kind"), [("recurrence", "binary"), ("survival", "survival")]
)
def test_pairs_are_those_that_discrimination_is_counted_over(study, endpoint, kind):
    study.cohort["time_days.survival"] = study.cohort["time_days.survival"].round(-2)
    rows = study.cohort.rename(
        columns={f"event.{endpoint}": "event", "time_days.survival": "time_days"}
    ).assign(score=0.0)
    (found,) = judged(study, study.cohort, endpoint).to_dict("records")

    assert found["n_pairs"] == OUTCOME_KINDS[kind].pairs(rows).pairs.sum() / 2
    within = OUTCOME_KINDS[kind].pairs_within_groups(rows).pairs.sum() / 2
    assert found["n_pairs_within"] == within


@pytest.mark.parametrize("endpoint", ["recurrence", "survival"])
def test_subjects_of_one_cluster_count_once(study, endpoint):
    alone = study.cohort.assign(cluster=study.cohort["subject_id"])
    copies = [alone.assign(subject_id=alone["subject_id"] + f"_{k}") for k in range(4)]
    repeated = pd.concat([alone, *copies], ignore_index=True)
    once, many = (judged(study, c, endpoint) for c in (alone, repeated))

    assert many["n"].tolist() == [60]
    assert many["p_value"].tolist() == once["p_value"].tolist()
    loose = repeated.assign(cluster=repeated["subject_id"])
    assert judged(study, loose, endpoint)["p_value"][0] < once["p_value"][0]


def test_the_first_event_of_a_cluster_counts(study):
    cohort = study.cohort.assign(cluster=["same"] * 3 + list(range(57)))
    cohort["event.survival"] = [0.0, 1.0, 1.0] + [0.0] * 57
    cohort["time_days.survival"] = [90.0, 50.0, 20.0] + [100.0] * 57
    (found,) = judged(study, cohort, "survival").to_dict("records")

    assert (found["n"], found["n_events"]) == (58, 1)


def test_p_values_of_several_endpoints_are_adjusted():
    p_values = [0.01, float("nan"), 0.03, 0.04]
    found = holm(p_values)

    assert found[::2] == pytest.approx([0.03, 0.06])
    assert np.isnan(found[1])
    assert found[3] == pytest.approx(0.06)  # never below a smaller p value's
    known = [p for p in p_values if p == p]
    assert (holm(known) >= false_discovery_control(known)).all()
