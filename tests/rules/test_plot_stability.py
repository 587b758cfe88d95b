"""Rule plot_stability: the script on small tables, without Snakemake."""

from plot_stability import main

from concord import tables
from concord.figures.settings import PlotStability

from .. import synthetic_results as synthetic
from ..plotting import (
    assert_another_table_is_refused,
    assert_three_formats_with_equal_bytes,
)

SPEC = PlotStability(style=synthetic.STYLE, threshold=0.75, confidence=0.95)


def test_the_stability_figure_is_written_in_three_formats_with_equal_bytes(tmp_path):
    stability = tmp_path / "stability.tsv"
    tables.write(synthetic.stability(), stability, "stability")

    assert_three_formats_with_equal_bytes(
        main, tmp_path, SPEC, stability=str(stability)
    )


def test_another_table_is_refused(tmp_path):
    inputs = {"stability": ""}
    assert_another_table_is_refused(main, tmp_path, SPEC, "stability", inputs)
