"""Rule gather_ingest on the tables of two chunks."""

from types import SimpleNamespace

import pandas as pd
from gather_ingest import main

from concord import tables
from concord.files import write_json
from concord.ingest.settings import GatherIngest

PARAMS = SimpleNamespace(
    spec=GatherIngest(baseline_session="baseline", leave_out={}).model_dump_json()
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
        files = {"path": "x", "sidecar": str(sidecar), "digest": f"d{subject}"}
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


def gathered(folder, images, leave_out):
    """Report and exclusions of images given as (subject, session, image, digest)."""
    write_json({"modality": "CT", "notes": []}, folder / "facts.json")
    rows = [
        {"subject_id": subject, "site": "A", "session": session, "image": image}
        | {"modality": "CT", "path": "x", "digest": digest}
        | {"sidecar": str(folder / "facts.json")}
        for subject, session, image, digest in images
    ]
    tables.write(rows, folder / "images.tsv", "images")
    keys = ("subject_id", "site", "session", "image")
    dates = [{key: row[key] for key in keys} | {"scanned": None} for row in rows]
    tables.write(dates, folder / "dates.tsv", "dates")
    for kind in ("masks", "exclusions"):
        tables.write([], folder / f"{kind}.tsv", kind)
    kinds = ("images", "dates", "masks", "exclusions")
    inputs = {kind: [str(folder / f"{kind}.tsv")] for kind in kinds}
    names = ("acquisition", "exclusions", "report")
    output = SimpleNamespace(**{name: str(folder / f"{name}_out") for name in names})
    settings = GatherIngest(baseline_session="baseline", leave_out=leave_out)
    params = SimpleNamespace(spec=settings.model_dump_json())
    main(SimpleNamespace(input=SimpleNamespace(**inputs), output=output, params=params))
    return (
        tables.read(output.report, "ingest_report"),
        tables.read(output.exclusions, "exclusions"),
    )


def test_one_image_under_two_subjects_or_sessions_is_told_of_each(tmp_path):
    report, _ = gathered(
        tmp_path,
        [
            ("P1", "baseline", "CT", "same"),
            ("P2", "baseline", "CT", "same"),
            ("P3", "baseline", "CT", "own"),
            ("P3", "baseline", "CT_thin", "own"),
            ("P4", "baseline", "CT", "again"),
            ("P4", "retest", "CT", "again"),
        ],
        {},
    )
    assert set(report["code"]) == {"SAME_IMAGE"}
    assert set(report["severity"]) == {"note"}
    found = report.set_index(["subject_id", "session"])["text"]
    assert len(found) == 4
    assert "are those of P2 baseline CT. Correct" in found["P1", "baseline"]
    assert "are those of P1 baseline CT. Correct" in found["P2", "baseline"]
    assert "are those of P4 retest CT. Correct" in found["P4", "baseline"]


def test_subjects_that_are_left_out_are_rows_of_the_exclusions(tmp_path):
    _, excluded = gathered(
        tmp_path, [("P1", "baseline", "CT", "a")], {"P9": "copy of P1"}
    )
    (row,) = excluded.to_dict("records")
    assert (row["subject_id"], row["code"]) == ("P9", "LEFT_OUT")
    assert row["reason"] == "copy of P1"
