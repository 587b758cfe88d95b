"""Acquisition facts that no single header element states plainly.

All are words and numbers of this module, never text of the header: free text could
hold a name.
"""

import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from pydicom import Dataset
from pydicom.uid import UID

from ..dicom import header as hd
from ..dicom import times
from ..pet import nuclides
from ..pet.header import private_text

_PHASES = (
    "PRE_CONTRAST",
    "POST_CONTRAST",
    "IMMEDIATE",
    "DYNAMIC",
    "STEADY_STATE",
    "DELAYED",
    "ARTERIAL",
    "EARLY_ARTERIAL",
    "LATE_ARTERIAL",
    "CAPILLARY",
    "VENOUS",
    "PORTAL_VENOUS",
)
#: Words for no agent; an empty element is no word.
_NO_AGENT = frozenset(["NO", "NONE", "N/A", "OHNE", "SANS", "KEINE", "KEIN", "NATIV"])
_LONGEST_CONTRAST_DELAY = timedelta(hours=1)

_ITERATIONS = re.compile(r"(\d+)\s*i(?:t\w*)?[\s,]*(\d+)\s*s", re.IGNORECASE)
#: Longest text that is searched; DICOM allows 64 characters for each of its parts.
_LONGEST_TEXT = 256
_GAUSS = re.compile(r"gauss\D{0,8}(\d+(?:\.\d+)?)", re.IGNORECASE)
_TIME_OF_FLIGHT = re.compile(r"TOF|VPFX|-TF\b|TIME.OF.FLIGHT", re.IGNORECASE)
_POINT_SPREAD = re.compile(r"PSF|TRUE-?X|SHARP|VP(?:FX|HD)-?S\b", re.IGNORECASE)
_GE_PET = (0x0009, "GEMS_PETD_01", "GE")
_GE_ITERATIONS, _GE_SUBSETS, _GE_FILTER = 0xB2, 0xB3, 0xBB


def derived_facts(headers: Sequence[Dataset], modality: str) -> dict[str, Any]:
    """Facts derived from the first slice of a series; None where it lacks them."""
    first = headers[0]
    derive = _GENERAL | _DERIVED[modality]
    facts = {name: hd.or_none(get, first) for name, get in derive.items()}
    return facts | {"LossyImageCompression": any_lossy(headers)}


def transfer_syntax(header: Dataset) -> str | None:
    """Name of the transfer syntax, if it is one of DICOM."""
    meta = getattr(header, "file_meta", None)
    uid = UID(str(getattr(meta, "TransferSyntaxUID", "") or ""))
    known = bool(uid) and not uid.is_private and uid.is_transfer_syntax
    return uid.name if known else None


def sequence_class(header: Dataset) -> str | None:
    """Class of an MR sequence, by ScanningSequence and EchoTrainLength."""
    kinds = set((hd.text(header, "ScanningSequence") or "").split("\\"))
    inversion = "IR" in kinds
    if "EP" in kinds:
        return "echo planar"
    if "GR" in kinds:
        return "inversion-prepared gradient echo" if inversion else "gradient echo"
    if inversion:
        return "inversion recovery"
    if "SE" in kinds:
        train = hd.number(header, "EchoTrainLength")
        if train is None:
            return None
        return "turbo spin echo" if train > 1 else "spin echo"
    return "research mode" if "RM" in kinds else None


def iterative_level(header: Dataset) -> float | None:
    """Level of iterative CT reconstruction: % at GE, a step at Philips and Siemens."""
    ge = private_text(header, 0x0053, 0x43, "GEHC_CT_ADVAPP_001", "GE")
    philips = private_text(header, 0x01F7, 0x9B, "ELSCINT1", "PHILIPS")
    found = ge or philips
    if (
        found is None
        and (hd.text(header, "Manufacturer") or "").upper()[:7] == "SIEMENS"
    ):
        _, _, found = (hd.text(header, "ConvolutionKernel") or "").partition("\\")
    digits = re.fullmatch(r"(\d{1,3})\s*%?", (found or "").strip())
    return float(digits[1]) if digits else None


def contrast_delay_s(header: Dataset) -> float | None:
    """Time from the start of the contrast injection to the acquisition, in s."""
    start, scan = (
        times.clock(hd.text(header, keyword))
        for keyword in ("ContrastBolusStartTime", "AcquisitionTime")
    )
    if start is None or scan is None:
        return None
    # Midnight may be between them.
    delay = (scan - start) % timedelta(days=1)
    return delay.total_seconds() if delay <= _LONGEST_CONTRAST_DELAY else None


def contrast_phase(header: Dataset) -> str | None:
    """Phase of the contrast agent, if it is a word that DICOM defines."""
    used = hd.value(header, "ContrastBolusUsageSequence")
    for item in [header, *(used or [])]:
        phase = hd.text(item, "ContrastBolusAgentPhase")
        if phase in _PHASES:
            return phase
    return None


def radionuclide(header: Dataset) -> str | None:
    """Nuclide of the tracer, by its code, else by its half-life."""
    items = hd.value(header, "RadiopharmaceuticalInformationSequence") or []
    for item in items:
        half_life_s = hd.number(item, "RadionuclideHalfLife")
        known = nuclides.by_code(item) or nuclides.by_half_life(half_life_s)
        if known:
            return known
    return None


def recon_iterations(header: Dataset) -> float | None:
    """Iterations of the PET reconstruction."""
    return _iterations(header, 1, _GE_ITERATIONS)


def recon_subsets(header: Dataset) -> float | None:
    """Subsets of the PET reconstruction."""
    return _iterations(header, 2, _GE_SUBSETS)


def recon_filter_mm(header: Dataset) -> float | None:
    """Width of the Gaussian filter after a PET reconstruction, in mm."""
    found = _GAUSS.search(_shown(header, "ConvolutionKernel"))
    return float(found[1]) if found else _ge_number(header, _GE_FILTER)


def _shown(header: Dataset, keyword: str) -> str:
    """A text of the header, cut where no scanner writes any more."""
    return (hd.text(header, keyword) or "")[:_LONGEST_TEXT]


def _iterations(header: Dataset, group: int, element: int) -> float | None:
    found = _ITERATIONS.search(_shown(header, "ReconstructionMethod"))
    return float(found[group]) if found else _ge_number(header, element)


def _ge_number(header: Dataset, element: int) -> float | None:
    """A private number of GE PET; None if absent or 0, which means not used."""
    group, creator, vendor = _GE_PET
    found = private_text(header, group, element, creator, vendor)
    try:
        return float(found) or None if found else None
    except ValueError:
        return None


def _named(pattern: re.Pattern[str]) -> Callable[[Dataset], bool | None]:
    """True if the reconstruction's name says so; its silence proves nothing."""

    def found(header: Dataset) -> bool | None:
        method = _shown(header, "ReconstructionMethod")
        return True if pattern.search(method) else None

    return found


def _has_contrast(header: Dataset) -> bool | None:
    """True if an agent, volume or phase is told, False if none was given, else None.

    An absent or empty element says nothing: most headers of contrast-enhanced scans
    that were de-identified have none.
    """
    agent = (hd.text(header, "ContrastBolusAgent") or "").upper()
    volume_ml = hd.number(header, "ContrastBolusVolume")
    phase = contrast_phase(header)
    denied = agent in _NO_AGENT or phase == "PRE_CONTRAST"
    if (agent and not denied) or (volume_ml or 0) > 0 or (phase and not denied):
        return True
    return False if denied or volume_ml == 0 else None


def _is_lossy(header: Dataset) -> bool | None:
    """Truth of LossyImageCompression; None without it."""
    return {"01": True, "00": False}.get(hd.text(header, "LossyImageCompression") or "")


def any_lossy(headers: Sequence[Dataset]) -> bool | None:
    """True if a slice was ever compressed with loss, False if all deny it."""
    found = {hd.or_none(_is_lossy, header) for header in headers}
    return True if True in found else None if None in found else False


_GENERAL: dict[str, Callable[[Dataset], Any]] = {
    "TransferSyntax": transfer_syntax,
    "ContrastBolusAgentPhase": contrast_phase,
    "contrast_delay_s": contrast_delay_s,
    "ContrastBolus": _has_contrast,
}
_DERIVED: dict[str, dict[str, Callable[[Dataset], Any]]] = {
    "CT": {"IterativeReconstructionLevel": iterative_level},
    "MR": {"SequenceClass": sequence_class},
    "PT": {
        "TracerRadionuclide": radionuclide,
        "ReconIterations": recon_iterations,
        "ReconSubsets": recon_subsets,
        "ReconFilterSize": recon_filter_mm,
        "TimeOfFlight": _named(_TIME_OF_FLIGHT),
        "PointSpreadFunction": _named(_POINT_SPREAD),
    },
}
