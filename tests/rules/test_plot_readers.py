"""Rule plot_readers: the script on small tables, without Snakemake."""

from plot_readers import main

from concord import files
from concord.figures.settings import PlotReaders

from .. import synthetic_results as synthetic
from ..plotting import (
    assert_another_table_is_refused,
    assert_hostile_names_are_drawn_letter_by_letter,
    assert_three_formats_with_equal_bytes,
    written_tables,
)

SPEC = PlotReaders(style=synthetic.STYLE, headline="mesh")
OF_SEVERAL = ("agreement_matrix", "agreement_volumes", "gallery")
DRAWN = ("agreement", *OF_SEVERAL)


def inputs_in(folder):
    inputs = written_tables(folder, agreement=synthetic.agreement_of_three())
    inputs["tiles"] = [str(folder / "tiles.json")]
    files.write_json(synthetic.tiles(), inputs["tiles"][0])
    return inputs


def test_the_figures_are_written_in_three_formats_with_equal_bytes(tmp_path):
    inputs = inputs_in(tmp_path)

    assert_three_formats_with_equal_bytes(main, tmp_path, SPEC, inputs, DRAWN)


def test_a_study_that_has_no_further_figure_draws_the_agreement_alone(tmp_path):
    inputs = written_tables(tmp_path, agreement=synthetic.agreement()) | {"tiles": []}

    assert_three_formats_with_equal_bytes(
        main, tmp_path, SPEC, inputs, DRAWN[:1], left_out=OF_SEVERAL
    )


def test_another_table_is_refused(tmp_path):
    inputs = {"agreement": "", "tiles": []}
    assert_another_table_is_refused(main, tmp_path, SPEC, "agreement", inputs, DRAWN)


def test_hostile_names_are_drawn_letter_by_letter(tmp_path, monkeypatch):
    inputs = inputs_in(tmp_path)
    assert_hostile_names_are_drawn_letter_by_letter(
        main, tmp_path, SPEC, inputs, DRAWN, monkeypatch
    )
