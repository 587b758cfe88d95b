"""Figures: equal bytes, exact width, and no trace of when or where."""

import re

import numpy as np
import pytest

from concord.figures import style
from concord.figures.settings import FigureStyle

STYLE = FigureStyle(width_mm=90)


def saved(folder):
    """Bytes of a small figure in the three formats."""
    with style.applied(STYLE):
        figure = style.empty_figure(STYLE, height_mm=40)
        axes = figure.subplots()
        axes.plot([0, 1], [0, 1], label="line")
        axes.set_ylabel("Length (mm)")
        figure.legend(loc="outside right center")
    paths = [folder / f"figure.{ending}" for ending in ("svg", "pdf", "png")]
    style.save(figure, *paths)
    return [path.read_bytes() for path in paths]


def test_equal_figures_give_equal_bytes_without_a_date(tmp_path):
    first, second = saved(tmp_path), saved(tmp_path)

    assert first == second
    svg, pdf, png = first
    assert b"dc:date" not in svg
    assert b"CreationDate" not in pdf
    assert b"Software" not in png
    assert b"matplotlib" not in png.lower()


def test_a_figure_is_as_wide_as_asked(tmp_path):
    svg = saved(tmp_path)[0].decode()

    width_pt = float(re.search(r'width="([\d.]+)pt"', svg)[1])
    assert width_pt / 72 * 25.4 == pytest.approx(90, abs=0.01)


def test_the_pdf_holds_text_that_an_editor_can_change(tmp_path):
    assert b"/CIDFontType2" in saved(tmp_path)[1]


def test_sideways_offsets_are_distinct_and_stay_within_the_width():
    offsets = style.spread(100, width=0.4)

    assert len(np.unique(offsets)) == 100
    assert np.abs(offsets).max() <= 0.2
    assert style.spread(3, 1.0).tolist() == [0.0, -0.25, 0.25]


def test_a_box_of_undefined_values_draws_nothing():
    with style.applied(STYLE):
        axes = style.empty_figure(STYLE, 40).subplots()
        style.box(axes, np.array([np.nan]), 0, style.BLUE, vertical=True)

    assert not axes.lines
