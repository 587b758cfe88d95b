"""Acquisition facts of an image: an allow-list, without names, dates and UIDs.

Whatever is not named here never leaves the hospital's files.
"""

from collections.abc import Sequence
from typing import Any

from pydicom import Dataset

from .. import __version__
from ..images import Volume
from . import header as hd

#: Units of the voxel values of each modality.
UNITS = {"CT": "HU", "PT": "SUVbw", "MR": "arbitrary"}

#: Name in the sidecar (as in BIDS where it has one): DICOM keyword.
TEXTS = {
    "Manufacturer": "Manufacturer",
    "ManufacturersModelName": "ManufacturerModelName",
    "SoftwareVersions": "SoftwareVersions",
    "PatientPosition": "PatientPosition",
    "ConvolutionKernel": "ConvolutionKernel",
    "FilterType": "FilterType",
    "ScanningSequence": "ScanningSequence",
    "SequenceVariant": "SequenceVariant",
    "MRAcquisitionType": "MRAcquisitionType",
    "ReconMethodName": "ReconstructionMethod",
    "DecayCorrection": "DecayCorrection",
    "CorrectedImage": "CorrectedImage",
}
NUMBERS = {
    "SliceThickness": "SliceThickness",
    "PixelPaddingValue": "PixelPaddingValue",
    "KVP": "KVP",
    "XRayTubeCurrent": "XRayTubeCurrent",
    "Exposure": "Exposure",
    "ReconstructionDiameter": "ReconstructionDiameter",
    "SpiralPitchFactor": "SpiralPitchFactor",
    "MagneticFieldStrength": "MagneticFieldStrength",
    "RepetitionTime": "RepetitionTime",
    "EchoTime": "EchoTime",
    "InversionTime": "InversionTime",
    "FlipAngle": "FlipAngle",
    "EchoTrainLength": "EchoTrainLength",
    "PixelBandwidth": "PixelBandwidth",
    "ActualFrameDuration": "ActualFrameDuration",
}
TRACER_TEXTS = {"TracerName": "Radiopharmaceutical"}
TRACER_NUMBERS = {
    "RadionuclideHalfLife": "RadionuclideHalfLife",
    "InjectedRadioactivity": "RadionuclideTotalDose",
}
_PET_NUMBERS = {"BodyWeight": "PatientWeight"}


def series_facts(headers: Sequence[Dataset], modality: str) -> dict[str, Any]:
    """Allowed facts of a series; None where slices differ (named in `varying`)."""
    numbers = NUMBERS | (_PET_NUMBERS if modality == "PT" else {})
    facts, varying = _shared(headers, TEXTS, numbers)
    tracers = [item for item in map(_tracer, headers) if item is not None]
    if modality == "PT" and len(tracers) == len(headers):
        more, other = _shared(tracers, TRACER_TEXTS, TRACER_NUMBERS)
        facts, varying = facts | more, varying + other
    first = headers[0]
    return facts | {
        "varying": sorted(varying),
        "ContrastBolus": hd.text(first, "ContrastBolusAgent") is not None,
        "series": hd.hashed(hd.text(first, "SeriesInstanceUID")),
        "frame_of_reference": hd.hashed(hd.text(first, "FrameOfReferenceUID")),
    }


def volume_facts(volume: Volume, modality: str, notes: Sequence[str]) -> dict[str, Any]:
    """Facts that every image has, whatever it was read from."""
    names = ("slice", "row", "column")
    facts: dict[str, Any] = {"modality": modality, "Units": UNITS[modality]}
    for name, size, mm in zip(
        names, volume.array.shape, volume.spacing_mm, strict=True
    ):
        facts |= {f"n_{name}s": size, f"{name}_spacing_mm": round(mm, 6)}
    return facts | {"notes": list(notes), "concord_version": __version__}


def from_user(given: dict[str, Any]) -> dict[str, Any]:
    """The allowed entries of a user's own sidecar, such as one of BIDS."""
    texts = [*TEXTS, *TRACER_TEXTS]
    numbers = [*NUMBERS, *_PET_NUMBERS, *TRACER_NUMBERS]
    allowed = [(name, str) for name in texts] + [
        (name, (int, float)) for name in numbers
    ]
    return {
        name: given[name]
        for name, kind in allowed
        if isinstance(given.get(name), kind) and not isinstance(given[name], bool)
    }


def _shared(
    items: Sequence[Dataset], texts: dict[str, str], numbers: dict[str, str]
) -> tuple[dict[str, Any], list[str]]:
    """Values that all items share, and the names of those that differ."""
    facts: dict[str, Any] = {}
    varying = []
    for get, names in ((hd.text, texts), (hd.number, numbers)):
        for name, keyword in names.items():
            values = {get(item, keyword) for item in items}
            facts[name] = values.pop() if len(values) == 1 else None
            if values:
                varying.append(name)
    return facts, varying


def _tracer(header: Dataset) -> Dataset | None:
    items = hd.value(header, "RadiopharmaceuticalInformationSequence")
    return items[0] if items else None
