"""Final models on sealed subjects: discrimination and calibration, with intervals."""

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, special

from concord.evaluation.sealed import expected, judging
from concord.models.fitted_model import Baseline, FittedModel
from concord.statistics.outcome_kinds import BINARY, SURVIVAL

MODEL = FittedModel(scheme="final", repeat=1, fold="all", n_development=9, n_events=4)


def judged(rows, arm="radiomics", model=MODEL):
    n = len(rows["score"])
    given = {"subject_id": [f"S{i}" for i in range(n)], "repeat": 1, "fold": "sealed"}
    table = pd.DataFrame(rows).assign(group="C", **given)
    if "cluster" not in table:
        table["cluster"] = table["subject_id"]
    return judging.Judged(arm, table, model)


def binary(score, event, shift=0.0, **more):
    risk = special.expit(np.asarray(score) - shift)
    rows = {"score": score, "event": np.asarray(event, float), "probability": risk}
    return judged(rows | more.pop("columns", {}), **more)


def values(arms, kind=BINARY, confidence=0.95):
    rows = judging.looks_of(arms, "radiomics", "death", kind, confidence)
    return {(row["arm"], row.get("against"), row["metric"]): row for row in rows}


def drawn(seed, n=200, slope=1.0):
    generator = np.random.default_rng(seed)
    score = generator.normal(size=n)
    event = generator.random(n) < special.expit(slope * score)
    return score, event.astype(float)


def test_the_area_and_its_interval_are_those_of_delong():
    score = np.array([0.1, 0.4, 0.35, 0.8, 0.7, 0.2])
    event = np.array([0, 0, 1, 1, 1, 0])
    row = values({"radiomics": binary(score, event)})["radiomics", None, "auc"]

    placed = [
        (score[event == 1][:, None] > score[event == 0]).mean(axis=axis)
        for axis in (1, 0)
    ]
    variance = sum(one.var(ddof=1) / len(one) for one in placed)
    assert row["estimate"] == pytest.approx(8 / 9)
    assert row["method"] == "DeLong, logit scale"
    width = special.logit(row["upper"]) - special.logit(row["estimate"])
    centre = 8 / 9 * 1 / 9
    assert width * centre / np.sqrt(variance) > 1.959


def test_calibration_in_the_large_is_the_shift_that_was_planted():
    score, event = drawn(11, 4000)
    row = values({"radiomics": binary(score, event, shift=0.7)})
    large = row["radiomics", None, "calibration_in_the_large"]
    ratio = row["radiomics", None, "observed_to_expected"]

    assert large["lower"] < 0.7 < large["upper"]
    assert large["estimate"] == pytest.approx(0.7, abs=0.15)
    assert ratio["estimate"] == pytest.approx(
        event.sum() / special.expit(score - 0.7).sum()
    )
    assert ratio["lower"] > 1


def test_calibration_in_the_large_is_the_largest_likelihood_with_an_offset():
    score, event = drawn(2, 80)
    row = values({"radiomics": binary(score, event, shift=0.4)})
    found = row["radiomics", None, "calibration_in_the_large"]

    def log_likelihood(shift):
        risk = special.expit(score - 0.4 + shift)
        return np.log(np.where(event == 1, risk, 1 - risk)).sum()

    best = optimize.minimize_scalar(lambda x: -log_likelihood(x), (-2, 0, 2), tol=1e-12)
    step = 1e-4
    around = [log_likelihood(best.x + move) for move in (-step, 0, step)]
    error = 1 / np.sqrt(-(around[0] - 2 * around[1] + around[2]) / step**2)
    assert found["estimate"] == pytest.approx(best.x, abs=1e-6)
    assert found["upper"] - found["estimate"] == pytest.approx(
        1.959964 * error, rel=1e-4
    )


def test_expected_events_are_the_cumulative_hazard_of_each_follow_up():
    baseline = Baseline(times_days=[10, 20, 30], cumulative_hazard=[0.1, 0.3, 0.6])
    score, days = np.log([1.0, 2.0, 4.0, 1.0]), np.array([5.0, 10.0, 25.0, 99.0])

    found = expected.cumulative_hazards(baseline, score, days)
    assert found == pytest.approx([0.0, 0.2, 1.2, 0.6])


def test_each_stratum_has_its_own_hazard():
    strata = {
        "A": {"times_days": [10], "cumulative_hazard": [0.1]},
        "B": {"times_days": [10], "cumulative_hazard": [0.5]},
    }
    found = expected.cumulative_hazards(
        Baseline(strata=strata),
        np.zeros(3),
        np.full(3, 20.0),
        np.array(["A", "B", "C"]),
    )
    assert found[:2] == pytest.approx([0.1, 0.5])
    assert np.isnan(found[2])


def test_of_times_observed_events_are_compared_with_expected_ones():
    generator = np.random.default_rng(3)
    score = generator.normal(size=3000)
    days = generator.exponential(1 / (1.5 * np.exp(score)))
    event, days = (days < 1).astype(float), np.minimum(days, 1.0)
    grid = np.linspace(0.001, 1, 1000)
    baseline = Baseline(times_days=grid.tolist(), cumulative_hazard=grid.tolist())
    model = MODEL.model_copy(update={"baseline": baseline})
    rows = {"score": score, "event": event, "time_days": days, "probability": np.nan}
    found = values({"radiomics": judged(rows, model=model)}, SURVIVAL)

    ratio = found["radiomics", None, "observed_to_expected"]
    assert ratio["lower"] < 1.5 < ratio["upper"]
    large = found["radiomics", None, "calibration_in_the_large"]
    assert large["estimate"] == pytest.approx(np.log(ratio["estimate"]))
    assert found["radiomics", None, "c_index"]["estimate"] > 0.7


def test_the_difference_is_paired_on_subjects_that_both_score():
    score, event = drawn(4, 60)
    other = np.random.default_rng(5).normal(size=60)
    other[:10] = np.nan
    arms = {
        "radiomics": binary(score, event),
        "clinical": binary(other, event, arm="clinical"),
    }
    found = values(arms)
    row = found["radiomics", "clinical", "auc_difference"]

    known = ~np.isnan(other)
    parts = [
        values({"radiomics": binary(one[known], event[known])})[
            "radiomics", None, "auc"
        ]["estimate"]
        for one in (score, other)
    ]
    assert row["n"] == 50
    assert row["estimate"] == pytest.approx(parts[0] - parts[1])
    assert found["clinical", None, "auc"]["n_unscored"] == 10


def test_clusters_widen_the_interval():
    score, event = drawn(6, 100)
    twice = {"cluster": [f"P{i // 2}" for i in range(200)]}
    doubled = binary(np.repeat(score, 2), np.repeat(event, 2), columns=twice)
    single = values({"radiomics": binary(score, event)})
    found = values({"radiomics": doubled})

    for metric in ("auc", "calibration_in_the_large", "observed_to_expected"):
        one, two = (t["radiomics", None, metric] for t in (single, found))
        width = two["upper"] - two["lower"]
        assert width == pytest.approx(one["upper"] - one["lower"], rel=0.05), metric
        assert "clusters" in two["method"]


@pytest.mark.parametrize(
    ("event", "reason"),
    [(0.0, "no event was observed"), (1.0, "every subject had the event")],
)
def test_one_class_alone_has_no_value_but_a_reason(event, reason):
    score = np.linspace(-1, 1, 9)
    found = values({"radiomics": binary(score, np.full(9, event))})

    assert found["radiomics", None, "auc"]["estimate"] is None
    assert found["radiomics", None, "auc"]["reason"] == "no pair to compare"
    large = found["radiomics", None, "calibration_in_the_large"]
    assert (large["estimate"], large["reason"]) == (None, reason)


def test_nobody_scored_is_told():
    found = values({"radiomics": binary(np.full(9, np.nan), np.ones(9))})

    for row in found.values():
        assert (row["n"], row["n_unscored"], row["estimate"]) == (0, 9, None)
        assert row["reason"]


def coverage(n_studies, n):
    """Shares of intervals that hold 0.5, 0 and 1 of scores that know nothing."""
    hits = np.zeros(3)
    for seed in range(n_studies):
        generator = np.random.default_rng(seed)
        score = generator.normal(size=n)
        event = (generator.random(n) < 0.4).astype(float)
        noise = binary(score, event, columns={"probability": np.full(n, 0.4)})
        found = values({"radiomics": noise})
        truths = {"auc": 0.5, "calibration_in_the_large": 0.0}
        truths |= {"observed_to_expected": 1.0}
        for place, (metric, truth) in enumerate(truths.items()):
            row = found["radiomics", None, metric]
            hits[place] += row["lower"] <= truth <= row["upper"]
    return hits / n_studies


def test_of_pure_noise_the_intervals_hold_what_noise_is():
    assert (coverage(120, 50) >= 0.9).all()


@pytest.mark.slow
def test_of_pure_noise_in_many_studies_the_intervals_hold_what_noise_is():
    found = coverage(2000, 40)

    assert (found >= 0.93).all()
    assert (found <= 0.975).all()
