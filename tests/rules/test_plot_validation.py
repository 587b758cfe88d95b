"""Rule plot_validation: the script on small tables, without Snakemake."""

import pytest
from plot_validation import main

from .. import synthetic_results as synthetic
from ..plotting import (
    assert_another_table_is_refused,
    assert_hostile_names_are_drawn_letter_by_letter,
    assert_three_formats_with_equal_bytes,
    written_tables,
)

SPEC = synthetic.plot_validation()
DRAWN = ("group_forest",)
KINDS = ("performance", "pooled_groups")


def inputs_in(folder):
    endpoint = "metastasis"
    return written_tables(
        folder,
        performance=[synthetic.performance(endpoint)],
        pooled_groups=[synthetic.pooled(endpoint)],
    )


def test_the_figure_is_written_in_three_formats_with_equal_bytes(tmp_path):
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
