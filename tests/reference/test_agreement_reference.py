"""Agreement on 24 real prostates read twice, against stored values.

The expected values were computed with other code: a search tree, and MedPy for
the pooled percentile. Masks: PI-CAI (CC BY-NC 4.0), not part of this project.
"""

import csv
import tarfile

import numpy as np
import pytest

from concord import images
from concord.agreement import voxel
from concord.agreement.overlap import crop, overlap

LABELS = {"gland": (1,), "pz": (1,), "tz": (2,), "lesion": (1, 2, 3, 4, 5)}

#: Column of the shared table -> measure here. The mean over all boundary voxels
#: of both masks is called masd_pooled there; its assd is the mean of two means.
MEASURES = {
    "hd_max": "hd_mm",
    "hd95_max_directed": "hd95_mm",
    "hd95_pooled": "hd95_pooled_mm",
    "hd95_medpy": "hd95_pooled_mm",
    "masd_pooled": "assd_mm",
}


@pytest.fixture(scope="module")
def pairs(shared_data, tmp_path_factory):
    """(expected row, first outline, second outline) of each pair of readings."""
    folder = shared_data / "segmentation"
    if not folder.is_dir():
        pytest.skip(f"no prostate readings at {folder}")
    masks = tmp_path_factory.mktemp("picai")
    with tarfile.open(folder / "picai_readers.tar.xz") as archive:
        archive.extractall(masks, filter="data")
    with open(folder / "agreement_expected.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    return [
        (row, outline(masks, row, "reader1"), outline(masks, row, "reader2"))
        for row in rows
    ]


def outline(folder, row, reader):
    volume = images.read(folder / row["case"] / f"{row[reader]}.nii.gz")
    return crop(np.isin(volume.array, LABELS[row["roi"]]), volume.spacing_mm)


def test_all_readings_are_compared(pairs):
    assert len(pairs) == 96
    for row, first, second in pairs:
        assert (first.n_voxels, second.n_voxels) == (int(row["vox1"]), int(row["vox2"]))


def test_dice_is_the_stored_one(pairs):
    for row, first, second in pairs:
        found = overlap(first, second)["dice"]
        assert found == pytest.approx(float(row["dice"]), abs=1e-8), row


def test_voxel_distances_are_the_stored_ones_to_a_ten_thousandth_of_a_mm(pairs):
    compared = 0
    for row, first, second in pairs:
        if row["hd_max"]:
            found = voxel.distances(voxel.surface(first), voxel.surface(second))
            for column, measure in MEASURES.items():
                expected = float(row[column])
                assert found[measure] == pytest.approx(expected, abs=1e-4), row
            compared += 1
    assert compared == 95
