"""Body measures that standardize uptake: mass in g or surface in cm2.

References
----------
.. [1] Boellaard, R., et al. (2015). "FDG PET/CT: EANM procedure guidelines for
       tumour imaging: version 2.0". Eur J Nucl Med Mol Imaging, 42, 328-354.
       https://doi.org/10.1007/s00259-014-2961-x
.. [2] Morgan, D. J., & Bray, K. M. (1994). "Lean body mass as a predictor of drug
       dosage". Clin Pharmacokinet, 26, 292-307.
       https://doi.org/10.2165/00003088-199426040-00005
.. [3] Sugawara, Y., et al. (1999). "Reevaluation of the standardized uptake value
       for FDG". Radiology, 213, 521-525.
       https://doi.org/10.1148/radiology.213.2.r99nv37521
.. [4] Janmahasatian, S., et al. (2005). "Quantification of lean bodyweight". Clin
       Pharmacokinet, 44, 1051-1065. https://doi.org/10.2165/00003088-200544100-00004
.. [5] Du Bois, D., & Du Bois, E. F. (1916). "A formula to estimate the approximate
       surface area if height and weight be known". Arch Intern Med, 17, 863-871.
       https://doi.org/10.1001/archinte.1916.00080130010002
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pydicom import Dataset

from ...errors import IngestFault
from .header import Attempts, number, shown, single

#: Weights above this are grams, heights above this are centimetres.
LARGEST_WEIGHT_KG = 1000.0
LARGEST_HEIGHT_M = 3.0

_G_PER_KG, _CM_PER_M, _CM2_PER_M2 = 1000.0, 100.0, 10_000.0


class Measured(NamedTuple):
    """A number and the notes of how it was read."""

    value: float
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Kind:
    """One way to standardize: what it needs beside weight, and its formula."""

    sexes: bool
    formula: Callable[[float, float, str], float]  # (kg, m, M or F) -> kg or m2
    unit: float = _G_PER_KG


def weight_kg(headers: Sequence[Dataset]) -> Measured:
    """Body weight in kg; grams are recognized and noted."""
    found = number(headers, "PatientWeight", "the body weight")
    if found > LARGEST_WEIGHT_KG:
        return Measured(found / 1000, ("WEIGHT_TAKEN_AS_G",))
    return Measured(found)


def height_m(headers: Sequence[Dataset]) -> Measured:
    """Height in m; centimetres are recognized and noted."""
    found = number(headers, "PatientSize", "the height")
    if found > LARGEST_HEIGHT_M:
        return Measured(found / 100, ("HEIGHT_TAKEN_AS_CM",))
    return Measured(found)


def normalizer(headers: Sequence[Dataset], kind: str) -> Measured:
    """Factor that turns activity per dose into one kind of SUV.

    Parameters
    ----------
    headers : sequence of Dataset
        Slices of a PET series.
    kind : str
        ``bw`` body weight [1]_, ``lbm`` lean body mass of Morgan [2]_, ``lbm_james``
        of James with the factor 128 [3]_, ``lbm_janma`` of Janmahasatian [4]_, all
        in g; ``bsa`` body surface area [5]_ in cm2; ``ibw`` ideal body weight [3]_
        in g.

    Returns
    -------
    Measured
        In g or cm2. Where the formula differs by sex and the sex is O, the mean of
        both, with the note SEX_AVERAGED.

    Raises
    ------
    IngestFault
        PET_MISSING or PET_INCONSISTENT, for all facts that the kind needs.
    """
    if kind == "bw":
        found = weight_kg(headers)
        return Measured(found.value * _G_PER_KG, found.notes)
    needs = Attempts()
    weight = needs.of(weight_kg, headers)
    height = needs.of(height_m, headers)
    sexes = needs.of(_sexes, headers) if _KINDS[kind].sexes else ("M",)
    needs.finish()
    chosen = _KINDS[kind]
    results = [chosen.formula(weight.value, height.value, sex) for sex in sexes]
    notes = weight.notes + height.notes
    if len(sexes) > 1:
        notes += ("SEX_AVERAGED",)
    mean = sum(results) / len(results)
    if mean <= 0:
        raise IngestFault(
            "PET_MISSING",
            f"{weight.value:g} kg and {height.value:g} m give a normalizer of {mean:g} "
            f"for SUV {kind}, expected more than 0. Correct PatientWeight or "
            "PatientSize, or set ingest.suv to bw.",
        )
    return Measured(mean * chosen.unit, notes)


def _sexes(headers: Sequence[Dataset]) -> tuple[str, ...]:
    found = single(headers, "PatientSex", "the formula of lean or ideal weight")
    if found == "O":
        return ("M", "F")
    if found not in ("M", "F"):
        raise IngestFault(
            "PET_MISSING",
            f"PatientSex is {shown(found)}, expected M, F or O (the formula of lean or "
            "ideal weight). Set ingest.suv to bw, or ask for a complete export.",
        )
    return (found,)


def _morgan_kg(weight: float, height: float, sex: str) -> float:
    return _james_kg(weight, height, sex, men=120.0)


def _james_kg(weight: float, height: float, sex: str, men: float = 128.0) -> float:
    slope, bend = (1.10, men) if sex == "M" else (1.07, 148.0)
    return slope * weight - bend * (weight / (height * _CM_PER_M)) ** 2


def _janmahasatian_kg(weight: float, height: float, sex: str) -> float:
    body_mass_index = weight / height**2
    offset, slope = (6680.0, 216.0) if sex == "M" else (8780.0, 244.0)
    return 9270.0 * weight / (offset + slope * body_mass_index)


def _ideal_kg(weight: float, height: float, sex: str) -> float:
    above_cm = height * _CM_PER_M - 152.0
    return 48.0 + 1.06 * above_cm if sex == "M" else 45.5 + 0.91 * above_cm


def _surface_m2(weight: float, height: float, sex: str) -> float:
    return 0.007184 * weight**0.425 * (height * _CM_PER_M) ** 0.725


_KINDS = {
    "lbm": _Kind(True, _morgan_kg),
    "lbm_james": _Kind(True, _james_kg),
    "lbm_janma": _Kind(True, _janmahasatian_kg),
    "ibw": _Kind(True, _ideal_kg),
    "bsa": _Kind(False, _surface_m2, _CM2_PER_M2),
}
