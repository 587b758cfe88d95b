"""Rule convert_mask on RTSTRUCT and NIfTI segmentations of a converted image."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pydicom
import pytest
from convert_image import main as convert_image
from convert_mask import main

from concord import images, tables
from concord.errors import IngestFault, StudyError
from concord.ingest.settings import ConvertMask, MaskSettings
from concord.privacy.settings import Privacy, of_data

from ..dicom_factory import rectangle, write_rtstruct, write_segmentation, write_series
from .test_convert_image import job as image_job
from .test_convert_image import row as image_row

BOX = [rectangle((-9.6, 20.4), (-7.2, 23.2), z_mm) for z_mm in (-27.0, -24.0)]


@pytest.fixture
def study(tmp_path):
    """A converted image of P1 and the folder of everything."""
    write_series(tmp_path / "ct")
    task = image_job(tmp_path / "images", [image_row("P1", tmp_path / "ct")])
    convert_image(task)
    return SimpleNamespace(folder=tmp_path, images=task.output.images)


def job(study, rows, **ingest):
    folder = study.folder / "masks"
    output = SimpleNamespace(
        folder=str(folder / "A-0_CT"),
        masks=str(folder / "A-0_CT.tsv"),
        exclusions=str(folder / "A-0_CT_exclusions.tsv"),
        rois=str(study.folder / "private" / "rois" / "A-0_CT.tsv"),
    )
    settings = ConvertMask(
        privacy=Privacy(data="simulated", seed=1),
        rows=rows,
        ingest=MaskSettings(**ingest),
    )
    spec = settings.model_dump_json()
    return SimpleNamespace(
        input=SimpleNamespace(images=study.images, segmented_on=[]),
        output=output,
        params=SimpleNamespace(spec=spec),
    )


def row(source, subject="P1", reader="A", roi="GTV"):
    keys = {"subject_id": subject, "site": "A", "session": "baseline"}
    segmentation = {
        "region": "tumour",
        "reader": reader,
        "source": str(source),
        "roi": roi,
    }
    return {**keys, "image": "CT", **segmentation}


def test_segmentations_become_masks_on_the_grid_of_the_image(study):
    write_rtstruct(study.folder / "a.dcm", {"GTV": BOX})
    image = images.read(study.folder / "images/A-0_CT/sub-P1_ses-baseline_CT.nii.gz")
    other = np.zeros(image.array.shape, bool)
    other[1, 2, 3:5] = True
    images.write(replace(image, array=other), study.folder / "b.nii.gz")
    rows = [
        row(study.folder / "a.dcm"),
        row(study.folder / "b.nii.gz", reader="B", roi="1"),
    ]
    task = job(study, rows)
    main(task)

    table = tables.read(task.output.masks, "masks")
    assert table["voxels"].tolist() == [18, 2]
    assert table["volume_mm3"].tolist() == pytest.approx([18 * 2.16, 2 * 2.16])
    assert table["notes"].fillna("").tolist() == ["", "NIFTI_SOURCE"]
    assert table["n_components"].tolist() == [1, 1]
    assert table["touches_border"].tolist() == [False, False]
    mask = images.read_mask(table["path"][0])
    images.require_same_grid(image, mask)
    assert mask.array.sum() == 18
    assert images.volume_digest(images.read(table["path"][0])) == table["digest"][0]
    assert table["path"][0].endswith(
        "sub-P1_ses-baseline_CT_label-tumour_desc-A_mask.nii.gz"
    )


def test_faulty_segmentations_and_those_of_excluded_images_are_excluded(study):
    write_rtstruct(study.folder / "a.dcm", {"GTV": BOX}, frame="1.9.9")
    path = study.folder / "a.dcm"
    task = job(
        study, [row(path), row(path, subject="P2"), row(path, reader="B", roi="x")]
    )
    main(task)

    excluded = tables.read(task.output.exclusions, "exclusions")
    assert excluded["code"].tolist() == [
        "RT_FRAME_OF_REFERENCE",
        "IMAGE_EXCLUDED",
        "ROI_NOT_FOUND",
    ]
    assert excluded["reader"].tolist() == ["A", "A", "B"]
    assert len(tables.read(task.output.masks, "masks")) == 0


def test_an_accepted_mismatch_is_noted(study):
    write_rtstruct(study.folder / "a.dcm", {"GTV": BOX}, frame="1.9.9")
    accepted = {"waive": {"RT_FRAME_OF_REFERENCE": ["P1"]}}
    task = job(study, [row(study.folder / "a.dcm")], **accepted)
    main(task)
    table = tables.read(task.output.masks, "masks")
    assert table["notes"].tolist() == ["RT_FRAME_OF_REFERENCE_WAIVED"]


def test_the_tolerance_of_the_study_decides_about_planes_between_slices(study):
    between = [rectangle((-9.6, 20.4), (-7.2, 23.2), -26.4)]  # 0.2 slices off
    write_rtstruct(study.folder / "a.dcm", {"GTV": between})
    rows = [row(study.folder / "a.dcm")]
    task = job(study, rows)
    main(task)
    assert tables.read(task.output.masks, "masks")["voxels"].tolist() == [9]
    with pytest.raises(IngestFault, match=r"0\.20 slice spacings away"):
        main(job(study, rows, contour_tolerance=0.1, on_fault="stop"))


def test_all_regions_are_listed_by_name_in_a_private_table_only(study):
    rois = {"Canary^Name": BOX, "GTV 1": BOX, "GTV 2": BOX}
    write_rtstruct(study.folder / "a.dcm", rois)
    cells = {"A": "Canary.*", "B": "GTV.*", "C": "none;;GTV 2"}
    rows = [
        row(study.folder / "a.dcm", reader=reader, roi=roi)
        for reader, roi in cells.items()
    ]
    task = job(study, rows)
    main(task)

    table = tables.read(task.output.rois, "rois")
    columns = ["name", "number", "pieces", "reader", "status"]
    assert table[columns].fillna("").to_numpy().tolist() == [
        ["Canary^Name", 1, 2, "A", "matched"],
        ["GTV 1", 2, 2, "B", "ambiguous"],
        ["GTV 2", 3, 2, "B", "ambiguous"],
        ["GTV 2", 3, 2, "C", "matched"],
    ]
    excluded = tables.read(task.output.exclusions, "exclusions")
    assert excluded["code"].tolist() == ["ROI_AMBIGUOUS"]
    for path in (study.folder / "masks").rglob("*.tsv"):
        assert "Canary" not in path.read_text()
        assert "GTV" not in path.read_text()


def test_regions_of_an_excluded_image_are_listed_too(study):
    write_rtstruct(study.folder / "a.dcm", {"GTV": BOX})
    task = job(study, [row(study.folder / "a.dcm", subject="P2")])
    main(task)
    assert tables.read(task.output.rois, "rois")["status"].tolist() == ["matched"]


def test_two_readers_may_share_a_file_or_have_files_of_different_kinds(study):
    write_rtstruct(study.folder / "a.dcm", {"GTV A": BOX, "GTV B": BOX[:1]})
    pixels = np.zeros((5, 6, 7), np.uint8)
    pixels[1:3, 1:4, 1:4] = 1
    series = sorted((study.folder / "ct").iterdir(), key=height)
    write_segmentation(study.folder / "s.dcm", series, pixels, ["GTV C"])
    rows = [
        row(study.folder / "a.dcm", reader="A", roi=".*A"),
        row(study.folder / "a.dcm", reader="B", roi=".*B"),
        row(study.folder / "s.dcm", reader="C", roi="1"),
    ]
    task = job(study, rows)
    main(task)
    table = tables.read(task.output.masks, "masks")
    assert table["voxels"].tolist() == [18, 9, 18]
    assert table["digest"][0] == table["digest"][2]


def height(path):
    return float(pydicom.dcmread(path).ImagePositionPatient[2])


def converted_t1_and_t2(folder):
    """Lists of the converted images T1 and T2 of one session, by name."""
    lists = {}
    for name, number in (("T1", 5), ("T2", 6)):
        write_series(folder / name, "MR", series=f"1.2.3.{number}")
        source = image_row("P1", folder / name) | {"image": name, "modality": "MR"}
        task = image_job(folder / "images" / name, [source])
        convert_image(task)
        lists[name] = task.output.images
    return lists


def test_a_segmentation_made_on_another_image_is_a_mask_of_this_one(tmp_path):
    lists = converted_t1_and_t2(tmp_path)
    write_rtstruct(tmp_path / "a.dcm", {"GTV": BOX})
    shared = row(tmp_path / "a.dcm") | {"image": "T2", "segmented_on": "T1"}
    lost = shared | {"segmented_on": "T3", "reader": "B"}
    task = job(SimpleNamespace(folder=tmp_path, images=lists["T2"]), [shared, lost])
    task.input.segmented_on = [lists["T1"]]
    main(task)

    table = tables.read(task.output.masks, "masks")
    assert (table["image"][0], table["voxels"][0]) == ("T2", 18)
    note = "MASK_SHARED the segmentation was made on the image T1"
    assert note in table["notes"][0]
    excluded = tables.read(task.output.exclusions, "exclusions")
    assert excluded["code"].tolist() == ["IMAGE_EXCLUDED"]
    assert "image T3 of that session" in excluded["reason"][0]


def test_a_lesion_missed_on_another_image_is_missed_on_this_one(tmp_path):
    lists = converted_t1_and_t2(tmp_path)
    grid = images.read(tables.read(lists["T1"], "images")["path"][0])
    nothing = np.zeros(grid.array.shape, np.uint8)
    images.write(replace(grid, array=nothing), tmp_path / "b.nii.gz")
    shared = row(tmp_path / "b.nii.gz", roi="1") | {"image": "T2", "segmented_on": "T1"}
    task = job(SimpleNamespace(folder=tmp_path, images=lists["T2"]), [shared])
    task.input.segmented_on = [lists["T1"]]
    main(task)

    (found,) = tables.read(task.output.masks, "masks").to_dict("records")
    assert (found["image"], found["voxels"], found["n_components"]) == ("T2", 0, 0)
    assert found["notes"].endswith("NIFTI_SOURCE;FOUND_NOTHING")


@pytest.mark.parametrize("kind", ["rtstruct", "seg"])
def test_an_id_that_names_the_patient_of_a_segmentation_stops_the_job(study, kind):
    source = study.folder / "segmentation.dcm"
    if kind == "rtstruct":
        write_rtstruct(source, {"GTV": BOX})
    else:
        inside = np.zeros((5, 6, 7), bool)
        inside[1:3, 2:4, 2:4] = True
        write_segmentation(source, sorted((study.folder / "ct").iterdir()), inside)
    with (
        of_data("patients"),
        pytest.raises(StudyError, match=r"SUBJECT_ID_TELLS: .*1 of the 1.*PatientID"),
    ):
        main(job(study, [row(source, "CANARY-ID")]))


@pytest.mark.parametrize(
    ("column", "cell"),
    [("region", "GTV_Smith"), ("reader", "LiNa"), ("session", "smith1")],
)
def test_a_name_in_a_row_of_a_mask_stops_the_job_untold(study, column, cell):
    path = study.folder / "rt.dcm"
    write_rtstruct(path, {"GTV": BOX})
    header = pydicom.dcmread(path)
    header.PatientName, header.OperatorsName = "Smith^Anna", "Li^Na"
    header.save_as(path)
    told = row(path) | {column: cell}

    with pytest.raises(StudyError, match="LABEL_TELLS") as caught:
        main(job(study, [row(path), told]))

    assert f"row 2 ({column})" in str(caught.value)
    assert cell not in str(caught.value)
    assert not (study.folder / "masks").exists()


def test_a_waived_name_of_a_region_becomes_a_note(study):
    path = study.folder / "rt.dcm"
    write_rtstruct(path, {"GTV": BOX})
    header = pydicom.dcmread(path)
    header.PatientName = "Hill^Anna"
    header.save_as(path)
    task = job(study, [row(path) | {"region": "hill_1"}], waive={"LABEL_TELLS": ["P1"]})
    main(task)

    notes = tables.read(task.output.masks, "masks")["notes"][0]
    assert notes.startswith("LABEL_TELLS_WAIVED region")
