"""Acquisition facts of an image: an allow-list, without names, dates and UIDs.

Whatever is not named here never leaves the hospital's files.
"""

from collections.abc import Sequence
from typing import Any

from pydicom import Dataset

from ... import __version__
from ...images import Volume
from ..dicom import header as hd
from .allowed_values import coded
from .derived_facts import derived_facts

#: Units of the voxel values of each modality.
UNITS = {"CT": "HU", "PT": "SUVbw", "MR": "arbitrary"}

#: Name in the sidecar (as in BIDS where it has one): DICOM keyword.
TEXTS = {
    "Manufacturer": "Manufacturer",
    "ManufacturersModelName": "ManufacturerModelName",
    "SoftwareVersions": "SoftwareVersions",
    "PatientPosition": "PatientPosition",
    "FilterType": "FilterType",
    "ExposureModulationType": "ExposureModulationType",
    "ScanningSequence": "ScanningSequence",
    "SequenceVariant": "SequenceVariant",
    "MRAcquisitionType": "MRAcquisitionType",
    "ParallelAcquisitionTechnique": "ParallelAcquisitionTechnique",
}
#: Texts of one modality; the kernel of PET is BIDS' ReconFilterType.
MODALITY_TEXTS = {
    "CT": {"ConvolutionKernel": "ConvolutionKernel"},
    "MR": {},
    "PT": {
        "ReconMethodName": "ReconstructionMethod",
        "ReconFilterType": "ConvolutionKernel",
        "DecayCorrection": "DecayCorrection",
        "CorrectedImage": "CorrectedImage",
        "AttenuationCorrection": "AttenuationCorrectionMethod",
        "ScatterCorrectionMethod": "ScatterCorrectionMethod",
        "RandomsCorrectionMethod": "RandomsCorrectionMethod",
    },
}
NUMBERS = {
    "SliceThickness": "SliceThickness",
    "PixelPaddingValue": "PixelPaddingValue",
    "LossyImageCompressionRatio": "LossyImageCompressionRatio",
    "KVP": "KVP",
    "XRayTubeCurrent": "XRayTubeCurrent",
    "ExposureTime": "ExposureTime",
    "Exposure": "Exposure",
    "CTDIvol": "CTDIvol",
    "ReconstructionDiameter": "ReconstructionDiameter",
    "SpiralPitchFactor": "SpiralPitchFactor",
    "TotalCollimationWidth": "TotalCollimationWidth",
    "RevolutionTime": "RevolutionTime",
    "ContrastBolusVolume": "ContrastBolusVolume",
    "ContrastFlowRate": "ContrastFlowRate",
    "MagneticFieldStrength": "MagneticFieldStrength",
    "RepetitionTime": "RepetitionTime",
    "EchoTime": "EchoTime",
    "InversionTime": "InversionTime",
    "FlipAngle": "FlipAngle",
    "EchoTrainLength": "EchoTrainLength",
    "PixelBandwidth": "PixelBandwidth",
    "NumberOfAverages": "NumberOfAverages",
    "ParallelReductionFactorInPlane": "ParallelReductionFactorInPlane",
    "DiffusionBValue": "DiffusionBValue",
    "ActualFrameDuration": "ActualFrameDuration",
}
TRACER_TEXTS = {"TracerName": "Radiopharmaceutical"}
TRACER_NUMBERS = {
    "RadionuclideHalfLife": "RadionuclideHalfLife",
    "InjectedRadioactivity": "RadionuclideTotalDose",
}
_PET_NUMBERS = {"BodyWeight": "PatientWeight"}

#: What turns numbers of a BIDS sidecar (s) into those of DICOM (ms).
_BIDS_UNITS = {"RepetitionTime": 1000, "EchoTime": 1000, "InversionTime": 1000}


def series_facts(headers: Sequence[Dataset], modality: str) -> dict[str, Any]:
    """Allowed facts of a series; None where slices differ (named in `varying`)."""
    numbers = NUMBERS | (_PET_NUMBERS if modality == "PT" else {})
    facts, varying = _shared(headers, TEXTS | MODALITY_TEXTS[modality], numbers)
    tracers = [item for item in map(_tracer, headers) if item is not None]
    if modality == "PT" and len(tracers) == len(headers):
        more, other = _shared(tracers, TRACER_TEXTS, TRACER_NUMBERS)
        facts, varying = facts | more, varying + other
    first = headers[0]
    facts |= derived_facts(headers, modality)
    return facts | {
        "varying": sorted(varying),
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
    """The allowed entries of a user's own sidecar, with times in s as BIDS has them."""
    of_modalities = [name for texts in MODALITY_TEXTS.values() for name in texts]
    texts = [*TEXTS, *of_modalities, *TRACER_TEXTS]
    numbers = [*NUMBERS, *_PET_NUMBERS, *TRACER_NUMBERS]
    found: dict[str, Any] = {
        name: coded(name, given[name])
        for name in texts
        if isinstance(given.get(name), str)
    }
    for name in numbers:
        value = given.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            found[name] = value * _BIDS_UNITS.get(name, 1)
    return found


def _shared(
    items: Sequence[Dataset], texts: dict[str, str], numbers: dict[str, str]
) -> tuple[dict[str, Any], list[str]]:
    """Values that all items share, and the names of those that differ."""
    facts: dict[str, Any] = {}
    varying = []
    for get, names in ((hd.text, texts), (hd.number, numbers)):
        for name, keyword in names.items():
            values = {hd.or_none(get, item, keyword) for item in items}
            shared = values.pop() if len(values) == 1 else None
            facts[name] = coded(name, shared) if isinstance(shared, str) else shared
            if values:
                varying.append(name)
    return facts, varying


def _tracer(header: Dataset) -> Dataset | None:
    items = hd.value(header, "RadiopharmaceuticalInformationSequence")
    return items[0] if items else None
