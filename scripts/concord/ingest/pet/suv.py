"""Standardized uptake values of PET: what turns stored values into SUV.

The rules are those of the manual of the SUV reference objects [1]_.

References
----------
.. [1] OncoRay, "SUV computation": manual and digital reference objects.
       https://github.com/oncoray/suv_computation
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from pydicom import Dataset

from ...errors import Finding, IngestFault
from ..dicom import header as hd
from . import nuclides
from .body import Measured, normalizer, weight_kg
from .decay import decay_until_scan, uptake_if_known
from .header import Attempts, private_text, shown, single, tracer, tracer_number

#: Kinds of SUV by the name in `ingest.suv`, and the units of the voxel values.
KINDS = {
    "bw": "SUVbw",
    "lbm": "SUVlbm",
    "lbm_james": "SUVlbm_james",
    "lbm_janma": "SUVlbm_janma",
    "bsa": "SUVbsa",
    "ibw": "SUVibw",
}

#: Doses below this cannot be Bq of a human scan.
SMALLEST_DOSE_BQ = 1e5

#: Plausible dose per body weight, in MBq/kg, if the unit has to be guessed.
PLAUSIBLE_MBQ_PER_KG = (0.5, 20.0)

#: Dose per body weight, in MBq/kg, that no patient is given: a unit was mistaken.
POSSIBLE_MBQ_PER_KG = (0.05, 100.0)

#: Mean SUV of a whole image outside of which its factor is worth a look.
USUAL_MEAN_SUV = (0.1, 5.0)

#: Mean SUV that no image has, be it a crop or a phantom: the unit is another one.
POSSIBLE_MEAN_SUV = (1e-4, 1e2)

#: Largest share by which the half-life may depart from that of the nuclide.
SAME_HALF_LIFE = 0.05

#: Kind of SUV by SUVType, for values in g/ml; none means body weight.
_GML_KINDS = {
    None: "bw",
    "BW": "bw",
    "LBM": "lbm",
    "LBMJAMES128": "lbm_james",
    "LBMJANMA": "lbm_janma",
    "IBW": "ibw",
}
_PHILIPS = (0x7053, "Philips PET Private Group", "PHILIPS")
_SUV_SCALE, _ACTIVITY_SCALE = 0x00, 0x09


@dataclass(frozen=True)
class Suv:
    """Factor that turns rescaled PET values into SUV, and how it was found."""

    factor: np.ndarray  # (n,) SUV per rescaled value of each slice
    facts: dict[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    conflicts: tuple[Finding, ...] = ()  # to be accepted by the study


@dataclass(frozen=True)
class _Stored:
    """Meaning of rescaled values: activity (kind None) or a kind of SUV."""

    kind: str | None
    scale: np.ndarray  # (n,) Bq/ml, or SUV of the kind, per rescaled value
    route: str


def standardized(headers: Sequence[Dataset], kind: str) -> Suv:
    """The factors from the rescaled values of a PET series to one kind of SUV.

    Parameters
    ----------
    headers : sequence of Dataset, length n
        Slices of one PET volume.
    kind : str
        A key of `KINDS`.

    Returns
    -------
    Suv
        One factor per slice, in the order of the headers. Activity is multiplied by
        body weight (or another body measure) and divided by the dose, decayed from
        injection to the time to which the scanner corrected the activity (START),
        not at all (ADMIN), or to each slice's own frame (NONE). Values stored as SUV
        are turned back to the wanted kind.

    Raises
    ------
    IngestFault
        PET_UNITS, PET_NOT_CORRECTED, PET_MISSING, PET_INCONSISTENT, PET_DOSE,
        PET_REFERENCE_TIME or PET_UPTAKE_TIME; all at once.
    """
    stored = _stored(headers)
    if stored.kind is None:
        found = _from_activity(headers, kind, stored)
    else:
        found = _from_suv(headers, kind, stored.kind, stored)
    return replace(found, facts=found.facts | {"Units": KINDS[kind]})


def require_wanted(stored_kind: str, kind: str) -> None:
    """Raise PET_UNITS if values without a header are not of the wanted kind."""
    if kind != stored_kind:
        raise IngestFault(
            "PET_UNITS",
            f"the file holds {KINDS[stored_kind]} and has no header to compute "
            f"{KINDS[kind]} from, which ingest.suv wants. Give the DICOM series.",
        )


def range_faults(array: np.ndarray) -> list[Finding]:
    """SUV_IMPOSSIBLE if no image has such a mean SUV."""
    mean = float(array.mean(dtype=np.float64))
    lowest, highest = POSSIBLE_MEAN_SUV
    if lowest <= mean <= highest:
        return []
    text = (
        f"the mean SUV of the image is {mean:.3g}, expected {lowest:g} to {highest:g}: "
        "the values are not in the unit that they are taken for, or a number that "
        "scales them is wrong (RescaleSlope, dose, weight). Ask for another export, or "
        "convert the values"
    )
    return [Finding("SUV_IMPOSSIBLE", f"{text}.")]


def is_usual(array: np.ndarray) -> bool:
    """True if the mean of an image is one that SUV of patients have."""
    lowest, highest = USUAL_MEAN_SUV
    return lowest <= float(array.mean(dtype=np.float64)) <= highest


def range_notes(array: np.ndarray) -> tuple[str, ...]:
    """A note if the mean SUV of an image is unusual; phantoms and crops may be."""
    mean = float(array.mean(dtype=np.float64))
    lowest, highest = USUAL_MEAN_SUV
    if lowest <= mean <= highest:
        return ()
    return (
        f"SUV_RANGE the mean SUV of the image is {mean:.3g}, usual are {lowest:g} to "
        f"{highest:g}",
    )


def _stored(headers: Sequence[Dataset]) -> _Stored:
    """Meaning of a series' values, by Units, SUVType and private scale factors."""
    units = single(headers, "Units", "the unit of the voxel values")
    ones = np.ones(len(headers))
    if units == "BQML":
        return _Stored(None, ones, "BQML")
    if units == "GML":
        return _Stored(_kind_stored(headers, _GML_KINDS), ones, "GML")
    if units == "CM2ML":
        kind = _kind_stored(headers, {None: "bsa", "BSA": "bsa"})
        return _Stored(kind, ones, "CM2ML")
    if units == "CNTS":
        return _from_counts(headers)
    raise IngestFault(
        "PET_UNITS",
        f"Units is {shown(units)}, expected BQML, GML, CM2ML, or CNTS of Philips. Ask "
        "for an export in Bq/ml.",
    )


def _kind_stored(headers: Sequence[Dataset], kinds: Mapping[str | None, str]) -> str:
    found = {hd.text(header, "SUVType") for header in headers}
    if len(found) > 1 or not found <= set(kinds):
        seen = ", ".join(sorted(map(shown, found)))
        known = ", ".join(sorted(name for name in kinds if name))
        raise IngestFault(
            "PET_UNITS",
            f"SUVType is {seen}, expected one of {known}, or none. Ask for an export "
            "in Bq/ml.",
        )
    return kinds[found.pop()]


def _from_counts(headers: Sequence[Dataset]) -> _Stored:
    """Counts of Philips, with the factor to SUVbw or the one to activity."""
    for element, kind, name in (
        (_SUV_SCALE, "bw", "Philips SUV factor"),
        (_ACTIVITY_SCALE, None, "Philips activity factor"),
    ):
        scale = np.array([_philips_factor(header, element) for header in headers])
        if np.all(scale > 0) and np.isfinite(scale).all():
            return _Stored(kind, scale, f"CNTS, {name}")
    raise IngestFault(
        "PET_UNITS",
        "Units is CNTS and not every slice has the scale factor (7053,1000) or "
        "(7053,1009) of Philips: counts lead to no SUV. Ask for an export in Bq/ml.",
    )


def _philips_factor(header: Dataset, element: int) -> float:
    """A private scale factor; 0 if it is absent or no number."""
    group, creator, vendor = _PHILIPS
    found = private_text(header, group, element, creator, vendor)
    try:
        return float(found) if found else 0.0
    except ValueError:
        return 0.0


def _from_suv(
    headers: Sequence[Dataset], kind: str, stored_kind: str, stored: _Stored
) -> Suv:
    facts, uptake_notes = uptake_if_known(headers)
    facts |= {"SUVRoute": f"{stored.route}, stored as {KINDS[stored_kind]}"}
    if kind == stored_kind:
        return Suv(stored.scale, facts, uptake_notes)
    needs = Attempts()
    wanted = needs.of(normalizer, headers, kind)
    given = needs.of(normalizer, headers, stored_kind)
    needs.finish()
    notes = tuple(dict.fromkeys(wanted.notes + given.notes + uptake_notes))
    return Suv(stored.scale * (wanted.value / given.value), facts, notes)


def _from_activity(headers: Sequence[Dataset], kind: str, stored: _Stored) -> Suv:
    needs = Attempts()
    weight = needs.of(weight_kg, headers)
    body = needs.of(normalizer, headers, kind)
    dose = needs.of(_dose_bq, headers)
    decay = needs.of(decay_until_scan, headers)
    needs.finish()
    facts = decay.facts | {
        "SUVRoute": f"{stored.route}, {decay.correction}",
        "InjectedRadioactivity": dose.value,
        "BodyWeight": weight.value,
    }
    notes = tuple(dict.fromkeys(body.notes + dose.notes + decay.notes))
    factor = stored.scale * body.value / (dose.value * decay.remaining)
    conflicts = [*decay.conflicts, *_dose_conflicts(dose.value, weight.value)]
    conflicts += _half_life_conflicts(headers)
    return Suv(factor, facts, notes, tuple(conflicts))


def _dose_conflicts(dose_bq: float, weight: float) -> Iterator[Finding]:
    """A dose per body weight that no patient is given."""
    lowest, highest = POSSIBLE_MBQ_PER_KG
    per_kg = dose_bq / 1e6 / weight
    if not lowest <= per_kg <= highest:
        yield Finding(
            "PET_DOSE_PER_WEIGHT",
            f"RadionuclideTotalDose is {dose_bq:g} Bq and PatientWeight {weight:g} kg, "
            f"which is {per_kg:.3g} MBq/kg, expected {lowest:g} to {highest:g}: one is "
            "in another unit, or a placeholder. Correct the header.",
        )


def _half_life_conflicts(headers: Sequence[Dataset]) -> Iterator[Finding]:
    """A half-life that is not that of the nuclide that the header names."""
    item = tracer(headers)
    nuclide = nuclides.by_code(item)
    found = hd.number(item, "RadionuclideHalfLife")
    if nuclide is None or found is None:
        return
    expected = nuclides.HALF_LIVES_S[nuclide]
    if abs(found / expected - 1) > SAME_HALF_LIFE:
        yield Finding(
            "PET_HALF_LIFE",
            f"RadionuclideHalfLife is {found:g} s, but that of {nuclide}, which the "
            f"header names, is {expected:g} s. Correct the header.",
        )


def _dose_bq(headers: Sequence[Dataset]) -> Measured:
    """The injected dose in Bq; MBq is recognized by the body weight, and noted."""
    dose = tracer_number(headers, "RadionuclideTotalDose", "the injected dose")
    if dose >= SMALLEST_DOSE_BQ:
        return Measured(dose)
    weight = weight_kg(headers).value
    lowest, highest = PLAUSIBLE_MBQ_PER_KG
    if not lowest <= dose / weight <= highest:
        raise IngestFault(
            "PET_DOSE",
            f"RadionuclideTotalDose is {dose:g} for {weight:g} kg, expected Bq (or "
            f"{lowest:g} to {highest:g} MBq/kg). Correct the header.",
        )
    return Measured(dose * 1e6, ("DOSE_TAKEN_AS_MBQ",))
