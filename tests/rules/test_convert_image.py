"""Rule convert_image on a folder of DICOM and a NIfTI file."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from convert_image import main

from concord import images, tables
from concord.errors import IngestFault, StudyError, traced
from concord.files import read_json
from concord.ingest.settings import ConvertImage, ImageSettings
from concord.privacy import subject_id
from concord.privacy.settings import Privacy

from ..dicom_factory import ramp, write_series


def job(folder, rows, on_fault="exclude"):
    output = SimpleNamespace(
        folder=str(folder / "A-0_CT"),
        images=str(folder / "A-0_CT.tsv"),
        exclusions=str(folder / "A-0_CT_exclusions.tsv"),
        dates=str(folder / "A-0_CT_dates.tsv"),
    )
    settings = ConvertImage(
        privacy=Privacy(data="simulated", seed=1),
        rows=rows,
        ingest=ImageSettings(on_fault=on_fault),
    )
    spec = settings.model_dump_json()
    return SimpleNamespace(output=output, params=SimpleNamespace(spec=spec))


def row(subject, source):
    keys = {"subject_id": subject, "site": "A", "session": "baseline"}
    return {**keys, "image": "CT", "modality": "CT", "source": str(source)}


def test_a_good_image_is_written_and_a_faulty_one_excluded(tmp_path):
    def dated(k, header):
        header.AcquisitionDate, header.AcquisitionTime = "20200102", f"10000{k}.5"

    write_series(tmp_path / "good", change=dated)
    write_series(tmp_path / "gap", keep=[0, 1, 3, 4])
    rows = [row("P_1", tmp_path / "good"), row("P_2", tmp_path / "gap")]
    task = job(tmp_path / "results", rows)
    main(task)

    table = tables.read(task.output.images, "images")
    assert table["subject_id"].tolist() == ["P_1"]
    path = tmp_path / "results/A-0_CT/sub-P1_ses-baseline_CT.nii.gz"
    assert table["path"].tolist() == [str(path)]
    volume = images.read(path)
    np.testing.assert_array_equal(volume.array, ramp() - 1024)
    assert images.volume_digest(volume) == table["digest"][0]
    assert read_json(table["sidecar"][0])["Units"] == "HU"

    scanned = tables.read(task.output.dates, "dates")
    assert scanned["scanned"].tolist() == ["20200102100000"]
    assert "20200102" not in Path(table["sidecar"][0]).read_text()

    excluded = tables.read(task.output.exclusions, "exclusions")
    assert excluded["code"].tolist() == ["MISSING_SLICE"]
    assert excluded["stage"].tolist() == ["convert_image"]
    assert excluded["region"].isna().all()


def test_on_fault_stop_raises_and_names_the_image(tmp_path):
    rows = [row("P_2", tmp_path / "absent")]
    with pytest.raises(IngestFault, match="neither a folder") as caught:
        main(job(tmp_path / "results", rows, on_fault="stop"))
    assert caught.value.__notes__ == ["at P_2 baseline CT; ingest.on_fault is 'stop'"]
    assert not (tmp_path / "results/A-0_CT").exists()


def test_two_subjects_never_share_a_file(tmp_path):
    rows = [row("P_1", tmp_path), row("P-1", tmp_path)]
    with pytest.raises(StudyError, match="only letters and digits count"):
        main(job(tmp_path / "results", rows))


def test_equal_inputs_give_equal_bytes(tmp_path):
    write_series(tmp_path / "good")
    written = []
    for name in ("first", "second"):
        task = job(tmp_path / name, [row("P1", tmp_path / "good")])
        main(task)
        folder = tmp_path / name / "A-0_CT"
        written.append([path.read_bytes() for path in sorted(folder.iterdir())])
    assert written[0] == written[1]


@pytest.mark.parametrize("on_fault", ["exclude", "stop"])
def test_an_id_that_names_the_patient_stops_the_job_and_is_told_nowhere(
    tmp_path, on_fault
):
    write_series(tmp_path / "one")
    write_series(tmp_path / "two")
    rows = [row("S1", tmp_path / "one"), row("canary_id", tmp_path / "two")]
    task = job(tmp_path / "results", rows, on_fault)
    with (
        subject_id.of_data("patients"),
        pytest.raises(IngestFault, match="holds the PatientID and") as caught,
    ):
        main(task)

    assert caught.value.code == "SUBJECT_ID_TELLS"
    told = traced(caught.value)
    assert "at row 2 of the 2 of this job" in told
    assert "canary" not in told.lower()
    assert not Path(task.output.exclusions).exists()
    assert not Path(task.output.folder).exists()

    with subject_id.of_data("pseudonymized"):
        main(task)
    table = tables.read(task.output.images, "images")
    assert table["subject_id"].tolist() == ["S1", "canary_id"]
