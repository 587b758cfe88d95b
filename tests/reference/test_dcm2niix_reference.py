"""The same series through dcm2niix: the same grid to 1e-4 mm and the same voxels.

Differences are explained where they are: dcm2niix leaves PET in Bq/ml, turns the rows
round, guesses the place of files that tell none, and reckons in single precision.
"""

import shutil
import subprocess
import tarfile
from dataclasses import replace

import nibabel as nib
import numpy as np
import pandas as pd
import pytest
from pydicom import dcmread
from scipy.ndimage import map_coordinates

from concord.errors import IngestFault
from concord.images import Volume

from ..hard_cases.case import read
from ..hard_cases.codecs import LOSSLESS, compressed
from ..hard_cases.geometry_cases import (
    CORONAL,
    DOUBLE_OBLIQUE,
    PRONE,
    SAGITTAL,
    SHUFFLED,
    at,
)
from ..hard_cases.lattice import Lattice
from ..hard_cases.multiframe import E_CT, E_MR
from ..hard_cases.multiframe import write as write_enhanced
from ..hard_cases.pixel_cases import FRACTIONAL, SIGNED12, UINT12, VARYING
from ..hard_cases.slices import MR, PET, SUV_PER_BQML, write

dcm2niix = pytest.importorskip("dcm2niix")

#: Largest difference of the places of a voxel in both grids, in mm.
SAME_PLACE_MM = 1e-4

LATTICE = Lattice(shape=(8, 20, 24))


def converted(source, folder) -> list[Volume]:
    """All images that dcm2niix makes of a folder, in LPS, slices first."""
    folder.mkdir()
    command = [dcm2niix.bin, "-z", "n", "-b", "n", "-f", "image", "-o", folder, source]
    subprocess.run(command, check=True, capture_output=True)
    return [_lps(nib.load(path)) for path in sorted(folder.glob("*.nii"))]


def _lps(image) -> Volume:
    affine = np.diag([-1.0, -1.0, 1.0, 1.0]) @ image.affine
    spacing = np.linalg.norm(affine[:3, :3], axis=0)
    return Volume(
        np.asanyarray(image.dataobj).T, tuple(spacing[::-1].tolist()),
        tuple(affine[:3, 3].tolist()), affine[:3, :3] / spacing,
    )  # fmt: skip


def require_same(
    volume: Volume, other: Volume, factor: float = 1.0, drift_mm: float = 0.0
) -> None:
    """Every voxel of one lies on one of the other and has its value times a factor.

    `drift_mm` is how far the last slice may lie off in the other one.
    """
    assert sorted(volume.array.shape) == sorted(other.array.shape)
    k, j, i = np.indices(volume.array.shape).reshape(3, -1)
    points = volume.affine() @ np.stack([i, j, k, np.ones_like(i)])
    index = np.rint(np.linalg.inv(other.affine()) @ points)
    assert np.abs(other.affine() @ index - points).max() < SAME_PLACE_MM + drift_mm
    a, b, c = index[:3].astype(int)
    np.testing.assert_allclose(
        volume.array.ravel(), other.array[c, b, a] * factor, rtol=1e-5, atol=1e-5
    )


def drift_of(volume: Volume, folder) -> float:
    """How far dcm2niix may misplace the last slice, in mm.

    It reckons in single precision, so the gap between two slices carries the rounding
    of their positions, and the last slice that error times the number of gaps. The
    image of the ingest must have its last slice where the header says.
    """
    headers = [dcmread(path, stop_before_pixels=True) for path in folder.rglob("*.dcm")]
    places = [h.ImagePositionPatient for h in headers if "ImagePositionPatient" in h]
    heights = np.sort(np.array(places, float) @ volume.direction[:, 2])
    n_gaps = len(volume.array) - 1
    last = (volume.affine() @ [0, 0, n_gaps, 1])[:3] @ volume.direction[:, 2]
    assert last == pytest.approx(heights[-1], abs=SAME_PLACE_MM)
    return n_gaps * float(np.spacing(np.float32(np.abs(heights).max())))


def enhanced(recipe, **options):
    return lambda folder: write_enhanced(folder, recipe, **options)


def classic(recipe, **options):
    return lambda folder: write(folder, recipe, **options)


SYNTHETIC = {
    "ct": ("CT", classic(at(shape=LATTICE.shape))),
    "ct_shuffled": ("CT", classic(at(shape=LATTICE.shape), numbers=SHUFFLED)),
    **{
        f"mr_{name}": ("MR", classic(at(MR, shape=LATTICE.shape, cosines=cosines)))
        for name, cosines in {
            "sagittal": SAGITTAL,
            "coronal": CORONAL,
            "prone": PRONE,
            "double_oblique": DOUBLE_OBLIQUE,
        }.items()
    },
    **{
        f"ct_{name}": ("CT", classic(replace(recipe, lattice=LATTICE)))
        for name, recipe in {
            "12_bits": UINT12,
            "signed_12_bits": SIGNED12,
            "fractional": FRACTIONAL,
            "slope_per_slice": VARYING,
        }.items()
    },
    **{
        f"ct_{name}": ("CT", classic(
            replace(UINT12, lattice=LATTICE), save=compressed(syntax)))
        for name, syntax in LOSSLESS.items()
    },
    "enhanced_ct": ("CT", enhanced(replace(E_CT, lattice=LATTICE))),
    "enhanced_mr_shuffled": ("MR", enhanced(
        at(E_MR, shape=LATTICE.shape, cosines=DOUBLE_OBLIQUE), order=SHUFFLED)),
    "enhanced_slope_per_frame": ("CT", enhanced(replace(VARYING, lattice=LATTICE))),
    "pet": ("PT", classic(replace(PET, lattice=LATTICE))),
}  # fmt: skip


@pytest.mark.parametrize("name", SYNTHETIC)
def test_synthetic_series_are_the_same(name, tmp_path):
    modality, write_series = SYNTHETIC[name]
    write_series(tmp_path / "source")
    volume, _ = read(tmp_path / "source", modality)
    (other,) = converted(tmp_path / "source", tmp_path / "other")
    require_same(volume, other, SUV_PER_BQML if modality == "PT" else 1.0)


def unpacked(archive, folder):
    with tarfile.open(archive) as file:
        file.extractall(folder, filter="data")
    return folder


@pytest.mark.parametrize(
    "patient", ["STS_019", pytest.param("STS_042", marks=pytest.mark.slow)]
)
def test_real_series_are_the_same(shared_data, tmp_path, patient):
    archive = shared_data / "sts" / "patients" / f"{patient}.tar.xz"
    root = unpacked(archive, tmp_path / "source")
    compared = set()
    for number, folder in enumerate(
        sorted(p for p in root.rglob("image") if p.is_dir())
    ):
        modality = {"CT": "CT", "MR_T1": "MR", "PET": "PT"}[folder.parent.name]
        volume, _ = read(folder, modality)
        (other,) = converted(folder, tmp_path / f"other{number}")
        require_same(volume, other, drift_mm=drift_of(volume, folder))
        compared.add(modality)
    assert compared == {"CT", "MR", "PT"}


@pytest.mark.slow
def test_a_pet_in_activity_differs_by_one_factor_alone(shared_data, tmp_path):
    """dcm2niix leaves Bq/ml; the map of SUV is proportional to it."""
    archive = shared_data / "sts" / "raw_STS_001_pet_bqml.tar.xz"
    source = unpacked(archive, tmp_path / "source")
    volume, _ = read(source, "PT")
    (other,) = converted(source, tmp_path / "other")
    factor = float(volume.array.max()) / float(other.array.max())
    assert 1e-5 < factor < 1e-2
    require_same(volume, other, factor, drift_of(volume, source))


@pytest.mark.parametrize(
    "name",
    [
        "transfer_syntax/eCT_Supplemental.dcm",
        "rtstruct/oriented_data",
        "rtstruct/mock_data",
    ],
)
def test_the_shared_files_are_the_same(shared_data, tmp_path, name):
    source = shared_data / "dicom_cases" / name
    folder = tmp_path / "source"
    if source.is_dir():
        shutil.copytree(source, folder)
    else:
        folder.mkdir()
        shutil.copy(source, folder)
    volume, _ = read(folder, "CT")
    (other,) = converted(folder, tmp_path / "other")
    require_same(volume, other)


@pytest.mark.parametrize(
    "name", ["", "_RLE", "_big_endian", "_jpeg_2k_lossless", "_jpeg_ls_lossless"]
)
def test_files_that_tell_no_place_are_refused_where_dcm2niix_guesses(
    shared_data, tmp_path, name
):
    source = shared_data / "dicom_cases" / "transfer_syntax" / f"emri_small{name}.dcm"
    (tmp_path / "source").mkdir()
    shutil.copy(source, tmp_path / "source")
    with pytest.raises(IngestFault) as caught:
        read(tmp_path / "source", "MR")
    assert caught.value.code == "NO_GEOMETRY"
    assert "10 frames without functional groups" in str(caught.value)
    assert converted(tmp_path / "source", tmp_path / "other")


@pytest.mark.parametrize("number", [1, 2, 3])
def test_time_points_of_one_series_are_the_same(shared_data, tmp_path, number):
    """dcm2niix makes one file of three dimensions, or four, of all time points."""
    archive = shared_data / "dicom_cases" / "mr_dce_sagittal_3timepoints.tar.xz"
    source = unpacked(archive, tmp_path / "source")
    volume, _ = read(source, "MR", {"volume": f"t{number}"})
    found = converted(source, tmp_path / "other")
    others = [
        replace(image, array=array)
        for image in found
        for array in (image.array if image.array.ndim == 4 else [image.array])
    ]
    assert len(others) == 3
    matching = 0
    for other in others:
        try:
            require_same(volume, other)
        except AssertionError:
            continue
        matching += 1
    assert matching == 1


@pytest.mark.slow
def test_a_tilted_and_uneven_series_agrees_with_the_repair_of_dcm2niix(
    shared_data, tmp_path
):
    """Both shear the slices back and even out their spacing; the grids differ.

    dcm2niix takes twice as many slices, starts at another one, and rounds to whole HU,
    so voxels are compared where the grid of the ingest lies inside its grid.
    """
    archive = shared_data / "dicom_cases" / "ct_gantry_tilt_variable_spacing_ge.tar.xz"
    source = unpacked(archive, tmp_path / "source")
    volume, facts = read(source, "CT", tilt="resample", uneven_spacing="resample")
    codes = {note.split()[0] for note in facts["notes"]}
    assert {"UNEVEN_SPACING_RESAMPLED", "GANTRY_TILT_RESAMPLED"} <= codes
    sheared, repaired = converted(source, tmp_path / "other")
    expected = pd.read_csv(shared_data / "dicom_cases/expected_dcm2niix_geometry.csv")
    for image, shape in zip((sheared, repaired), expected["shape"], strict=True):
        assert "x".join(map(str, image.array.shape[::-1])) == shape

    k, j, i = (axis.ravel()[::97] for axis in np.indices(volume.array.shape))
    points = volume.affine() @ np.stack([i, j, k, np.ones_like(i)])
    place = (np.linalg.inv(repaired.affine()) @ points)[2::-1]
    other = map_coordinates(repaired.array.astype(float), place, order=1, cval=-1500)
    own = volume.array[k, j, i]
    body = (own > -900) & (other > -900)
    assert body.mean() > 0.2
    assert np.corrcoef(own[body], other[body])[0, 1] > 0.99
    assert np.median(np.abs(own[body] - other[body])) < 5
