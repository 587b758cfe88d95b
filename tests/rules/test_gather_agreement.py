"""Rule gather_agreement: the script on files, without Snakemake."""

from types import SimpleNamespace

import numpy as np
import pytest
from gather_agreement import main

from concord import tables


def row(subject, definition, dice):
    numbers = dict.fromkeys(
        ("hd_mm", "hd95_mm", "hd95_pooled_mm", "assd_mm", "volume_difference"), np.nan
    )
    return numbers | {
        "subject_id": subject,
        "site": "A",
        "session": "baseline",
        "modality": "CT",
        "region": "tumour",
        "reader": "A",
        "reader_b": "B",
        "definition": definition,
        "status": "one_empty",
        "dice": dice,
        "volume_mm3": 24.0,
        "volume_b_mm3": 0.0,
    }


@pytest.fixture
def chunks(tmp_path):
    """Three chunk tables, one of them empty."""
    contents = {
        "A-1": [row("A-002", "mesh", 0.25), row("A-002", "voxel", 0.25)],
        "A-0": [row("A-001", "mesh", 0.5), row("A-001", "voxel", 0.5)],
        "B-0": [],
    }
    for name, rows in contents.items():
        tables.write(rows, tmp_path / f"{name}.tsv", "agreement")
    return [tmp_path / f"{name}.tsv" for name in contents]


def run(chunks, output):
    main(
        SimpleNamespace(
            input=SimpleNamespace(agreement=chunks),
            output=SimpleNamespace(agreement=output),
            params=SimpleNamespace(spec="{}"),
        )
    )
    return tables.read(output, "agreement")


def test_rows_of_all_chunks_are_sorted(chunks, tmp_path):
    found = run(chunks, tmp_path / "out.tsv")

    assert found["subject_id"].tolist() == ["A-001", "A-001", "A-002", "A-002"]
    assert found["definition"].tolist() == ["mesh", "voxel"] * 2
    assert found["dice"].tolist() == [0.5, 0.5, 0.25, 0.25]


def test_the_order_of_the_chunks_does_not_matter(chunks, tmp_path):
    run(chunks, tmp_path / "there.tsv")
    run(chunks[::-1], tmp_path / "back.tsv")

    there, back = (tmp_path / name for name in ("there.tsv", "back.tsv"))
    assert there.read_bytes() == back.read_bytes()


def test_a_study_of_one_reader_has_an_empty_table(tmp_path):
    tables.write([], tmp_path / "A-0.tsv", "agreement")

    assert run([tmp_path / "A-0.tsv"], tmp_path / "out.tsv").empty
