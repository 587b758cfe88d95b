"""What the figures on readers say about their tables."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import LineCollection
from matplotlib.text import Text

from concord.figures import image_slices, style
from concord.figures.readers import (
    agreement,
    agreement_matrix,
    agreement_volumes,
    gallery,
    pairs,
    prediction_agreement,
)

from ... import synthetic_results as synthetic

STYLE = synthetic.STYLE
SETTINGS = synthetic.plot_endpoint()
THREE = synthetic.agreement_of_three()


def words(figure):
    return " ".join(" ".join(t.get_text() for t in figure.findobj(Text)).split())


def no_text_is_small(figure):
    return all(t.get_fontsize() >= 6.5 for t in figure.findobj(Text) if t.get_text())


def pairs_of(*names):
    table = pd.DataFrame(names, columns=["reader", "reader_b"])
    return pairs.drawn_pairs(table, 3)


def test_pairs_of_readers_come_before_pairs_with_the_consensus():
    found, n_hidden = pairs_of(
        ("A", "consensus"), ("A", "B"), ("AI", "consensus"), ("A", "AI"), ("AI", "B")
    )

    assert found == [("A", "AI"), ("A", "B"), ("AI", "B")]
    assert n_hidden == 2


def test_colours_of_readers_differ_and_that_of_the_consensus_is_black():
    names = ["A", "AI", "B", "consensus"]
    found = pairs.reader_colours(names)

    assert found["consensus"] == style.BLACK
    assert len(set(found.values())) == 4
    assert pairs.reader_colours(names[:3]).items() < found.items()


def test_several_pairs_share_the_panels_of_a_modality():
    figure = agreement.draw(THREE, "mesh", STYLE)

    text = words(figure)
    for pair in ("a = A, b = AI", "a = A, b = B", "a = AI, b = B"):
        assert pair in text
    assert len(figure.axes) == 2 * 3
    # One segmentation of reader B is empty: a Dice of 0 in two pairs, and no loss.
    assert "A 20" in text
    assert "A 19" not in text
    assert "2 have one empty segmentation" in text
    assert no_text_is_small(figure)


def test_pairs_for_which_there_is_no_room_are_counted():
    more = [THREE.assign(reader=f"R{k}", reader_b=f"R{k + 1}") for k in range(5)]
    text = words(agreement.draw(pd.concat([THREE, *more]), "mesh", STYLE))

    assert "2 further pairs are in the table of agreement only." in text


def test_the_ratio_of_volumes_has_the_limits_of_its_logarithm():
    ratio = np.array([1.0, 2.0, 4.0])
    mean, lower, upper = agreement_volumes.ratio_limits(ratio)

    assert mean == pytest.approx(2)
    assert lower == pytest.approx(2 / np.exp(1.96 * np.log(2)))
    assert upper == pytest.approx(2 * np.exp(1.96 * np.log(2)))
    assert np.isnan(agreement_volumes.ratio_limits(ratio[:1])[1])


def test_volumes_are_drawn_in_ml_with_bias_and_limits():
    rows = THREE.query("definition == 'mesh' and status == 'ok' and image == 'CT'")
    rows = rows[(rows["reader"] == "A") & (rows["reader_b"] == "AI")]
    mean_ml, ratio = agreement_volumes.volume_ratios(rows)
    assert ratio == pytest.approx((rows["volume_b_mm3"] / rows["volume_mm3"]).values)
    expected = np.sqrt(rows["volume_b_mm3"] * rows["volume_mm3"]).to_numpy() / 1000
    assert mean_ml == pytest.approx(expected)

    lowest = 0.3
    worse = THREE.assign(dice=THREE["dice"].where(THREE["reader"] == "A", lowest))
    figure = agreement_volumes.draw(worse, "mesh", STYLE)
    text = words(figure)
    for value in agreement_volumes.ratio_limits(ratio):
        assert f"{value:.2f}" in text
    assert "CT tumour a = A, b = AI ratio" in text
    median = figure.axes[3].lines[-1].get_ydata()[0]
    assert median == pytest.approx(rows["dice"].median())
    for axes in figure.axes[3:6]:
        low, high = axes.get_ylim()
        assert low < lowest
        assert high == 1
    drawn = sum(len(line.get_xdata()) for line in figure.axes[0].lines[:3])
    assert drawn == len(rows)
    assert no_text_is_small(figure)


def test_the_matrix_holds_dice_below_and_hd95_above_the_diagonal():
    names = ["A", "AI", "B"]
    rows = THREE.query("definition == 'voxel' and image == 'CT'")
    dice = agreement_matrix.medians(rows, names, "dice")
    assert np.isnan(np.diag(dice)).all()
    expected = rows[(rows["reader"] == "AI") & (rows["reader_b"] == "B")]
    assert dice[1, 2] == dice[2, 1] == expected["dice"].median()

    figure = agreement_matrix.draw(THREE, "voxel", STYLE)
    places = {t.get_position(): t.get_text() for t in figure.axes[0].texts}
    assert places[1, 2] == f"{dice[2, 1]:.2f}"
    hd95 = agreement_matrix.medians(rows, names, "hd95_mm")
    assert places[2, 1] == f"{hd95[1, 2]:.2f} mm"
    assert no_text_is_small(figure)


def test_a_pair_that_was_never_compared_is_marked():
    two = THREE[(THREE["reader_b"] == "AI") | (THREE["reader"] == "AI")]
    figure = agreement_matrix.draw(two, "mesh", STYLE)
    places = {t.get_position(): t.get_text() for t in figure.axes[0].texts}

    assert places[0, 2] == places[2, 0] == "n/a"


def test_edges_of_a_mask_are_the_sides_of_its_voxels():
    mask = np.zeros((4, 5), bool)
    mask[1, 2] = mask[1, 3] = True
    found = {tuple(map(tuple, side)) for side in image_slices.edges(mask)}

    level = {((x, y), (x + 1, y)) for x in (2, 3) for y in (1, 2)}
    upright = {((x, 1), (x, 2)) for x in (2, 4)}
    assert found == level | upright


def test_a_mask_at_the_border_of_a_tile_has_edges_there():
    assert len(image_slices.edges(np.ones((3, 4), bool))) == 2 * (3 + 4)


def test_windows_are_fixed_for_ct_and_by_the_tile_for_others():
    image = np.linspace(-1, 99, 1001).reshape(7, 143)

    assert gallery.window("CT", image) == (-160, 240)
    assert gallery.window("MR", image) == pytest.approx((0, 98))
    assert gallery.window("PT", image) == pytest.approx((0, 98))
    assert gallery.window("PT", 0 * image)[1] > 0


def test_each_tile_shows_all_segmentations_and_names_its_case():
    figure = gallery.draw(synthetic.tiles(), STYLE)

    text = words(figure)
    assert "A-018, baseline, CT tumour A and AI: Dice 0.60, HD95 15.0 mm" in text
    assert "reader A reader AI reader B" in text
    assert "CT from -160 to 240 HU; PET from 0" in text
    for axes in figure.axes[:4]:
        assert len(axes.findobj(LineCollection)) == 3
        (bar,) = axes.lines
        assert np.ptp(bar.get_xdata()) == pytest.approx(10)
    assert no_text_is_small(figure)


def test_a_gallery_without_a_case_says_so():
    assert "No region was segmented by two readers." in words(gallery.draw([], STYLE))


def test_scores_by_each_reader_are_drawn_with_their_changes_of_the_group():
    predictions = synthetic.reader_predictions("metastasis")
    table = synthetic.prediction_agreement("metastasis")
    figure = prediction_agreement.draw(predictions, table, SETTINGS)

    row = table[(table["scheme"] == "cv") & (table["reader_b"] == "AI")].iloc[0]
    text = words(figure)
    assert f"Reader AI ICC {row['icc']:.2f} ({row['icc_lower']:.2f} to" in text
    assert f"{100 * row['regrouped']:.0f} % in another group" in text
    assert f"{row['limit_upper']:.2f}" in text
    labelled = {line.get_label(): line for line in figure.axes[0].lines}
    n_drawn = {
        name: len(labelled[name].get_xdata())
        for name in ("same risk group", "other risk group")
    }
    assert sum(n_drawn.values()) == 59  # of 60, one has no score
    assert n_drawn["other risk group"] > 0
    assert no_text_is_small(figure)


def test_an_arm_without_features_has_no_scores_by_readers():
    table = synthetic.prediction_agreement("metastasis")
    settings = synthetic.plot_endpoint(headline_arm="clinical")
    figure = prediction_agreement.draw(
        synthetic.reader_predictions("metastasis"), table, settings
    )

    assert "The arm Clinical has no score by the segmentations of a second" in words(
        figure
    )
