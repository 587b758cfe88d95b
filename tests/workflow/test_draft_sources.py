"""Drafts from a dataset in BIDS layout, folders of NIfTI and a table of features."""

from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk

from .conftest import StudyFolder
from .test_draft import draft, roots_of, rows

SITES = ("A", "B")
SUBJECTS = {site: [f"{site}{number:02d}" for number in range(10)] for site in SITES}
NAMES = [name for names in SUBJECTS.values() for name in names]
REPORT = {"feature_table", "fit_arms", "evaluate", "report"}
OF_IMAGES = REPORT | {"convert_image", "convert_mask", "extract_features"}
OF_READERS = {"segmentation_agreement", "stability", "predict_readers"}


@pytest.fixture(scope="module")
def volume(tmp_path_factory) -> bytes:
    """A small NIfTI file; a plan does not depend on what its voxels are."""
    path = tmp_path_factory.mktemp("volume") / "volume.nii.gz"
    sitk.WriteImage(sitk.GetImageFromArray(np.ones((4, 4, 4), np.uint8)), str(path))
    return path.read_bytes()


@pytest.fixture
def clinical(tmp_path) -> Path:
    """A table of all subjects, with an outcome of twelve events."""
    lines = [
        f"{name},{50 + n},{int(n % 5 < 3)},{200 + 10 * n}"
        for n, name in enumerate(NAMES)
    ]
    path = tmp_path / "clinical.csv"
    path.write_text("\n".join(["id,age,death,time_days", *lines]) + "\n")
    return path


def write_all(folder: Path, paths: list[str], content: bytes) -> None:
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)


def planned(folder: Path, **request: str) -> tuple[StudyFolder, set[str]]:
    """A drafted study and the rules of its plan; the draft must be complete."""
    run = draft(folder, **request)
    assert run.returncode == 0, run.stdout
    assert "not complete" not in run.stdout
    study = StudyFolder(folder)
    return study, study.planned_rules()


def test_datasets_in_bids_layout_become_a_study_that_plans_its_report(
    tmp_path, clinical, volume
):
    for site, names in SUBJECTS.items():
        for name in names:
            image = f"sub-{name}/anat/sub-{name}_T1w.nii.gz"
            mask = f"derivatives/masks/sub-{name}/anat/sub-{name}_space-T1w_label-GTV"
            masks = [f"{mask}_desc-{who}_mask.nii.gz" for who in ("manual", "auto")]
            write_all(tmp_path / site, [image, *masks], volume)
    roots = roots_of({site: tmp_path / site for site in SITES})
    privacy = "{data: public, subject_ids: folder}"
    study, rules = planned(
        tmp_path / "study", bids=roots, clinical=str(clinical), privacy=privacy
    )

    assert rules >= OF_IMAGES | OF_READERS
    images = rows(study.folder / "config" / "images.tsv")
    assert [row["subject_id"] for row in images] == NAMES
    assert {(row["image"], row["modality"]) for row in images} == {("T1", "MR")}
    assert images[0]["source"] == "A/sub-A00/anat/sub-A00_T1w.nii.gz"
    masks = rows(study.folder / "config" / "masks.tsv")
    assert len(masks) == 2 * len(NAMES)
    assert {row["region"] for row in masks} == {"GTV"}
    assert {row["reader"] for row in masks} == {"manual", "auto"}
    config = study.config()
    assert config["study"]["reference_reader"] == "manual"
    assert config["recipes"] == {"MR": {"preset": "mr"}}
    assert config["endpoints"]["death"]["time_days"] == "time_days"


def test_folders_of_nifti_become_a_study_that_plans_its_report(
    tmp_path, clinical, volume
):
    kinds = ("CT", "CT_GTV_reader-A_mask", "CT_GTV_reader-B_mask")
    for site, names in SUBJECTS.items():
        paths = [f"{name}/{name}_{kind}.nii.gz" for name in names for kind in kinds]
        write_all(tmp_path / site, paths, volume)
    roots = roots_of({site: tmp_path / site for site in SITES})
    study, rules = planned(tmp_path / "study", nifti=roots, clinical=str(clinical))

    assert rules >= OF_IMAGES | OF_READERS
    assert not rules & {"index_dicom", "draft_sheets"}
    images = rows(study.folder / "config" / "images.tsv")
    assert [row["subject_id"] for row in images] == NAMES
    masks = rows(study.folder / "config" / "masks.tsv")
    assert {(row["region"], row["reader"]) for row in masks} == {
        ("gtv", "A"),
        ("gtv", "B"),
    }
    assert "dicom_roots" not in study.config()


def test_a_table_of_features_becomes_a_study_that_plans_its_report(tmp_path, clinical):
    features = ("original_shape_MeshVolume", "original_glcm_Contrast")
    lines = [f"{name},{n + 1.5},{2 * n + 0.5}" for n, name in enumerate(NAMES)]
    table = tmp_path / "features.csv"
    table.write_text("\n".join([",".join(["id", *features]), *lines]) + "\n")
    study, rules = planned(
        tmp_path / "study", features=str(table), clinical=str(clinical)
    )

    assert rules >= REPORT - {"feature_table"} | {"import_features"}
    assert not rules & {"convert_image", "extract_features", "index_dicom"}
    assert study.config()["feature_table"]["subject_id_column"] == "id"
    arms = study.config()["arms"].values()
    # Nothing was measured twice, so no filter by stability can be learnt.
    assert {a["stability_filter"] for a in arms if "features" in a} == {False}
    assert not (study.folder / "config" / "images.tsv").exists()
    assert len(rows(study.folder / "config" / "subjects.tsv")) == len(NAMES)
