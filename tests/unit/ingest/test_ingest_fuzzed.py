"""Series and segmentations damaged at random are right or refused."""

from functools import partial
from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmread

from concord.errors import IngestFault
from concord.images import Volume
from concord.ingest.faults.codes import CODES
from concord.ingest.image import read_image
from concord.ingest.mask import read_mask
from concord.ingest.settings import IngestSection

from ... import fuzzed_series
from ...dicom_factory import (
    SHAPE,
    make_pet,
    rectangle,
    write_rtstruct,
    write_segmentation,
    write_series,
)

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:pydicom")

#: Damages of each kind that are tried.
N = 150
KINDS = {
    "CT": {},
    "MR": {},
    "PT": {"change": make_pet, "spacing_mm": (3.0, 4.0, 4.0)},
}
#: A position that was moved by less than `ingest.slice_tolerance` says so.
MOVED = "NON_UNIFORM_SPACING_ACCEPTED"
#: The slope of a slice of PET is its own; one that is wrong by little is not found.
NOT_TO_BE_TOLD = {"PT": "RescaleSlope"}


def read(folder: Path, modality: str) -> tuple[Volume, dict]:
    return read_image({"source": str(folder), "modality": modality})


def differs(found: Volume, expected: Volume, rtol: float = 1e-6) -> bool:
    """True if voxels or their places are other ones."""
    close = partial(np.allclose, rtol=rtol)
    return found.array.shape != expected.array.shape or not (
        close(found.array, expected.array)
        and close(found.affine(), expected.affine(), atol=1e-6)
    )


@pytest.mark.parametrize("modality", KINDS)
def test_a_series_with_one_damaged_file_is_right_or_refused(tmp_path, modality):
    write_series(tmp_path / "whole", modality, **KINDS[modality])
    whole, facts = read(tmp_path / "whole", modality)
    wrong, refused, right = [], set(), 0
    for number in range(N):
        told = fuzzed_series.damaged(
            tmp_path / "whole", tmp_path / "damaged", f"{modality} {number}"
        )
        try:
            found, own = read(tmp_path / "damaged", modality)
        except IngestFault as fault:
            refused.add(fault.code)
            continue
        right += 1
        if told.startswith(NOT_TO_BE_TOLD.get(modality, "none")):
            continue
        moved = any(note.startswith(MOVED) for note in own["notes"])
        if differs(found, whole, 0.02 if moved else 1e-6):
            wrong.append(f"{number}: {told}")
        if own["Units"] != facts["Units"]:
            wrong.append(f"{number}: {told}, {own['Units']}")
    assert not wrong
    assert refused <= set(CODES) - {"INTERNAL_ERROR"}
    assert len(refused) >= 10
    assert right >= N // 4


#: Damages of an RTSTRUCT after which it says something else that is as well possible: a
#: point elsewhere, and an ROI of a reader who found nothing.
SAID_OTHERWISE = ("ContourData", "ContourSequence", "bytes")


@pytest.fixture(scope="module")
def segmented(tmp_path_factory) -> Path:
    """A folder with a series, and with files of contours and of voxels of one mask."""
    folder = tmp_path_factory.mktemp("segmented")
    series = sorted(
        write_series(folder / "series"),
        key=lambda file: float(dcmread(file).ImagePositionPatient[2]),
    )
    voxels = np.zeros(SHAPE, np.uint8)
    voxels[1:4, 1:4, 1:5] = 1
    contours = [rectangle((-9.3, 20.5), (-6.3, 23.1), -30 + 3 * k) for k in (1, 2, 3)]
    for name in ("voxels", "contours"):
        (folder / name).mkdir()
    for number in range(3):
        write_segmentation(folder / f"voxels/{number}.dcm", series, voxels)
        write_rtstruct(folder / f"contours/{number}.dcm", {"GTV": contours})
    for file in folder.glob("*[!s]s/*.dcm"):  # of one order, as slices are
        header = dcmread(file)
        header.InstanceNumber = int(file.stem)
        header.save_as(file)
    return folder


@pytest.mark.parametrize("kind", ["voxels", "contours"])
def test_a_damaged_segmentation_is_right_or_refused(segmented, tmp_path, kind):
    image, facts = read(segmented / "series", "CT")

    def mask_of(file: Path) -> np.ndarray:
        row = {"source": str(file), "roi": "GTV", "image": "CT", "subject_id": "P1"}
        row |= {"region": "tumour", "reader": "A"}
        return read_mask(row, image, facts, IngestSection())[0]

    whole = mask_of(segmented / kind / "0.dcm")
    assert whole.sum() >= 27
    wrong, refused, right = [], set(), 0
    for number in range(N):
        told = fuzzed_series.damaged(
            segmented / kind, tmp_path / "damaged", f"{kind} {number}"
        )
        (file,) = fuzzed_series.differing(segmented / kind, tmp_path / "damaged")
        if kind == "contours" and told.startswith(SAID_OTHERWISE):
            continue
        try:
            found = mask_of(file)
        except IngestFault as fault:
            refused.add(fault.code)
            continue
        right += 1
        if found.shape != whole.shape or (found != whole).any():
            wrong.append(f"{number}: {told}")
    assert not wrong
    assert refused <= set(CODES) - {"INTERNAL_ERROR"}
    assert len(refused) >= 5
    assert right >= N // 4
