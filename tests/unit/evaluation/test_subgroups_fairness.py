"""Classes by subgroup: hand counts, thresholds of folds, censoring, small groups."""

import numpy as np
import pandas as pd
import pytest

from concord.evaluation.intervals import wilson_interval
from concord.evaluation.subgroups.horizons import Horizons

from .test_subgroups import one, settings, study, values


def counted(predictions, cohort, level, positive):
    """Sensitivity, specificity, PPV and NPV by hand, in one repeat."""
    names = cohort.loc[cohort["factor.half"] == level, "subject_id"]
    mine = predictions["subject_id"].isin(names) & (predictions["repeat"] == 1)
    yes, event = positive[mine], predictions.loc[mine, "event"] == 1
    return {
        "sensitivity": yes[event].mean(),
        "specificity": (~yes[~event]).mean(),
        "ppv": event[yes].mean(),
        "npv": (~event[~yes]).mean(),
    }


def test_shares_of_a_probability_are_counted_by_hand_with_wilsons_intervals():
    predictions, cohort = study(repeats=2)
    found = values(predictions, cohort)["fairness"]
    row = one(found, rule="probability", level="y")
    positive = predictions["probability"] >= 0.5
    for name, share in counted(predictions, cohort, "y", positive).items():
        assert row[name] == pytest.approx(share), name
    bounds = wilson_interval(row["sensitivity"], row["n_events"], 0.95)
    assert (row["sensitivity_lower"], row["sensitivity_upper"]) == pytest.approx(bounds)
    assert row["n"] == 60
    own = predictions["subject_id"].isin(
        cohort.loc[cohort["factor.half"] == "y", "subject_id"]
    )
    assert row["observed"] == pytest.approx(predictions.loc[own, "event"].mean())
    assert row["predicted"] == pytest.approx(predictions.loc[own, "probability"].mean())
    ratio = row["observed"] / row["predicted"]
    assert row["observed_to_expected"] == pytest.approx(ratio)


def test_thresholds_that_folds_chose_are_used_fold_by_fold():
    predictions, cohort = study(repeats=1)
    cut = predictions["fold"].map({"1": -1.0, "2": 0.0, "3": 1.0, "4": 0.5})
    found = values(predictions.assign(threshold_youden=cut), cohort)["fairness"]
    row = one(found, rule="youden", level="x")
    expected = counted(predictions, cohort, "x", predictions["score"] >= cut)
    assert row["sensitivity"] == pytest.approx(expected["sensitivity"])
    assert row["specificity"] == pytest.approx(expected["specificity"])
    assert {"risk_group", "youden", "probability"} == set(found["rule"])


def test_small_subgroups_have_counts_alone():
    predictions, cohort = study()
    found = values(predictions, cohort, settings(smallest=(61, 4)))["fairness"]
    row = one(found, rule="risk_group", level="x")
    assert row["n"] == 60
    assert np.isnan(row["sensitivity"])
    assert np.isnan(row["observed"])
    assert row["reason"] == "fewer than 61 subjects or 4 events"


def test_status_at_a_horizon_weights_those_who_were_followed():
    rows = pd.DataFrame(
        {
            "subject_id": list("abcdef"),
            "event": [1, 0, 0, 1, 0, 0],
            "cause": [1, 0, 2, 1, 0, 0],
            "time_days": [10.0, 20.0, 30.0, 40.0, 100.0, 120.0],
        }
    )
    found = Horizons().status(rows, 50.0)
    assert found.event[[0, 2, 3, 4, 5]].tolist() == [1, 0, 1, 0, 0]
    assert np.isnan(found.event[1])
    # One of the five at risk at day 20 is censored.
    assert found.weight == pytest.approx([1, 0, 1.25, 1.25, 1.25, 1.25])


def test_without_censoring_risks_are_judged_as_probabilities_are():
    predictions, cohort = study(kind="survival", repeats=1)
    predictions["event"] = 1.0
    keys = ["endpoint", "arm", "scheme", "repeat", "fold", "subject_id"]
    risks = predictions[keys].assign(horizon_days=400.0)
    risks["risk"] = 1 / (1 + np.exp(-predictions["score"]))
    found = values(predictions, cohort, settings("survival"), risks)["fairness"]
    row = one(found, rule="probability", level="x")
    binary = predictions.assign(
        event=(predictions["time_days"] <= 400).astype(float),
        probability=risks["risk"],
    )
    expected = counted(binary, cohort, "x", binary["probability"] >= 0.5)
    for name, share in expected.items():
        assert row[name] == pytest.approx(share), name
    assert row["n_unknown"] == 0
