"""Rule gather_agreement: the script on files, without Snakemake."""

from types import SimpleNamespace

import numpy as np
import pytest
from gather_agreement import main

from concord import tables
from concord.agreement.settings import GatherAgreement

KEYS = {
    "site": "A",
    "session": "baseline",
    "image": "CT",
    "region": "tumour",
}
PAIR = {"reader": "A", "reader_b": "B"}
KINDS = {"": "agreement", "_surface_dice": "surface_dice", "_group": "agreement_group"}


def row(subject, definition, dice, **more):
    given = {
        "subject_id": subject,
        "definition": definition,
        "status": "ok",
        "dice": dice,
        "volume_mm3": 24.0 * int(subject[-1]),
        "volume_b_mm3": 30.0 * int(subject[-1]),
        "note": "",
    }
    numbers = dict.fromkeys(tables.KINDS["agreement"], np.nan)
    return numbers | KEYS | PAIR | given | more


def of_tolerance(subject, tolerance_mm):
    names = {"subject_id": subject, "definition": "mesh", "tolerance_mm": tolerance_mm}
    return KEYS | PAIR | names | {"surface_dice": 0.5}


def of_group(subject):
    numbers = dict.fromkeys(tables.KINDS["agreement_group"], 0.5)
    return numbers | KEYS | {"subject_id": subject, "n_readers": 2}


def of_mask(subject, reader, voxels=8):
    cells = dict.fromkeys(tables.KINDS["masks"], "x") | KEYS | {"subject_id": subject}
    counts = {"voxels": voxels, "volume_mm3": 1.0 * voxels, "n_components": 1}
    return cells | counts | {"reader": reader, "touches_border": False}


@pytest.fixture
def chunks(tmp_path):
    """Tables of three chunks, one of them without readers to compare."""
    contents = {"A-1": ["A-002"], "A-0": ["A-001"], "B-0": []}
    for name, subjects in contents.items():
        pairs = [row(s, d, 1 / int(s[-1])) for s in subjects for d in ("mesh", "voxel")]
        shares = [of_tolerance(s, t) for s in subjects for t in (1.0, 3.0)]
        rows = (pairs, shares, [of_group(s) for s in subjects])
        for (ending, kind), part in zip(KINDS.items(), rows, strict=True):
            tables.write(part, tmp_path / f"{name}{ending}.tsv", kind)
        masks = [of_mask(s, r) for s in subjects for r in "AB"]
        tables.write(masks, tmp_path / f"{name}_masks.tsv", "masks")
    return [str(tmp_path / name) for name in contents]


def run(chunks, output):
    """The gathered pairs; further tables lie beside `output`."""
    names = dict(zip(("agreement", "surface_dice", "group"), KINDS, strict=True))
    beside = {
        name: output.with_name(f"{output.stem}{e}.tsv") for name, e in names.items()
    }
    main(
        SimpleNamespace(
            input=SimpleNamespace(
                **{name: [f"{c}{e}.tsv" for c in chunks] for name, e in names.items()},
                masks=[f"{c}_masks.tsv" for c in chunks],
            ),
            output=SimpleNamespace(
                **beside,
                volumes=output.with_name(f"{output.stem}_volumes.tsv"),
                readings=output.with_name(f"{output.stem}_readings.tsv"),
            ),
            params=SimpleNamespace(
                spec=GatherAgreement(baseline_session="baseline").model_dump_json()
            ),
        )
    )
    return tables.read(output, "agreement")


def test_rows_of_all_chunks_are_sorted(chunks, tmp_path):
    found = run(chunks, tmp_path / "out.tsv")

    assert found["subject_id"].tolist() == ["A-001", "A-001", "A-002", "A-002"]
    assert found["definition"].tolist() == ["mesh", "voxel"] * 2
    assert found["dice"].tolist() == [1.0, 1.0, 0.5, 0.5]


def test_the_order_of_the_chunks_does_not_matter(chunks, tmp_path):
    run(chunks, tmp_path / "there.tsv")
    run(chunks[::-1], tmp_path / "back.tsv")

    for ending in (*KINDS, "_volumes"):
        there, back = (tmp_path / f"{name}{ending}.tsv" for name in ("there", "back"))
        assert there.read_bytes() == back.read_bytes()


def test_surface_dice_and_groups_are_gathered_too(chunks, tmp_path):
    run(chunks, tmp_path / "out.tsv")

    shares = tables.read(tmp_path / "out_surface_dice.tsv", "surface_dice")
    assert shares["subject_id"].tolist() == ["A-001", "A-001", "A-002", "A-002"]
    assert shares["tolerance_mm"].tolist() == [1.0, 3.0, 1.0, 3.0]
    groups = tables.read(tmp_path / "out_group.tsv", "agreement_group")
    assert groups["subject_id"].tolist() == ["A-001", "A-002"]


def test_volumes_of_all_chunks_are_compared_once(chunks, tmp_path):
    run(chunks, tmp_path / "out.tsv")

    found = tables.read(tmp_path / "out_volumes.tsv", "volume_agreement")
    assert found["form"].tolist() == ["ICC(A,1)", "ICC(C,1)"]
    assert found["n"].tolist() == [2, 2]
    assert found["ratio"].to_numpy() == pytest.approx([1.25, 1.25])


def test_a_study_of_one_reader_has_empty_tables(tmp_path):
    for ending, kind in KINDS.items():
        tables.write([], tmp_path / f"A-0{ending}.tsv", kind)
    masks = [of_mask("A-001", "A"), of_mask("A-002", "A")]
    tables.write(masks, tmp_path / "A-0_masks.tsv", "masks")

    assert run([str(tmp_path / "A-0")], tmp_path / "out.tsv").empty
    assert tables.read(tmp_path / "out_volumes.tsv", "volume_agreement").empty
    assert tables.read(tmp_path / "out_readings.tsv", "readings").empty
