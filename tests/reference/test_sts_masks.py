"""Masks and SUV of the public soft-tissue-sarcoma study, against published ones."""

import csv
import hashlib
import tarfile
from pathlib import Path

import numpy as np
import pytest

from concord import images
from concord.errors import IngestFault
from concord.ingest import header, pixels, suv
from concord.ingest.convert import read_image, read_series
from concord.ingest.grid import SPACING_TOLERANCE, spacing_faults
from concord.ingest.masks import read_mask
from concord.ingest.series import select

FOLDERS = {"CT": "CT", "MR": "MR_T1", "PT": "PET"}

#: The ROI cites another frame of reference than its image.
MISMATCHED = {("STS_046", "CT"), ("STS_046", "PT")}

#: All that is odd: the mismatch, and one contour with a speck across its edge.
NOTES = dict.fromkeys(MISMATCHED, ("RT_FRAME_OF_REFERENCE_ACCEPTED",)) | {
    ("STS_013", "PT"): ("OVERLAPPING_CONTOURS",)
}


def unpacked(archive: Path, folder: Path) -> Path:
    with tarfile.open(archive) as file:
        file.extractall(folder, filter="data")
    return folder


def patients(shared_data: Path) -> list[Path]:
    return sorted((shared_data / "sts" / "patients").glob("STS_*.tar.xz"))


def expected_masks(shared_data: Path) -> dict[tuple[str, str], dict[str, str]]:
    with (shared_data / "sts" / "expected_masks.csv").open(newline="") as file:
        return {(r["patient_id"], r["modality"]): r for r in csv.DictReader(file)}


def converted(folder: Path, patient: str, modality: str):
    """Image, mask and notes as the rules make them."""
    image, facts = read_image(folder / "image", modality)
    row = {"subject_id": patient, "source": folder / "mask" / "RS.dcm"}
    row["roi"] = f"GTV_Mass_{folder.name}"
    settings = {
        "contour_tolerance": 0.25,
        "accept_frame_of_reference_mismatch": [],
    }
    if (patient, modality) in MISMATCHED:
        with pytest.raises(IngestFault) as caught:
            read_mask(row, image, facts, settings)
        assert caught.value.code == "RT_FRAME_OF_REFERENCE"
        settings["accept_frame_of_reference_mismatch"] = [patient]
    mask, notes = read_mask(row, image, facts, settings)
    return image, mask, notes


def check(shared_data: Path, tmp_path: Path, archive: Path) -> None:
    patient = archive.name.removesuffix(".tar.xz")
    expected = expected_masks(shared_data)
    root = unpacked(archive, tmp_path / patient) / patient
    for modality, name in FOLDERS.items():
        image, mask, notes = converted(root / name, patient, modality)
        wanted = expected[patient, name]
        found = hashlib.sha256(mask.astype(np.uint8).tobytes()).hexdigest()
        assert found == wanted["sha256_uint8_zyx"], (patient, modality)
        assert int(mask.sum()) == int(wanted["n_voxels"])
        sizes = "x".join(str(size) for size in mask.shape[::-1])
        assert sizes == wanted["size_xyz"]
        spacing = [float(value) for value in wanted["spacing_xyz"].split("x")]
        # The table prints five digits.
        np.testing.assert_allclose(image.spacing_mm[::-1], spacing, rtol=5e-5)
        origin = [float(value) for value in wanted["origin_xyz"].split()]
        np.testing.assert_allclose(image.origin_mm, origin, atol=1e-3)
        assert notes == NOTES.get((patient, modality), ())


@pytest.mark.parametrize("patient", ["STS_019", "STS_046"])
def test_masks_of_two_patients_equal_the_published_ones(shared_data, tmp_path, patient):
    archive = shared_data / "sts" / "patients" / f"{patient}.tar.xz"
    check(shared_data, tmp_path, archive)


@pytest.mark.slow
def test_all_masks_equal_the_published_ones(shared_data, tmp_path):
    archives = patients(shared_data)
    assert len(archives) == 36
    for archive in archives:
        check(shared_data, tmp_path, archive)
        for path in sorted(tmp_path.rglob("*.dcm")):
            path.unlink()


@pytest.fixture(scope="module")
def raw_pet(shared_data, tmp_path_factory):
    """The PET of STS_001 as scanned: whole body, in Bq/ml."""
    archive = shared_data / "sts" / "raw_STS_001_pet_bqml.tar.xz"
    folder = unpacked(archive, tmp_path_factory.mktemp("raw"))
    return folder / "STS_001" / "FDG_PET" / "image"


@pytest.fixture(scope="module")
def expected_suv(shared_data):
    return images.read(shared_data / "sts" / "expected_STS_001_PET_SUV.nii.gz")


def test_suv_of_raw_activity_equals_the_published_map(raw_pet, expected_suv):
    with header.tolerant():
        paths = select(raw_pet, "PT").files
        headers = [header.read(path) for path in paths]
        found = suv.body_weight_suv(headers)
        slices = sorted(
            zip(paths, headers, strict=True),
            key=lambda pair: float(pair[1].ImagePositionPatient[2]),
        )[: expected_suv.array.shape[0]]
        array = pixels.volume_array(
            [path for path, _ in slices],
            [header_ for _, header_ in slices],
            "PT",
            found.factor,
        )
    assert found.facts["SUVReferenceTime"] == "SeriesTime"
    assert found.facts["UptakeMinutes"] == pytest.approx(45.1833, abs=1e-3)
    first = slices[0][1]
    column, row = (
        round(
            (expected_suv.origin_mm[axis] - first.ImagePositionPatient[axis]) / 4.6875
        )
        for axis in (0, 1)
    )
    _, n_rows, n_columns = expected_suv.array.shape
    cropped = array[:, row : row + n_rows, column : column + n_columns]
    inside = expected_suv.array > 0.1
    ratio = float((cropped[inside] / expected_suv.array[inside]).mean())
    assert ratio == pytest.approx(1, abs=2e-4)


def test_overlaps_of_bed_positions_are_seen_and_measured(raw_pet):
    with pytest.raises(IngestFault, match=r"by up to 0\.040 mm \(1\.2% of") as caught:
        read_series(raw_pet, "PT")
    assert caught.value.code == "NON_UNIFORM_SPACING"
    heights = np.sort(
        [header.read(path).ImagePositionPatient[2] for path in raw_pet.iterdir()]
    ).astype(float)
    assert [fault.code for fault in spacing_faults(heights, SPACING_TOLERANCE)] == [
        "NON_UNIFORM_SPACING"
    ]
    assert spacing_faults(heights, 0.02) == []
