"""Rule gather_ingest on the tables of two chunks."""

from types import SimpleNamespace

import pandas as pd
from gather_ingest import main

from concord import tables
from concord.files import write_json
from concord.ingest.settings import GatherIngest

PARAMS = SimpleNamespace(
    spec=GatherIngest(baseline_session="baseline").model_dump_json()
)


def test_facts_and_exclusions_of_all_chunks_are_sorted_together(tmp_path):
    chunks, scans = [], []
    for subject in ("P2", "P1"):
        sidecar = tmp_path / f"{subject}.json"
        facts = {
            "modality": "CT",
            "Manufacturer": "Maker",
            "KVP": 120,
            "Units": "HU",
            "n_slices": 5,
        }
        notes = ["LOCALIZER_DROPPED 2 files"] if subject == "P1" else []
        write_json(facts | {"BodyWeight": 70, "notes": notes}, sidecar)
        keys = {"subject_id": subject, "site": "A", "session": "baseline"}
        files = {"path": "x", "sidecar": str(sidecar), "digest": "d"}
        path = tmp_path / f"{subject}.tsv"
        image = {**keys, "image": "CT", "modality": "CT", **files}
        tables.write([image], path, "images")
        chunks.append(str(path))
        path = tmp_path / f"{subject}_dates.tsv"
        scanned = {"P1": "20200229100000", "P2": None}[subject]
        tables.write([{**keys, "image": "CT", "scanned": scanned}], path, "dates")
        scans.append(str(path))
    keys = {"subject_id": "P1", "site": "A", "session": "baseline", "image": "CT"}
    keys |= {"region": "tumour", "reader": "A", "path": "x", "digest": "d"}
    notes = "POINT_IGNORED;RT_FRAME_OF_REFERENCE_WAIVED cites 1; has 2"
    mask = {**keys, "voxels": 1, "volume_mm3": 1.0, "n_components": 1}
    mask |= {"touches_border": False, "notes": notes}
    mask |= {"n_components": 1, "touches_border": False}
    tables.write([mask], tmp_path / "masks.tsv", "masks")
    excluded = []
    for stage, region in (("convert_mask", "tumour"), ("convert_image", None)):
        keys = {"subject_id": "P3", "session": "baseline", "image": "CT"}
        row = {"stage": stage, **keys, "region": region, "reader": None}
        path = tmp_path / f"{stage}.tsv"
        tables.write([{**row, "code": "X", "reason": "y"}], path, "exclusions")
        excluded.append(str(path))
    output = SimpleNamespace(
        acquisition=str(tmp_path / "acquisition.tsv"),
        exclusions=str(tmp_path / "exclusions.tsv"),
        report=str(tmp_path / "report.tsv"),
    )
    masks = [str(tmp_path / "masks.tsv")]
    inputs = SimpleNamespace(
        images=chunks, dates=scans, masks=masks, exclusions=excluded
    )
    main(SimpleNamespace(input=inputs, output=output, params=PARAMS))

    acquisition = tables.read(output.acquisition, "acquisition")
    assert acquisition["subject_id"].tolist() == ["P1", "P2"]
    assert acquisition["KVP"].tolist() == [120, 120]
    assert acquisition["EchoTime"].isna().all()
    assert acquisition["days_since_baseline"].tolist() == [0, pd.NA]
    stages = tables.read(output.exclusions, "exclusions")["stage"].tolist()
    assert stages == ["convert_image", "convert_mask"]
    report = tables.read(output.report, "ingest_report")
    found = report[["subject_id", "severity", "code", "action"]].values.tolist()
    assert found == [
        ["P1", "note", "LOCALIZER_DROPPED", "used"],
        ["P1", "note", "POINT_IGNORED", "used"],
        ["P1", "waived", "RT_FRAME_OF_REFERENCE_WAIVED", "used"],
        ["P3", "fault", "X", "excluded"],
        ["P3", "fault", "X", "excluded"],
    ]
    assert report["text"].tolist()[:3] == [
        "2 files",
        "Points enclose nothing; left out.",
        "cites 1; has 2",
    ]


def test_a_study_without_images_and_exclusions_gives_empty_tables(tmp_path):
    for kind in ("images", "dates", "masks", "exclusions"):
        tables.write([], tmp_path / f"{kind}.tsv", kind)
    output = SimpleNamespace(
        acquisition=str(tmp_path / "a.tsv"),
        exclusions=str(tmp_path / "e.tsv"),
        report=str(tmp_path / "r.tsv"),
    )
    inputs = SimpleNamespace(
        images=[str(tmp_path / "images.tsv")],
        dates=[str(tmp_path / "dates.tsv")],
        masks=[str(tmp_path / "masks.tsv")],
        exclusions=[str(tmp_path / "exclusions.tsv")],
    )
    main(SimpleNamespace(input=inputs, output=output, params=PARAMS))
    assert len(tables.read(output.acquisition, "acquisition")) == 0
