"""Updates judged: what is warranted, what is refused, what is known after it."""

import numpy as np
import pandas as pd
import pytest
from scipy import special

from concord.evaluation.sealed.expected import observed_to_expected
from concord.evaluation.updating.folds import N_FOLDS, N_REPEATS, folds
from concord.evaluation.updating.updating import all_updates, updates_of
from concord.frozen.updating.subjects import Subjects
from concord.statistics.outcome_kinds import BINARY
from concord.statistics.updating.closed_test import DESIGN

from ...updated_models import (
    binary_subjects,
    plain_document,
    settings,
    timed_subjects,
)


def judged(kind="binary", n=150, seed=1, document=None, **planted):
    """Tables of updates and of their performance, by planted subjects."""
    make = binary_subjects if kind == "binary" else timed_subjects
    rows = make(n, np.random.default_rng(seed), **planted)
    return of_rows(rows, kind, document)


def of_rows(rows, kind="binary", document=None, **changes):
    model = document or plain_document(kind)
    found = all_updates({"published": model}, rows, settings(kind, **changes))
    return found.updates.set_index("update"), found.performance


def value(performance, update, stage, metric, days=None):
    rows = performance[
        (performance["update"] == update)
        & (performance["stage"] == stage)
        & (performance["metric"] == metric)
    ]
    at = rows["horizon_days"]
    rows = rows[at.isna() if days is None else at == days]
    (row,) = rows.to_dict("records")
    return row


def test_a_planted_prevalence_shift_is_warranted_and_repaired_in_the_large():
    found, values = judged(n=300, shift=-1.2)
    assert found["warranted"].tolist() == [0, 1, 0]
    assert found.loc["in_the_large", "intercept"] == pytest.approx(-1.2, abs=0.35)
    low, high = found.loc["in_the_large", ["intercept_lower", "intercept_upper"]]
    assert low < -1.2 < high
    before = value(values, "none", "before", "observed_expected")
    after = value(values, "in_the_large", "cross_validated", "observed_expected")
    assert before["upper"] < 1
    assert after["lower"] < 1 < after["upper"]
    brier = value(values, "in_the_large", "cross_validated", "brier")
    assert brier["difference_upper"] < 0


def test_a_planted_slope_is_warranted_with_its_intercept():
    found, values = judged(n=400, slope=0.5)
    assert found["warranted"].tolist() == [0, 0, 1]
    assert found.loc["intercept_slope", "slope"] == pytest.approx(0.5, abs=0.25)
    after = value(values, "intercept_slope", "cross_validated", "calibration_slope")
    assert after["lower"] < 1 < after["upper"]


@pytest.mark.parametrize(
    ("planted", "place"),
    [({"factor": 2.0}, 1), ({"power": 2.0}, 2), ({"slope": 0.4}, 3)],
)
def test_planted_changes_of_the_hazard_are_warranted(planted, place):
    found, _ = judged("survival", n=400, seed=2, **planted)
    assert int(np.argmax(found["warranted"])) == place


def test_a_factor_of_the_hazard_is_found_with_its_interval():
    found, values = judged("survival", n=300, factor=2.0)
    row = found.loc["in_the_large"]
    assert row["hazard_factor_lower"] < 2.0 < row["hazard_factor_upper"]
    before = value(values, "none", "before", "observed_expected")
    assert before["estimate"] == pytest.approx(row["hazard_factor"])
    brier = value(values, "in_the_large", "cross_validated", "brier", 500.0)
    assert brier["difference_upper"] < 0


def test_a_right_model_is_kept_and_told_so():
    found, _ = judged(n=200, seed=3)
    assert found["warranted"].tolist() == [1, 0, 0]
    assert found.loc["none", "p_value"] > 0.05
    assert found.loc["none", "hash"] == found.loc["none", "parent"]


@pytest.mark.parametrize("kind", ["binary", "survival"])
def test_what_an_update_makes_right_has_no_interval_and_says_why(kind):
    _, values = judged(kind, n=150)
    row = value(values, "in_the_large", "apparent", "observed_expected")
    assert row["estimate"] == pytest.approx(1.0, abs=1e-6)
    assert np.isnan(row["lower"])
    assert row["reason"] == "as an update makes it among those that it was learnt from"


def test_the_apparent_slope_is_one_by_construction_and_the_other_is_not():
    _, values = judged(n=150, slope=0.6)
    apparent = value(values, "intercept_slope", "apparent", "calibration_slope")
    held_out = value(values, "intercept_slope", "cross_validated", "calibration_slope")
    assert apparent["estimate"] == pytest.approx(1.0, abs=1e-6)
    assert np.isnan(apparent["lower"])
    assert held_out["estimate"] != pytest.approx(1.0, abs=1e-3)
    assert held_out["lower"] < held_out["estimate"] < held_out["upper"]


def gains_on_noise(n_studies):
    """Changes of the Brier score by an update of a right model: apparent, held out."""
    found = []
    for seed in range(n_studies):
        _, values = judged(n=60, seed=seed)
        if "intercept_slope" in set(values["update"]):
            stages = ("apparent", "cross_validated")
            rows = [value(values, "intercept_slope", one, "brier") for one in stages]
            found.append([row["difference"] for row in rows])
    return np.array(found).T


def test_on_noise_the_apparent_gain_flatters():
    apparent, held_out = gains_on_noise(6)
    assert (held_out > apparent).all()
    assert apparent.mean() < 0


@pytest.mark.slow
def test_on_noise_the_cross_validated_gain_is_a_loss():
    apparent, held_out = gains_on_noise(80)
    assert apparent.mean() < 0 < held_out.mean()


def test_folds_keep_clusters_together_and_spread_outcomes():
    rows = binary_subjects(120, np.random.default_rng(1), clusters=60)
    subjects = Subjects.of(rows, BINARY, None)
    dealt = list(folds(subjects, np.random.default_rng(2)))
    assert len(dealt) == N_REPEATS
    for fold in dealt:
        of_cluster = pd.Series(fold).groupby(subjects.unit).nunique()
        assert (of_cluster == 1).all()
        assert set(fold) == set(range(N_FOLDS))
    assert not np.array_equal(dealt[0], dealt[1])


def test_values_before_are_those_of_the_evaluation_elsewhere():
    rows = timed_subjects(150, np.random.default_rng(1), factor=1.5)
    _, values = of_rows(rows, "survival")
    level = 0.001 * np.floor(rows["time_days"].to_numpy())
    expected = observed_to_expected(
        rows["event"].to_numpy(float),
        level * np.exp(rows["score"].to_numpy()),
        np.ones(150),
        rows["cluster"].to_numpy(),
        True,
        0.95,
    )
    row = value(values, "none", "before", "observed_expected")
    assert row["estimate"] == pytest.approx(expected.estimate)
    assert row["lower"] == pytest.approx(expected.lower)


def test_the_brier_score_before_is_that_of_the_probabilities():
    rows = binary_subjects(150, np.random.default_rng(1))
    _, values = of_rows(rows)
    row = value(values, "none", "before", "brier")
    squares = (rows["event"] - special.expit(rows["score"])) ** 2
    assert row["estimate"] == pytest.approx(squares.mean())


def test_clusters_are_tested_and_bounded_as_clusters():
    single, _ = judged(n=160, shift=-0.6)
    rows = binary_subjects(160, np.random.default_rng(1), shift=-0.6)
    four = pd.concat(
        [rows.assign(subject_id=rows["subject_id"] + str(i)) for i in range(4)]
    )
    found, _ = of_rows(four)
    assert found.loc["none", "test"] == DESIGN
    assert found.loc["in_the_large", "method"] == "Wald, sandwich over clusters"
    apart, _ = of_rows(four.assign(cluster=four["subject_id"]))
    own, clustered, naive = (
        one.loc["in_the_large", "intercept_upper"]
        - one.loc["in_the_large", "intercept_lower"]
        for one in (single, found, apart)
    )
    assert clustered == pytest.approx(own, rel=0.15)
    assert naive == pytest.approx(own / 2, rel=0.01)
    assert found.loc["none", "n_clusters"] == 160


def test_subjects_with_weights_update_by_them():
    rows = binary_subjects(150, np.random.default_rng(1), shift=-1.0)
    weighted = rows.assign(weight=np.where(rows["event"] == 1, 2.0, 1.0))
    plain, _ = of_rows(rows)
    found, _ = of_rows(weighted)
    moved = found.loc["in_the_large", "intercept"]
    assert moved > plain.loc["in_the_large", "intercept"] + 0.3
    note = "weights for censoring are taken as given"
    assert found.loc["in_the_large", "note"] == note
    chance = special.expit(rows["score"] + moved)
    left = (weighted["weight"] * (rows["event"] - chance)).sum()
    assert left == pytest.approx(0, abs=1e-6)


def test_few_events_make_no_update_and_the_reason_counts_them():
    many = binary_subjects(300, np.random.default_rng(5))
    happened = many["event"] == 1
    found, _ = of_rows(pd.concat([many[happened][:15], many[~happened][:60]]))
    assert pd.isna(found.loc["in_the_large", "reason"])
    assert found.loc["intercept_slope", "reason"] == (
        "15 events or subjects without one, expected 20 for intercept_slope "
        "(10 for each number that it learns: model.smallest_update.events)"
    )


def test_the_ladder_of_the_test_is_that_of_the_expected_events():
    rows = binary_subjects(100, np.random.default_rng(5), prevalence=0.1)
    found, _ = of_rows(rows)
    assert found.loc["none", "largest"] == "in_the_large"
    assert "expects too few events" in found.loc["intercept_slope", "test"]
    shifted, _ = of_rows(rows.assign(event=(rows.index % 2)))
    assert shifted.loc["none", "largest"] == "in_the_large"
    assert shifted["warranted"].tolist() == [0, 1, 0]
    rare = rows.assign(score=rows["score"] - 2)
    few, _ = of_rows(rare.assign(event=(rows.index < 8).astype(int)))
    assert "are observed, expected 10" in few.loc["none", "test"]


def test_scores_that_order_outcomes_the_other_way_round_are_not_turned():
    found, _ = judged(n=300, slope=-0.5)
    row = found.loc["intercept_slope"]
    assert "not above 0: scores do not order the outcomes" in row["reason"]
    assert pd.isna(row["hash"])
    assert row["warranted"] == 1


def test_a_hazard_is_not_estimated_anew_from_a_follow_up_that_is_too_short():
    document = plain_document("survival")
    outcome = document.outcome.model_copy(update={"at_days": [1550.0]})
    longer = document.model_copy(update={"outcome": outcome}).hashed()
    found, _ = judged("survival", document=longer)
    assert "ends after" in found.loc["baseline", "reason"]
    assert pd.isna(found.loc["in_the_large", "reason"])


def test_strata_with_few_events_have_no_hazard_of_their_own():
    rows = timed_subjects(150, np.random.default_rng(1), strata=["a", "b"])
    few = rows["subject_id"].isin(rows[rows["stratum"] == "b"]["subject_id"].iloc[8:])
    rows.loc[few, "stratum"] = "a"
    document = plain_document("survival", strata=["a", "b"])
    found, _ = of_rows(rows, "survival", document)
    assert "events in stratum 'b', expected 10" in found.loc["baseline", "reason"]
    assert pd.isna(found.loc["in_the_large", "reason"])


def test_a_model_without_a_baseline_hazard_gets_one_and_no_test():
    document = plain_document("survival")
    bare = document.model_copy(
        update={"model": document.model.model_copy(update={"baseline": None})}
    ).hashed()
    found, values = judged("survival", document=bare)
    assert found["warranted"].isna().all()
    assert "no baseline hazard" in found.loc["none", "test"]
    assert "could be scaled" in found.loc["in_the_large", "reason"]
    assert pd.notna(found.loc["baseline", "hash"])
    row = value(values, "baseline", "cross_validated", "observed_expected")
    assert row["lower"] < 1 < row["upper"]


def test_other_causes_are_updated_where_there_are_enough_of_them():
    document = plain_document("survival", competing=0.0005)
    many, _ = judged("survival", n=200, document=document, competing=0.001)
    few, _ = judged("survival", n=60, document=document, competing=0.00002)
    assert "updated too" in many.loc["in_the_large", "note"]
    assert many.loc["in_the_large", "competing_factor"] == pytest.approx(2, rel=0.5)
    assert "are too few" in few.loc["in_the_large", "note"]
    assert pd.isna(few.loc["in_the_large", "competing_factor"])


def test_a_score_without_a_probability_gets_one_and_no_test():
    rows = binary_subjects(150, np.random.default_rng(1)).assign(probability=np.nan)
    found, values = of_rows(rows)
    assert found["warranted"].isna().all()
    assert "stands for no probability" in found.loc["none", "test"]
    before = value(values, "none", "before", "brier")
    assert np.isnan(before["estimate"])
    assert "probability" in before["reason"]
    after = value(values, "intercept_slope", "cross_validated", "observed_expected")
    assert after["lower"] < 1 < after["upper"]


def test_subjects_without_scores_are_counted_and_not_used():
    rows = binary_subjects(150, np.random.default_rng(1))
    rows.loc[:9, ["score", "probability"]] = np.nan
    found, _ = of_rows(rows)
    assert found["n"].tolist() == [140] * 3
    assert found["n_left_out"].tolist() == [10] * 3


def test_no_subject_at_all_is_no_fault():
    rows = binary_subjects(60, np.random.default_rng(1)).assign(score=np.nan)
    found = updates_of("published", plain_document(), rows, settings())
    assert found.performance == []
    assert not found.documents
    assert all("0 subjects" in row["reason"] for row in found.rows[1:])
