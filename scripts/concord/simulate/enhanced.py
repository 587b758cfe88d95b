"""A simulated CT as one enhanced multi-frame file."""

from collections.abc import Sequence

import numpy as np
from pydicom import Dataset
from pydicom.uid import UID, EnhancedCTImageStorage

#: What a classic header holds once and an enhanced one holds in functional groups.
_SHARED_GROUPS = {
    "PixelMeasuresSequence": ("PixelSpacing", "SliceThickness"),
    "PlaneOrientationSequence": ("ImageOrientationPatient",),
    "PixelValueTransformationSequence": (
        "RescaleIntercept",
        "RescaleSlope",
        "RescaleType",
    ),
    "CTXRayDetailsSequence": ("KVP",),
    "CTReconstructionSequence": ("ConvolutionKernel",),
}
_CURRENT = "XRayTubeCurrent"


def enhanced(
    header: Dataset,
    stored: np.ndarray,
    positions: Sequence[Sequence[float]],
    instance: UID,
) -> Dataset:
    """One enhanced CT object from the header of a classic series.

    Parameters
    ----------
    header : Dataset
        What all slices of the classic series share.
    stored : ndarray of uint16, shape (n, rows, columns)
        Stored values in the order of the frames.
    positions : sequence of (x, y, z)
        Place of each frame in mm, LPS.
    instance : UID
        Of the new object.
    """
    made = Dataset()
    made.update(header)
    made.SOPClassUID, made.SOPInstanceUID = EnhancedCTImageStorage, instance
    made.ImageType = [*header.ImageType[:2], "VOLUME", "NONE"]
    made.NumberOfFrames = len(stored)
    made.InstanceNumber = 1
    shared = Dataset()
    for group, keywords in _SHARED_GROUPS.items():
        item = Dataset()
        for keyword in keywords:
            setattr(item, keyword, getattr(made, keyword))
            delattr(made, keyword)
        setattr(shared, group, [item])
    exposure = Dataset()
    exposure.XRayTubeCurrentInmA = float(made[_CURRENT].value)
    delattr(made, _CURRENT)
    shared.CTExposureSequence = [exposure]
    made.SharedFunctionalGroupsSequence = [shared]
    made.PerFrameFunctionalGroupsSequence = [
        _frame(number, position) for number, position in enumerate(positions, 1)
    ]
    made.PixelData = stored.tobytes()
    return made


def _frame(number: int, position: Sequence[float]) -> Dataset:
    frame, place, content = Dataset(), Dataset(), Dataset()
    place.ImagePositionPatient = list(position)
    content.StackID, content.InStackPositionNumber = "1", number
    content.DimensionIndexValues = [1, number]
    frame.PlanePositionSequence = [place]
    frame.FrameContentSequence = [content]
    return frame
