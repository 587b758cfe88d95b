"""Plausible ranges of the facts of an image; what lies outside is no fact.

A number that no scanner and no patient has is a placeholder, a mistaken unit, or was
changed by de-identification. It is left blank and noted, so that neither the table nor
the protocol, the drift or a batch is made of it.
"""

from typing import Any

from ...tables.acquisition_columns import ACQUISITION

#: Lowest and highest plausible value of facts, in the units of the acquisition table.
RANGES: dict[str, tuple[float, float]] = {
    "SliceThickness": (0.01, 200),
    "LossyImageCompressionRatio": (1, 1000),
    "KVP": (20, 400),
    "XRayTubeCurrent": (0.1, 3000),
    "ExposureTime": (0.1, 1e6),
    "Exposure": (0.01, 1e5),
    "CTDIvol": (0.001, 1000),
    "ReconstructionDiameter": (1, 2000),
    "SpiralPitchFactor": (0.01, 10),
    "TotalCollimationWidth": (0.1, 500),
    "RevolutionTime": (0.05, 120),
    "ContrastBolusVolume": (0, 1000),
    "ContrastFlowRate": (0, 50),
    "contrast_delay_s": (0, 3600),
    "IterativeReconstructionLevel": (0, 100),
    "MagneticFieldStrength": (0.01, 25),
    "RepetitionTime": (0.1, 1e5),
    "EchoTime": (0, 1e4),
    "InversionTime": (0, 2e4),
    "FlipAngle": (0, 360),
    "EchoTrainLength": (0, 1e4),
    "PixelBandwidth": (1, 1e5),
    "NumberOfAverages": (0.1, 1000),
    "ParallelReductionFactorInPlane": (0.5, 64),
    "DiffusionBValue": (0, 1e5),
    "ActualFrameDuration": (1, 1e8),
    "RadionuclideHalfLife": (10, 1e8),
    "InjectedRadioactivity": (1e5, 1e11),
    "BodyWeight": (0.3, 500),
    "UptakeMinutes": (0, 30 * 1440),
    "ReconIterations": (1, 1000),
    "ReconSubsets": (1, 1000),
    "ReconFilterSize": (0, 50),
}


def checked(facts: dict[str, Any]) -> dict[str, Any]:
    """Facts without the numbers that cannot be, each with a note.

    Parameters
    ----------
    facts : dict
        A sidecar, with its `notes`.
    """
    notes, kept = list(facts["notes"]), dict(facts)
    for name, (lowest, highest) in RANGES.items():
        value = facts.get(name)
        if value is None or lowest <= value <= highest:
            continue
        kept[name] = None
        unit = ACQUISITION[name].unit
        unit = "" if unit in ("", "1") else f" {unit}"
        notes.append(
            f"FACT_IMPLAUSIBLE {name} is {value:g}, expected {lowest:g} to "
            f"{highest:g}{unit}; left blank"
        )
    return kept | {"notes": notes}
