"""The injected tracer, and how activity and uptake belong together."""

import math
from dataclasses import dataclass

import numpy as np
from pydicom import Dataset, Sequence

#: When the scan starts, in s after midnight; SeriesTime and AcquisitionTime.
SCAN_START_S = 36_000

_HALF_LIFE_S = 6586.2  # fluorine-18
_FRAME_S = 180.0
_DOSE_PER_KG_BQ = (3.0e6, 4.5e6)
_UPTAKE_MINUTES = (52, 72)


@dataclass(frozen=True)
class Tracer:
    """One injection of 18F-FDG, `uptake_s` before the scan starts."""

    dose_bq: float
    uptake_s: int

    def activity_per_suv(self, weight_kg: float) -> float:
        """Bq/ml of an SUV of 1 g/ml, the dose decayed to the start of the scan."""
        decayed_bq = self.dose_bq * math.exp2(-self.uptake_s / _HALF_LIFE_S)
        return decayed_bq / (1000 * weight_kg)

    def header(self, date: str) -> Dataset:
        """The part of a PET header that tells SUV from activity."""
        header = Dataset()
        header.Units = "BQML"
        header.CountsSource = "EMISSION"
        header.DecayCorrection = "START"
        header.CorrectedImage = ["DECY", "ATTN", "SCAT", "DTIM", "RAN", "NORM"]
        header.CollimatorType = "NONE"
        header.ActualFrameDuration = round(1000 * _FRAME_S)
        header.FrameReferenceTime = f"{1000 * _mean_activity_time_s():.3f}"
        header.DecayFactor = f"{_decay_factor():.8f}"
        header.RadiopharmaceuticalInformationSequence = Sequence([self._item(date)])
        return header

    def _item(self, date: str) -> Dataset:
        minutes, seconds = divmod(SCAN_START_S - self.uptake_s, 60)
        hours, minutes = divmod(minutes, 60)
        start = f"{hours:02d}{minutes:02d}{seconds:02d}"
        item = Dataset()
        item.Radiopharmaceutical = "Fluorodeoxyglucose"
        item.RadiopharmaceuticalStartTime = start
        item.RadiopharmaceuticalStartDateTime = date + start
        item.RadionuclideTotalDose = f"{self.dose_bq:.0f}"
        item.RadionuclideHalfLife = f"{_HALF_LIFE_S}"
        item.RadionuclidePositronFraction = "0.967"
        item.RadionuclideCodeSequence = Sequence(
            [_code("C-111A1", "SRT", "^18^Fluorine")]
        )
        item.RadiopharmaceuticalCodeSequence = Sequence(
            [_code("C-B1031", "SRT", "Fluorodeoxyglucose F^18^")]
        )
        return item


def random_tracer(weight_kg: float, rng: np.random.Generator) -> Tracer:
    """An injection by weight, whole seconds before the scan."""
    dose_bq = round(weight_kg * rng.uniform(*_DOSE_PER_KG_BQ), -4)
    first, last = (60 * minutes for minutes in _UPTAKE_MINUTES)
    return Tracer(dose_bq=dose_bq, uptake_s=int(rng.integers(first, last)))


def _code(value: str, scheme: str, meaning: str) -> Dataset:
    item = Dataset()
    item.CodeValue = value
    item.CodingSchemeDesignator = scheme
    item.CodeMeaning = meaning
    return item


def _decay() -> float:
    """Half-lives of one frame, as exponent to the base e."""
    return math.log(2) * _FRAME_S / _HALF_LIFE_S


def _decay_factor() -> float:
    """Factor that corrects for decay within the frame."""
    return _decay() / -math.expm1(-_decay())


def _mean_activity_time_s() -> float:
    """When, after the start of the frame, the activity equals its mean."""
    return _FRAME_S / _decay() * math.log(_decay_factor())
