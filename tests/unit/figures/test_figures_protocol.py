"""concord.figures.protocol: bars as long as the shares they stand for."""

import pytest
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from concord.figures import protocol

from ... import synthetic_results as synthetic

STYLE = synthetic.STYLE


def words(figure):
    return " ".join(" ".join(t.get_text() for t in figure.findobj(Text)).split())


def bars(figure):
    """Left, width and colour of every bar, by its row."""
    patches = [p for p in figure.axes[0].patches if isinstance(p, Rectangle)]
    return [(p.get_y(), p.get_x(), p.get_width(), p.get_facecolor()) for p in patches]


def test_items_are_named_with_what_is_expected_and_counts():
    text = words(protocol.draw(synthetic.protocol_summary(), STYLE))
    assert "ConvolutionKernel B30f or FC08" in text
    assert "20/20" in text
    assert "0/20" in text
    assert "Of 180 comparisons, 20 depart and 60 find" in text


def test_bars_are_as_long_as_their_shares():
    table = synthetic.protocol_summary().query("item == 'KVP' and site == 'A'")
    table = table.assign(n_conforming=10, n_departing=5, n_blank=5)
    found = bars(protocol.draw(table, STYLE))
    widths = [width for _, _, width, _ in found]
    assert widths[0] == pytest.approx(2 * widths[1]) == pytest.approx(2 * widths[2])
    ends = [left + width for _, left, width, _ in found]
    assert [left for _, left, _, _ in found][1:] == pytest.approx(ends[:-1])
    assert len({colour for *_, colour in found}) == 3


def test_many_sites_are_drawn_without_counts():
    one = synthetic.protocol_summary().query("site == 'A'")
    many = [one.assign(site=f"S{k:02d}") for k in range(12)]
    figure = protocol.draw(synthetic.pd.concat(many), STYLE)
    assert "20/20" not in words(figure)
    assert len(figure.axes[0].get_xticks()) == 12


def test_a_study_without_protocol_says_so():
    figure = protocol.draw(synthetic.protocol_summary().head(0), STYLE)
    assert "The study declares no protocol." in words(figure)
