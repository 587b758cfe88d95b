"""Every image and mask that the ingest gets right is the same from its copy."""

import numpy as np
import pytest

from concord.deidentify import export
from concord.deidentify.pseudonyms import Pseudonyms
from concord.deidentify.review import Review
from concord.images import require_same_grid
from concord.ingest import nifti
from concord.ingest.dicom import header as hd
from concord.ingest.mask import read_mask
from concord.ingest.settings import IngestSection
from concord.privacy import secret

from ...hard_cases import (
    contour_cases,
    enhanced_cases,
    geometry_cases,
    label_cases,
    mask_case,
    pixel_cases,
    volume_cases,
)
from ...hard_cases.case import read
from ...hard_cases.contours import image
from ...hard_cases.slices import SERIES

IMAGES = [
    case
    for module in (pixel_cases, geometry_cases, enhanced_cases, volume_cases)
    for case in module.CASES
    if not case.codes
]
MASKS = [
    case
    for module in (label_cases, contour_cases)
    for case in module.CASES
    if not case.codes and ".nii" not in case.file
]


@pytest.fixture(autouse=True)
def key():
    with secret.keyed(b"k" * 32):
        yield


@pytest.mark.parametrize("case", IMAGES, ids=lambda case: case.name)
def test_a_copy_is_read_as_its_original(tmp_path, case):
    case.write(tmp_path / "data")
    before, facts = read(tmp_path / "data", case.modality, case.row, **case.settings)
    source = tmp_path / "data" / case.row.get("source", "")
    if nifti.is_nifti(source) or case.row.get("backend"):
        pytest.skip("not copied")
    row = {"subject_id": "P1", "site": "A", "session": "s", "image": case.modality}
    row |= {"modality": case.modality, **case.row, "source": str(source)}
    review = Review()
    images = [case.modality]
    (copied,) = export.export_images([row], tmp_path / "copies", review, images)
    assert copied["refused"] is None
    chosen = {k: v for k, v in case.row.items() if k not in ("source", "series")}
    copy = tmp_path / "copies" / copied["path"]
    after, copied_facts = read(copy, case.modality, chosen, **case.settings)

    require_same_grid(before, after)
    np.testing.assert_array_equal(before.array, after.array)
    changed = {"series", "frame_of_reference", "scanned", "TransferSyntax", "notes"}
    if facts["DiffusionBValue"] is None:
        changed |= {"DiffusionBValue"}  # a vendor tells it in a private element
    for fact in set(facts) - changed:
        assert facts[fact] == copied_facts[fact], fact


@pytest.mark.parametrize("case", MASKS, ids=lambda case: case.name)
def test_a_copied_segmentation_gives_the_same_mask(tmp_path, case):
    path = tmp_path / case.file
    case.write(path)
    before, _ = mask_case.read(case, path, image(case.grid))
    row = {"subject_id": "P1", "site": "A", "session": "s", "image": "CT"}
    row |= {"region": "tumour", "reader": "A", "roi": case.roi, "source": str(path)}
    merge = case.settings.get("merge_rois", False)
    (copied,) = export.export_segmentations([row], tmp_path, merge, Review())
    assert copied["refused"] is None
    copy = tmp_path / copied["path"]
    is_named = b"tumour" in copy.read_bytes()
    after = read_copy(case, row, copy, "tumour" if is_named else case.roi)
    np.testing.assert_array_equal(before, after)


def read_copy(case, row, copy, roi):
    """The mask of a copy, on the copy of its image: their links are keyed alike."""
    uid = Pseudonyms("P1").uid
    facts = {
        "series": hd.hashed(uid(SERIES)),
        "frame_of_reference": hd.hashed(uid(case.frame or "")),
    }
    # A union of regions is several regions of one name in the copy.
    settings = IngestSection(**dict(case.settings) | {"merge_rois": True})
    row = row | {"source": str(copy), "roi": roi}
    return read_mask(row, image(case.grid), facts, settings)[0]
