"""Rule plot_protocol: the script on small tables, without Snakemake."""

from plot_protocol import main

from concord.figures.settings import FigureSettings

from .. import synthetic_results as synthetic
from ..plotting import (
    assert_another_table_is_refused,
    assert_hostile_names_are_drawn_letter_by_letter,
    assert_three_formats_with_equal_bytes,
    written_tables,
)

SPEC = FigureSettings(style=synthetic.STYLE)
DRAWN = ("protocol",)


def inputs_in(folder):
    made = written_tables(folder, protocol_summary=synthetic.protocol_summary())
    return {"protocol_summary": made["protocol_summary"]}


def test_the_protocol_figure_is_written_in_three_formats_with_equal_bytes(tmp_path):
    inputs = inputs_in(tmp_path)

    assert_three_formats_with_equal_bytes(main, tmp_path, SPEC, inputs, DRAWN)


def test_another_table_is_refused(tmp_path):
    inputs = inputs_in(tmp_path)
    kind = "protocol_summary"
    assert_another_table_is_refused(main, tmp_path, SPEC, kind, inputs, DRAWN)


def test_hostile_names_are_drawn_letter_by_letter(tmp_path, monkeypatch):
    inputs = inputs_in(tmp_path)
    assert_hostile_names_are_drawn_letter_by_letter(
        main, tmp_path, SPEC, inputs, DRAWN, monkeypatch
    )
