"""Rule plot_selection: the script on small tables, without Snakemake."""

from plot_selection import main

from concord import tables

from .. import synthetic_results as synthetic
from ..plotting import (
    assert_another_table_is_refused,
    assert_three_formats_with_equal_bytes,
)

SPEC = synthetic.plot_headline()


def test_the_selection_figure_is_written_in_three_formats_with_equal_bytes(tmp_path):
    selection = tmp_path / "selection.tsv"
    tables.write(synthetic.selection("metastasis"), selection, "selection")

    assert_three_formats_with_equal_bytes(
        main, tmp_path, SPEC, selection=str(selection)
    )


def test_another_table_is_refused(tmp_path):
    inputs = {"selection": ""}
    assert_another_table_is_refused(main, tmp_path, SPEC, "selection", inputs)
