"""Rule plot_binary: the script on small tables, without Snakemake."""

import pytest
from plot_binary import main

from concord.evaluation.roc import mean_curves
from concord.figures.evaluation import prediction_instability, subgroup_forest

from .. import external_study
from .. import synthetic_probabilities as probabilities
from .. import synthetic_results as synthetic
from ..plotting import (
    assert_another_table_is_refused,
    assert_hostile_names_are_drawn_letter_by_letter,
    assert_three_formats_with_equal_bytes,
    written_tables,
)

SPEC = synthetic.plot_endpoint("metastasis")
OF_READERS = ("reader_predictions", "prediction_agreement")
DRAWN = (
    *("performance", "roc", "decision_curve", "reclassification", "selection"),
    *("tuning_path", "calibration", "specification_curve", "prediction_instability"),
    *("subgroup_forest", "expected_observed", "score_shift"),
    "prediction_agreement",
)
KINDS = ("performance", "null", "roc", "operating_points", "selection", "tuning")
KINDS += ("decision_curve", "reclassification", *probabilities.KINDS, *OF_READERS)


def calibrated():
    found = probabilities.of_study("metastasis")
    return {kind: found[kind] for kind in probabilities.KINDS}


OF_SAMPLES, OF_SUBGROUPS = prediction_instability.TABLES, subgroup_forest.TABLES
KINDS += (*OF_SAMPLES, *OF_SUBGROUPS)
OF_MULTIVERSE = ("specifications", "specification_choices")
OF_EXTERNAL = ("external", "external_scores")
KINDS += (*OF_MULTIVERSE, *OF_EXTERNAL)


def inputs_in(folder):
    endpoint = "metastasis"
    unstable = synthetic.instability_tables(endpoint)
    parts = synthetic.subgroup_tables(endpoint)
    every = synthetic.multiverse(endpoint)
    elsewhere = external_study.of_synthetic_arms(endpoint)
    return written_tables(
        folder,
        performance=synthetic.performance(endpoint),
        null=[synthetic.null(endpoint)],
        roc=mean_curves(synthetic.predictions(endpoint, "texture")),
        operating_points=synthetic.operating(endpoint),
        selection=synthetic.selection(endpoint),
        tuning=[synthetic.tuning(endpoint)],
        **calibrated(),
        decision_curve=[synthetic.decision_curve(endpoint)],
        reclassification=synthetic.reclassification(endpoint),
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
