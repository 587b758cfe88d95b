"""Units of voxel values that come without a header: declared, or taken with care."""

import re
from collections.abc import Mapping

import numpy as np

from ..errors import Finding, IngestFault
from .acquisition.sidecar import UNITS
from .pet import suv

#: Spellings of the units that are read, by modality, in small letters.
_SPELLINGS: dict[str, dict[str, str]] = {
    "CT": {"hu": "HU", "[hnsf'u]": "HU", "hounsfield": "HU"},
    "PT": {"suv": "SUVbw", "g/ml": "SUVbw", "gml": "SUVbw"}
    | {unit.lower(): unit for unit in suv.KINDS.values()},
    "MR": {},
}

#: Units are short; anything else might be a text about the patient.
_SHOWN = re.compile(r"[\w/^{}.'\[\]*-]{1,12}")

_CODES = {"CT": "RESCALE_MISSING", "PT": "PET_UNITS"}


def agreed(
    modality: str, told: Mapping[str, str | None], suv_kind: str = "bw"
) -> str | None:
    """The unit that all who tell one agree on; None if nobody does.

    Parameters
    ----------
    modality : str
        CT, MR or PT.
    told : mapping
        The unit by who tells it, such as "the sidecar"; empty if it does not.
    suv_kind : str
        What uptake is standardized by (`ingest.suv`).

    Returns
    -------
    str or None
        HU, SUV of the kind, or the unit of an MR as it is told.

    Raises
    ------
    IngestFault
        RESCALE_MISSING or PET_UNITS if it is another unit than the modality is
        measured in, UNIT_DIFFERS if two units are told.
    """
    given = {who: text.strip() for who, text in told.items() if text and text.strip()}
    found = {who: _unit(modality, text, who) for who, text in given.items()}
    units = set(found.values()) - {UNITS["MR"]}
    if len(units) > 1:
        raise IngestFault(
            "UNIT_DIFFERS",
            f"{' and '.join(found)} name different units of the voxel values: "
            f"{' and '.join(map(_shown, found.values()))}. Correct the wrong one.",
        )
    unit = units.pop() if units else None
    if modality == "PT" and unit is not None:
        suv.require_wanted(_KIND_OF[unit], suv_kind)
    return unit


_KIND_OF = {unit: kind for kind, unit in suv.KINDS.items()}


def _unit(modality: str, text: str, who: str) -> str:
    """A unit in one spelling."""
    if modality == "MR":
        return text
    known = _SPELLINGS[modality].get(text.lower())
    if known is None:
        wanted = UNITS[modality]
        raise IngestFault(
            _CODES[modality],
            f"{who} says Units {_shown(text)}, expected {wanted}. Convert "
            f"the values to {wanted} before, and say so.",
        )
    return known


def unknown_unit(array: np.ndarray, modality: str) -> list[Finding]:
    """UNIT_UNKNOWN if nobody tells the unit of a PET and its values are unusual."""
    if modality != "PT" or suv.is_usual(array):
        return []
    mean = float(array.mean(dtype=np.float64))
    text = (
        f"nobody says in which unit the NIfTI file holds its values, and their mean "
        f"of {mean:.3g} is none that SUV have. Write the unit, such as SUVbw, into the "
        "column `unit` of the image sheet, or as Units into the sidecar; values in "
        "Bq/ml must be converted before"
    )
    return [Finding("UNIT_UNKNOWN", f"{text}.")]


def _shown(text: str) -> str:
    return repr(text) if _SHOWN.fullmatch(text) else "in other words"
