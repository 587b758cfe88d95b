"""External validation: truth that was planted, noise, and missing pieces."""

from collections import defaultdict

import numpy as np
import pandas as pd
import pytest

from concord import tables
from concord.evaluation.calibration import Calibrations
from concord.evaluation.external import expected
from concord.evaluation.external import rows as lines
from concord.evaluation.external.calibration import calibration_rows
from concord.evaluation.external.case_mix import CaseMix
from concord.evaluation.external.discrimination import discrimination_rows
from concord.evaluation.external.populations import (
    APPLICABLE,
    SCORED,
    counts,
    populations,
)
from concord.evaluation.external.predictors import membership_row, score_rows
from concord.evaluation.external.score_shift import score_shift
from concord.evaluation.given import joining, planned
from concord.evaluation.performance import performance
from concord.evaluation.probabilities import calibration_table
from concord.evaluation.probabilities import judged as calibrated
from concord.frozen.development import ExpectedPerformance, ScoreDistribution
from concord.frozen.updating import documents
from concord.models.fitted_model import Baseline
from concord.statistics.outcome_kinds import OUTCOME_KINDS

from ... import external_study as study
from ...external_study import CONFIDENCE, World

KINDS = ("binary", "survival")
#: Quantities whose change is 0 in subjects like those of development.
NOTHING = (lines.DISCRIMINATION, lines.MODEL_BASED, lines.BEYOND, lines.CORRECTED)


def compared(rows, document, kind):
    """Rows of one external set by their quantity."""
    outcome = OUTCOME_KINDS[kind]
    mix = CaseMix.of(document, rows, outcome.has_times)
    found = [
        *discrimination_rows(rows, document, outcome, CONFIDENCE),
        *score_rows(rows, mix, CONFIDENCE),
    ]
    return {row["quantity"]: row for row in found}


def simulated(kind, world, repeats=60, n=120, per_patient=1):
    """Changes and shares of intervals with no change, over simulated studies."""
    values, held = defaultdict(list), defaultdict(list)
    for seed in range(repeats):
        generator = np.random.default_rng([11, seed])
        document = study.of_world(kind, World(), 300, generator)
        rows = world.rows(kind, n, generator, per_patient)
        for quantity, row in compared(rows, document, kind).items():
            null = 1.0 if quantity == lines.SD else 0.0
            values[quantity].append(row["change"])
            held[quantity].append(row["change_lower"] <= null <= row["change_upper"])
    return (
        {name: float(np.mean(each)) for name, each in values.items()},
        {name: float(np.mean(each)) for name, each in held.items()},
    )


@pytest.mark.parametrize("kind", KINDS)
def test_subjects_like_those_of_development_change_nothing(kind):
    mean, held = simulated(kind, World())
    assert all(abs(mean[name]) < 0.025 for name in NOTHING)
    assert mean[lines.SD] == pytest.approx(1, abs=0.04)
    assert abs(mean[lines.MEAN]) < 0.05
    assert all(share >= 0.85 for share in held.values())


@pytest.mark.parametrize("kind", KINDS)
def test_a_narrower_case_mix_with_a_right_model_explains_the_drop(kind):
    mean, held = simulated(kind, World(sd=0.5), repeats=30)
    assert mean[lines.MODEL_BASED] < -0.08
    assert abs(mean[lines.BEYOND]) < 0.035
    assert held[lines.MODEL_BASED] == 0
    assert held[lines.BEYOND] >= 0.85
    assert mean[lines.SD] == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize("kind", KINDS)
def test_a_wrong_model_with_the_same_case_mix_explains_the_drop(kind):
    mean, held = simulated(kind, World(known=0.3), repeats=30)
    assert abs(mean[lines.MODEL_BASED]) < 0.01
    assert mean[lines.BEYOND] < -0.1
    assert held[lines.MODEL_BASED] >= 0.85


def test_a_shift_of_prevalence_moves_calibration_in_the_large_and_not_the_auc():
    mean, _ = simulated("binary", World(intercept=1.0), repeats=30)
    assert abs(mean[lines.DISCRIMINATION]) < 0.03
    assert abs(mean[lines.BEYOND]) < 0.03
    generator = np.random.default_rng(1)
    rows = World(intercept=1.0).rows("binary", 800, generator)
    parts = list(calibrated.parts(rows, tables.read_all([], "risks"), False))
    table = calibration_table.calibration(parts, CONFIDENCE)
    found = {r["quantity"]: r for r in calibration_rows(table, study.fitted())}
    assert found[lines.IN_THE_LARGE]["change"] == pytest.approx(1, abs=0.25)
    assert found[lines.SLOPE]["observed"] == pytest.approx(1, abs=0.3)
    assert found[lines.RATIO]["observed"] > 1.2


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("n", "per_patient"), [(50, 1), (100, 1), (300, 1), (100, 2)])
def test_intervals_hold_no_change_at_their_level(kind, n, per_patient):
    _, held = simulated(kind, World(), 400, n, per_patient)
    assert all(0.9 <= share <= 0.99 for share in held.values())


@pytest.mark.parametrize("kind", KINDS)
def test_the_parts_of_the_change_add_up(kind):
    generator = np.random.default_rng(2)
    document = study.of_world(kind, World(), 200, generator)
    found = compared(World(sd=0.7).rows(kind, 80, generator), document, kind)
    total, mix, beyond = (
        found[name]["change"]
        for name in (lines.DISCRIMINATION, lines.MODEL_BASED, lines.BEYOND)
    )
    assert total == pytest.approx(mix + beyond, abs=1e-12)
    corrected = found[lines.CORRECTED]
    assert corrected["expected"] == pytest.approx(
        found[lines.DISCRIMINATION]["expected"] + mix
    )
    assert corrected["change"] == pytest.approx(beyond)


@pytest.mark.parametrize("kind", KINDS)
def test_observed_values_are_those_of_the_evaluation_itself(kind):
    generator = np.random.default_rng(3)
    rows, document = World().rows(kind, 80, generator), study.fitted(kind)
    found = compared(rows, document, kind)[lines.DISCRIMINATION]
    usual = performance(
        rows,
        planned.fits_of(rows),
        OUTCOME_KINDS[kind],
        CONFIDENCE,
        Calibrations.of_given(),
    )
    (own,) = usual[usual["stratum"] == "all"].to_dict("records")
    for mine, theirs in (("observed", "estimate"), ("observed_lower", "lower")):
        assert found[mine] == pytest.approx(own[theirs], abs=1e-12)


def test_rows_of_one_patient_widen_every_interval():
    generator = np.random.default_rng(4)
    rows = World().rows("binary", 120, generator, per_patient=3)
    apart = rows.assign(cluster=rows["subject_id"])
    for name, row in compared(rows, study.fitted(), "binary").items():
        other = compared(apart, study.fitted(), "binary")[name]
        widths = [one["observed_upper"] - one["observed_lower"] for one in (row, other)]
        assert widths[0] > widths[1]


def test_strata_are_compared_within_themselves():
    generator = np.random.default_rng(5)
    document = study.of_world("survival", World(), 200, generator)
    rows = World().rows("survival", 90, generator)
    high = rows["score"] > rows["score"].median()
    apart = rows.assign(stratum=np.where(high, "high", "low"))
    whole = compared(rows, document, "survival")[lines.MODEL_BASED]
    within = compared(apart, document, "survival")[lines.MODEL_BASED]
    assert within["observed"] < whole["observed"] - 0.03


def test_without_a_baseline_the_concordance_is_that_of_gonen_and_heller():
    generator = np.random.default_rng(6)
    document = study.of_world("survival", World(), 200, generator)
    model = document.model.model_copy(update={"baseline": Baseline()})
    plain = document.model_copy(update={"model": model})
    rows = World().rows("survival", 60, generator)
    found = compared(rows, plain, "survival")[lines.MODEL_BASED]
    assert found["expected"] == plain.scores.concordance_expected
    assert "Gönen and Heller" in found["method"]
    followed = compared(rows, document, "survival")[lines.MODEL_BASED]
    assert followed["expected"] > plain.scores.concordance_expected + 0.002
    assert "follow-up" in followed["method"]


def test_development_has_the_error_of_as_many_subjects():
    rows = World().rows("binary", 60, np.random.default_rng(13))
    document = study.fitted()
    more = document.scores.model_copy(update={"n": 100 * document.scores.n})
    many = document.model_copy(update={"scores": more})
    for quantity in (lines.MODEL_BASED, lines.SD, lines.MEAN):
        few = compared(rows, document, "binary")[quantity]
        found = compared(rows, many, "binary")[quantity]
        ratio = (few["expected_upper"] - few["expected_lower"]) / (
            found["expected_upper"] - found["expected_lower"]
        )
        assert ratio == pytest.approx(10, rel=0.15)
    spread = compared(rows, document, "binary")[lines.SD]
    half = np.log(spread["expected_upper"] / spread["expected"])
    usual = 1.96 / np.sqrt(2 * document.scores.n)  # of normal scores
    assert half == pytest.approx(usual, rel=0.35)


def test_what_the_document_does_not_tell_has_a_reason_and_the_rest_stands():
    rows = World().rows("binary", 60, np.random.default_rng(7))
    bare = study.fitted().model_copy(
        update={"expected": [], "scores": ScoreDistribution()}
    )
    found = compared(rows, bare, "binary")
    first = found[lines.DISCRIMINATION]
    assert first["reason"] == "the model's document tells no expected AUC"
    assert first["observed"] > 0.5
    assert np.isnan(first["change"])
    based = found[lines.MODEL_BASED]
    assert "does not tell the scores of development" in based["reason"]
    assert based["observed"] > 0.5
    assert np.isnan(found[lines.BEYOND]["change"])
    assert np.isfinite(found[lines.BEYOND]["observed"])
    assert "scores of development" in found[lines.SD]["reason"]


def test_one_class_no_subject_or_no_probability_give_reasons_and_no_value():
    rows = World().rows("binary", 40, np.random.default_rng(8))
    for part in (rows.assign(event=1), rows.iloc[:0]):
        found = compared(part, study.fitted(), "binary")[lines.DISCRIMINATION]
        assert np.isnan(found["observed"])
        assert found["reason"] == "no fold has a pair to compare"
    bare = rows.assign(probability=np.nan)
    based = compared(bare, study.fitted(), "binary")[lines.MODEL_BASED]
    assert based["reason"] == "the model gives no probability"
    assert np.isnan(based["observed"])
    equal = rows.assign(score=0.1, probability=0.5)
    spread = compared(equal, study.fitted(), "binary")[lines.SD]
    assert spread["reason"] == "all scores are equal"


def test_expected_values_are_of_groups_left_out_where_there_are_some():
    known = [
        ExpectedPerformance(metric="auc", scheme="cv", estimate=0.8),
        ExpectedPerformance(metric="auc", scheme="loso", estimate=0.1, against="x"),
        ExpectedPerformance(metric="auc", scheme="loso", estimate=0.7),
        ExpectedPerformance(
            metric="auc", scheme="loso", stratum="group=A", estimate=0.2
        ),
        ExpectedPerformance(metric="calibration_slope", scheme="cv", estimate=0.8),
    ]
    document = study.fitted().model_copy(update={"expected": known})
    rows = World().rows("binary", 60, np.random.default_rng(9))
    found = compared(rows, document, "binary")[lines.DISCRIMINATION]
    assert (found["expected"], found["expected_from"]) == (0.7, "loso")
    parts = list(calibrated.parts(rows, tables.read_all([], "risks"), False))
    table = calibration_table.calibration(parts, CONFIDENCE)
    (slope,) = (
        row
        for row in calibration_rows(table, document)
        if row["quantity"] == lines.SLOPE
    )
    assert (slope["expected"], slope["expected_from"]) == (0.8, "cv")
    own = table[table["stratum"] == "all"].iloc[0]
    assert slope["observed"] == own["slope"]


def test_a_slope_at_another_time_or_of_the_parent_is_not_expected():
    def told(**changes):
        one = ExpectedPerformance(
            metric="calibration_slope", scheme="cv", estimate=0.8, **changes
        )
        known = study.fitted().model_copy(update={"expected": [one]})
        return expected.slope(known, 365.0)

    assert told(horizon_days=365.0).estimate == 0.8
    assert told(horizon_days=730.0) is None
    assert told() is None
    parent = documents._OF_PARENT.format(hash="abc")
    assert told(horizon_days=365.0, note=parent) is None


def test_few_percentiles_still_tell_the_concordance_of_development():
    generator = np.random.default_rng(12)
    document = study.of_world("survival", World(), 60, generator)
    scores = World().rows("survival", 60, generator)["score"].to_numpy()
    few = study.distribution("survival", scores).model_copy(
        update={"percentiles": np.percentile(scores, np.linspace(0, 100, 7)).tolist()}
    )
    model = document.model.model_copy(update={"baseline": Baseline()})
    bare = few.model_copy(update={"concordance_expected": None})
    known = document.model_copy(update={"scores": bare, "model": model})
    found = CaseMix(known, True, None).development(1.96)
    assert found.estimate == pytest.approx(few.concordance_expected, abs=0.01)


def test_flagged_subjects_are_in_one_population_alone():
    document = study.fitted()
    subjects = study.make_tables(50, n_features=3, site_shift=0.0, seed=4)
    scores = study.patient_scores(document, subjects, ("P0001", "P0002", "P0003"))
    given = joining.predictions_of(scores, subjects.cohort, "recurrence")
    found = {
        one.name: one
        for one in populations(
            given, tables.read_all([], "risks"), scores, subjects.cohort
        )
    }
    assert len(found[APPLICABLE].rows) == 47
    assert len(found[SCORED].rows) == 50
    both = found[SCORED].rows.set_index("subject_id")
    own = found[APPLICABLE].rows.set_index("subject_id")
    assert both.loc[own.index, "score"].equals(own["score"])
    told = counts(given, scores)
    assert (told["n_scored"], told["n_applicable"], told["n_flagged"]) == (50, 47, 3)


def test_exchangeable_subjects_fill_every_tenth_alike():
    generator = np.random.default_rng(10)
    document = study.of_world("binary", World(), 2000, generator)
    rows = World().rows("binary", 4000, generator)
    found = pd.DataFrame(score_shift(rows, document))
    assert found["n"].sum() == 4000
    inside = found[found["share_in_development"] > 0]
    assert len(inside) == 10
    assert np.allclose(inside["share"], 0.1, atol=0.03)
    shifted = pd.DataFrame(score_shift(rows.assign(score=rows["score"] + 9), document))
    assert shifted["n"].iloc[-1] > 3900
    bare = document.model_copy(update={"scores": ScoreDistribution()})
    assert score_shift(rows, bare) == []


def test_membership_tells_its_band_and_leaves_incomplete_subjects_out():
    document = study.fitted()
    subjects = study.make_tables(60, n_features=3, site_shift=0.0, seed=5)
    scores = study.patient_scores(document, subjects)
    given = joining.predictions_of(scores, subjects.cohort, "recurrence")
    names = document.applicability.columns
    inputs = study.Predictor.of(document.model).predictors(subjects.rows)
    row = membership_row(given, inputs, document, CONFIDENCE, seed=1)
    assert row["expected_lower"] < 0.5 < row["expected_upper"]
    assert row["reason"] is None
    far = inputs.assign(**{names[0]: inputs[names[0]] + 50})
    apart = membership_row(given, far, document, CONFIDENCE, seed=1)
    assert apart["observed"] > 0.99
    lost = inputs.copy()
    lost.iloc[:4, lost.columns.get_loc(names[0])] = np.nan
    row = membership_row(given, lost, document, CONFIDENCE, seed=1)
    assert row["reason"] == "4 subjects without all predictors left out"
    unknown = membership_row(given, inputs[names[1:]], document, CONFIDENCE, seed=1)
    assert unknown["reason"] == "the predictors of these subjects are not known"


@pytest.mark.parametrize("kind", KINDS)
def test_tables_hold_every_model_and_population_and_their_declared_columns(kind):
    found = study.compared(kind)
    external = found["external"]
    assert set(external["arm"]) == {"radiomics", "clinical"}
    assert set(external["population"]) == {APPLICABLE, SCORED}
    assert set(NOTHING) <= set(external["quantity"])
    assert found["external_models"]["n_flagged"].tolist() == [6, 6]
    assert set(found["external_scores"]["arm"]) == {"radiomics"}
    if kind == "survival":
        reasons = external.loc[external["quantity"] == lines.IN_THE_LARGE, "reason"]
        assert set(reasons) == {"no probability or risk to calibrate"}
