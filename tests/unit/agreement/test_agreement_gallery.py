"""concord.agreement.gallery: which cases are shown, and which part of them."""

import numpy as np
import pandas as pd
import pytest

from concord import images
from concord.agreement import gallery

from ...listed import digest_of
from .test_agreement_review import pair


def segmentations(**boxes):
    """Masks of 12 slices of 60 x 80 voxels; each box is (k, j, i) slices."""
    found = {}
    for reader, box in boxes.items():
        found[reader] = np.zeros((12, 60, 80), bool)
        found[reader][box] = True
    return found


def volume(path=""):
    array = np.arange(12 * 60 * 80, dtype=float).reshape(12, 60, 80)
    return images.Volume(array, (3.0, 2.0, 1.0), (0.0, 0.0, 0.0), np.eye(3), path)


def test_the_slice_is_the_one_in_which_segmentations_differ_most():
    drawn = segmentations(
        A=np.s_[2:9, 20:30, 30:50],
        AI=np.s_[2:5, 20:30, 30:50],
        B=np.s_[2:9, 20:30, 30:50],
    )
    drawn["B"][7, 30:33, 30:50] = True
    for mask in drawn.values():  # the largest slice, without any difference
        mask[3, 10:50, 20:60] = True
    found = gallery.tile(volume(), drawn)

    assert (found["slice"], found["n_slices"]) == (8, 12)
    assert found["spacing_mm"] == [2.0, 1.0]
    assert sorted(found["segmentations"]) == ["A", "AI", "B"]
    assert "1" not in "".join(found["segmentations"]["AI"])
    n_voxels = "".join(found["segmentations"]["B"]).count("1")
    assert n_voxels == 13 * 20


def test_equal_segmentations_are_shown_where_they_are_largest():
    drawn = segmentations(A=np.s_[2:9, 20:30, 30:50])
    drawn["A"][4, 30, 30] = True

    assert gallery.tile(volume(), drawn | {"B": drawn["A"]})["slice"] == 5


def test_the_tile_holds_all_segmentations_with_a_margin_and_the_voxels_around_them():
    drawn = segmentations(A=np.s_[4:5, 20:40, 30:50], B=np.s_[4:5, 26:50, 10:20])
    found = gallery.tile(volume(), drawn)

    rows = np.array([[float(v) for v in row.split()] for row in found["picture"]])
    # Rows 20 to 49 with 6 rows of 2 mm around them, columns 10 to 49 with 12 of 1 mm.
    assert rows.shape == (6 + 30 + 6, 10 + 40 + 12)
    expected = volume().array[4, 14:56, 0:62]
    assert rows == pytest.approx(expected, rel=1e-3)
    for reader, mask in drawn.items():
        shown = [[int(v) for v in row] for row in found["segmentations"][reader]]
        assert np.array_equal(shown, mask[4, 14:56, 0:62])


def test_a_tile_of_a_small_region_is_no_smaller_than_50_mm():
    found = gallery.tile(volume(), segmentations(A=np.s_[4:5, 30:32, 40:42]))

    assert len(found["picture"]) * 2.0 >= 50
    assert len(found["picture"][0].split()) * 1.0 >= 50


WORST = [
    pair("S1", 0.90, 2.0),
    pair("S1", 0.30, 20.0, reader_b="B"),
    pair("S2", 0.50, 9.0),
    pair("S3", 0.80, 7.0),
    pair("S1", 0.20, 30.0, image="PT"),
    pair("S2", 0.70, 8.0, image="PT"),
    pair("S2", 0.0, np.nan, "one_empty", image="PT", reader_b="B"),
    pair("S3", np.nan, np.nan, "both_empty", image="PT"),
    pair("S3", 0.01, 99.0, reader_b="consensus"),
    pair("S3", 0.01, 99.0, definition="voxel"),
]


def test_each_image_stands_once_and_names_take_turns():
    found = gallery.worst_cases(pd.DataFrame(WORST), "mesh", 4)

    keys = ["subject_id", "image", "reader_b"]
    assert found[keys].to_numpy().tolist() == [
        ["S1", "CT", "B"],
        ["S2", "PT", "B"],
        ["S2", "CT", "AI"],
        ["S1", "PT", "AI"],
    ]
    assert len(gallery.worst_cases(pd.DataFrame(WORST), "mesh", 1)) == 1


def test_tiles_are_cut_from_the_files_of_the_worst_cases(tmp_path):
    drawn = segmentations(A=np.s_[4:5, 20:40, 30:50], AI=np.s_[4:5, 20:30, 30:50])
    images.write(volume(), tmp_path / "image.nii.gz")
    keys = {"subject_id": "S2", "site": "S", "session": "baseline", "image": "CT"}
    listed = []
    for reader, mask in drawn.items():
        path = tmp_path / f"{reader}.nii.gz"
        images.write(images.Volume(mask, (3.0, 2.0, 1.0), (0, 0, 0), np.eye(3)), path)
        file = {"path": str(path), "digest": digest_of(path)}
        listed.append(keys | {"region": "tumour", "reader": reader} | file)
    path = str(tmp_path / "image.nii.gz")
    file = {"path": path, "digest": digest_of(path)}
    shown = pd.DataFrame([keys | {"modality": "CT"} | file])
    agreement = pd.DataFrame([pair("S2", 0.5, 9.0)])

    (found,) = gallery.tiles(agreement, shown, pd.DataFrame(listed), "mesh")

    assert (found["subject_id"], found["modality"]) == ("S2", "CT")
    assert (found["reader"], found["reader_b"]) == ("A", "AI")
    assert (found["dice"], found["hd95_mm"]) == (0.5, 9.0)
    assert found | gallery.tile(volume(), drawn) == found


def test_without_a_pair_there_is_no_tile():
    empty = pd.DataFrame([pair("S2", 0.5, 9.0)]).head(0)

    shown = empty.assign(path="", digest="", modality="")
    assert gallery.tiles(empty, shown, empty, "mesh") == []
