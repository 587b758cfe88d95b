"""Rule plot_harmonization: the script on small tables, without Snakemake."""

import pytest
from plot_harmonization import main

from concord.figures.settings import PlotHarmonization

from .. import synthetic_results as synthetic
from ..plotting import (
    assert_another_table_is_refused,
    assert_hostile_names_are_drawn_letter_by_letter,
    assert_three_formats_with_equal_bytes,
    written_tables,
)

SPEC = PlotHarmonization(
    style=synthetic.STYLE,
    endpoint="metastasis",
    label="Metastasis",
    labels={"age": "Age"},
)
TABLES = {
    "site_effect": synthetic.site_effect,
    "batch_prediction": synthetic.batch_prediction,
    "components": synthetic.components,
    "associations": synthetic.associations,
    "batch_estimates": synthetic.batch_estimates,
    "batch_priors": synthetic.batch_priors,
}
DRAWN = ("site_effect", "components", "associations", "batch_estimates")


def inputs_in(folder):
    made = {kind: make() for kind, make in TABLES.items()}
    (folder / "cohort.tsv").write_text(
        synthetic.cohort().to_csv(sep="\t", index=False, na_rep="NA")
    )
    return written_tables(folder, **made) | {"cohort": str(folder / "cohort.tsv")}


def test_the_figures_are_written_in_three_formats_with_equal_bytes(tmp_path):
    inputs = inputs_in(tmp_path)

    assert_three_formats_with_equal_bytes(main, tmp_path, SPEC, inputs, DRAWN)


@pytest.mark.parametrize("kind", TABLES)
def test_another_table_is_refused(tmp_path, kind):
    inputs = inputs_in(tmp_path)
    assert_another_table_is_refused(main, tmp_path, SPEC, kind, inputs, DRAWN)


def test_hostile_names_are_drawn_letter_by_letter(tmp_path, monkeypatch):
    inputs = inputs_in(tmp_path)
    assert_hostile_names_are_drawn_letter_by_letter(
        main, tmp_path, SPEC, inputs, DRAWN, monkeypatch
    )
