"""Calibration and squared error of predictions whose truth is known."""

import numpy as np
import pandas as pd
import pytest

from concord import tables
from concord.errors import ConfigError
from concord.evaluation.probabilities.averages import Repeats
from concord.evaluation.probabilities.calibration_table import calibration
from concord.evaluation.probabilities.judged import judged, parts
from concord.evaluation.probabilities.overall import overall

from ...synthetic_probabilities import risks, simulated, tables_of

DAYS = (300.0, 600.0, 900.0)


def whole(table, **values):
    """The one row of all subjects with some values."""
    rows = table[table["stratum"] == "all"]
    for name, value in values.items():
        rows = rows[rows[name] == value]
    (row,) = rows.to_dict("records")
    return row


def group_rows(table):
    rows = table[table["stratum"].str.startswith("group=")]
    return rows.set_index(rows["stratum"].str.removeprefix("group="))


def with_times(n=300, seed=2, odd_site=0.0, causes=False, repeats=1):
    """Predictions of times with exponential hazards exp(score) / 900 per day."""
    generator = np.random.default_rng(seed)
    table = simulated(n, seed=seed, repeats=repeats)
    score = table["score"].to_numpy()[:n]
    odd = np.where(table["group"].to_numpy()[:n] == "C", odd_site, 0.0)
    time = generator.exponential(900 * np.exp(-score - odd))
    limit = generator.uniform(200, 2500, n)
    other = generator.exponential(1500, n) if causes else np.full(n, np.inf)
    seen = np.minimum(np.minimum(time, limit), other)
    event = (seen == time).astype(int)
    again = {"event": event, "time_days": seen}
    if causes:
        again["cause"] = np.where(seen == other, 2, event)
    place = np.tile(np.arange(n), repeats)
    return table.assign(
        probability=np.nan, **{name: values[place] for name, values in again.items()}
    )


def test_calibrated_predictions_are_found_so():
    found = tables_of(simulated(900, seed=3))
    row = whole(found["calibration"])

    assert row["oe_lower"] < 1 < row["oe_upper"]
    assert row["intercept_lower"] < 0 < row["intercept_upper"]
    assert row["slope_lower"] < 1 < row["slope_upper"]
    assert row["ici"] < 3 * row["ici_expected"]
    assert abs(row["spiegelhalter_z"]) < 3
    saved = whole(found["overall"], metric="scaled_brier")
    assert saved["lower"] > 0.05


def test_predictions_that_are_too_high_and_too_steep_are_found_so():
    row = whole(tables_of(simulated(900, shift=0.8, steepness=2.0))["calibration"])

    assert row["oe_upper"] < 1
    assert row["intercept_upper"] < 0
    assert row["slope"] == pytest.approx(0.5, abs=0.12)
    assert row["slope_upper"] < 1
    assert row["ici"] > 3 * row["ici_expected"]


def test_a_site_with_another_prevalence_is_miscalibrated_in_the_large():
    groups = group_rows(tables_of(simulated(360, odd_site=1.5))["calibration"])

    assert groups.loc["C", "intercept_p_holm"] < 0.001
    assert groups.loc["C", "observed"] > groups.loc["C", "mean_prediction"] + 0.15
    assert (groups.loc[["A", "B"], "intercept_p_holm"] > 0.05).all()


def test_a_site_with_another_hazard_is_miscalibrated_at_a_horizon():
    found = tables_of(with_times(360, odd_site=1.5), (600.0,))["calibration"]
    groups = group_rows(found)

    assert groups.loc["C", "intercept_p_holm"] < 0.001
    assert (groups.loc[["A", "B"], "intercept_p_holm"] > 0.05).all()


@pytest.mark.parametrize("causes", [False, True])
def test_risks_at_horizons_are_compared_with_what_is_observed(causes):
    table = with_times(600, causes=causes)
    found = tables_of(table, DAYS)
    for day in DAYS:
        row = whole(found["calibration"], horizon_days=day)
        if day == 900:
            # Risks without the other cause are too high for what can be observed.
            assert (row["oe_upper"] < 1) == causes
        assert 0 < row["observed"] < 1
        own = (table["event"] == 1) & (table["time_days"] <= day)
        assert row["n_events"] == own.sum()


def test_probabilities_may_be_equal_within_each_model():
    table = simulated(200).assign(probability=0.4)
    row = whole(tables_of(table)["calibration"])

    assert np.isnan(row["slope"])
    assert "predictions of each model are equal" in row["reason"]
    assert np.isfinite(row["intercept"])
    assert np.isfinite(row["ici"])


def test_no_probability_is_a_reason():
    table = simulated(60).assign(probability=np.nan)
    found = tables_of(table)
    row = whole(found["calibration"])

    assert row["n"] == 0
    assert row["reason"] == "no subject has a probability and a known outcome"
    assert found["calibration_curve"].empty
    assert whole(found["overall"], metric="brier")["reason"] == row["reason"]


def test_few_events_have_no_interval_and_no_curve():
    table = simulated(100)
    table["event"] = (table["subject_id"] < "S00004").astype(int)
    row = whole(tables_of(table)["calibration"])

    assert row["reason"].startswith("4 events and 96 without, expected 5 of each")
    assert np.isnan(row["intercept"])
    assert row["observed"] == pytest.approx(0.04)
    table["event"] = (table["subject_id"] < "S00007").astype(int)
    found = tables_of(table)
    assert np.isfinite(whole(found["calibration"])["intercept"])
    assert "for a curve" in whole(found["calibration"])["reason"]
    assert found["calibration_curve"].empty


def test_a_horizon_beyond_the_follow_up_is_a_reason():
    found = tables_of(with_times(200), (9000.0,))

    row = whole(found["calibration"])
    assert row["reason"] == "the follow-up ends before 9000 days"
    assert np.isnan(row["observed"])


def test_of_times_without_a_horizon_there_is_nothing():
    found = tables_of(with_times(60))

    assert all(table.empty for table in found.values())


def test_repeats_of_the_same_predictions_are_no_more_subjects():
    once, four = simulated(200, repeats=1), simulated(200, repeats=4)
    one, all_ = (whole(tables_of(table)["calibration"]) for table in (once, four))

    for name in ("intercept", "oe_log"):
        error = f"{name}_standard_error"
        assert all_[error] == pytest.approx(one[error], rel=0.02), name
    assert all_["n"] == one["n"] == 200


def test_subjects_of_one_patient_have_a_larger_error():
    table = simulated(200)
    twin = pd.concat([table, table.assign(subject_id=table["subject_id"] + "b")])
    alone = whole(tables_of(twin.assign(cluster=twin["subject_id"]))["calibration"])
    together = whole(tables_of(twin)["calibration"])

    ratio = together["intercept_standard_error"] / alone["intercept_standard_error"]
    assert ratio == pytest.approx(np.sqrt(2), rel=0.02)


def test_weights_stand_for_subjects_who_are_not_known():
    table = simulated(300, seed=5)
    weight = np.where(table["score"] > 0, 2.0, 1.0)
    twice = pd.concat(
        [table, table[weight == 2].assign(subject_id=lambda t: t["subject_id"] + "b")]
    )
    weighted = whole(tables_of(table.assign(weight=weight))["calibration"])
    doubled = whole(tables_of(twice)["calibration"])

    for name in ("observed", "mean_prediction", "intercept"):
        assert weighted[name] == pytest.approx(doubled[name], rel=1e-6), name
    assert np.isnan(weighted["spiegelhalter_z"])


def test_arms_are_compared_by_the_subjects_that_both_have_scored():
    table = simulated(300)
    noise = np.random.default_rng(1).uniform(0.2, 0.8, 300)
    worse = table.assign(arm="clinical", probability=noise)
    worse.loc[:9, "probability"] = np.nan
    found = tables_of(pd.concat([table, worse], ignore_index=True))["overall"]

    row = whole(found, metric="brier", arm="known")
    own = table.iloc[10:]
    errors = [(own["event"] - p) ** 2 for p in (own["probability"], noise[10:])]
    assert row["difference"] == pytest.approx((errors[0] - errors[1]).mean())
    assert row["difference_upper"] < 0
    assert np.isnan(whole(found, metric="brier", arm="clinical")["difference"])


def test_scores_are_integrated_where_three_horizons_are_declared():
    three = tables_of(with_times(300), DAYS, "known")["overall"]
    two = tables_of(with_times(300), DAYS[:2], "known")["overall"]

    assert "integrated_brier" not in set(two["metric"])
    row = whole(three, metric="integrated_brier")
    at = [whole(three, metric="brier", horizon_days=day)["estimate"] for day in DAYS]
    area = 300 * (at[0] / 2 + (at[0] + at[1]) / 2 + (at[1] + at[2]) / 2)
    assert row["estimate"] == pytest.approx(area / 900)
    assert row["lower"] < row["estimate"] < row["upper"]
    assert row["horizon_days"] == 900


def test_groups_left_out_are_pooled():
    table = simulated(600, odd_site=1.2)
    left_out = table.assign(scheme="loso", fold=table["group"])
    found = tables_of(left_out)["pooled_calibration"].set_index("measure")

    assert set(found.index) == {"intercept", "slope", "observed_expected"}
    assert (found["n_pooled"] == 3).all()
    assert found["reason"].str.startswith("3 groups: read their own values").all()
    assert found.loc["intercept", "tau"] > 0.3
    ratio = found.loc["observed_expected"]
    assert ratio["lower"] < ratio["estimate"] < ratio["upper"]
    assert ratio["prediction_lower"] > 0
    assert tables_of(table)["pooled_calibration"].empty


def test_fits_to_all_subjects_are_refused():
    table = simulated(50).assign(scheme="final")
    with pytest.raises(ConfigError, match="judge nothing here"):
        list(parts(table, None, False))


def test_tables_are_of_their_kinds(tmp_path):
    found = tables_of(with_times(200, repeats=2), DAYS)
    for kind, table in found.items():
        tables.write(table, tmp_path / f"{kind}.tsv", kind)
        assert len(tables.read(tmp_path / f"{kind}.tsv", kind)) == len(table)


def test_bars_hold_every_subject_once():
    bins = tables_of(with_times(200, repeats=2), DAYS)["calibration_histogram"]
    counted = bins.groupby("horizon_days")[["n_events", "n_free", "n_unknown"]].sum()

    assert (counted.sum(axis=1) == 200).all()


def test_influences_of_repeats_add_up_by_cluster():
    table = simulated(40, repeats=2)
    samples = judged(next(iter(parts(table, None, False))).rows, np.nan)
    repeats = Repeats(samples)

    summed = repeats.by_cluster(1, np.ones((3, 40)))
    assert summed.shape == (3, 40)
    np.testing.assert_allclose(summed, 1.0)


def test_risks_of_other_rows_are_not_taken():
    table = with_times(60)
    known = risks(table, (600.0,)).iloc[:40]
    (part,) = parts(table, known, True)

    assert len(part.rows) == 40


@pytest.mark.parametrize("n_studies", [60, pytest.param(300, marks=pytest.mark.slow)])
def test_intervals_of_calibrated_predictions_cover_their_truth(n_studies):
    covered = []
    for seed in range(n_studies):
        known = list(parts(simulated(120, seed=1000 + seed), None, False))
        row = whole(calibration(known, 0.95))
        brier = whole(overall(known, "known", 0.95), metric="brier")
        covered.append(
            [
                row["intercept_lower"] < 0 < row["intercept_upper"],
                row["slope_lower"] < 1 < row["slope_upper"],
                row["oe_lower"] < 1 < row["oe_upper"],
                brier["lower"] < TRUE_BRIER < brier["upper"],
            ]
        )
    share = np.mean(covered, axis=0)
    slack = 3 * np.sqrt(0.05 * 0.95 / n_studies)
    assert (share > 0.93 - slack).all(), share


#: Mean of p (1 - p) of the simulated predictions.
_SCORES = np.random.default_rng(0).normal(-0.3, 1.0, 1_000_000)
_P = 1 / (1 + np.exp(-_SCORES))
TRUE_BRIER = float((_P * (1 - _P)).mean())
