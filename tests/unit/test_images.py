"""Volumes survive NIfTI, and grids are compared."""

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest

from concord import images
from concord.errors import ChangedFileError, GridMismatchError, StudyError


@pytest.fixture
def volume():
    """An oblique volume of 3 x 4 x 5 voxels."""
    angle = np.deg2rad(20)
    direction = np.array(
        [
            [np.cos(angle), -np.sin(angle), 0],
            [np.sin(angle), np.cos(angle), 0],
            [0, 0, 1],
        ]
    )
    array = np.arange(60, dtype=np.int16).reshape(3, 4, 5)
    return images.Volume(array, (3.0, 2.0, 1.0), (-10.0, 5.0, 100.0), direction)


def test_a_volume_is_read_as_it_was_written(volume, tmp_path):
    path = tmp_path / "sub-1_CT.nii.gz"
    images.write(volume, path)
    found = images.read(path)

    images.require_same_grid(volume, found)
    np.testing.assert_array_equal(found.array, volume.array)
    assert found.array.dtype == np.int16
    assert images.volume_digest(found) == images.volume_digest(volume)


def test_another_reader_places_the_voxels_at_the_same_points(volume, tmp_path):
    sitk = pytest.importorskip("SimpleITK")
    path = tmp_path / "a.nii.gz"
    images.write(volume, path)
    image = sitk.ReadImage(str(path))

    expected = (volume.affine() @ [4, 2, 1, 1])[:3]
    found = image.TransformContinuousIndexToPhysicalPoint((4.0, 2.0, 1.0))
    np.testing.assert_allclose(found, expected, atol=1e-4)
    assert image[4, 2, 1] == volume.array[1, 2, 4]


def test_equal_volumes_give_equal_bytes(volume, tmp_path):
    for name in ("a.nii.gz", "b.nii.gz"):
        images.write(volume, tmp_path / name)

    assert (tmp_path / "a.nii.gz").read_bytes() == (tmp_path / "b.nii.gz").read_bytes()


def test_the_digest_sees_voxels_and_geometry(volume):
    changed = volume.array.copy()
    changed[0, 0, 0] += 1
    others = [
        replace(volume, array=changed),
        replace(volume, spacing_mm=(3.0, 2.0, 1.01)),
        replace(volume, origin_mm=(0.0, 5.0, 100.0)),
    ]

    digests = {images.volume_digest(v) for v in [volume, *others]}
    assert len(digests) == 4


def test_the_digest_is_that_of_the_file_whatever_the_numbers(volume, tmp_path):
    rng = np.random.default_rng(1)
    for number in range(20):
        origin = tuple(rng.uniform(-500, 500, 3).tolist())
        spacing = tuple(rng.uniform(0.3, 5, 3).tolist())
        mask = replace(volume, array=volume.array > 30)
        for one in (volume, mask):
            placed = replace(one, origin_mm=origin, spacing_mm=spacing)
            path = tmp_path / f"{number}.nii.gz"
            images.write(placed, path)
            images.read(path, digest=images.volume_digest(placed))


@pytest.mark.parametrize("change", [1, 0])
def test_a_file_that_is_not_what_its_table_says_is_refused(volume, change, tmp_path):
    path = tmp_path / "sub-1_CT.nii.gz"
    images.write(replace(volume, array=volume.array + np.int16(change)), path)
    digest = images.volume_digest(volume)
    if not change:
        assert images.read(path, digest=digest)
        return
    with pytest.raises(ChangedFileError, match=rf"sub-1_CT.*has the digest {digest}"):
        images.read(path, digest=digest)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"spacing_mm": (3.0, 2.0, 1.1)}, "spacing_mm"),
        ({"origin_mm": (0.0, 0.0, 0.0)}, "origin_mm"),
        ({"direction": np.eye(3)}, "direction"),
    ],
)
def test_another_grid_is_named(volume, change, name):
    with pytest.raises(GridMismatchError, match=f"b: {name} is .*Resample one"):
        images.require_same_grid(volume, replace(volume, path="b", **change))


def test_another_shape_is_named(volume):
    other = replace(volume, array=volume.array[:2], path="b")
    with pytest.raises(GridMismatchError, match=r"b: shape is \[2.0, 4.0, 5.0\]"):
        images.require_same_grid(volume, other)


def test_a_label_map_is_no_mask(volume, tmp_path):
    images.write(
        replace(volume, array=(volume.array % 3).astype(np.uint8)),
        tmp_path / "m.nii.gz",
    )

    with pytest.raises(
        StudyError, match=r"m\.nii\.gz: a mask holds only .*\[0, 1, 2\]"
    ):
        images.read_mask(tmp_path / "m.nii.gz")


def test_a_cut_file_is_named(volume, tmp_path):
    path = tmp_path / "cut.nii.gz"
    images.write(volume, path)
    path.write_bytes(path.read_bytes()[:-20])

    with pytest.raises(StudyError, match=r"cut\.nii\.gz: not a complete gzip file"):
        images.read(path)


@pytest.mark.parametrize("dtype", [np.uint8, np.int8, np.int16, np.float32])
def test_a_mask_of_any_type_is_read_as_bool(volume, dtype, tmp_path):
    mask = (volume.array % 3 == 0).astype(dtype)
    images.write(replace(volume, array=mask), tmp_path / "m.nii.gz")

    found = images.read_mask(tmp_path / "m.nii.gz").array

    assert found.dtype == bool
    np.testing.assert_array_equal(found, mask.astype(bool))


@pytest.mark.parametrize(
    ("dtype", "label"), [(np.uint8, 2), (np.int8, -1), (np.float32, 0.5)]
)
def test_any_label_but_0_and_1_is_refused(volume, dtype, label, tmp_path):
    mask = np.zeros(volume.array.shape, dtype)
    mask[1, 2, 3] = label
    images.write(replace(volume, array=mask), tmp_path / "m.nii.gz")

    with pytest.raises(StudyError, match=rf"0 and 1, found .*{label}.*Split a label"):
        images.read_mask(tmp_path / "m.nii.gz")


def test_reading_a_mask_of_bytes_makes_no_second_copy(volume, tmp_path):
    mask = np.zeros((40, 200, 200), np.uint8)
    images.write(replace(volume, array=mask), tmp_path / "m.nii.gz")
    tracemalloc.start()
    images.read_mask(tmp_path / "m.nii.gz")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 2.2 * mask.nbytes
