"""Rule plot_kaplan_meier: the script on small tables, without Snakemake."""

from plot_kaplan_meier import main

from concord import tables

from .. import synthetic_results as synthetic
from ..plotting import (
    assert_another_table_is_refused,
    assert_three_formats_with_equal_bytes,
)

SPEC = synthetic.plot_kaplan_meier()


def test_the_survival_figure_is_written_in_three_formats_with_equal_bytes(tmp_path):
    predictions = tmp_path / "predictions.tsv"
    tables.write(
        synthetic.predictions("survival", "texture"), predictions, "predictions"
    )

    assert_three_formats_with_equal_bytes(
        main, tmp_path, SPEC, predictions=[str(predictions)]
    )


def test_another_table_is_refused(tmp_path):
    inputs = {"predictions": []}
    assert_another_table_is_refused(main, tmp_path, SPEC, "predictions", inputs)
