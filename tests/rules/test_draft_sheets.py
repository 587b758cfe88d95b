"""Rule draft_sheets on the series of two roots."""

from types import SimpleNamespace

from draft_sheets import main
from index_dicom import main as index_dicom

from concord import tables
from concord.ingest.settings import DraftSheets
from concord.privacy.settings import Privacy

from ..dicom_factory import rectangle, write_rtstruct, write_series
from .test_index_dicom import job as index_job


def test_sheets_are_drafted_and_what_is_not_listed_is_told(tmp_path):
    inputs = []
    for name, subject in (("A", "P1"), ("B", "P2")):
        folder = tmp_path / name / subject / "baseline"
        write_series(folder / "CT")
        box = [rectangle((-9.6, 20.4), (-7.2, 23.2), -27.0)]
        write_rtstruct(folder / "RT" / "CT_reader-A.dcm", {"GTV A": box})
        task = index_job(tmp_path / name, tmp_path, name)
        index_dicom(task)
        inputs.append(task.output.series)
    names = ("images", "masks", "unlisted", "linkage", "summary")
    output = SimpleNamespace(**{n: str(tmp_path / f"{n}.tsv") for n in names})
    listed = ["a/P1/baseline/CT", "a/P1/baseline/RT/CT_reader-A.dcm"]
    roots = {"A": "a", "B": "b"}
    spec = DraftSheets(
        privacy=Privacy(data="simulated", seed=1),
        roots=roots,
        listed=listed,
        subject_ids="folder",
    )
    main(
        SimpleNamespace(
            input=SimpleNamespace(series=inputs),
            output=output,
            params=SimpleNamespace(spec=spec.model_dump_json()),
        )
    )

    sheet = tables.read(output.images, "images_sheet")
    assert sheet["source"].tolist() == ["a/P1/baseline/CT", "b/P2/baseline/CT"]
    sheet = tables.read(output.masks, "masks_sheet")
    assert sheet["region"].tolist() == ["GTV_A", "GTV_A"]
    assert sheet["roi"].tolist() == ["GTV A", "GTV A"]
    unlisted = tables.read(output.unlisted, "unlisted")
    assert unlisted["root"].tolist() == ["B", "B"]
    assert unlisted["modality"].tolist() == ["CT", "RTSTRUCT"]
    linkage = tables.read(output.linkage, "linkage")
    assert linkage["subject_id"].tolist() == ["P1", "P2"]
    assert linkage["patient_id"].tolist() == ["CANARY-ID", "CANARY-ID"]
    summary = tables.read(output.summary, "index_summary")
    assert summary["modality"].tolist() == ["CT", "RTSTRUCT"] * 2
    assert summary["unlisted"].tolist() == [0, 0, 1, 1]
    assert "CANARY" not in summary.to_csv()
