"""concord.ingest.nifti: NIfTI images are checked and copied."""

import json
from dataclasses import replace

import nibabel as nib
import numpy as np
import pytest

from concord import images
from concord.errors import IngestFault
from concord.ingest.image import read_image, read_series
from concord.ingest.settings import ImageSettings

from ...dicom_factory import write_series


@pytest.fixture
def image():
    array = np.arange(24, dtype=np.int16).reshape(2, 3, 4) - 10
    return images.Volume(array, (3.0, 0.9, 0.8), (1.0, 2.0, 3.0), np.eye(3))


def read(path, modality, **columns):
    return read_image({"source": path, "modality": modality} | columns)


def stored(volume, path):
    images.write(volume, path)
    return path


def test_a_nifti_image_is_copied_with_minimal_facts(tmp_path, image):
    volume, facts = read(stored(image, tmp_path / "a.nii.gz"), "CT")
    np.testing.assert_array_equal(volume.array, image.array)
    assert volume.array.dtype == np.int16
    assert facts["notes"] == ["NIFTI_SOURCE", "UNITS_ASSUMED"]
    assert (facts["Units"], facts["n_slices"]) == ("HU", 2)
    assert facts["slice_spacing_mm"] == 3


def test_allowed_facts_come_from_the_sidecar_beside_it(tmp_path, image):
    given = {"Manufacturer": "Maker", "PatientName": "X", "Units": "GML", "EchoTime": 2}
    (tmp_path / "a.json").write_text(json.dumps(given))
    image = replace(image, array=image.array.astype(np.float32))
    volume, facts = read(stored(image, tmp_path / "a.nii.gz"), "PT")
    assert facts["Manufacturer"] == "Maker"
    assert "PatientName" not in facts
    assert facts["Units"] == "SUVbw"
    assert volume.array.dtype == np.float32


def test_other_units_are_refused(tmp_path, image):
    (tmp_path / "a.json").write_text('{"Units": "Bq/mL"}')
    path = stored(image, tmp_path / "a.nii.gz")
    with pytest.raises(IngestFault, match="Units 'Bq/mL', expected SUVbw") as caught:
        read(path, "PT")
    assert caught.value.code == "PET_UNITS"


@pytest.mark.parametrize(
    ("array", "code"),
    [
        (np.full((2, 3, 4), np.nan, np.float32), "NOT_FINITE"),
        (np.ones((2, 3, 4), np.int16), "RESCALE_MISSING"),
    ],
)
def test_values_that_cannot_be_right_are_refused(tmp_path, image, array, code):
    path = stored(replace(image, array=array), tmp_path / "a.nii.gz")
    with pytest.raises(IngestFault) as caught:
        read(path, "CT")
    assert caught.value.code == code


def test_damaged_sheared_and_four_dimensional_files_are_refused(tmp_path):
    (tmp_path / "a.nii.gz").write_bytes(b"no gzip")
    sheared = np.diag([1.0, 1, 1, 1])
    sheared[1, 2] = 0.3
    header = nib.Nifti1Header()
    for name, shape, affine in (
        ("b.nii", (2, 2, 2, 2), np.eye(4)),
        ("c.nii", (2, 2, 2), sheared),
    ):
        array = np.zeros(shape, np.int16)
        nib.save(nib.Nifti1Image(array, affine, header), tmp_path / name)
    codes = {}
    for name in ("a.nii.gz", "b.nii", "c.nii"):
        with pytest.raises(IngestFault) as caught:
            read(tmp_path / name, "CT")
        codes[name] = caught.value.code
        assert str(tmp_path) not in str(caught.value)
    assert codes == {
        "a.nii.gz": "NIFTI_UNREADABLE",
        "b.nii": "VOLUME_AMBIGUOUS",
        "c.nii": "GANTRY_TILT",
    }


def test_one_volume_of_four_dimensions_is_chosen_by_its_name(tmp_path):
    array = np.arange(2 * 3 * 4 * 2, dtype=np.int16).reshape(2, 3, 4, 2)
    nib.save(nib.Nifti1Image(array, np.eye(4)), tmp_path / "a.nii.gz")
    with pytest.raises(IngestFault, match=r"2 volumes: t1 \(4 slices, number 1"):
        read(tmp_path / "a.nii.gz", "MR")
    volume, facts = read(tmp_path / "a.nii.gz", "MR", volume="t2")
    np.testing.assert_array_equal(volume.array, array[..., 1].T)
    assert facts["volume"] == "t2"
    with pytest.raises(IngestFault) as caught:
        read(tmp_path / "a.nii.gz", "MR", volume="t3")
    assert caught.value.code == "VOLUME_NOT_FOUND"


def moved_qform(image):
    affine = image.affine.copy()
    affine[0, 3] += 0.5
    image.set_qform(affine, code=1)


def without_codes(image):
    image.set_sform(None, code=0)
    image.set_qform(None, code=0)


def flat(image):
    image.set_qform(image.affine, code=0)
    image.set_sform(np.diag([1, 1, 0, 1]), code=1)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (moved_qform, "sform and qform differ by up to 0.25 voxels"),
        (without_codes, "neither sform nor qform"),
        (flat, "a matrix without a volume"),
        (lambda image: image.header.set_xyzt_units("meter"), "not measure in mm"),
    ],
)
def test_a_header_that_tells_no_single_place_is_refused(tmp_path, change, text):
    image = nib.Nifti1Image(np.zeros((2, 3, 4), np.int16), np.diag([2, 2, 3, 1]))
    image.set_qform(image.affine, code=1)
    change(image)
    nib.save(image, tmp_path / "a.nii.gz")
    with pytest.raises(IngestFault, match=text) as caught:
        read(tmp_path / "a.nii.gz", "MR")
    assert caught.value.code == "NIFTI_GEOMETRY"


def test_colours_and_a_broken_sidecar_are_refused(tmp_path, image):
    colours = np.zeros((2, 3, 4), [("R", "u1"), ("G", "u1"), ("B", "u1")])
    nib.save(nib.Nifti1Image(colours, np.eye(4)), tmp_path / "a.nii.gz")
    with pytest.raises(IngestFault) as caught:
        read(tmp_path / "a.nii.gz", "MR")
    assert caught.value.code == "NOT_GREYSCALE"
    path = stored(image, tmp_path / "b.nii.gz")
    (tmp_path / "b.json").write_text("{")
    with pytest.raises(IngestFault, match="is not JSON") as caught:
        read(path, "CT")
    assert caught.value.code == "BAD_VALUE"


def test_a_waived_range_is_a_note_of_a_nifti_too(tmp_path, image):
    array = np.linspace(-2500, 0, 24).astype(np.int16).reshape(2, 3, 4)
    path = stored(replace(image, array=array), tmp_path / "a.nii.gz")
    row = {"source": path, "modality": "CT", "subject_id": "P1"}
    with pytest.raises(IngestFault) as caught:
        read_image(row)
    assert caught.value.code == "HU_RANGE"
    _, facts = read_image(row, ImageSettings(waive={"HU_RANGE": ["P1"]}))
    assert facts["notes"][-1].startswith("HU_RANGE_WAIVED")


@pytest.mark.parametrize("size_mm", [0.001, 500.0])
def test_voxels_of_impossible_size_are_refused(tmp_path, size_mm):
    affine = np.diag([size_mm, 1, 1, 1])
    nib.save(nib.Nifti1Image(np.zeros((2, 3, 4), np.int16), affine), tmp_path / "a.nii")
    with pytest.raises(IngestFault, match=r"expected 0\.005 to 100") as caught:
        read(tmp_path / "a.nii", "MR")
    assert caught.value.code == "NIFTI_GEOMETRY"
    write_series(tmp_path / "CT", spacing_mm=(3.0, size_mm, 0.8))
    with pytest.raises(IngestFault) as caught:
        read_series(tmp_path / "CT", "CT")
    assert caught.value.code == "BAD_SPACING"
