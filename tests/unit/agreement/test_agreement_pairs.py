"""concord.agreement.pairs: which pairs become rows, and in which order."""

import math
import tracemalloc
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from concord import images, tables
from concord.agreement.chunk import PAIR_KEYS, agreement, in_order
from concord.errors import GridMismatchError, TableError

from ...listed import digest_of

GRID = images.Volume(
    array=np.zeros((6, 10, 10), bool),
    spacing_mm=(2.0, 1.0, 1.0),
    origin_mm=(-10.0, 5.0, 30.0),
    direction=np.eye(3),
)


def agreement_table(masks, tolerances_mm=(1.0, 3.0), reference_reader="A"):
    """The table of pairs, in the order of its keys."""
    return in_order(agreement(masks, tolerances_mm, reference_reader).pairs, PAIR_KEYS)


@pytest.fixture
def mask_row(tmp_path):
    """Write a box of some columns as a mask; give its row of a masks table."""

    def write(reader, columns, subject="A-001", session="baseline", grid=GRID):
        array = np.zeros(grid.array.shape, bool)
        array[2:4, 2:6, columns] = True
        path = (
            tmp_path
            / f"{subject}_{session}_{reader}_{len(list(tmp_path.iterdir()))}.nii.gz"
        )
        images.write(replace(grid, array=array), path)
        return {
            "subject_id": subject,
            "site": "A",
            "session": session,
            "image": "CT",
            "region": "tumour",
            "reader": reader,
            "path": str(path),
            "digest": digest_of(path),
        }

    return write


def test_all_pairs_of_readers_have_a_row_in_each_definition(mask_row):
    masks = [mask_row(reader, slice(1, 5)) for reader in ("C", "A", "B")]

    found = agreement_table(pd.DataFrame(masks))

    assert found[["reader", "reader_b", "definition"]].to_numpy().tolist() == [
        ["A", "B", "mesh"],
        ["A", "B", "voxel"],
        ["A", "C", "mesh"],
        ["A", "C", "voxel"],
        ["B", "C", "mesh"],
        ["B", "C", "voxel"],
    ]
    assert (found["dice"] == 1).all()
    assert found["assd_mm"].to_numpy() == pytest.approx(np.zeros(6), abs=1e-12)


def test_a_row_says_what_was_measured_in_mm(mask_row):
    masks = [mask_row("A", slice(1, 5)), mask_row("B", slice(3, 9))]

    voxel = agreement_table(pd.DataFrame(masks)).set_index("definition").loc["voxel"]

    assert (voxel["volume_mm3"], voxel["volume_b_mm3"]) == (64.0, 96.0)
    assert voxel["dice"] == pytest.approx(2 * 2 / (4 + 6))
    assert voxel["volume_difference"] == pytest.approx(2 * 32 / 160)
    assert voxel["hd_mm"] == 4.0


def test_the_table_is_of_kind_agreement(mask_row, tmp_path):
    masks = [mask_row(reader, slice(1, 5)) for reader in ("A", "B")]

    tables.write(agreement_table(pd.DataFrame(masks)), tmp_path / "a.tsv", "agreement")

    assert len(tables.read(tmp_path / "a.tsv", "agreement")) == 2


def test_only_masks_of_one_image_are_compared(mask_row):
    masks = [
        mask_row("A", slice(1, 5)),
        mask_row("B", slice(1, 5), session="retest"),
        mask_row("B", slice(1, 5), subject="A-002"),
    ]

    assert agreement_table(pd.DataFrame(masks)).empty


def test_a_region_of_one_reader_is_not_even_opened(mask_row):
    row = mask_row("A", slice(1, 5)) | {"path": "nowhere.nii.gz"}

    assert agreement_table(pd.DataFrame([row])).empty


def test_a_study_without_masks_has_no_rows(tmp_path):
    tables.write([], tmp_path / "masks.tsv", "masks")

    assert agreement_table(tables.read(tmp_path / "masks.tsv", "masks")).empty


@pytest.mark.parametrize(
    ("second", "status", "dice"),
    [(slice(1, 5), "one_empty", 0.0), (slice(0, 0), "both_empty", math.nan)],
)
def test_distances_to_an_empty_mask_are_undefined_and_the_status_says_why(
    mask_row, second, status, dice
):
    masks = [mask_row("A", slice(0, 0)), mask_row("B", second)]

    found = agreement_table(pd.DataFrame(masks))

    assert found["status"].tolist() == [status, status]
    assert found["dice"].to_numpy() == pytest.approx([dice, dice], nan_ok=True)
    distances = found[["hd_mm", "hd95_mm", "hd95_pooled_mm", "assd_mm"]]
    assert distances.isna().to_numpy().all()


def test_masks_on_different_grids_are_refused(mask_row):
    moved = replace(GRID, origin_mm=(-10.0, 5.0, 31.0))
    masks = [mask_row("A", slice(1, 5)), mask_row("B", slice(1, 5), grid=moved)]

    with pytest.raises(GridMismatchError, match=r"_B_1\.nii\.gz: origin_mm.*Resample"):
        agreement_table(pd.DataFrame(masks))


@pytest.mark.parametrize("shape", [(6, 10, 11), (7, 10, 10)])
def test_masks_of_different_shapes_such_as_one_more_slice_are_refused(mask_row, shape):
    larger = replace(GRID, array=np.zeros(shape, bool))
    masks = [mask_row("A", slice(1, 5)), mask_row("B", slice(1, 5), grid=larger)]

    with pytest.raises(GridMismatchError, match="shape is"):
        agreement_table(pd.DataFrame(masks))


def test_two_masks_of_one_reader_are_refused(mask_row):
    masks = [mask_row("A", slice(1, 5)), mask_row("A", slice(2, 5))]

    with pytest.raises(TableError, match=r"two masks of .*'reader': 'A'.*name of its"):
        agreement_table(pd.DataFrame(masks))


def test_rows_are_in_the_order_of_their_keys(mask_row):
    masks = [
        mask_row(reader, slice(1, 5), subject=subject)
        for subject in ("A-002", "A-001")
        for reader in ("B", "A")
    ]

    found = agreement_table(pd.DataFrame(masks))

    keys = found[PAIR_KEYS].to_numpy().tolist()
    assert keys == sorted(keys)


def test_one_whole_mask_at_a_time_is_in_memory(mask_row):
    wide = replace(GRID, array=np.zeros((40, 200, 200), bool))
    readers = ("A", "B", "C", "D", "E")
    masks = pd.DataFrame([mask_row(r, slice(1, 5), grid=wide) for r in readers])
    agreement_table(masks)  # what is imported does not count
    tracemalloc.start()
    agreement_table(masks)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    # Unpacking one file takes its content and its voxels.
    assert peak < 2.5 * wide.array.size
