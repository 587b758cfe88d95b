"""Rule consensus_mask: the script on files, without Snakemake."""

from types import SimpleNamespace

import numpy as np
import pytest
from consensus_mask import main

from concord import images, tables
from concord.agreement.settings import ConsensusMask
from concord.errors import GridMismatchError

#: First column of a box of four, per reader.
COLUMNS = {"A": 2, "B": 3, "AI": 4}


def mask_row(folder, reader, column, subject="A-001", origin_mm=(0.0, 0.0, 0.0)):
    array = np.zeros((5, 8, 12), bool)
    array[1:4, 2:6, column : column + 4] = True
    path = folder / f"{subject}_{reader}.nii.gz"
    volume = images.Volume(array, (2.0, 1.0, 1.0), origin_mm, np.eye(3))
    images.write(volume, path)
    keys = {"subject_id": subject, "site": "A", "session": "baseline"}
    keys |= {"image": "CT", "region": "tumour", "reader": reader}
    facts = {"voxels": array.sum(), "volume_mm3": 2.0 * array.sum(), "notes": None}
    facts |= {"n_components": 1, "touches_border": False}
    return keys | {"path": str(path), "digest": images.volume_digest(volume)} | facts


@pytest.fixture
def three(tmp_path):
    """Rows of three readers, with a second subject whom two of them segmented."""
    rows = [mask_row(tmp_path, reader, column) for reader, column in COLUMNS.items()]
    return rows + [mask_row(tmp_path, reader, 2, "A-002") for reader in ("A", "B")]


def run(rows, tmp_path, name="out", **settings):
    """The masks table that the script writes."""
    tables.write(rows, tmp_path / "masks.tsv", "masks")
    output = tmp_path / f"{name}.tsv"
    spec = ConsensusMask(**{"consensus": "majority", "consensus_of": []} | settings)
    main(
        SimpleNamespace(
            input=SimpleNamespace(masks=tmp_path / "masks.tsv"),
            output=SimpleNamespace(masks=output, folder=tmp_path / name),
            params=SimpleNamespace(spec=spec.model_dump_json()),
        )
    )
    return tables.read(output, "masks")


def test_only_regions_of_three_readers_have_a_consensus(three, tmp_path):
    found = run(three, tmp_path)

    assert found["subject_id"].tolist() == ["A-001"]
    assert found["reader"].tolist() == ["consensus"]


@pytest.mark.parametrize("method", ["majority", "staple"])
def test_the_consensus_is_a_mask_like_any_other(three, method, tmp_path):
    (row,) = run(three, tmp_path, consensus=method).to_dict("records")

    volume = images.read_mask(row["path"])
    assert np.flatnonzero(volume.array.any(axis=(0, 1))).tolist() == [3, 4, 5, 6]
    assert row["voxels"] == volume.array.sum() == 3 * 4 * 4
    assert row["volume_mm3"] == 96.0
    assert row["n_components"] == 1
    assert row["notes"] == f"CONSENSUS {method} of readers A, AI, B"
    as_written = images.read(row["path"])
    assert row["digest"] == images.volume_digest(as_written)
    images.require_same_grid(images.read(three[0]["path"]), as_written)


def test_readers_who_do_not_vote_are_left_out(three, tmp_path):
    row = mask_row(tmp_path, "C", 6)

    (found,) = run([*three, row], tmp_path, consensus_of=["A", "B", "AI"])["notes"]
    assert found == "CONSENSUS majority of readers A, AI, B"


def test_readers_who_share_no_voxel_have_an_empty_mask_that_says_so(tmp_path):
    rows = [mask_row(tmp_path, "A", 0), mask_row(tmp_path, "B", 4)]
    rows.append(mask_row(tmp_path, "C", 8))

    (row,) = run(rows, tmp_path).to_dict("records")
    assert row["voxels"] == 0
    assert row["notes"].endswith(";EMPTY_CONSENSUS no voxel is agreed")


def test_masks_on_different_grids_are_refused(three, tmp_path):
    three[1] = mask_row(tmp_path, "B", 3, origin_mm=(0.0, 0.0, 1.0))

    with pytest.raises(GridMismatchError, match=r"A-001_B\.nii\.gz: origin_mm"):
        run(three, tmp_path)


def test_a_second_run_gives_equal_bytes(three, tmp_path):
    paths = [run(three, tmp_path, name)["path"].item() for name in ("one", "two")]

    first, second = ((tmp_path / path).read_bytes() for path in paths)
    assert first == second


def test_a_chunk_of_one_reader_has_an_empty_table_and_folder(tmp_path):
    found = run([mask_row(tmp_path, "A", 2)], tmp_path)

    assert found.empty
    assert list((tmp_path / "out").iterdir()) == []
