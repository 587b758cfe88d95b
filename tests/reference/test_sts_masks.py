"""Masks and SUV of the public soft-tissue-sarcoma study, against published ones."""

import csv
import hashlib
import tarfile
from pathlib import Path

import numpy as np
import pytest

from concord import images
from concord.errors import IngestFault
from concord.ingest.dicom import header
from concord.ingest.image import read_image, read_series
from concord.ingest.mask import read_mask
from concord.ingest.settings import IngestSection

FOLDERS = {"CT": "CT", "MR": "MR_T1", "PT": "PET"}

#: The ROI cites another frame of reference than its image.
MISMATCHED = {("STS_046", "CT"), ("STS_046", "PT")}

#: Images that were cropped through the tumour.
AT_BORDER = {"STS_009", "STS_020", "STS_022", "STS_026", "STS_038", "STS_045"}


def expected_codes(patient: str, modality: str) -> list[str]:
    """All that is odd about a mask."""
    mismatch = (patient, modality) in MISMATCHED
    codes = ["RT_FRAME_OF_REFERENCE_WAIVED"] if mismatch else []
    return codes + (["TOUCHES_BORDER"] if patient in AT_BORDER else [])


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
    image, facts = read_image({"source": folder / "image", "modality": modality})
    row = {"subject_id": patient, "source": folder / "mask" / "RS.dcm"}
    row["roi"] = f"GTV_Mass_{folder.name}"
    settings = IngestSection()
    if (patient, modality) in MISMATCHED:
        with pytest.raises(IngestFault) as caught:
            read_mask(row, image, facts, settings)
        assert caught.value.code == "RT_FRAME_OF_REFERENCE"
        settings = IngestSection(waive={"RT_FRAME_OF_REFERENCE": [patient]})
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
        codes = [note.split()[0] for note in notes]
        assert codes == expected_codes(patient, modality)


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
    volume, facts = read_series(raw_pet, "PT")
    assert facts["SUVReferenceTime"] == "SeriesTime"
    assert facts["UptakeMinutes"] == pytest.approx(45.1833, abs=1e-3)
    offset_mm = np.subtract(expected_suv.origin_mm, volume.origin_mm)
    column, row, first = np.rint(offset_mm / volume.spacing_mm[::-1]).astype(int)
    n_slices, n_rows, n_columns = expected_suv.array.shape
    cropped = volume.array[
        first : first + n_slices, row : row + n_rows, column : column + n_columns
    ]
    inside = expected_suv.array > 0.1
    ratio = float((cropped[inside] / expected_suv.array[inside]).mean())
    assert ratio == pytest.approx(1, abs=2e-4)


def test_overlaps_of_bed_positions_are_measured_and_accepted(raw_pet):
    volume, facts = read_series(raw_pet, "PT")
    note = "NON_UNIFORM_SPACING_ACCEPTED up to 0.040 mm (1.2% of the spacing)"
    assert note in facts["notes"]
    assert volume.array.shape == (267, 128, 128)
    positions = [
        header.read(path).ImagePositionPatient[2] for path in raw_pet.iterdir()
    ]
    gaps = np.diff(np.sort(np.array(positions, float)))
    assert (gaps.min(), gaps.max()) == pytest.approx((3.19, 3.29), abs=1e-3)
    assert volume.spacing_mm[0] == pytest.approx(gaps.mean(), abs=1e-9)
    # Each slice is where the grid says, up to the departure that the note tells.
    grid_mm = volume.origin_mm[2] + volume.spacing_mm[0] * np.arange(267)
    assert np.abs(np.sort(np.array(positions, float)) - grid_mm).max() < 0.0405
