"""Rule plot_site_effect: the script on small tables, without Snakemake."""

from plot_site_effect import main

from concord import tables
from concord.figures.settings import FigureSettings

from .. import synthetic_results as synthetic
from ..plotting import (
    assert_another_table_is_refused,
    assert_three_formats_with_equal_bytes,
)

SPEC = FigureSettings(style=synthetic.STYLE)


def test_the_site_effect_figure_is_written_in_three_formats_with_equal_bytes(tmp_path):
    site_effect = tmp_path / "site_effect.tsv"
    batch_prediction = tmp_path / "batch_prediction.tsv"
    tables.write(synthetic.site_effect(), site_effect, "site_effect")
    tables.write(synthetic.batch_prediction(), batch_prediction, "batch_prediction")

    assert_three_formats_with_equal_bytes(
        main,
        tmp_path,
        SPEC,
        site_effect=str(site_effect),
        batch_prediction=str(batch_prediction),
    )


def test_another_table_is_refused(tmp_path):
    inputs = {"site_effect": "", "batch_prediction": ""}
    assert_another_table_is_refused(main, tmp_path, SPEC, "site_effect", inputs)
