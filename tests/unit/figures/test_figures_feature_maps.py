"""concord.figures.feature_maps: one row per region, one map per feature."""

import numpy as np
from matplotlib.text import Text

from concord.figures import feature_maps

from ... import synthetic_results as synthetic

STYLE = synthetic.STYLE


def words(figure):
    return " ".join(" ".join(t.get_text() for t in figure.findobj(Text)).split())


def test_every_region_has_its_image_and_its_maps():
    figure = feature_maps.draw(synthetic.feature_maps(2), 6.0, STYLE)

    pictures = [axes for axes in figure.axes if axes.images]
    assert len(pictures) == 6
    entropy = pictures[2].images[0].get_array()
    assert np.isfinite(np.ma.filled(entropy, np.nan)).sum() > 100
    text = words(figure)
    assert "GLCM joint entropy (bit)" in text
    assert "variance (HU\N{SUPERSCRIPT TWO})" in text
    assert "in a ball of 6 mm" in text
    assert "cannot be measured: 1 regions" in text


def test_more_regions_than_fit_are_counted():
    figure = feature_maps.draw(synthetic.feature_maps(8), 6.0, STYLE)

    assert len([axes for axes in figure.axes if axes.images]) == 18
    assert "2 further regions are in results/maps" in words(figure)


def test_without_any_map_the_figure_says_so():
    figure = feature_maps.draw(synthetic.feature_maps(0), 6.0, STYLE)

    assert "No region could be mapped" in words(figure)
