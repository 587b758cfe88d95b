"""Plausibility checks of a mask."""

from typing import NamedTuple

import numpy as np
from scipy import ndimage

from ...errors import IngestFault
from ...images import Volume
from ..faults.collecting import Finding, raise_unwaived
from ..faults.rows import Row
from ..settings import MaskChecks, MaskSettings
from .resampling import bounding_box

#: Voxels that share a corner are connected.
_NEIGHBOURS = np.ones((3, 3, 3), int)

_MM3_PER_ML = 1000.0


class Checked(NamedTuple):
    """Facts of a mask, and notes on what is odd about it."""

    n_components: int
    touches_border: bool
    notes: tuple[str, ...]


def check(
    mask: np.ndarray,
    image: Volume,
    row: Row,
    settings: MaskSettings,
    found_nothing: bool = False,
) -> Checked:
    """Count voxels and components of a mask, and compare with what is plausible.

    Parameters
    ----------
    mask : ndarray of bool, shape (k, j, i)
    row : mapping
        `subject_id` and `region` of the mask.
    settings : MaskSettings
        Its `mask_checks` give the limits.
    found_nothing : bool, default=False
        The source says so: the empty mask is a reading, and nothing is implausible.

    Raises
    ------
    IngestFault
        ROI_EMPTY, ROI_TOO_SMALL or VOLUME_IMPLAUSIBLE; also MANY_COMPONENTS and
        TOUCHES_BORDER, if `mask_checks.refuse` names them. All are told at once.
    """
    limits = settings.mask_checks
    box = bounding_box(mask)
    if box is None and found_nothing:
        return Checked(0, False, ())
    if box is None:
        raise IngestFault(
            "ROI_EMPTY", "the region has no voxel of the image. Check the segmentation."
        )
    n_components = int(ndimage.label(mask[box], structure=_NEIGHBOURS)[1])
    border = _touched(box, mask.shape)
    odd = [*_many(n_components, limits), *_at_border(border)]
    refused = [found for found in odd if found.code in limits.refuse]
    voxels = int(np.count_nonzero(mask[box]))
    faults = [*_size_faults(voxels, image, row, limits), *refused]
    waived = raise_unwaived(faults, settings, row["subject_id"])
    notes = tuple(f"{found.code} {found.text}" for found in odd if found not in refused)
    return Checked(n_components, bool(border), (*waived, *notes))


def _size_faults(
    voxels: int, image: Volume, row: Row, limits: MaskChecks
) -> list[Finding]:
    """Too few voxels, or a volume that the region cannot have."""
    faults = []
    if voxels < limits.least_voxels:
        faults.append(
            Finding(
                "ROI_TOO_SMALL",
                f"the region has {voxels} voxels, expected at least "
                f"{limits.least_voxels} (ingest.mask_checks.least_voxels). Check "
                "the segmentation, or waive this for the subject.",
            )
        )
    volume_ml = voxels * float(np.prod(image.spacing_mm)) / _MM3_PER_ML
    low, high = limits.plausible_ml.get(str(row.get("region")), (0, np.inf))
    if not low <= volume_ml <= high:
        faults.append(
            Finding(
                "VOLUME_IMPLAUSIBLE",
                f"the region has {volume_ml:.3g} ml, expected {low:g} to {high:g} ml "
                "(ingest.mask_checks.plausible_ml). Check the segmentation, or waive "
                "this for the subject.",
            )
        )
    return faults


def _many(n_components: int, limits: MaskChecks) -> list[Finding]:
    most = limits.most_components
    if n_components <= most:
        return []
    text = f"{n_components} parts that do not touch, expected at most {most}"
    return [Finding("MANY_COMPONENTS", text)]


def _at_border(border: str) -> list[Finding]:
    text = f"voxels in the outermost {border} of the image, which may cut the region"
    return [Finding("TOUCHES_BORDER", text)] if border else []


def _touched(box: tuple[slice, ...], shape: tuple[int, ...]) -> str:
    """Those of slices, rows and columns of the image that a box reaches the end of."""
    reached = [
        name
        for name, part, size in zip(
            ("slices", "rows", "columns"), box, shape, strict=True
        )
        if part.start == 0 or part.stop == size
    ]
    return " and ".join(reached)
