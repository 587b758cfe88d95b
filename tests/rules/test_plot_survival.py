"""Rule plot_survival: the script on small tables, without Snakemake."""

import pytest
from plot_survival import main

from concord.evaluation.curves import curves
from concord.figures.evaluation import prediction_instability, subgroup_forest
from concord.statistics.outcome_kinds import OUTCOME_KINDS

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
DRAWN = (
    "performance",
    "kaplan_meier",
    "selection",
    "tuning_path",
    "prediction_instability",
    "subgroup_forest",
    "prediction_agreement",
)
OF_SAMPLES, OF_SUBGROUPS = prediction_instability.TABLES, subgroup_forest.TABLES
KINDS = ("performance", "null", *CURVES, "selection", "tuning", *OF_READERS)
KINDS += (*OF_SAMPLES, *OF_SUBGROUPS)


def inputs_in(folder):
    endpoint = "survival"
    predictions = synthetic.predictions(endpoint, "texture")
    drawn = curves(predictions, SURVIVAL, SPEC.confidence, synthetic.null("survival"))
    unstable = synthetic.instability_tables(endpoint)
    parts = synthetic.subgroup_tables(endpoint)
    return written_tables(
        folder,
        performance=synthetic.performance(endpoint),
        null=[synthetic.null(endpoint)],
        **{kind: drawn[kind] for kind in CURVES},
        selection=synthetic.selection(endpoint),
        tuning=[synthetic.tuning(endpoint)],
        reader_predictions=[synthetic.reader_predictions(endpoint)],
        prediction_agreement=[synthetic.prediction_agreement(endpoint)],
        **{kind: [unstable[kind]] for kind in OF_SAMPLES},
        **{kind: [parts[kind]] for kind in OF_SUBGROUPS},
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


@pytest.mark.parametrize("kind", KINDS)
def test_another_table_is_refused(tmp_path, kind):
    inputs = inputs_in(tmp_path)
    assert_another_table_is_refused(main, tmp_path, SPEC, kind, inputs, DRAWN)


def test_hostile_names_are_drawn_letter_by_letter(tmp_path, monkeypatch):
    inputs = inputs_in(tmp_path)
    assert_hostile_names_are_drawn_letter_by_letter(
        main, tmp_path, SPEC, inputs, DRAWN, monkeypatch
    )
