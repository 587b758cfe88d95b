"""Texts of figures: what stands there is what was given, if it can be drawn."""

import pytest
from matplotlib.text import Text

from concord.figures import style, texts
from concord.figures.settings import FigureStyle

STYLE = FigureStyle(width_mm=90)


def labelled(name):
    """A figure that holds a name as title, at a tick and in its legend."""
    with style.applied(STYLE):
        figure = style.empty_figure(STYLE, height_mm=60)
        axes = figure.subplots()
        lines = axes.plot([0, 1], [0, 1], label=name)
        axes.set_yticks([0, 1], [name, "b"])
        style.letter(axes, "a", name)
        figure.legend(handles=lines, loc="outside right center")
    return figure


def saved(figure, folder):
    paths = [folder / f"figure.{ending}" for ending in ("svg", "pdf", "png")]
    style.save(figure, *paths)
    return [one.get_text() for one in figure.findobj(Text) if one.get_text()]


@pytest.mark.parametrize(
    "name", ["$a^{", "_x", r"$\alpha$", "a$b", r"\$", "50 % $ & <b>"]
)
def test_mathematics_in_a_name_is_letters(tmp_path, name):
    figure = labelled(name)
    shown = saved(figure, tmp_path)

    parsed = [one.get_text() for one in figure.findobj(Text) if one.get_parse_math()]
    assert all(text.startswith(r"$\bf{a}$") for text in parsed)
    assert shown.count(name) >= 2  # at the tick and in the legend
    literal = name.replace("$", r"\$")
    assert rf"$\bf{{a}}$   {literal}" in shown  # which mathematics show as it stands


def test_signs_without_a_glyph_are_boxes_and_nothing_warns(tmp_path):
    name = "\u6771\u4eac \u0645 \x07\u202e"

    assert "\u25a1\u25a1 \u0645 \u25a1\u25a1" in saved(labelled(name), tmp_path)


def test_a_long_name_keeps_both_ends(tmp_path):
    shown = saved(labelled("first" + "x" * 500 + "last"), tmp_path)

    cut = [text for text in shown if "\u2026" in text]
    assert len(cut) >= 3
    of_name = [text for text in cut if not text.startswith("$")]
    assert all(text[0] == "f" and text[-1] == "t" for text in of_name), of_name


def test_a_line_is_shortened_to_its_length_and_lines_stay_lines():
    assert texts.drawable("abcdefghij\nk", 6) == "abc\u2026ij\nk"
    assert texts.drawable("abcdef", 6) == "abcdef"
