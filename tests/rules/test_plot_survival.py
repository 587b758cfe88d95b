"""Rule plot_survival: the script on small tables, without Snakemake."""

import pytest
from plot_survival import main

from concord.evaluation.curves import curves
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
OF_MULTIVERSE = ("specifications", "specification_choices")
OF_READERS = ("reader_predictions", "prediction_agreement")
CURVES = ("kaplan_meier", "risk_groups")
DRAWN = (
    "performance",
    "kaplan_meier",
    "selection",
    "tuning_path",
    "specification_curve",
    "prediction_agreement",
)
KINDS = (
    "performance",
    "null",
    *CURVES,
    "selection",
    "tuning",
    *OF_MULTIVERSE,
    *OF_READERS,
)


def inputs_in(folder):
    endpoint = "survival"
    predictions = synthetic.predictions(endpoint, "texture")
    drawn = curves(predictions, SURVIVAL, SPEC.confidence, synthetic.null("survival"))
    every = synthetic.multiverse(endpoint)
    return written_tables(
        folder,
        performance=synthetic.performance(endpoint),
        null=[synthetic.null(endpoint)],
        **{kind: drawn[kind] for kind in CURVES},
        selection=synthetic.selection(endpoint),
        tuning=[synthetic.tuning(endpoint)],
        reader_predictions=[synthetic.reader_predictions(endpoint)],
        prediction_agreement=[synthetic.prediction_agreement(endpoint)],
        **{kind: [every[kind]] for kind in OF_MULTIVERSE},
    )


def test_the_figures_are_written_in_three_formats_with_equal_bytes(tmp_path):
    inputs = inputs_in(tmp_path)

    assert_three_formats_with_equal_bytes(main, tmp_path, SPEC, inputs, DRAWN)


def test_where_one_reader_segments_predictions_are_not_compared(tmp_path):
    inputs = inputs_in(tmp_path) | {kind: [] for kind in OF_READERS}

    assert_three_formats_with_equal_bytes(
        main, tmp_path, SPEC, inputs, DRAWN[:-1], left_out=DRAWN[-1:]
    )


def test_without_a_multiverse_no_curve_of_analyses_is_drawn(tmp_path):
    inputs = inputs_in(tmp_path) | {kind: [] for kind in OF_MULTIVERSE}
    left = "specification_curve"
    others = [name for name in DRAWN if name != left]

    assert_three_formats_with_equal_bytes(
        main, tmp_path, SPEC, inputs, others, left_out=[left]
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
