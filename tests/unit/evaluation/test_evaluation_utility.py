"""Decision curves and clinical impact: by counting, on noise, with an effect."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from concord import tables
from concord.evaluation.calibration import Calibration, Calibrations
from concord.evaluation.utility.benefits import OVER_ALL, VALUE, benefits
from concord.evaluation.utility.clinical_impact import FEW_ON_A_SIDE, clinical_impact
from concord.evaluation.utility.decision_curves import (
    NOBODY,
    NOT_FOLLOWED,
    TOO_FEW,
    decision_curves,
)
from concord.evaluation.utility.repeats import RepeatValues
from concord.evaluation.utility.risk_rows import risk_rows

from ... import oof_scores

CUTS = [0.2, 0.5]
NONE = Calibrations()
NO_RISKS = tables.read_all([], "risks")


def rows_of(table, risks=NO_RISKS):
    return risk_rows(table, risks)


def study(effect, seed=1, n=200, p=10):
    """Predictions of an arm of one telling column, and of a reference of noise."""
    generator = np.random.default_rng(seed)
    values = generator.normal(size=(n, p))
    event = generator.random(n) < expit(effect * values[:, 0] - 0.4)
    arms = {"texture": values[:, :1], "clinical": values[:, 1:]}
    return oof_scores.predictions(arms, event.astype(float), seed)


def curve_of(table, arm="texture", **changes):
    found = decision_curves(
        rows_of(table, **changes), "relapse", "clinical", CUTS, 0.95, NONE
    )
    return found[found["arm"] == arm].set_index("threshold")


def test_net_benefit_is_that_of_each_repeat_counted_by_hand():
    table = study(1.0)
    own = table[table["arm"] == "texture"]
    by_hand = []
    for _, part in own.groupby("repeat"):
        flags = part["probability"] >= 0.5
        right, wrong = part["event"] == 1, part["event"] == 0
        by_hand.append(((flags & right).sum() - (flags & wrong).sum()) / len(part))
    assert curve_of(table).loc[0.5, "net_benefit"] == pytest.approx(np.mean(by_hand))


def test_acting_on_everybody_is_the_prevalence_at_the_odds():
    table = study(1.0)
    share = table["event"].mean()
    found = curve_of(table).loc[0.2]
    assert found["treat_all"] == pytest.approx(share - (1 - share) / 4)
    assert found["over_all"] == pytest.approx(found["net_benefit"] - found["treat_all"])


def test_permutations_widen_all_intervals_but_those_of_acting_on_everybody():
    rows = rows_of(study(1.0)).query("repeat == 1")
    widened = Calibrations(
        {(arm, "cv"): Calibration(1.4) for arm in ("texture", "clinical")}
    )
    plain, wide = (
        decision_curves(rows, "relapse", "clinical", CUTS, 0.95, one)
        for one in (NONE, widened)
    )
    assert wide["standard_error"].to_numpy() == pytest.approx(
        1.4 * plain["standard_error"].to_numpy(), nan_ok=True
    )
    assert (wide["treat_all_lower"] == plain["treat_all_lower"]).all()
    narrow = (plain["over_reference_upper"] - plain["over_reference"]).dropna()
    broad = (wide["over_reference_upper"] - wide["over_reference"]).dropna()
    assert (broad > narrow).all()
    assert wide["method"].str.contains("jackknife error").all()


def test_a_declared_threshold_is_on_the_curve_beside_the_grid():
    rows = rows_of(study(1.0))
    found = decision_curves(rows, "relapse", "clinical", [0.205], 0.95, NONE)
    assert {0.01, 0.2, 0.205, 0.99} <= set(found["threshold"])
    assert len(found) == 100 * 2


def test_intervals_are_those_of_subjects_not_of_repeats():
    """Ten repeats of the same scores know no more than one."""
    rows = rows_of(study(1.0))
    first = rows[(rows["arm"] == "texture") & (rows["repeat"] == 1)]
    many = pd.concat([first.assign(repeat=number) for number in range(1, 11)])
    one, ten = (
        benefits(part, np.array([0.4])).estimates(0.95) for part in (first, many)
    )
    assert ten.standard_error == pytest.approx(one.standard_error)
    assert ten.lower == pytest.approx(one.lower)


def test_rows_of_one_patient_count_as_one():
    rows = rows_of(study(1.0))
    rows = rows[(rows["arm"] == "texture") & (rows["repeat"] == 1)]
    twice = pd.concat([rows, rows.assign(subject_id=rows["subject_id"] + "b")])
    one, two = (
        benefits(part, np.array([0.4])).estimates(0.95) for part in (rows, twice)
    )
    assert two.standard_error == pytest.approx(one.standard_error, rel=0.01)


def test_the_difference_to_the_reference_is_paired():
    table = study(1.0)
    same = table[table["arm"] == "texture"]
    both = pd.concat([same, same.assign(arm="clinical")])
    found = curve_of(both)
    assert (found["over_reference"] == 0).all()
    assert found["over_reference_lower"].isna().all()


def test_only_subjects_of_both_arms_are_compared():
    table = study(1.0)
    lost = (table["arm"] == "clinical") & table["subject_id"].isin(["S000", "S001"])
    table.loc[lost, ["score", "probability"]] = np.nan
    found = curve_of(table)
    assert (found["n"] == 200).all()
    assert (found["n_reference"] == 198).all()


def test_too_few_beyond_a_threshold_have_no_interval_but_a_reason():
    found = curve_of(study(1.0))
    beyond = found["flagged"] * 200
    assert (found.loc[beyond == 0, "reason"] == NOBODY).all()
    assert (found.loc[(beyond > 0) & (beyond < 5), "reason"] == TOO_FEW).all()
    assert found.loc[beyond < 5, "lower"].isna().all()
    assert found.loc[beyond >= 5, ["lower", "reason"]].notna().sum().tolist()[1] == 0


def test_a_planted_effect_is_useful():
    found = curve_of(study(2.0, n=300)).loc[0.5]
    assert min(found["lower"], found["over_all_lower"]) > 0
    assert found["over_reference_lower"] > 0


def test_of_noise_usefulness_is_hardly_ever_shown():
    shown = []
    for seed in range(120):
        table = study(0.0, seed, n=80)
        own = rows_of(table[table["arm"] == "clinical"])
        found = benefits(own, np.array(CUTS)).estimates(0.95)
        shown.append((found.lower[[VALUE, OVER_ALL]] > 0).all(axis=0))
    assert np.mean(shown, axis=0).max() <= 0.05


def test_intervals_of_given_risks_hold_the_truth():
    """Calibrated risks of a score that nobody learnt: the truth is known."""
    generator, held = np.random.default_rng(8), []
    logit = generator.normal(-0.5, 1, 400_000)
    chance, odds = expit(logit), 0.3 / 0.7
    truth = ((chance >= 0.3) * (chance - odds * (1 - chance))).mean()
    for _ in range(300):
        own = generator.choice(logit, 100, replace=False)
        event = (generator.random(100) < expit(own)).astype(float)
        table = oof_scores.predictions({"texture": own}, event, 1, repeats=1)
        found = benefits(rows_of(table), np.array([0.3])).estimates(0.95)
        held.append(found.lower[VALUE, 0] <= truth <= found.upper[VALUE, 0])
    assert np.mean(held) >= 0.92


def timed(seed=4, n=200, horizon=365.0):
    """Predictions of an outcome with times, risks at a horizon, and a cohort."""
    generator = np.random.default_rng(seed)
    score = generator.normal(size=n)
    days = np.ceil(generator.exponential(600 / np.exp(score)))
    limit = np.ceil(generator.uniform(100, 1500, n))
    event = (days <= limit).astype(float)
    arms = {"texture": score, "clinical": generator.normal(size=n)}
    seen = np.minimum(days, limit)
    table = oof_scores.predictions(arms, event, seed, 1, seen)
    keys = ["endpoint", "arm", "scheme", "repeat", "fold", "subject_id"]
    risk = 1 - np.exp(-horizon / 600 * np.exp(table["score"]))
    return table, table[keys].assign(horizon_days=horizon, risk=risk)


def test_a_survival_outcome_is_judged_at_its_horizon_alone():
    table, risks = timed()
    found = curve_of(table, risks=risks)
    assert (found["horizon_days"] == 365).all()
    subjects = table.drop_duplicates("subject_id")
    by_then = (subjects["event"] == 1) & (subjects["time_days"] <= 365)
    assert (found["n_events"] == by_then.sum()).all()
    assert found.loc[0.5, "over_reference_lower"] > 0
    assert rows_of(table).empty


def test_nobody_followed_to_the_horizon_is_told():
    table, risks = timed()
    table["time_days"] = table["time_days"].clip(upper=300)
    found = curve_of(table, risks=risks)
    assert found.loc[0.1, "reason"] == NOT_FOLLOWED
    assert np.isnan(found.loc[0.1, "net_benefit"])


def test_a_competing_cause_is_no_censoring():
    table, risks = timed()
    other = table["event"] == 0
    rows = risk_rows(table, risks)
    competing = risk_rows(table.assign(cause=np.where(other, 2.0, 1.0)), risks)
    assert set(competing["code"]) == {1, 2}
    plain, own = (
        benefits(part[part["arm"] == "texture"], np.array([0.3])).values[0, :, 0]
        for part in (rows, competing)
    )
    assert own[3] < plain[3]


def test_impact_counts_patients_and_agrees_with_the_curve():
    table = study(1.0)
    rows = rows_of(table)
    found = clinical_impact(rows, "relapse", CUTS, 0.95, NONE)
    row = found.query("arm == 'texture' and threshold == 0.5").iloc[0]
    assert row["flagged"] == pytest.approx(
        row["true_positives"] + row["false_positives"]
    )
    assert row["events"] == pytest.approx(1000 * table["event"].mean())
    gain = curve_of(table).loc[0.5, "over_all"]
    assert row["avoided"] == pytest.approx(1000 * gain)
    assert 0 < row["flagged_lower"] < row["flagged"] < row["flagged_upper"] < 1000


def test_impact_of_a_threshold_that_nobody_reaches_has_no_bounds():
    found = clinical_impact(rows_of(study(0.3)), "relapse", [0.99], 0.95, NONE)
    assert (found["reason"] == FEW_ON_A_SIDE).all()
    assert found["flagged_lower"].isna().all()
    assert found["events_lower"].notna().all()


def test_without_a_declared_threshold_there_is_no_impact():
    assert clinical_impact(rows_of(study(1.0)), "relapse", [], 0.95, NONE).empty


def test_tables_are_written_as_declared(tmp_path):
    rows = rows_of(study(1.0))
    found = {
        "decision_curve": decision_curves(
            rows, "relapse", "clinical", CUTS, 0.95, NONE
        ),
        "clinical_impact": clinical_impact(rows, "relapse", CUTS, 0.95, NONE),
    }
    for kind, table in found.items():
        tables.write(table, tmp_path / "table.tsv", kind)
        assert len(tables.read(tmp_path / "table.tsv", kind)) == len(table)
    empty = decision_curves(rows.iloc[:0], "relapse", "clinical", CUTS, 0.95, NONE)
    tables.write(empty, tmp_path / "empty.tsv", "decision_curve")


def test_a_mean_over_repeats_is_freed_of_the_choice_of_folds_alone():
    values = np.array([[0.0], [1.0]])
    moved = np.array([[[3.0, 0.0]], [[0.0, 3.0]]])
    found = RepeatValues(values, moved, np.array([True, False])).estimates(0.95)
    single, chance, least = 9.0, 0.5 * 0.5, 2 * 1.5**2
    assert found.standard_error[0] == pytest.approx(
        np.sqrt(max(single - chance, least))
    )
