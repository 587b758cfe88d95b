"""Pairs of masks at the edge of what the measures are defined for."""

import math

import numpy as np
import pytest

from concord import images
from concord.agreement.chunk import agreement
from concord.agreement.overlap import crop
from concord.agreement.pairs import compare_all, in_one_slice
from concord.ingest.mask import read_mask
from concord.ingest.settings import IngestSection

from ...listed import digest_of

SPACING_MM = (3.0, 1.0, 1.0)
SHAPE = (8, 24, 24)


def box(k, j, i, shape=SHAPE):
    mask = np.zeros(shape, bool)
    mask[slice(*k), slice(*j), slice(*i)] = True
    return crop(mask, SPACING_MM)


def compared(first, second, tolerances_mm=(1.0, 3.0), reference_reader="A"):
    """Measures and surface Dice of readers A and B, by definition."""
    segmentations = {"A": first, "B": second}
    return {
        one.names["definition"]: one.measures | {"surface": one.surface_dice}
        for one in compare_all(segmentations, tolerances_mm, reference_reader)
    }


@pytest.mark.parametrize("definition", ["mesh", "voxel"])
def test_disjoint_masks_have_no_overlap_but_all_distances(definition):
    found = compared(box((2, 5), (2, 8), (2, 8)), box((2, 5), (2, 8), (12, 18)))
    found = found[definition]

    assert (found["dice"], found["jaccard"], found["status"]) == (0, 0, "ok")
    assert found["hd_mm"] == pytest.approx(10.0, abs=0.1)
    assert found["centroid_distance_mm"] == 10.0
    assert (found["sensitivity"], found["precision"]) == (0, 0)


def test_touching_masks_have_no_common_voxel_and_meet_at_their_faces():
    found = compared(box((2, 5), (2, 8), (2, 8)), box((2, 5), (2, 8), (8, 14)))

    assert found["voxel"]["dice"] == 0
    assert found["voxel"]["hd_mm"] == 6.0
    # Faces lie half a voxel from the centres, so the meshes share a plane.
    assert found["mesh"]["hd_mm"] == pytest.approx(6.0, abs=0.1)
    assert found["mesh"]["surface"][1.0] > found["voxel"]["surface"][1.0] > 0


@pytest.mark.parametrize("definition", ["mesh", "voxel"])
def test_masks_in_one_slice_are_compared_within_its_plane(definition):
    found = compared(box((3, 4), (2, 9), (2, 9)), box((3, 4), (2, 9), (4, 11)))
    found = found[definition]

    # Squares of 7 x 7 pixels, shifted by 2 along the rows.
    assert found["note"] == "2D both segmentations lie in slice 3 alone"
    assert found["hd_mm"] == pytest.approx(2.0, abs=1e-12)
    assert found["hd95_mm"] == pytest.approx(2.0, abs=1e-12)
    assert found["assd_mm"] == pytest.approx(1.0, abs=0.04)


def test_contours_in_a_plane_have_the_surface_dice_counted_by_hand():
    found = compared(box((3, 4), (2, 9), (2, 9)), box((3, 4), (2, 9), (4, 11)))

    # 24 boundary pixels each; 5 + 5 coincide, and 2 + 2 of each are 1 away.
    assert found["voxel"]["surface"][1.0] == pytest.approx(14 / 24)
    assert found["voxel"]["surface"][3.0] == 1.0


def test_a_circle_in_one_slice_has_the_distances_of_circles():
    rows, columns = np.indices(SHAPE[1:]) - 11.6
    circles = np.zeros((2, *SHAPE), bool)
    circles[:, 4] = [rows**2 + columns**2 <= radius**2 for radius in (6, 9)]

    found = compared(*(crop(circle, SPACING_MM) for circle in circles))["mesh"]

    assert found["assd_mm"] == pytest.approx(3.0, abs=0.15)
    assert found["hd_mm"] == pytest.approx(3.0, abs=0.5)


def test_single_slices_apart_are_compared_in_space():
    first, second = box((3, 4), (2, 9), (2, 9)), box((5, 6), (2, 9), (2, 9))
    found = compared(first, second)

    assert not in_one_slice(first, second)
    assert found["voxel"]["hd_mm"] == 6.0
    assert found["voxel"]["note"] == "ONE_SLICE readers A, B"


def test_a_single_slice_against_a_volume_gets_a_note():
    found = compared(box((3, 4), (2, 9), (2, 9)), box((2, 5), (2, 9), (2, 9)))

    assert found["mesh"]["note"] == "ONE_SLICE readers A"
    assert found["voxel"]["hd_mm"] == 3.0


def test_a_mask_at_the_border_is_closed_there_and_noted():
    inner, cut = box((2, 6), (2, 9), (2, 9)), box((0, 4), (2, 9), (2, 9))
    moved = box((1, 5), (2, 9), (2, 9))
    found = compared(inner, cut)

    assert found["mesh"]["note"] == "TOUCHES_BORDER readers B"
    whole = compared(box((3, 7), (2, 9), (2, 9)), moved)
    for definition in ("mesh", "voxel"):
        assert found[definition]["hd_mm"] == pytest.approx(6.0, abs=1e-9)
        assert found[definition]["assd_mm"] == pytest.approx(
            whole[definition]["assd_mm"], abs=1e-9
        )


def test_a_tolerance_below_the_size_of_a_pixel_is_noted():
    pair = box((2, 6), (2, 9), (2, 9)), box((2, 6), (2, 9), (2, 10))

    assert compared(*pair, (0.5, 1.0))["mesh"]["note"] == (
        "FINE_TOLERANCE 0.5 mm, pixels of 1 mm"
    )
    assert compared(*pair, (1.0, 3.0))["mesh"]["note"] == ""


def test_one_empty_mask_has_no_surface_in_common_and_no_distance():
    found = compared(box((2, 6), (2, 9), (2, 9)), box((0, 0), (0, 0), (0, 0)))["mesh"]

    assert found["status"] == "one_empty"
    assert found["surface"] == {1.0: 0.0, 3.0: 0.0}
    distances = [value for name, value in found.items() if name.endswith("_mm")]
    assert all(math.isnan(value) for value in distances)


def test_of_two_empty_masks_nothing_is_said_but_that():
    empty = box((0, 0), (0, 0), (0, 0))
    found = compared(empty, empty)["voxel"]

    assert found["status"] == "both_empty"
    assert all(math.isnan(value) for value in found["surface"].values())
    assert math.isnan(found["dice"])


def test_sensitivity_is_against_the_reference_reader_wherever_it_stands():
    small, large = box((2, 6), (2, 9), (2, 9)), box((2, 6), (2, 9), (2, 16))

    of_b = compared(small, large, reference_reader="A")["mesh"]
    of_a = compared(small, large, reference_reader="B")["mesh"]
    assert (of_b["sensitivity"], of_b["precision"]) == (1.0, 0.5)
    assert (of_a["sensitivity"], of_a["precision"]) == (0.5, 1.0)


def test_without_the_reference_reader_there_is_no_sensitivity():
    pair = box((2, 6), (2, 9), (2, 9)), box((2, 6), (2, 9), (2, 16))

    assert math.isnan(compared(*pair, reference_reader="Z")["mesh"]["sensitivity"])


@pytest.fixture
def label_maps(tmp_path):
    """A masks table of two readers' label maps, ingested region by region."""
    grid = images.Volume(np.zeros(SHAPE, np.int16), SPACING_MM, (0.0,) * 3, np.eye(3))
    settings = IngestSection()
    rows = []
    for reader, shift in (("A", 0), ("B", 2)):
        array = np.zeros(SHAPE, np.uint8)
        array[2:6, 2:8, 2 + shift : 8 + shift] = 1
        array[2:6, 12:18, 2:8] = 2
        source = tmp_path / f"{reader}.nii.gz"
        images.write(images.Volume(array, SPACING_MM, (0.0,) * 3, np.eye(3)), source)
        for label, region in (("1", "core"), ("2", "oedema")):
            row = {"subject_id": "P1", "source": source, "roi": label, "region": region}
            mask, _ = read_mask(row, grid, {}, settings)
            path = tmp_path / f"{reader}_{region}.nii.gz"
            images.write(images.Volume(mask, SPACING_MM, (0.0,) * 3, np.eye(3)), path)
            keys = {"subject_id": "P1", "site": "A", "session": "baseline"}
            keys |= {"image": "MR", "region": region, "reader": reader}
            rows.append(keys | {"path": str(path), "digest": digest_of(path)})
    return rows


def test_label_maps_are_compared_label_by_label(label_maps):
    import pandas as pd

    rows = agreement(pd.DataFrame(label_maps), [1.0], "A").pairs

    dice = {row["region"]: row["dice"] for row in rows}
    assert dice == {"core": pytest.approx(4 / 6), "oedema": 1.0}
