"""Rule plot_agreement_volumes: the script on small tables, without Snakemake."""

from plot_agreement_volumes import main

from concord import tables
from concord.figures.settings import PlotAgreement

from .. import synthetic_results as synthetic
from ..plotting import (
    assert_another_table_is_refused,
    assert_three_formats_with_equal_bytes,
)

SPEC = PlotAgreement(style=synthetic.STYLE, headline="mesh")


def test_the_figure_is_written_in_three_formats_with_equal_bytes(tmp_path):
    agreement = tmp_path / "agreement.tsv"
    tables.write(synthetic.agreement_of_three(), agreement, "agreement")

    assert_three_formats_with_equal_bytes(
        main, tmp_path, SPEC, agreement=str(agreement)
    )


def test_another_table_is_refused(tmp_path):
    inputs = {"agreement": ""}
    assert_another_table_is_refused(main, tmp_path, SPEC, "agreement", inputs)
