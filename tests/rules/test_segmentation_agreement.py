"""Rule segmentation_agreement: the script on files, without Snakemake."""

from types import SimpleNamespace

import numpy as np
import pytest
from segmentation_agreement import main

from concord import images, tables


@pytest.fixture
def masks(tmp_path):
    """A table of two readers' masks; the second is one column wider."""
    rows = []
    for reader, width in (("A", 4), ("B", 5)):
        array = np.zeros((5, 8, 9), bool)
        array[1:4, 2:6, 2 : 2 + width] = True
        path = tmp_path / f"{reader}.nii.gz"
        volume = images.Volume(array, (2.0, 1.0, 1.0), (0.0, 0.0, 0.0), np.eye(3))
        images.write(volume, path)
        rows.append(
            {
                "subject_id": "A-001",
                "site": "A",
                "session": "baseline",
                "modality": "CT",
                "region": "tumour",
                "reader": reader,
                "path": str(path),
                "digest": images.volume_digest(volume),
                "voxels": array.sum(),
                "volume_mm3": 2.0 * array.sum(),
                "n_components": 1,
                "touches_border": False,
                "notes": None,
            }
        )
    tables.write(rows, tmp_path / "masks.tsv", "masks")
    return tmp_path / "masks.tsv"


def make_job(masks, agreement):
    return SimpleNamespace(
        input=SimpleNamespace(masks=masks),
        output=SimpleNamespace(agreement=agreement),
        params=SimpleNamespace(spec="{}"),
        wildcards=SimpleNamespace(chunk="A-0", modality="CT"),
    )


def test_a_pair_of_readers_becomes_two_rows(masks, tmp_path):
    main(make_job(masks, tmp_path / "agreement.tsv"))

    found = tables.read(tmp_path / "agreement.tsv", "agreement")
    assert found["definition"].tolist() == ["mesh", "voxel"]
    assert found["hd_mm"].to_numpy() == pytest.approx([1.0, 1.0])
    assert found["dice"].to_numpy() == pytest.approx([8 / 9, 8 / 9])
    assert found["volume_b_mm3"].tolist() == [120.0, 120.0]


def test_a_second_run_gives_equal_bytes(masks, tmp_path):
    for name in ("first.tsv", "second.tsv"):
        main(make_job(masks, tmp_path / name))

    first, second = (tmp_path / name for name in ("first.tsv", "second.tsv"))
    assert first.read_bytes() == second.read_bytes()


def test_a_chunk_without_masks_has_an_empty_table(tmp_path):
    tables.write([], tmp_path / "masks.tsv", "masks")
    main(make_job(tmp_path / "masks.tsv", tmp_path / "agreement.tsv"))

    assert tables.read(tmp_path / "agreement.tsv", "agreement").empty
