"""Rule plot_performance: the script on small tables, without Snakemake."""

from plot_performance import main

from concord import tables

from .. import synthetic_results as synthetic
from ..plotting import (
    assert_another_table_is_refused,
    assert_three_formats_with_equal_bytes,
)

SPEC = synthetic.plot_arms()


def test_the_performance_figure_is_written_in_three_formats_with_equal_bytes(tmp_path):
    performance = tmp_path / "performance.tsv"
    null = tmp_path / "null.tsv"
    tables.write(synthetic.performance("metastasis"), performance, "performance")
    tables.write(synthetic.null("metastasis"), null, "null")

    assert_three_formats_with_equal_bytes(
        main, tmp_path, SPEC, performance=str(performance), null=[str(null)]
    )


def test_another_table_is_refused(tmp_path):
    inputs = {"performance": "", "null": ""}
    assert_another_table_is_refused(main, tmp_path, SPEC, "performance", inputs)
