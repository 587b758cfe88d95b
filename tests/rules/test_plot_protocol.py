"""Rule plot_protocol: the script on small tables, without Snakemake."""

from plot_protocol import main

from concord import tables
from concord.figures.settings import FigureSettings

from .. import synthetic_results as synthetic
from ..plotting import (
    assert_another_table_is_refused,
    assert_three_formats_with_equal_bytes,
)

SPEC = FigureSettings(style=synthetic.STYLE)


def test_the_protocol_figure_is_written_in_three_formats_with_equal_bytes(tmp_path):
    path = tmp_path / "summary.tsv"
    tables.write(synthetic.protocol_summary(), path, "protocol_summary")

    assert_three_formats_with_equal_bytes(main, tmp_path, SPEC, summary=str(path))


def test_another_table_is_refused(tmp_path):
    inputs = {"summary": ""}
    assert_another_table_is_refused(main, tmp_path, SPEC, "protocol_summary", inputs)
