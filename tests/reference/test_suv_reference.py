"""SUV against digital reference objects, and against the SUV map of a real scan."""

import tarfile

import nibabel as nib
import numpy as np
import pytest
from pydicom import dcmread

from concord.ingest.pet import suv

EXPECTED_SUV = (0.2, 1.0, 4.0)

#: The three inserts of DRO_2_3 are stored in whole steps of 0.01 cm2/ml, cut off:
#: 5.28, 26.4 and 105.6 steps became 5, 26 and 105. The SUV is below the expected one
#: by less than a step, which is 0.038 in SUVbw; no reader can recover it.
CUT_OFF = "DRO_2_3"

PARTS = {0: 1, 1: 1, 2: 6, 3: 5, 4: 3, 5: 1}
NAMES = [f"DRO_{part}_{number}" for part, n in PARTS.items() for number in range(n)]


def read(folder):
    """SUVbw of the series in a folder, slices by z, and what was found."""
    slices = sorted(
        map(dcmread, folder.iterdir()), key=lambda h: float(h.ImagePositionPatient[2])
    )
    found = suv.standardized(slices, "bw")
    rescaled = [h.pixel_array * float(h.RescaleSlope) for h in slices]
    array = np.stack(rescaled) * found.factor[:, None, None]
    return array.astype(np.float32), slices, found


@pytest.fixture(scope="session")
def objects(shared_data, tmp_path_factory):
    archive = shared_data / "reference" / "suv" / "suv_reference_objects.tar.xz"
    folder = tmp_path_factory.mktemp("suv")
    with tarfile.open(archive) as file:
        file.extractall(folder, filter="data")
    return folder / "DRO"


@pytest.mark.parametrize("name", NAMES)
def test_reference_object_has_its_three_suv(objects, name):
    array, headers, found = read(objects / name / "PT")
    values = np.unique(array[array > 0]).astype(float)
    nearest = np.array(EXPECTED_SUV)[
        np.abs(np.log(values[:, None] / EXPECTED_SUV)).argmin(axis=1)
    ]
    assert set(nearest) == set(EXPECTED_SUV)
    if name == CUT_OFF:
        step = float(headers[0].RescaleSlope) * found.factor[0]
        assert step == pytest.approx(0.0379, rel=1e-2)
        assert np.all((nearest - step < values) & (values <= nearest))
    else:
        np.testing.assert_allclose(values, nearest, rtol=5e-3)


def test_raw_activity_of_a_patient_becomes_the_published_suv_map(shared_data, tmp_path):
    archive = shared_data / "sts" / "raw_STS_001_pet_bqml.tar.xz"
    with tarfile.open(archive) as file:
        file.extractall(tmp_path, filter="data")
    array, headers, found = read(tmp_path / "STS_001" / "FDG_PET" / "image")
    map_ = nib.load(shared_data / "sts" / "expected_STS_001_PET_SUV.nii.gz")
    expected = np.asarray(map_.dataobj).T

    corner = map_.affine[:3, 3] * [-1, -1, 1]
    first = np.array(headers[0].ImagePositionPatient, float)
    row_mm, column_mm = map(float, headers[0].PixelSpacing)
    i, j = (corner[:2] - first[:2]) / [column_mm, row_mm]
    z = [float(header.ImagePositionPatient[2]) for header in headers]
    k = int(np.argmin(np.abs(np.array(z) - corner[2])))
    n_k, n_j, n_i = expected.shape
    part = array[k : k + n_k, round(j) : round(j) + n_j, round(i) : round(i) + n_i]

    assert found.facts["SUVRoute"] == "BQML, START"
    inside = expected > 0.1
    assert np.mean(part[inside] / expected[inside]) == pytest.approx(1, abs=2e-4)
    assert np.abs(part - expected).max() < 2e-4 * expected.max()
