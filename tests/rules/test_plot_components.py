"""Rule plot_components: the script on small tables, without Snakemake."""

from plot_components import main

from concord import tables
from concord.figures.settings import PlotComponents

from .. import synthetic_results as synthetic
from ..plotting import (
    assert_another_table_is_refused,
    assert_three_formats_with_equal_bytes,
)

SPEC = PlotComponents(style=synthetic.STYLE, endpoint="metastasis", label="Metastasis")
TABLES = {"components": synthetic.components}


def test_the_figure_is_written_in_three_formats_with_equal_bytes(tmp_path):
    inputs = {}
    for kind, make in TABLES.items():
        inputs[kind] = str(tmp_path / f"{kind}.tsv")
        tables.write(make(), inputs[kind], kind)
    (tmp_path / "cohort.tsv").write_text(
        synthetic.cohort().to_csv(sep="\t", index=False, na_rep="NA")
    )
    inputs["cohort"] = str(tmp_path / "cohort.tsv")

    assert_three_formats_with_equal_bytes(main, tmp_path, SPEC, **inputs)


def test_another_table_is_refused(tmp_path):
    inputs = dict.fromkeys([*TABLES, "cohort"], "")
    assert_another_table_is_refused(main, tmp_path, SPEC, "components", inputs)
