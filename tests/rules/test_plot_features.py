"""Rule plot_features: the script on small files, without Snakemake."""

import pytest
from plot_features import main

from concord import files
from concord.figures.settings import PlotFeatures

from .. import synthetic_results as synthetic
from ..plotting import (
    assert_another_table_is_refused,
    assert_hostile_names_are_drawn_letter_by_letter,
    assert_three_formats_with_equal_bytes,
    written_tables,
)

SPEC = PlotFeatures(
    style=synthetic.STYLE, threshold=0.75, confidence=0.95, radius_mm=6.0
)
DRAWN = ("feature_maps", "stability")


def inputs_in(folder):
    pictures = folder / "pictures.json"
    files.write_json(synthetic.feature_maps(), pictures)
    stability = written_tables(folder, stability=[synthetic.stability()])
    return {"pictures": [str(pictures)], **stability}


def test_the_figures_are_written_in_three_formats_with_equal_bytes(tmp_path):
    inputs = inputs_in(tmp_path)

    assert_three_formats_with_equal_bytes(main, tmp_path, SPEC, inputs, DRAWN)


@pytest.mark.parametrize(
    ("drawn", "missing", "left_out"),
    [("feature_maps", "stability", "stability"), ("stability", "pictures", DRAWN[0])],
)
def test_what_the_study_does_not_have_is_not_drawn(tmp_path, drawn, missing, left_out):
    inputs = inputs_in(tmp_path) | {missing: []}
    spec = (
        SPEC if drawn == "feature_maps" else SPEC.model_copy(update={"radius_mm": None})
    )

    assert_three_formats_with_equal_bytes(
        main, tmp_path, spec, inputs, [drawn], [left_out]
    )


def test_another_table_is_refused(tmp_path):
    inputs = {"pictures": [], "stability": [""]}
    assert_another_table_is_refused(main, tmp_path, SPEC, "stability", inputs, DRAWN)


def test_hostile_names_are_drawn_letter_by_letter(tmp_path, monkeypatch):
    inputs = inputs_in(tmp_path)
    assert_hostile_names_are_drawn_letter_by_letter(
        main, tmp_path, SPEC, inputs, DRAWN, monkeypatch
    )
