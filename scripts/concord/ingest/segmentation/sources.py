"""Sources of segmentations, whatever their kind: RTSTRUCT, DICOM SEG or NIfTI."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from pydicom import Dataset
from pydicom.uid import RTStructureSetStorage, SegmentationStorage

from ...errors import IngestFault
from ...images import Volume
from .. import nifti
from ..dicom import header as hd
from ..dicom import modalities
from ..dicom.frames import open_file
from ..settings import MaskSettings
from . import label_map, rtstruct
from .label_map import LabelMap
from .options import SegmentationOptions
from .rois import Candidate
from .rtstruct import Links, StructureSet

if TYPE_CHECKING:
    from .seg_frames import Segmentation

#: No setting changed.
DEFAULTS = MaskSettings()

type Segmentations = StructureSet | LabelMap | Segmentation

#: Classes of DICOM SEG; pydicom does not know the second one yet.
_SEGMENTATIONS = (SegmentationStorage, "1.2.840.10008.5.1.4.1.1.66.7")


def opened(path: Path, max_voxels: int = DEFAULTS.max_voxels) -> Segmentations:
    """The regions of a source; the last few sources are kept, for their next rows.

    Parameters
    ----------
    max_voxels : int
        Largest number of voxels of a file (`ingest.max_voxels`).

    Raises
    ------
    IngestFault
        UNSUPPORTED_SOP, TOO_LARGE, or a fault of the file.
    """
    hd.require_fetched(path)
    state = path.stat() if path.is_file() else None
    if state is None:
        raise _neither()
    return _opened(path, max_voxels, state.st_mtime_ns, state.st_size)


def is_blank(source: Segmentations) -> bool:
    """True for a label map without any label: whatever was looked for is not there."""
    return isinstance(source, LabelMap) and not source.candidates


def header_of(source: Segmentations) -> Dataset | None:
    """Header of an RTSTRUCT or SEG file; None of a label map."""
    return None if isinstance(source, LabelMap) else source.dataset


@hd.tolerant()
def source_mask(
    source: Segmentations,
    chosen: Sequence[Candidate],
    image: Volume,
    facts: Mapping[str, Any],
    options: SegmentationOptions,
) -> tuple[np.ndarray, tuple[str, ...]]:
    """Mask of chosen regions on the grid of an image, shape (k, j, i), and notes.

    Parameters
    ----------
    facts : mapping
        Sidecar of the image: `series` and `frame_of_reference`, hashed.

    Raises
    ------
    IngestFault
        Telling why the regions cannot be used on this image.
    """
    if isinstance(source, LabelMap):
        return label_map.label_mask(source, chosen, image, options)
    links = Links(
        *(
            frozenset([facts[key]] if facts.get(key) else [])
            for key in ("series", "frame_of_reference")
        )
    )
    if isinstance(source, StructureSet):
        return rtstruct.contour_mask(source, chosen, image, links, options)
    from . import dicom_seg

    return dicom_seg.segment_mask(source, chosen, image, links, options)


@lru_cache(maxsize=4)
@hd.tolerant()
def _opened(
    path: Path, max_voxels: int, _modified_ns: int, _size: int
) -> Segmentations:
    """Time of change and size are keys of the cache: an edited file is read again."""
    if nifti.is_nifti(path):
        return label_map.label_map(path, max_voxels)
    file = open_file(path)
    if file is None:
        raise _neither()
    dataset = file.header
    sop_class = hd.text(dataset, "SOPClassUID")
    if sop_class in _SEGMENTATIONS:
        # Imported when needed: most studies have none, and it takes its time.
        from . import seg_frames

        return seg_frames.segmentation(file, max_voxels)
    if sop_class != RTStructureSetStorage:
        raise _other(dataset)
    return rtstruct.structure_set(dataset)


def _neither() -> IngestFault:
    return IngestFault(
        "UNSUPPORTED_SOP",
        "the source is neither an RTSTRUCT or DICOM SEG file nor a NIfTI file (.nii, "
        ".nii.gz). Correct `source` in the mask sheet.",
    )


def _other(dataset: Dataset) -> IngestFault:
    told = modalities.told(hd.text(dataset, "Modality")) or "of no term of DICOM"
    return IngestFault(
        "UNSUPPORTED_SOP",
        f"the source has Modality {told}, expected an RTSTRUCT "
        "or a SEG. Correct `source` in the mask sheet.",
    )
