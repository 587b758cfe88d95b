"""Geometry that the slices of a series share: position, orientation, spacing, size."""

from collections.abc import Iterator, Sequence

import numpy as np
from pydicom import Dataset

from ..dicom import header as hd
from ..faults.collecting import Finding

#: Largest difference of direction cosines of one series, and largest departure
#: from unit length and right angles.
ORIENTATION_TOLERANCE = 1e-3

#: Largest relative difference of pixel spacings of one series.
PIXEL_TOLERANCE = 1e-4

#: Smallest and largest voxel of an image of a patient, in mm.
POSSIBLE_MM = (0.005, 100.0)


def header_faults(headers: Sequence[Dataset]) -> list[Finding]:
    """Faults of single headers, and properties that differ between them."""
    absent = list(_absent(headers))
    if absent:
        return absent
    spacings = stacked(headers, "PixelSpacing", 2)
    cosines = stacked(headers, "ImageOrientationPatient", 6)
    return [*_bad_spacing(spacings), *_mixed(headers, spacings, cosines)]


def stacked(headers: Sequence[Dataset], keyword: str, length: int) -> np.ndarray:
    """The values of all headers, shape (n, length)."""
    found = [hd.numbers(header, keyword, length) for header in headers]
    return np.stack([row for row in found if row is not None])


def _absent(headers: Sequence[Dataset]) -> Iterator[Finding]:
    for keyword, length in (
        ("ImagePositionPatient", 3),
        ("ImageOrientationPatient", 6),
        ("PixelSpacing", 2),
    ):
        found = [hd.numbers(header, keyword, length) for header in headers]
        absent = sum(v is None or not np.isfinite(v).all() for v in found)
        if absent:
            text = f"{keyword} is absent or not {length} numbers in {absent} of "
            end = f"{len(headers)} slices. Without it the image has no place or scale."
            yield Finding("NO_GEOMETRY", text + end)


def _bad_spacing(spacings: np.ndarray) -> Iterator[Finding]:
    bad = ((spacings < POSSIBLE_MM[0]) | (spacings > POSSIBLE_MM[1])).any(axis=1)
    if bad.any():
        row, column = spacings[bad][0]
        text = f"PixelSpacing is {row:g}\\{column:g} in {bad.sum()} slices, expected "
        end = (
            f"numbers from {POSSIBLE_MM[0]:g} to {POSSIBLE_MM[1]:g}. Repair the header."
        )
        yield Finding("BAD_SPACING", text + end)


def _mixed(
    headers: Sequence[Dataset], spacings: np.ndarray, cosines: np.ndarray
) -> Iterator[Finding]:
    """Properties that must be the same in all slices and are not."""
    matrices = np.array(
        [[hd.number(h, key) or 0 for key in ("Rows", "Columns")] for h in headers], int
    )
    frames = [hd.text(header, "FrameOfReferenceUID") for header in headers]
    known = list(dict.fromkeys(frames))
    numbers = np.array([[known.index(frame)] for frame in frames])
    yield from _differing("MIXED_MATRIX", "Rows and Columns", matrices, 0)
    limit = PIXEL_TOLERANCE * spacings.max()
    yield from _differing("MIXED_PIXEL_SPACING", "PixelSpacing", spacings, limit)
    name, limit = "ImageOrientationPatient", ORIENTATION_TOLERANCE
    yield from _differing("MIXED_ORIENTATION", name, cosines, limit)
    name = "FrameOfReferenceUID (numbered)"
    yield from _differing("MIXED_FRAME_OF_REFERENCE", name, numbers, 0)
    axes = cosines[0].reshape(2, 3)
    if np.abs(axes @ axes.T - np.eye(2)).max() > ORIENTATION_TOLERANCE:
        text = f"ImageOrientationPatient {axes.ravel().tolist()} is not two unit "
        yield Finding(
            "NO_GEOMETRY", text + "vectors at a right angle. Repair the header."
        )


def _differing(
    code: str, name: str, values: np.ndarray, tolerance: float
) -> Iterator[Finding]:
    rows, counts = np.unique(values, axis=0, return_counts=True)
    usual = rows[counts.argmax()]
    differs = (np.abs(values - usual) > tolerance).any(axis=1)
    if differs.any():
        other = values[differs][0]
        yield Finding(
            code,
            f"{differs.sum()} of {len(values)} slices have {name} {other.tolist()}, "
            f"the others {usual.tolist()}. Keep the slices of one scan.",
        )
