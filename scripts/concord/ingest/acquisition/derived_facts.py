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
from ..pet.header import private_text
from ..pet.times import clock_time

#: Radionuclide by its SNOMED code, old and new, in RadionuclideCodeSequence.
_RADIONUCLIDE_CODES = {
    "C-105A1": "C11",
    "40565003": "C11",
    "C-107A1": "N13",
    "21576001": "N13",
    "C-B1038": "O15",
    "129504001": "O15",
    "C-111A1": "F18",
    "77004003": "F18",
    "C-127A2": "Cu64",
    "3932008": "Cu64",
    "C-131A3": "Ga68",
    "35337001": "Ga68",
    "C-159A2": "Rb82",
    "79197006": "Rb82",
    "C-168A4": "Zr89",
    "63360001": "Zr89",
    "C-114A5": "I124",
    "40937006": "I124",
}
#: Half-lives in s; a header within 2 % of one of them means that nuclide.
_HALF_LIVES_S = {
    "Rb82": 75.4,
    "O15": 122.2,
    "N13": 597.9,
    "C11": 1221.8,
    "Ga68": 4057.7,
    "F18": 6586.2,
    "Cu64": 45723.6,
    "Zr89": 282280.0,
    "I124": 360806.0,
}
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
_LONGEST_CONTRAST_DELAY = timedelta(hours=1)

_ITERATIONS = re.compile(r"(\d+)\s*i(?:t\w*)?[\s,]*(\d+)\s*s", re.IGNORECASE)
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
    lossy = [hd.or_none(_is_lossy, header) for header in headers]
    return facts | {"LossyImageCompression": any(lossy)}


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
        turbo = (hd.number(header, "EchoTrainLength") or 1) > 1
        return "turbo spin echo" if turbo else "spin echo"
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
    digits = re.fullmatch(r"\s*(\d{1,3})\s*%?\s*", found or "")
    return float(digits[1]) if digits else None


def contrast_delay_s(header: Dataset) -> float | None:
    """Time from the start of the contrast injection to the acquisition, in s."""
    start, scan = (
        clock_time(header, keyword)
        for keyword in ("ContrastBolusStartTime", "AcquisitionTime")
    )
    if start is None or scan is None:
        return None
    delay = scan - start
    plausible = timedelta(0) <= delay <= _LONGEST_CONTRAST_DELAY
    return delay.total_seconds() if plausible else None


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
        for code in hd.value(item, "RadionuclideCodeSequence") or []:
            known = _RADIONUCLIDE_CODES.get(hd.text(code, "CodeValue") or "")
            if known:
                return known
        half_life_s = hd.number(item, "RadionuclideHalfLife")
        for name, expected_s in _HALF_LIVES_S.items():
            if half_life_s and abs(half_life_s / expected_s - 1) < 0.02:
                return name
    return None


def recon_iterations(header: Dataset) -> float | None:
    """Iterations of the PET reconstruction."""
    return _iterations(header, 1, _GE_ITERATIONS)


def recon_subsets(header: Dataset) -> float | None:
    """Subsets of the PET reconstruction."""
    return _iterations(header, 2, _GE_SUBSETS)


def recon_filter_mm(header: Dataset) -> float | None:
    """Width of the Gaussian filter after a PET reconstruction, in mm."""
    found = _GAUSS.search(hd.text(header, "ConvolutionKernel") or "")
    return float(found[1]) if found else _ge_number(header, _GE_FILTER)


def _iterations(header: Dataset, group: int, element: int) -> float | None:
    found = _ITERATIONS.search(hd.text(header, "ReconstructionMethod") or "")
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
        method = hd.text(header, "ReconstructionMethod") or ""
        return True if pattern.search(method) else None

    return found


def _has_contrast(header: Dataset) -> bool:
    agent = (hd.text(header, "ContrastBolusAgent") or "").upper()
    volume_ml = hd.number(header, "ContrastBolusVolume") or 0
    named = agent not in ("", "NO", "NONE", "N/A", "OHNE", "SANS")
    return named or volume_ml > 0 or contrast_phase(header) is not None


def _is_lossy(header: Dataset) -> bool:
    return hd.text(header, "LossyImageCompression") == "01"


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
