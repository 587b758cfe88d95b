"""Decay of the tracer up to the time that a PET is corrected to."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from pydicom import Dataset

from ...errors import Finding, IngestFault
from ..dicom import header as hd
from .header import Attempts, shown, single, tracer_number
from .injection import can_be, injection, longest_uptake
from .injection import require_injection_time as require_time
from .times import acquisitions, reference_time

#: Usual uptake, in minutes; slow tracers are scanned up to 3 half-lives later.
USUAL_UPTAKE_MINUTES = (10.0, 360.0)
USUAL_HALF_LIVES = 3.0

#: Corrections that a PET must have, by its DecayCorrection.
_CORRECTIONS = {
    "START": frozenset({"ATTN", "DECY"}),
    "ADMIN": frozenset({"ATTN", "DECY"}),
    "NONE": frozenset({"ATTN"}),
}


@dataclass(frozen=True)
class Decay:
    """Share of the dose that counts in each slice, and how it was found."""

    correction: str  # DecayCorrection
    remaining: np.ndarray  # (n,) share of the injected dose, 0 to 1
    facts: dict[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    conflicts: tuple[Finding, ...] = ()  # to be accepted by the study


def decay_until_scan(headers: Sequence[Dataset]) -> Decay:
    """The share of the dose that the values of each slice are to be divided by.

    START: decayed from the injection to the reference time of the scan. ADMIN: not
    decayed. NONE: decayed to the start of each slice's frame and averaged over it.

    Raises
    ------
    IngestFault
        PET_NOT_CORRECTED, PET_MISSING, PET_INCONSISTENT, PET_REFERENCE_TIME or
        PET_UPTAKE_TIME; all at once.
    """
    correction = single(headers, "DecayCorrection", "to decay the dose")
    if correction not in _CORRECTIONS:
        raise IngestFault(
            "PET_NOT_CORRECTED",
            f"DecayCorrection is {shown(correction)}, expected START, ADMIN or NONE. "
            "Ask for a decay-corrected reconstruction.",
        )
    needs = Attempts()
    needs.of(_require_corrected, headers, correction)
    half_life_s = needs.of(
        tracer_number, headers, "RadionuclideHalfLife", "to decay the dose"
    )
    needs.finish()
    if correction == "ADMIN":
        facts, notes = uptake_if_known(headers)
        return Decay(correction, np.ones(len(headers)), facts, notes)
    if correction == "START":
        return _decay_to_reference(headers, half_life_s)
    return _decay_to_frames(headers, half_life_s)


def _require_corrected(headers: Sequence[Dataset], correction: str) -> None:
    """Attenuation and decay are corrected as DecayCorrection says."""
    wanted = _CORRECTIONS[correction]
    for header in headers:
        found = hd.text(header, "CorrectedImage")
        done = set((found or "").split("\\"))
        if not done >= wanted:
            raise IngestFault(
                "PET_NOT_CORRECTED",
                f"CorrectedImage is {shown(found)}, expected "
                f"{' and '.join(sorted(wanted))} among it. Ask for the attenuation- "
                "and decay-corrected series.",
            )
        if correction == "NONE" and "DECY" in done:
            raise IngestFault(
                "PET_INCONSISTENT",
                "DecayCorrection is NONE but CorrectedImage has DECY. Ask the site "
                "whether decay was corrected, and to which time.",
            )


def _decay_to_reference(headers: Sequence[Dataset], half_life_s: float) -> Decay:
    needs = Attempts()
    needs.of(require_time, headers)
    reference = needs.of(reference_time, headers, half_life_s)
    needs.finish()
    moment, route = reference
    found = injection(headers[0], moment, half_life_s)
    uptake_s = (moment - found.time).total_seconds()
    notes = found.notes + _plausible_uptake(uptake_s, half_life_s)
    share = np.full(len(headers), math.exp2(-uptake_s / half_life_s))
    facts = {"SUVReferenceTime": route, "UptakeMinutes": round(uptake_s / 60, 3)}
    return Decay("START", share, facts, notes, found.conflicts)


def _decay_to_frames(headers: Sequence[Dataset], half_life_s: float) -> Decay:
    """Each slice by its own AcquisitionTime and ActualFrameDuration."""
    needs = Attempts()
    needs.of(require_time, headers)
    starts = needs.of(acquisitions, headers)
    durations_s = needs.of(_durations_s, headers)
    needs.finish()
    found = injection(headers[0], min(starts), half_life_s)
    uptakes_s = np.array([(start - found.time).total_seconds() for start in starts])
    notes = found.notes + _plausible_uptake(float(uptakes_s.min()), half_life_s)
    decays = math.log(2) / half_life_s * np.array(durations_s)
    share = np.exp2(-uptakes_s / half_life_s) * -np.expm1(-decays) / decays
    minutes = round(float(uptakes_s.min()) / 60, 3)
    facts = {"SUVReferenceTime": "frame of each slice", "UptakeMinutes": minutes}
    return Decay("NONE", share, facts, notes, found.conflicts)


def uptake_if_known(
    headers: Sequence[Dataset],
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Uptake until the first acquisition as a fact, and notes; none if unknown.

    An uptake that cannot be is none: a time was changed, as by de-identification.
    """
    half_life_s = hd.or_none(_half_life_s, headers[0])
    try:
        earliest = min(acquisitions(headers))
        found = injection(headers[0], earliest, half_life_s)
    except IngestFault:
        return {}, ()
    uptake = earliest - found.time
    minutes = round(uptake.total_seconds() / 60, 3)
    if can_be(uptake, half_life_s):
        return {"UptakeMinutes": minutes}, found.notes
    longest = longest_uptake(half_life_s).total_seconds() / 60
    return {}, (
        f"FACT_IMPLAUSIBLE UptakeMinutes is {minutes:.0f} min, expected 0 to "
        f"{longest:.0f}; left blank",
    )


def _half_life_s(header: Dataset) -> float:
    return tracer_number([header], "RadionuclideHalfLife", "to judge the uptake")


def _plausible_uptake(uptake_s: float, half_life_s: float) -> tuple[str, ...]:
    """Raise PET_UPTAKE_TIME if the uptake cannot be; a note if it is unusual."""
    limit_s = longest_uptake(half_life_s).total_seconds()
    minutes = uptake_s / 60
    if not 0 <= uptake_s <= limit_s:
        raise IngestFault(
            "PET_UPTAKE_TIME",
            f"the scan starts {minutes:.0f} min after the injection, expected 0 to "
            f"{limit_s / 60:.0f} min (5 half-lives). A time was changed, perhaps by "
            "de-identification: ask for consistent times.",
        )
    lowest, highest = USUAL_UPTAKE_MINUTES
    highest = max(highest, USUAL_HALF_LIVES * half_life_s / 60)
    if lowest <= minutes <= highest:
        return ()
    return (
        f"UPTAKE_UNUSUAL the scan starts {minutes:.1f} min after the injection, usual "
        f"are {lowest:g} to {highest:.0f} min",
    )


def _durations_s(headers: Sequence[Dataset]) -> list[float]:
    """ActualFrameDuration of every slice, in s."""
    found = [hd.number(header, "ActualFrameDuration") for header in headers]
    positive = [value / 1000 for value in found if value is not None and value > 0]
    if len(positive) < len(found):
        raise IngestFault(
            "PET_MISSING",
            "ActualFrameDuration is absent or 0 (decay within the frame). Ask for a "
            "complete export.",
        )
    return positive
