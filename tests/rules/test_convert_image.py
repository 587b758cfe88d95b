"""Rule convert_image on a folder of DICOM and a NIfTI file."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from convert_image import main

from concord import images, tables
from concord.errors import IngestFault, StudyError, traced
from concord.files import read_json
from concord.ingest.faults.rows import convert_rows
from concord.ingest.settings import ConvertImage, ImageSettings
from concord.privacy.settings import Privacy, of_data

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
    rows.append(row("CANARY-ID", tmp_path / "two") | {"session": "retest"})
    task = job(tmp_path / "results", rows, on_fault)
    with (
        of_data("patients"),
        pytest.raises(StudyError, match=r"hold the PatientID and the Pat") as caught,
    ):
        main(task)

    told = traced(caught.value)
    assert "SUBJECT_ID_TELLS: the subject ids of 2 of the 3 rows" in told
    assert "(row 2, row 3, in the order of the sheet)" in told
    assert "canary" not in told.lower()
    assert not Path(task.output.exclusions).exists()
    assert not Path(task.output.folder).exists()

    with of_data("pseudonymized"):
        main(task)
    table = tables.read(task.output.images, "images")
    assert table["subject_id"].tolist() == ["S1", "canary_id", "CANARY-ID"]


def test_a_fault_of_an_id_is_excluded_by_no_row():
    def convert(row):
        raise IngestFault("SUBJECT_ID_TELLS", "the subject id tells.")

    telling = [row("471123", "x")]
    with pytest.raises(IngestFault) as caught:
        convert_rows(telling, convert, "convert_image", ImageSettings())
    assert "471123" not in traced(caught.value)
    assert "at row 1 of the 1 of this job" in traced(caught.value)


def named(k, header):
    header.PatientName, header.PatientID = "Smith^Anna", "4815162"
    header.PatientBirthDate, header.OperatorsName = "19470213", "Li^Na"
    header.InstitutionName = "Charite"


@pytest.mark.parametrize(
    "session", ["SMITH_Anna", "s4815162", "1947-02-13", "pre_annasmith", "Li"]
)
def test_a_session_that_tells_who_it_is_stops_the_job_untold(tmp_path, session, caplog):
    write_series(tmp_path / "ct", change=named)
    write_series(tmp_path / "other", keep=[0, 1, 3, 4])
    rows = [row("P_1", tmp_path / "other"), row("P_2", tmp_path / "ct")]
    rows[1]["session"] = session

    with pytest.raises(StudyError, match="LABEL_TELLS: 1 of the 2 rows") as caught:
        main(job(tmp_path / "results", rows))

    told = f"{caught.value}{caplog.text}"
    assert "row 2 (session)" in told
    assert "ingest.waive: {LABEL_TELLS" in told
    assert session not in told
    assert not (tmp_path / "results").exists()


@pytest.mark.parametrize("session", ["baseline", "retest", "charite", "week_2", "1"])
def test_other_sessions_and_those_of_an_institution_are_used(tmp_path, session):
    write_series(tmp_path / "ct", change=named)
    task = job(tmp_path / "results", [row("P_1", tmp_path / "ct")])
    settings = ConvertImage.model_validate_json(task.params.spec)
    settings.rows[0]["session"] = session
    task.params.spec = settings.model_dump_json()
    main(task)

    table = tables.read(task.output.images, "images")
    assert table["session"].tolist() == [session]


def test_a_waived_name_by_chance_becomes_a_note_without_it(tmp_path):
    def change(k, header):
        header.PatientName = "Wave^Bo"

    write_series(tmp_path / "ct", change=change)
    task = job(tmp_path / "results", [row("P_1", tmp_path / "ct")])
    settings = ConvertImage.model_validate_json(task.params.spec)
    settings.rows[0]["session"] = "wave2"
    waive = {"waive": {"LABEL_TELLS": ["P_1"]}}
    ingest = settings.ingest.model_copy(update=waive)
    settings = settings.model_copy(update={"ingest": ingest})
    task.params.spec = settings.model_dump_json()
    main(task)

    table = tables.read(task.output.images, "images")
    notes = read_json(table["sidecar"][0])["notes"]
    assert notes[0] == "LABEL_TELLS_WAIVED session"
