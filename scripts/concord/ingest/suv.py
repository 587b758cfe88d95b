"""Standardized uptake values of PET, normalized to body weight.

References
----------
.. [1] Boellaard, R., et al. (2015). "FDG PET/CT: EANM procedure guidelines for
       tumour imaging: version 2.0". Eur J Nucl Med Mol Imaging, 42, 328-354.
       https://doi.org/10.1007/s00259-014-2961-x
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pydicom import Dataset

from ..errors import IngestFault
from . import header as hd
from .suv_times import injection_time, reference_time

#: Doses below this cannot be Bq of a human scan.
SMALLEST_DOSE_BQ = 1e5

#: Plausible dose per body weight, in MBq/kg, if the unit has to be guessed.
PLAUSIBLE_MBQ_PER_KG = (0.5, 20.0)

#: Weights above this are grams.
LARGEST_WEIGHT_KG = 1000.0

#: With less than 1/32 of the tracer left, a time of the header is wrong.
LONGEST_UPTAKE_HALF_LIVES = 5.0

_CORRECTIONS = frozenset({"ATTN", "DECY"})


@dataclass(frozen=True)
class Suv:
    """What turns rescaled PET values into SUV, and how it was found."""

    factor: float  # SUV per rescaled value (1 if the series holds SUV)
    facts: dict[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def body_weight_suv(headers: Sequence[Dataset]) -> Suv:
    """The factor from the rescaled values of a PET series to SUVbw (g/ml).

    Units GML are taken as SUVbw; BQML are multiplied by body weight and
    divided by the dose, which is decayed from injection to the time to which
    the scanner corrected the activity (START) or not at all (ADMIN) [1]_.

    Raises
    ------
    IngestFault
        PET_UNITS, PET_NOT_CORRECTED, PET_MISSING, PET_INCONSISTENT, PET_DOSE,
        PET_REFERENCE_TIME or PET_UPTAKE_TIME.
    """
    units = single(headers, "Units", "the unit of the voxel values")
    if units == "GML":
        return _from_suv(headers)
    if units != "BQML":
        raise IngestFault(
            "PET_UNITS",
            f"Units is {units}, expected BQML or GML. Ask for an export in Bq/ml.",
        )
    return _from_activity(headers)


def _from_suv(headers: Sequence[Dataset]) -> Suv:
    kinds = {hd.text(header, "SUVType") for header in headers}
    if not kinds <= {None, "BW"}:
        raise IngestFault(
            "PET_UNITS",
            f"SUVType is {sorted(map(str, kinds))}, expected BW or none: the values "
            "are not normalized to body weight. Ask for an export in Bq/ml.",
        )
    return Suv(1.0, {"SUVRoute": "stored as SUVbw"})


def _from_activity(headers: Sequence[Dataset]) -> Suv:
    _require_corrected(headers)
    half_life_s = tracer_number(headers, "RadionuclideHalfLife", "to decay the dose")
    dose_bq, weight_kg, notes = _dose_and_weight(headers)
    correction = single(headers, "DecayCorrection", "to decay the dose")
    facts: dict[str, Any] = {"SUVRoute": f"BQML, {correction}"}
    if correction == "START":
        reference, route = reference_time(headers, half_life_s)
        injection, more = injection_time(tracer(headers), reference)
        uptake_s = (reference - injection).total_seconds()
        _require_plausible_uptake(uptake_s, half_life_s)
        facts |= {"SUVReferenceTime": route, "UptakeMinutes": round(uptake_s / 60, 3)}
        dose_bq *= math.exp2(-uptake_s / half_life_s)
        notes += more
    elif correction != "ADMIN":
        raise IngestFault(
            "PET_NOT_CORRECTED",
            f"DecayCorrection is {correction}, expected START or ADMIN. Ask for a "
            "decay-corrected reconstruction.",
        )
    return Suv(1000.0 * weight_kg / dose_bq, facts, notes)


def _require_corrected(headers: Sequence[Dataset]) -> None:
    for header in headers:
        done = set((hd.text(header, "CorrectedImage") or "").split("\\"))
        if not done >= _CORRECTIONS:
            raise IngestFault(
                "PET_NOT_CORRECTED",
                f"CorrectedImage is {sorted(done - {''})}, expected ATTN and DECY "
                "among them. Ask for the attenuation- and decay-corrected series.",
            )


def _dose_and_weight(
    headers: Sequence[Dataset],
) -> tuple[float, float, tuple[str, ...]]:
    """Dose in Bq and weight in kg; other units are recognized and noted."""
    notes: tuple[str, ...] = ()
    dose = tracer_number(headers, "RadionuclideTotalDose", "the injected dose")
    weight_kg = _positive(
        single(headers, "PatientWeight", "the body weight"), "PatientWeight"
    )
    if weight_kg > LARGEST_WEIGHT_KG:
        weight_kg, notes = weight_kg / 1000, (*notes, "WEIGHT_TAKEN_AS_G")
    if dose < SMALLEST_DOSE_BQ:
        lowest, highest = PLAUSIBLE_MBQ_PER_KG
        if not lowest <= dose / weight_kg <= highest:
            raise IngestFault(
                "PET_DOSE",
                f"RadionuclideTotalDose is {dose:g} for {weight_kg:g} kg, expected Bq "
                f"(or {lowest:g} to {highest:g} MBq/kg). Correct the header.",
            )
        dose, notes = dose * 1e6, (*notes, "DOSE_TAKEN_AS_MBQ")
    return dose, weight_kg, notes


def _require_plausible_uptake(uptake_s: float, half_life_s: float) -> None:
    limit_s = LONGEST_UPTAKE_HALF_LIVES * half_life_s
    if not 0 <= uptake_s <= limit_s:
        raise IngestFault(
            "PET_UPTAKE_TIME",
            f"the scan starts {uptake_s / 60:.0f} min after the injection, expected 0 "
            f"to {limit_s / 60:.0f} min (5 half-lives). A time was changed, perhaps by "
            "de-identification: ask for consistent times.",
        )


def tracer(headers: Sequence[Dataset]) -> Dataset:
    """The radiopharmaceutical of the first slice; exactly one is wanted."""
    items = hd.value(headers[0], "RadiopharmaceuticalInformationSequence") or []
    if len(items) != 1:
        raise IngestFault(
            "PET_MISSING",
            f"RadiopharmaceuticalInformationSequence has {len(items)} items, expected "
            "1 (dose, half-life and time of injection). Ask for a complete export.",
        )
    return items[0]


def tracer_number(headers: Sequence[Dataset], keyword: str, purpose: str) -> float:
    """A positive number of the radiopharmaceutical."""
    items = [tracer([header]) for header in headers]
    return _positive(single(items, keyword, purpose), keyword)


def single(headers: Sequence[Dataset], keyword: str, purpose: str) -> str:
    """The value that all slices share; PET_MISSING or PET_INCONSISTENT if not."""
    values = {hd.text(header, keyword) for header in headers}
    if None in values:
        raise IngestFault(
            "PET_MISSING",
            f"{keyword} is absent ({purpose}). Ask for a complete export.",
        )
    if len(values) > 1:
        raise IngestFault(
            "PET_INCONSISTENT",
            f"{keyword} differs between slices: {sorted(map(str, values))}. Keep the "
            "files of one scan.",
        )
    return str(values.pop())


def _positive(found: str, keyword: str) -> float:
    try:
        result = float(found)
    except ValueError:
        result = math.nan
    if not (result > 0 and math.isfinite(result)):
        raise IngestFault(
            "PET_MISSING",
            f"{keyword} is {found}, expected a positive number. Ask for a complete "
            "export.",
        )
    return result
