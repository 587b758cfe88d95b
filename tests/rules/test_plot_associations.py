"""Rule plot_associations: the script on small tables, without Snakemake."""

from plot_associations import main

from concord import tables
from concord.figures.settings import PlotAssociations

from .. import synthetic_results as synthetic
from ..plotting import (
    assert_another_table_is_refused,
    assert_three_formats_with_equal_bytes,
)

SPEC = PlotAssociations(style=synthetic.STYLE, labels={"age": "Age"})
TABLES = {"associations": synthetic.associations}


def test_the_figure_is_written_in_three_formats_with_equal_bytes(tmp_path):
    inputs = {}
    for kind, make in TABLES.items():
        inputs[kind] = str(tmp_path / f"{kind}.tsv")
        tables.write(make(), inputs[kind], kind)

    assert_three_formats_with_equal_bytes(main, tmp_path, SPEC, **inputs)


def test_another_table_is_refused(tmp_path):
    inputs = dict.fromkeys([*TABLES, "cohort"], "")
    assert_another_table_is_refused(main, tmp_path, SPEC, "associations", inputs)
