"""Tables of discrimination in detail: by hand, on noise, and with a planted effect."""

import numpy as np
import pandas as pd
import pytest

from concord import tables
from concord.evaluation.calibration import Calibration, Calibrations
from concord.evaluation.discrimination.operating_points import (
    NO_THRESHOLD,
    operating_points,
)
from concord.evaluation.discrimination.outcomes import last_day
from concord.evaluation.discrimination.over_time import FEW_FOLDS, over_time
from concord.evaluation.discrimination.tables import Judge, discrimination
from concord.evaluation.intervals import wilson_interval
from concord.evaluation.settings import DiscriminationOptions
from concord.figures.labels import operating_point
from concord.models.settings.thresholds import Thresholds
from concord.statistics.classification.partial_area import partial_area
from concord.statistics.classification.roc_points import youden_threshold
from concord.statistics.discrimination import pair_counts
from concord.statistics.outcome_kinds import OUTCOME_KINDS
from concord.statistics.survival.censoring import Censoring
from concord.statistics.survival.concordance import horizon_pairs

NO_RISKS = tables.read_all([], "risks")
KEYS = ["endpoint", "arm", "scheme", "repeat", "fold", "subject_id"]


def study(
    effect=0.0,
    seed=0,
    n=120,
    scheme="cv",
    repeats=1,
    survival=False,
    reference=0.0,
    per_cluster=1,
):
    """Predictions of an arm and of a reference arm; their scores move with risk."""
    generator = np.random.default_rng(seed)
    n_clusters = n // per_cluster
    latent = np.repeat(generator.normal(size=n_clusters), per_cluster)
    group = np.repeat(np.array(list("ABC"))[np.arange(n_clusters) % 3], per_cluster)
    if survival:
        time = generator.exponential(300 * np.exp(-latent))
        censored = generator.exponential(500, n)
        event, days = (time <= censored) * 1, np.minimum(time, censored)
    else:
        event = (generator.random(n) < 1 / (1 + np.exp(-latent))).astype(int)
        days = np.full(n, np.nan)
    noise = {
        arm: np.repeat(generator.normal(size=n_clusters), per_cluster) for arm in "ab"
    }
    parts = []
    for repeat in range(1, repeats + 1):
        order = np.repeat(generator.permutation(n_clusters), per_cluster) % 4
        fold = group if scheme == "loso" else order.astype(str)
        fold = np.full(n, "1") if scheme in ("fixed", "temporal") else fold
        for arm, moved in (("a", effect), ("b", reference)):
            score = moved * latent + noise[arm]
            parts.append(
                pd.DataFrame(
                    {
                        "endpoint": "e",
                        "arm": arm,
                        "scheme": scheme,
                        "repeat": repeat,
                        "fold": fold,
                        "subject_id": [f"P{i:03d}" for i in range(n)],
                        "group": group,
                        "cluster": [f"C{i // per_cluster:03d}" for i in range(n)],
                        "event": event,
                        "time_days": days,
                        "score": score,
                        "probability": np.nan if survival else 1 / (1 + np.exp(-score)),
                    }
                )
            )
    return pd.concat(parts, ignore_index=True)


def judge(survival=False, horizons=(), **options):
    kind = OUTCOME_KINDS["survival" if survival else "binary"]
    calibrations = options.pop("calibrations", Calibrations())
    return Judge(kind, DiscriminationOptions(**options), horizons, 0.95, calibrations)


def with_threshold(predictions, value=0.0):
    return predictions.assign(threshold_youden=value)


def points_of(predictions, how=None, risks=NO_RISKS, **thresholds):
    asked = Thresholds(**{"sensitivity": None, **thresholds})
    found = operating_points(predictions, risks, how or judge(), asked)
    return tables.check(found, "points", "operating_points")


def both_of(predictions, how):
    found = discrimination(predictions, how, "b")
    return [
        tables.check(found[kind], kind, kind)
        for kind in ("discrimination", "discrimination_differences")
    ]


def row_of(table, **values):
    chosen = table
    for column, value in values.items():
        chosen = chosen[chosen[column] == value]
    assert len(chosen) == 1
    return chosen.iloc[0]


def test_values_of_one_declared_set_are_those_of_all_its_subjects():
    rows = study(effect=1.0, scheme="fixed")
    mine = rows[rows["arm"] == "a"]
    event, score = mine["event"].to_numpy(), mine["score"].to_numpy()

    values, differences = both_of(rows, judge())

    area = row_of(values, arm="a", measure="auc", stratum="all")
    counts = pair_counts(event, score)
    assert area["estimate"] == pytest.approx(float(counts.value))
    error = np.sqrt((counts.influence() ** 2).sum())
    assert area["standard_error"] == pytest.approx(error)
    assert "models as they were fitted" in area["method"]
    partial = row_of(values, arm="a", measure="partial_auc")
    assert partial["estimate"] == pytest.approx(partial_area(event, score, 0.8).value)
    paired = row_of(differences, arm="a", measure="auc", stratum="all")
    other = pair_counts(event, rows.loc[rows["arm"] == "b", "score"].to_numpy())
    moved = counts.influence() - other.influence()
    assert paired["estimate"] == pytest.approx(float(counts.value - other.value))
    assert paired["standard_error"] == pytest.approx(np.sqrt((moved**2).sum()))


def test_the_error_of_the_auc_at_a_day_holds_that_weights_are_estimated():
    rows = study(effect=1.0, scheme="fixed", survival=True)
    mine = rows[rows["arm"] == "a"].sort_values("subject_id")
    event, days = mine["event"].to_numpy(), mine["time_days"].to_numpy()
    censoring = Censoring.of(days, event == 1)
    score = mine["score"].to_numpy()
    counts = horizon_pairs(event, days, score, np.array([200.0]), censoring)

    values, _ = both_of(rows, judge(True, (200.0,)))

    found = row_of(values, arm="a", measure="auc_at")
    given = counts.influence()[0]
    estimated = given + counts.of_censoring(censoring)[0]
    error = np.sqrt((estimated**2).sum())
    assert found["standard_error"] == pytest.approx(error)
    assert abs(error - np.sqrt((given**2).sum())) > 2e-6


def test_a_declared_set_is_not_widened_and_folds_are():
    widened = {("a", s): Calibration(2.0, 98.0) for s in ("cv", "fixed")}
    known = judge(calibrations=Calibrations(widened))
    for scheme, factor in (("cv", 2.0), ("fixed", 1.0)):
        values, differences = both_of(study(effect=1.0, scheme=scheme), known)
        assert set(values.loc[values["arm"] == "a", "widening"].dropna()) == {factor}
        assert set(differences["widening"].dropna()) == {factor}


def test_scores_of_two_folds_are_never_compared():
    rows = study(effect=1.0)
    shifted = rows.assign(score=rows["score"] + 100 * rows["fold"].astype(int))
    found = [both_of(one, judge()) for one in (rows, shifted)]
    for first, second in zip(*found, strict=True):
        assert first["estimate"].to_numpy() == pytest.approx(
            second["estimate"].to_numpy()
        )


def test_within_groups_a_shift_of_a_group_moves_nothing():
    rows = study(effect=1.0, survival=True)
    shifted = rows.assign(score=rows["score"] + 100 * (rows["group"] == "A"))
    how = judge(True)
    first, second = (both_of(one, how)[0] for one in (rows, shifted))
    inside = first["stratum"] == "within"
    assert set(first.loc[inside, "measure"]) == {"harrell_c", "uno_c"}
    before, after = (one.loc[inside, "estimate"].to_numpy() for one in (first, second))
    assert before == pytest.approx(after)
    assert not np.allclose(first["estimate"], second["estimate"])


def test_arms_are_compared_on_the_subjects_that_both_have_scored():
    rows = study(effect=1.0)
    lost = (rows["arm"] == "b") & rows["subject_id"].isin(["P000", "P001", "P002"])
    rows.loc[lost, "score"] = np.nan

    values, differences = both_of(rows, judge())

    assert set(values.loc[values["arm"] == "a", "n"]) == {120}
    assert set(differences["n"]) == {117}


def test_a_fold_that_no_arm_scored_counts_as_undefined():
    rows = study(effect=1.0)
    rows.loc[rows["fold"] == "2", "score"] = np.nan
    values, _ = both_of(rows, judge())
    area = row_of(values, arm="a", measure="auc", stratum="all")
    assert area["n_folds"] == 3
    assert "1 of 4 folds undefined" in area["method"]


@pytest.mark.parametrize("scheme", ["cv", "loso", "fixed"])
@pytest.mark.parametrize("survival", [False, True])
def test_a_planted_effect_is_found_and_its_difference(scheme, survival):
    rows = study(effect=3.0, scheme=scheme, survival=survival, n=180)
    horizons = (200.0,) if survival else ()

    values, differences = both_of(rows, judge(survival, horizons))

    mine = values[values["arm"] == "a"]
    assert (mine["lower"] > 0.5).all()
    assert (differences["p_value"] < 0.05).all()
    assert (differences["lower"] > 0).all()
    assert len(mine) == {
        ("cv", False): 3, ("cv", True): 5, ("loso", False): 2, ("loso", True): 3,
        ("fixed", False): 3, ("fixed", True): 5,
    }[scheme, survival]  # fmt: skip


def on_noise(n_studies, survival):
    """Mean of each measure, and p-values of differences, of a declared set."""
    how = judge(survival, (200.0,) if survival else ())
    means, p_values = [], []
    for seed in range(n_studies):
        rows = study(scheme="fixed", survival=survival, seed=seed, n=90)
        found = discrimination(rows, how, "b")
        keys = ["measure", "stratum"]
        means.append(found["discrimination"].groupby(keys)["estimate"].mean())
        compared = found["discrimination_differences"].set_index(keys)
        p_values.append(compared["p_value"].astype(float))
    return pd.DataFrame(means).mean(), pd.DataFrame(p_values)


@pytest.mark.parametrize("survival", [False, True])
def test_noise_gives_one_half_and_even_p_values(survival):
    mean, p_values = on_noise(60, survival)
    assert mean.to_numpy() == pytest.approx(0.5, abs=0.025)
    assert p_values.mean().to_numpy() == pytest.approx(0.5, abs=0.13)
    assert ((p_values < 0.05).mean() < 0.14).all()


@pytest.mark.slow
@pytest.mark.parametrize("survival", [False, True])
def test_in_many_noisy_studies_one_in_twenty_p_values_is_below_a_twentieth(survival):
    mean, p_values = on_noise(1000, survival)
    assert mean.to_numpy() == pytest.approx(0.5, abs=0.006)
    assert (p_values < 0.05).mean().to_numpy() == pytest.approx(0.05, abs=0.02)
    assert p_values.mean().to_numpy() == pytest.approx(0.5, abs=0.035)


def test_c_indices_end_at_the_declared_day_or_the_last_horizon():
    rows = study(survival=True)
    days = rows["time_days"]
    assert last_day(rows, 50.0, (10.0,)) == 50.0
    assert last_day(rows, None, (10.0, 30.0)) == 30.0
    until = last_day(rows, None, ())
    assert (days[rows["arm"] == "a"] >= until).mean() == pytest.approx(0.1, abs=0.01)


def test_auc_at_a_day_counts_those_whose_state_is_known():
    rows = study(survival=True, scheme="fixed")
    values, _ = both_of(rows, judge(True, (200.0,)))
    found = row_of(values, arm="a", measure="auc_at")
    mine = rows[rows["arm"] == "a"]
    early = mine["time_days"] <= 200
    assert found["n_events"] == (early & (mine["event"] == 1)).sum()
    assert found["n"] == (~early | (mine["event"] == 1)).sum()


def test_competing_causes_are_controls_of_the_auc_at_a_day():
    rows = study(survival=True, scheme="fixed", effect=2.0)
    other = (rows["event"] == 1) & (rows["subject_id"].str[-1] < "4")
    competing = rows.assign(cause=rows["event"].where(~other, 2))
    competing.loc[other, "event"] = 0

    values, _ = both_of(competing, judge(True, (200.0,)))

    found = row_of(values, arm="a", measure="auc_at")
    mine = competing[competing["arm"] == "a"]
    known = (mine["time_days"] >= 200) | (mine["cause"] > 0)
    assert found["n"] == known.sum()


def test_operating_points_of_one_set_are_those_of_a_table_of_two_by_two():
    rows = with_threshold(study(effect=1.0, scheme="fixed"))
    mine = rows[rows["arm"] == "a"]
    event, high = mine["event"] == 1, mine["score"] >= 0

    found = row_of(points_of(rows), arm="a", stratum="all", rule="youden")

    assert found["sensitivity"] == pytest.approx(high[event].mean())
    assert found["specificity"] == pytest.approx((~high)[~event].mean())
    assert found["ppv"] == pytest.approx(event[high].mean())
    assert found["npv"] == pytest.approx((~event)[~high].mean())
    assert found["high"] == pytest.approx(high.mean())
    assert (found["n"], found["n_events"]) == (120, event.sum())
    bounds = wilson_interval(high[event].mean(), int(event.sum()), 0.95)
    assert (found["sensitivity_lower"], found["sensitivity_upper"]) == bounds


def test_each_fold_is_judged_by_its_own_threshold():
    rows = study(effect=1.0)
    shift = 100.0 * rows["fold"].astype(int)
    plain = points_of(with_threshold(rows))
    moved = points_of(rows.assign(score=rows["score"] + shift, threshold_youden=shift))
    for name in ("sensitivity", "specificity", "ppv", "npv"):
        assert plain[name].to_numpy() == pytest.approx(moved[name].to_numpy())


def test_repeats_are_averaged_and_do_not_narrow_the_interval():
    once = points_of(with_threshold(study(effect=1.0)))
    many = points_of(with_threshold(study(effect=1.0, repeats=5)))
    width = [
        row["sensitivity_upper"] - row["sensitivity_lower"]
        for row in (row_of(one, arm="a", stratum="all") for one in (once, many))
    ]
    assert width[0] == pytest.approx(width[1])
    assert "mean of 5 repeats" in row_of(many, arm="a", stratum="all")["method"]


def test_rows_of_one_cluster_count_once():
    rows = with_threshold(study(effect=1.0, n=240, per_cluster=4))
    alone = points_of(rows.assign(cluster=rows["subject_id"]))
    together = points_of(rows)
    widths = [
        row["specificity_upper"] - row["specificity_lower"]
        for row in (row_of(one, arm="a", stratum="all") for one in (alone, together))
    ]
    assert widths[1] > 1.2 * widths[0]


def test_the_highest_threshold_calls_nobody_and_says_what_is_undefined():
    found = row_of(points_of(with_threshold(study(), 99.0)), arm="a", stratum="all")
    assert (found["sensitivity"], found["specificity"]) == (0.0, 1.0)
    assert np.isnan(found["ppv"])
    assert found["reason"] == "nobody to tell ppv by"


def test_without_a_threshold_there_is_a_row_with_the_reason():
    found = row_of(points_of(study()), arm="a", stratum="all")
    assert found["reason"] == NO_THRESHOLD
    assert found["n_folds"] == 0
    rows = with_threshold(study())
    rows.loc[rows["fold"] == "0", "threshold_youden"] = np.nan
    some = row_of(points_of(rows), arm="a", stratum="all")
    assert some["n_folds"] == 3
    assert "1 of 4 folds have no threshold" in some["method"]


def test_thresholds_that_come_with_predictions_are_judged_though_not_asked_for():
    rows = study(effect=1.0).assign(threshold_specificity=0.0)
    rows.loc[rows["arm"] == "b", "threshold_specificity"] = np.nan
    found = points_of(rows, youden=False)
    assert set(found["arm"]) == {"a"}
    assert set(found["rule"]) == {"specificity"}
    assert found["asked"].isna().all()
    assert operating_point(found.iloc[0]) == "Threshold by specificity, as given"
    same = points_of(with_threshold(rows[rows["arm"] == "a"]))
    same = same[same["rule"] == "youden"]
    assert found["ppv"].to_numpy() == pytest.approx(same["ppv"].to_numpy())


def test_a_given_probability_is_a_threshold():
    rows = study(effect=1.0)
    found = points_of(rows, youden=False, probabilities=[0.5])
    same = points_of(with_threshold(rows))
    for name in ("sensitivity", "specificity", "ppv", "npv"):
        assert found[name].to_numpy() == pytest.approx(same[name].to_numpy())
    assert set(found["rule"]) == {"probability"}
    assert set(found["asked"]) == {0.5}


def risks_of(rows, days):
    risk = 1 / (1 + np.exp(-rows["score"]))
    return pd.concat([rows[KEYS].assign(horizon_days=d, risk=risk) for d in days])


def test_risks_by_a_day_are_judged_with_weights_for_the_censored():
    """Of many subjects, sensitivity is that of all, had none been censored."""
    generator, n = np.random.default_rng(3), 4000
    score = generator.normal(size=n)
    time = generator.exponential(300 * np.exp(-score))
    censored = generator.exponential(300, n)
    rows = study(scheme="fixed", survival=True, n=n)
    rows = rows[rows["arm"] == "a"].assign(
        score=score, event=(time <= censored) * 1, time_days=np.minimum(time, censored)
    )

    found = points_of(rows, judge(True), risks_of(rows, [200.0]), probabilities=[0.5])

    row = row_of(found, stratum="all")
    early, high = time <= 200, score >= 0
    truth = {
        "sensitivity": high[early].mean(),
        "specificity": (~high)[~early].mean(),
        "ppv": early[high].mean(),
        "npv": (~early)[~high].mean(),
    }
    assert {name: row[name] for name in truth} == pytest.approx(truth, abs=0.025)
    assert row["horizon_days"] == 200
    assert "inverse probability of follow-up" in row["method"]
    # Ignoring who was censored would take those at risk for longer for the rest.
    naive = high[(rows["event"] == 1) & (rows["time_days"] <= 200)].mean()
    assert row["sensitivity"] != naive


def of_noise(seed):
    """Scores of one arm and group, without any relation to the outcome."""
    rows = study(scheme="fixed", seed=seed, n=80)
    return rows[rows["arm"] == "a"].assign(group="A")


def test_youdens_threshold_of_noise_tells_nothing_of_new_subjects():
    """In development the sum of both rates is above 1; on others it is 1."""
    apparent, gained = [], []
    for seed in range(120):
        learnt = of_noise(5000 + seed)
        event, score = learnt["event"].to_numpy(), learnt["score"].to_numpy()
        threshold = youden_threshold(event, score)
        if np.isnan(threshold):
            continue
        high = score >= threshold
        apparent.append(high[event == 1].mean() - high[event == 0].mean())
        (_, found), *others = points_of(
            with_threshold(of_noise(seed), threshold)
        ).iterrows()
        assert not others
        gained.append(found["sensitivity"] + found["specificity"] - 1)
    assert np.mean(apparent) > 0.1
    assert np.mean(gained) == pytest.approx(0.0, abs=0.03)


def test_the_course_over_time_is_the_auc_at_its_days():
    rows = study(effect=1.0, survival=True, n=200)
    course = over_time(rows, judge(True), ("a", "b"))
    course = tables.check(course, "course", "time_dependent_auc")
    day = float(course["time_days"].iloc[20])

    values, _ = both_of(rows, judge(True, (day,)))

    at_day = row_of(values, arm="a", measure="auc_at")
    drawn = row_of(course, arm="a", time_days=day)
    for name in ("estimate", "lower", "upper", "n_folds"):
        assert drawn[name] == pytest.approx(at_day[name])
    assert drawn["n_cases"] == at_day["n_events"]
    assert drawn["n_cases"] + drawn["n_controls"] == at_day["n"]


def test_days_at_which_few_folds_have_cases_have_a_reason():
    rows = study(survival=True, n=60)
    first = rows["time_days"].rank(method="dense") == 1
    rows.loc[first, "event"] = 1
    rows.loc[~first & (rows["time_days"] < 100), "event"] = 0

    course = over_time(rows, judge(True), ("a",))

    few = course[course["reason"] == FEW_FOLDS]
    assert few["estimate"].isna().all()
    assert (few["n_folds"] < 2).all()
    assert (course.loc[course["estimate"].notna(), "n_folds"] >= 2).all()


def test_a_binary_outcome_and_one_without_events_have_no_course():
    assert over_time(study(), judge(), ("a",)).empty
    rows = study(survival=True).assign(event=0)
    assert over_time(rows, judge(True), ("a",)).empty
    values, differences = both_of(rows, judge(True, (200.0,)))
    assert values["estimate"].isna().all()
    assert values["reason"].notna().all()
    assert differences["p_value"].isna().all()
