"""Rule plot_survival: the script on small tables, without Snakemake."""

import pytest
from plot_survival import main

from concord.evaluation.curves import curves
from concord.figures.evaluation import prediction_instability, subgroup_forest
from concord.statistics.outcome_kinds import OUTCOME_KINDS

from .. import external_study
from .. import synthetic_probabilities as probabilities
from .. import synthetic_results as synthetic
from ..plotting import (
    assert_another_table_is_refused,
    assert_hostile_names_are_drawn_letter_by_letter,
    assert_three_formats_with_equal_bytes,
    written_tables,
)

SPEC = synthetic.plot_endpoint("survival")
SURVIVAL = OUTCOME_KINDS["survival"]
OF_READERS = ("reader_predictions", "prediction_agreement")
CURVES = ("kaplan_meier", "risk_groups")
COURSE = ("rmst_differences", "log_rank_tests", "time_dependent_effect")
DRAWN = (
    "performance",
    "kaplan_meier",
    "time_dependent_auc",
    "decision_curve",
    "reclassification",
    "time_dependent_effect",
    "selection",
    "tuning_path",
    "calibration",
    "specification_curve",
    "prediction_instability",
    "subgroup_forest",
    "expected_observed",
    "score_shift",
    "prediction_agreement",
)
KINDS = ("performance", "null", *CURVES, *COURSE, "selection", "tuning")
KINDS += ("time_dependent_auc",)
KINDS += ("decision_curve", "reclassification", *probabilities.KINDS, *OF_READERS)


def calibrated():
    found = probabilities.of_study("survival", (365.0, 730.0))
    return {kind: found[kind] for kind in probabilities.KINDS}


def timed(table_of):
    """A table of the binary endpoint as that of one at a horizon."""
    return table_of("metastasis").assign(endpoint="survival", horizon_days=365.0)


OF_SAMPLES, OF_SUBGROUPS = prediction_instability.TABLES, subgroup_forest.TABLES
KINDS += (*OF_SAMPLES, *OF_SUBGROUPS)
OF_MULTIVERSE = ("specifications", "specification_choices")
OF_EXTERNAL = ("external", "external_scores")
KINDS += (*OF_MULTIVERSE, *OF_EXTERNAL)


def inputs_in(folder):
    endpoint = "survival"
    predictions = synthetic.predictions(endpoint, "texture")
    drawn = curves(predictions, SURVIVAL, SPEC.confidence, synthetic.null("survival"))
    unstable = synthetic.instability_tables(endpoint)
    parts = synthetic.subgroup_tables(endpoint)
    every = synthetic.multiverse(endpoint)
    elsewhere = external_study.of_synthetic_arms(endpoint)
    return written_tables(
        folder,
        performance=synthetic.performance(endpoint),
        null=[synthetic.null(endpoint)],
        **{kind: drawn[kind] for kind in CURVES},
        time_dependent_auc=synthetic.auc_over_time(endpoint),
        **{kind: synthetic.course(endpoint)[kind] for kind in COURSE},
        selection=synthetic.selection(endpoint),
        tuning=[synthetic.tuning(endpoint)],
        **calibrated(),
        decision_curve=[timed(synthetic.decision_curve)],
        reclassification=timed(synthetic.reclassification),
        reader_predictions=[synthetic.reader_predictions(endpoint)],
        prediction_agreement=[synthetic.prediction_agreement(endpoint)],
        **{kind: [unstable[kind]] for kind in OF_SAMPLES},
        **{kind: [parts[kind]] for kind in OF_SUBGROUPS},
        **{kind: [every[kind]] for kind in OF_MULTIVERSE},
        **{kind: [elsewhere[kind]] for kind in OF_EXTERNAL},
    )


def test_the_figures_are_written_in_three_formats_with_equal_bytes(tmp_path):
    inputs = inputs_in(tmp_path)

    assert_three_formats_with_equal_bytes(main, tmp_path, SPEC, inputs, DRAWN)


def test_where_one_reader_segments_predictions_are_not_compared(tmp_path):
    inputs = inputs_in(tmp_path) | {kind: [] for kind in OF_READERS}

    assert_three_formats_with_equal_bytes(
        main, tmp_path, SPEC, inputs, DRAWN[:-1], left_out=DRAWN[-1:]
    )


def test_without_samples_and_subgroups_their_figures_are_left_out(tmp_path):
    kinds = (*OF_SAMPLES, *OF_SUBGROUPS)
    inputs = inputs_in(tmp_path) | {kind: [] for kind in kinds}
    lost = ("prediction_instability", "subgroup_forest")
    drawn = [name for name in DRAWN if name not in lost]
    assert_three_formats_with_equal_bytes(
        main, tmp_path, SPEC, inputs, drawn, left_out=lost
    )


def test_without_a_multiverse_no_curve_of_analyses_is_drawn(tmp_path):
    inputs = inputs_in(tmp_path) | {kind: [] for kind in OF_MULTIVERSE}
    left = "specification_curve"
    others = [name for name in DRAWN if name != left]

    assert_three_formats_with_equal_bytes(
        main, tmp_path, SPEC, inputs, others, left_out=[left]
    )


def test_a_study_that_applies_no_model_has_no_figures_of_external_validation(tmp_path):
    inputs = inputs_in(tmp_path) | {kind: [] for kind in OF_EXTERNAL}
    lost = ("expected_observed", "score_shift")
    others = [name for name in DRAWN if name not in lost]

    assert_three_formats_with_equal_bytes(
        main, tmp_path, SPEC, inputs, others, left_out=lost
    )


@pytest.mark.parametrize("kind", KINDS)
def test_another_table_is_refused(tmp_path, kind):
    inputs = inputs_in(tmp_path)
    assert_another_table_is_refused(main, tmp_path, SPEC, kind, inputs, DRAWN)


def test_hostile_names_are_drawn_letter_by_letter(tmp_path, monkeypatch):
    inputs = inputs_in(tmp_path)
    assert_hostile_names_are_drawn_letter_by_letter(
        main, tmp_path, SPEC, inputs, DRAWN, monkeypatch
    )
