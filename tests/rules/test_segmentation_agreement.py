"""Rule segmentation_agreement: the script on files, without Snakemake."""

from types import SimpleNamespace

import numpy as np
import pytest
from segmentation_agreement import main

from concord import images, tables
from concord.agreement.settings import SegmentationAgreement


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
                "image": "CT",
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


def make_job(masks, agreement, consensus=(), **settings):
    changed = {"tolerances_mm": [0.5, 1.0], "reference_reader": "A"} | settings
    output = {
        "agreement": agreement,
        "surface_dice": agreement.with_suffix(".surface_dice"),
        "group": agreement.with_suffix(".group"),
    }
    return SimpleNamespace(
        input=SimpleNamespace(masks=masks, consensus=list(consensus)),
        output=SimpleNamespace(**output),
        params=SimpleNamespace(spec=SegmentationAgreement(**changed).model_dump_json()),
        wildcards=SimpleNamespace(chunk="A-0", image="CT"),
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

    for ending in (".tsv", ".surface_dice", ".group"):
        first, second = (tmp_path / f"{name}{ending}" for name in ("first", "second"))
        assert first.read_bytes() == second.read_bytes()


def test_surface_dice_has_a_row_per_pair_definition_and_tolerance(masks, tmp_path):
    job = make_job(masks, tmp_path / "agreement.tsv")
    main(job)

    found = tables.read(job.output.surface_dice, "surface_dice")
    assert found[["definition", "tolerance_mm"]].to_numpy().tolist() == [
        ["mesh", 0.5],
        ["mesh", 1.0],
        ["voxel", 0.5],
        ["voxel", 1.0],
    ]
    assert (found["surface_dice"] < 1).tolist() == [True, False, True, False]


def test_all_readers_of_a_region_have_a_row_together(masks, tmp_path):
    job = make_job(masks, tmp_path / "agreement.tsv")
    main(job)

    (row,) = tables.read(job.output.group, "agreement_group").to_dict("records")
    assert row["n_readers"] == 2
    assert row["generalized_dice"] == pytest.approx(8 / 9)
    assert (row["union_ml"], row["intersection_ml"]) == pytest.approx((0.12, 0.096))


def test_the_reference_reader_decides_what_sensitivity_is_of(masks, tmp_path):
    for reader, sensitivity in (("A", 1.0), ("B", 0.8)):
        job = make_job(masks, tmp_path / "agreement.tsv", reference_reader=reader)
        main(job)
        found = tables.read(job.output.agreement, "agreement")
        assert found["sensitivity"].tolist() == pytest.approx([sensitivity] * 2)


def test_the_consensus_is_compared_with_every_reader_but_is_none(masks, tmp_path):
    rows = tables.read(masks, "masks")
    tables.write(
        rows[rows["reader"] == "B"].assign(reader="consensus"),
        tmp_path / "consensus.tsv",
        "masks",
    )
    job = make_job(masks, tmp_path / "agreement.tsv", [tmp_path / "consensus.tsv"])
    main(job)

    found = tables.read(job.output.agreement, "agreement")
    pairs = found.drop_duplicates(["reader", "reader_b"])[["reader", "reader_b"]]
    assert pairs.to_numpy().tolist() == [
        ["A", "B"],
        ["A", "consensus"],
        ["B", "consensus"],
    ]
    assert found["dice"].tolist()[-2:] == [1.0, 1.0]
    group = tables.read(job.output.group, "agreement_group")
    assert group["n_readers"].tolist() == [2]


def test_a_chunk_without_masks_has_an_empty_table(tmp_path):
    tables.write([], tmp_path / "masks.tsv", "masks")
    job = make_job(tmp_path / "masks.tsv", tmp_path / "agreement.tsv")
    main(job)

    assert tables.read(job.output.agreement, "agreement").empty
    assert tables.read(job.output.surface_dice, "surface_dice").empty
    assert tables.read(job.output.group, "agreement_group").empty
