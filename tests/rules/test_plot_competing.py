"""Rule plot_competing: the script on small tables, without Snakemake."""

import pytest
from plot_competing import main

from ..competing_study import plot_settings, tables_of
from ..plotting import (
    assert_another_table_is_refused,
    assert_hostile_names_are_drawn_letter_by_letter,
    assert_three_formats_with_equal_bytes,
    written_tables,
)

SPEC = plot_settings()
KINDS = ("competing_incidence", "competing_effects")
DRAWN = ("cumulative_incidence", "competing_effects")


def inputs_in(folder):
    found = tables_of()
    return written_tables(folder, **{kind: found[kind] for kind in KINDS})


def test_the_figures_are_written_in_three_formats_with_equal_bytes(tmp_path):
    inputs = inputs_in(tmp_path)
    assert_three_formats_with_equal_bytes(main, tmp_path, SPEC, inputs, DRAWN)


@pytest.mark.parametrize("kind", KINDS)
def test_another_table_is_refused(tmp_path, kind):
    inputs = inputs_in(tmp_path)
    assert_another_table_is_refused(main, tmp_path, SPEC, kind, inputs, DRAWN)


def test_hostile_names_are_drawn_letter_by_letter(tmp_path, monkeypatch):
    inputs = inputs_in(tmp_path)
    assert_hostile_names_are_drawn_letter_by_letter(
        main, tmp_path, SPEC, inputs, DRAWN, monkeypatch
    )
