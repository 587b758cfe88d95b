"""Rule plot_roc: the script on small tables, without Snakemake."""

from plot_roc import main

from concord import tables
from concord.evaluation.roc import mean_curves

from .. import synthetic_results as synthetic
from ..plotting import (
    assert_another_table_is_refused,
    assert_three_formats_with_equal_bytes,
)

SPEC = synthetic.plot_arms()


def test_the_roc_figure_is_written_in_three_formats_with_equal_bytes(tmp_path):
    curves, performance = tmp_path / "roc.tsv", tmp_path / "performance.tsv"
    predictions = synthetic.predictions("metastasis", "texture")
    tables.write(mean_curves(predictions), curves, "roc")
    tables.write(synthetic.performance("metastasis"), performance, "performance")

    assert_three_formats_with_equal_bytes(
        main,
        tmp_path,
        SPEC,
        roc=str(curves),
        performance=str(performance),
    )


def test_another_table_is_refused(tmp_path):
    inputs = {"roc": "", "performance": ""}
    assert_another_table_is_refused(main, tmp_path, SPEC, "roc", inputs)
