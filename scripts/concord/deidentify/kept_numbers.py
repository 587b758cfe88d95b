"""Numbers that are kept, each within a plausible range.

A number may be a hospital's number as well as a measure, so that those which no image
needs go, those which count are counted anew (`RENUMBERED`), and the others are kept
within a range and up to a number of values.
"""

import re
from dataclasses import dataclass
from functools import cache

#: Numbers that count things: their distinct values are numbered from 1, in order.
#: Those of one line cite each other.
RENUMBERED = (
    ("SeriesNumber",),
    ("AcquisitionNumber", "FrameAcquisitionNumber"),
    ("InstanceNumber",),
    ("ROINumber", "ReferencedROINumber"),
    ("ObservationNumber",),
    ("StackID",),
)

#: Decimal and whole numbers as DICOM writes them.
_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d+", re.ASCII)

#: Keyword, lowest and highest value, and most values. Pixels and their place depend on
#: those with an exclamation mark: without them, a file is not exported.
_RANGES = """
Rows! 1 65535 1
Columns! 1 65535 1
BitsAllocated! 1 64 1
BitsStored! 1 64 1
HighBit! 0 63 1
PixelRepresentation! 0 1 1
SamplesPerPixel! 1 1 1
NumberOfFrames! 1 100000 1
PixelSpacing! 0 1000 2
ImagePositionPatient! -10000 10000 3
ImageOrientationPatient! -1.01 1.01 6
SliceThickness 0 1000 1
SpacingBetweenSlices -1000 1000 1
RescaleSlope! -1e9 1e9 1
RescaleIntercept! -1e9 1e9 1
ContourData! -10000 10000 100000000
NumberOfContourPoints! 0 10000000 1
LUTDescriptor! -65536 65536 3
SegmentNumber! 0 9999 1
ReferencedSegmentNumber! 0 9999 10000
MaximumFractionalValue! 1 255 1
DimensionIndexValues! 0 9999 16
InStackPositionNumber 0 9999 1
TemporalPositionIndex 0 9999 1
TemporalPositionIdentifier 0 9999 1
NumberOfTemporalPositions 0 9999 1
EchoNumbers 0 999 16
NumberOfSlices 0 9999 1
NumberOfTimeSlices 0 9999 1
ImageIndex 0 9999 1
ImagesInAcquisition 0 9999 1
SliceLocation -10000 10000 1
TableHeight -5000 5000 1
TablePosition -10000 10000 1
WindowCenter -65536 65536 8
WindowWidth 0 65536 8
PixelPaddingValue -65536 65535 1
PixelPaddingRangeLimit -65536 65535 1
LossyImageCompressionRatio 0 1000 8
ROIDisplayColor 0 255 3
ContourNumber 0 9999 1
PatientWeight 0 700 1
PatientSize 0 300 1
KVP 0 1000 1
ExposureTime 0 60000 1
XRayTubeCurrent 0 9999 1
XRayTubeCurrentInmA 0 9999 1
Exposure 0 9999 1
ExposureInmAs 0 9999 1
FocalSpots 0 10 4
GantryDetectorTilt -90 90 1
DataCollectionDiameter 0 5000 1
ReconstructionDiameter 0 5000 1
DistanceSourceToDetector 0 5000 1
DistanceSourceToPatient 0 5000 1
CTDIvol 0 5000 1
RevolutionTime 0 100 1
SingleCollimationWidth 0 1000 1
TotalCollimationWidth 0 1000 1
TableSpeed 0 1000 1
TableFeedPerRotation 0 1000 1
SpiralPitchFactor 0 10 1
ContrastBolusVolume 0 1000 1
ContrastFlowRate 0 100 8
ContrastFlowDuration 0 1000 8
ContrastBolusIngredientConcentration 0 1000 1
RepetitionTime 0 30000 1
EchoTime 0 9999 1
EffectiveEchoTime 0 9999 1
InversionTime 0 20000 1
InversionTimes 0 20000 16
FlipAngle 0 360 1
EchoTrainLength 0 9999 1
RFEchoTrainLength 0 9999 1
GradientEchoTrainLength 0 9999 1
NumberOfAverages 0 9999 1
ImagingFrequency 0 1000 1
TransmitterFrequency 0 1000 2
MagneticFieldStrength 0 30000 1
NumberOfPhaseEncodingSteps 0 9999 1
PercentSampling 0 1000 1
PercentPhaseFieldOfView 0 1000 1
PixelBandwidth 0 100000 1
AcquisitionMatrix 0 9999 4
SAR 0 100 1
dBdt 0 1000 1
TriggerTime 0 20000 1
NominalCardiacTriggerDelayTime 0 20000 1
NominalPercentageOfCardiacPhase 0 100 1
CardiacNumberOfImages 0 9999 1
DiffusionBValue 0 100000 1
DiffusionGradientOrientation -1.01 1.01 3
ParallelReductionFactorInPlane 0 100 1
ParallelReductionFactorOutOfPlane 0 100 1
MRAcquisitionFrequencyEncodingSteps 0 9999 1
MRAcquisitionPhaseEncodingStepsInPlane 0 9999 1
AcquisitionDuration 0 100000 1
ChemicalShiftReference 0 100 1
ActualFrameDuration 0 20000000 1
FrameAcquisitionDuration 0 20000000 1
FrameReferenceTime -100000000 100000000 1
RadionuclideTotalDose 0 1e11 1
RadionuclideHalfLife 0 1e9 1
RadionuclidePositronFraction 0 1 1
RadiopharmaceuticalVolume 0 1000 1
DecayFactor 0 9999 1
DoseCalibrationFactor 0 1e12 1
ScatterFractionFactor 0 100 1
SliceSensitivityFactor 0 1000 1
DeadTimeFactor 0 1000 1
CoincidenceWindowWidth 0 1000 1
EnergyWindowLowerLimit 0 1000 1
EnergyWindowUpperLimit 0 1000 1
AxialMash 0 999 2
TransverseMash 0 999 1
AxialAcceptance 0 999 1
SpatialResolution 0 1000 1
FieldOfViewDimensions 0 5000 2
RealWorldValueSlope -1e9 1e9 1
RealWorldValueIntercept -1e9 1e9 1
"""


@dataclass(frozen=True)
class Range:
    """Plausible values of a number, and how many of them."""

    lowest: float
    highest: float
    most: int
    #: True if pixels or their place depend on it.
    is_essential: bool = False

    def holds(self, value: float) -> bool:
        """True if a value lies within; what is no number does not."""
        return self.lowest <= value <= self.highest


@cache
def ranges() -> dict[str, Range]:
    """The range of every number that is kept, by keyword."""
    found = {}
    for line in _RANGES.split("\n"):
        if line:
            keyword, lowest, highest, most = line.split()
            found[keyword.removesuffix("!")] = Range(
                float(lowest), float(highest), int(most), keyword.endswith("!")
            )
    return found


@cache
def renumbered() -> dict[str, str]:
    """Keyword of each number that is counted anew, and the first of its line."""
    return {keyword: group[0] for group in RENUMBERED for keyword in group}


def written(value: object, kind: str) -> str | None:
    """A number as a file writes it, without blanks; None if it is none.

    Parameters
    ----------
    kind : str
        Value representation; DS and IS are texts of numbers.
    """
    text = str(getattr(value, "original_string", value)).strip(" \0")
    if kind == "DS":
        return text if _DECIMAL.fullmatch(text) else None
    if kind == "IS":
        return text if _WHOLE.fullmatch(text) else None
    return text
