"""Agreement on 24 real prostates read twice, against stored values.

The expected values were computed with other code: a search tree, and MedPy for
the pooled percentile. Masks: PI-CAI (CC BY-NC 4.0), not part of this project.
"""

import csv
import tarfile
from functools import cache
from itertools import product

import numpy as np
import pytest
from scipy.spatial import KDTree
from skimage.measure import marching_cubes, mesh_surface_area

from concord import images
from concord.agreement import voxel
from concord.agreement.distances import (
    DirectedDistances,
    SurfaceDistances,
    weighted_percentile,
)
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
    "assd": "masd_mm",
}

#: Corners of a cell of 2 x 2 x 2 voxels.
CORNERS = list(product((0, 1), repeat=3))


@pytest.fixture(scope="module")
def pairs(shared_data, tmp_path_factory):
    """(expected row, first, second segmentation) of each pair of readings."""
    folder = shared_data / "segmentation"
    if not folder.is_dir():
        pytest.skip(f"no prostate readings at {folder}")
    masks = tmp_path_factory.mktemp("picai")
    with tarfile.open(folder / "picai_readers.tar.xz") as archive:
        archive.extractall(masks, filter="data")
    with open(folder / "agreement_expected.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    return [
        (row, segmentation(masks, row, "reader1"), segmentation(masks, row, "reader2"))
        for row in rows
    ]


def segmentation(folder, row, reader):
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
            surfaces = (voxel.surface(first), voxel.surface(second))
            found = voxel.distances(*surfaces).summary()
            for column, measure in MEASURES.items():
                expected = float(row[column])
                assert found[measure] == pytest.approx(expected, abs=1e-4), row
            compared += 1
    assert compared == 95


@cache
def area_of_cell(code, spacing_mm):
    """Area in mm2 that the surface has in a cell, by which corners are inside."""
    corners = np.zeros((2, 2, 2), np.float32)
    for bit, corner in enumerate(CORNERS):
        corners[corner] = code >> bit & 1
    vertices, faces, _, _ = marching_cubes(
        corners, 0.5, spacing=spacing_mm, method="lorensen"
    )
    return mesh_surface_area(vertices, faces)


def surfels(segmentation):
    """Centres of the cells that the surface crosses, and its area in each.

    The definition of surface-distance: a surface is a list of such cells.
    """
    padded = np.pad(segmentation.voxels, 1).astype(np.uint8)
    shape = np.subtract(padded.shape, 1)
    code = np.zeros(shape, np.uint8)
    for bit, corner in enumerate(CORNERS):
        code |= (
            padded[tuple(slice(c, c + n) for c, n in zip(corner, shape, strict=True))]
            << bit
        )
    cells = np.argwhere((code > 0) & (code < 255))
    codes = code[tuple(cells.T)]
    areas = np.array([area_of_cell(int(c), segmentation.spacing_mm) for c in codes])
    return (cells + segmentation.start) * np.array(segmentation.spacing_mm), areas


def by_surfels(first, second):
    """Distances between surfels; summarized here as distances between meshes are."""
    sides = surfels(first), surfels(second)
    there, back = (
        DirectedDistances(KDTree(target).query(start)[0], areas)
        for (start, areas), (target, _) in (sides, sides[::-1])
    )
    return SurfaceDistances(there, back, weighted_percentile)


def test_area_weighted_summaries_reproduce_the_definition_of_surface_distance(pairs):
    """HD95 and surface Dice at 2 mm; areas of cells may differ where two are possible.

    A cell with inside corners at opposite ends can be cut in two ways, of other areas;
    that moves few of the readings, by little.
    """
    off = []
    for row, first, second in pairs:
        if row["hd95_deepmind"]:
            found = by_surfels(first, second)
            hd95_mm, dice = found.summary()["hd95_mm"], found.surface_dice(2.0)
            expected = row["hd95_deepmind"], row["surface_dice_2mm_deepmind"]
            off.append(np.abs(np.array([hd95_mm, dice]) - np.array(expected, float)))
    off_hd95_mm, off_dice = np.transpose(off)
    assert len(off) == 95
    assert np.count_nonzero(off_hd95_mm < 1e-4) >= 92
    assert off_hd95_mm.max() < 0.05
    assert np.count_nonzero(off_dice < 1e-3) >= 93
    assert off_dice.max() < 0.015
