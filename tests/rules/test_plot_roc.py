"""Rule plot_roc: the script on small tables, without Snakemake."""

from plot_roc import main

from concord import tables

from .. import synthetic_results as synthetic
from ..plotting import (
    assert_another_table_is_refused,
    assert_three_formats_with_equal_bytes,
)

SPEC = synthetic.plot_arms()


def test_the_roc_figure_is_written_in_three_formats_with_equal_bytes(tmp_path):
    predictions = tmp_path / "predictions.tsv"
    performance = tmp_path / "performance.tsv"
    tables.write(
        synthetic.predictions("metastasis", "texture"), predictions, "predictions"
    )
    tables.write(synthetic.performance("metastasis"), performance, "performance")

    assert_three_formats_with_equal_bytes(
        main,
        tmp_path,
        SPEC,
        predictions=[str(predictions)],
        performance=str(performance),
    )


def test_another_table_is_refused(tmp_path):
    inputs = {"predictions": [], "performance": ""}
    assert_another_table_is_refused(main, tmp_path, SPEC, "predictions", inputs)
