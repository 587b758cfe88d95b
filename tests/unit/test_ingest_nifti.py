"""concord.ingest.nifti: NIfTI images and masks are checked and copied."""

import json
from dataclasses import replace

import nibabel as nib
import numpy as np
import pytest

from concord import images
from concord.errors import IngestFault
from concord.ingest.convert import read_image
from concord.ingest.nifti import read_mask


@pytest.fixture
def image():
    array = np.arange(24, dtype=np.int16).reshape(2, 3, 4) - 10
    return images.Volume(array, (3.0, 0.9, 0.8), (1.0, 2.0, 3.0), np.eye(3))


def stored(volume, path):
    images.write(volume, path)
    return path


def test_a_nifti_image_is_copied_with_minimal_facts(tmp_path, image):
    volume, facts = read_image(stored(image, tmp_path / "a.nii.gz"), "CT")
    np.testing.assert_array_equal(volume.array, image.array)
    assert volume.array.dtype == np.int16
    assert facts["notes"] == ["NIFTI_SOURCE", "UNITS_ASSUMED"]
    assert (facts["Units"], facts["n_slices"]) == ("HU", 2)
    assert facts["slice_spacing_mm"] == 3


def test_allowed_facts_come_from_the_sidecar_beside_it(tmp_path, image):
    given = {"Manufacturer": "Maker", "PatientName": "X", "Units": "GML", "EchoTime": 2}
    (tmp_path / "a.json").write_text(json.dumps(given))
    image = replace(image, array=image.array.astype(np.float32))
    volume, facts = read_image(stored(image, tmp_path / "a.nii.gz"), "PT")
    assert facts["Manufacturer"] == "Maker"
    assert "PatientName" not in facts
    assert facts["Units"] == "SUVbw"
    assert volume.array.dtype == np.float32


def test_other_units_are_refused(tmp_path, image):
    (tmp_path / "a.json").write_text('{"Units": "Bq/mL"}')
    path = stored(image, tmp_path / "a.nii.gz")
    with pytest.raises(IngestFault, match="Units 'Bq/mL', expected SUVbw") as caught:
        read_image(path, "PT")
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
        read_image(path, "CT")
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
            read_image(tmp_path / name, "CT")
        codes[name] = caught.value.code
        assert str(tmp_path) not in str(caught.value)
    assert codes == {
        "a.nii.gz": "NIFTI_UNREADABLE",
        "b.nii": "NIFTI_UNREADABLE",
        "c.nii": "GANTRY_TILT",
    }


def test_a_mask_must_lie_on_the_grid_of_its_image(tmp_path, image):
    mask = replace(image, array=image.array > 0)
    path = stored(mask, tmp_path / "m.nii.gz")
    np.testing.assert_array_equal(read_mask(path, image), image.array > 0)

    moved = replace(image, origin_mm=(1.0, 2.5, 3.0))
    with pytest.raises(IngestFault, match="origin_mm is") as caught:
        read_mask(path, moved)
    assert caught.value.code == "MASK_GRID"
    smaller = replace(image, array=image.array[:1])
    with pytest.raises(IngestFault, match="shape is"):
        read_mask(path, smaller)


def test_a_mask_with_other_labels_is_refused(tmp_path, image):
    labels = np.clip(image.array, 0, 2).astype(np.uint8)
    path = stored(replace(image, array=labels), tmp_path / "m.nii.gz")
    with pytest.raises(IngestFault, match="3 labels from 0 to 2, expected 0 and 1"):
        read_mask(path, image)
