"""Radionuclides of PET: their codes and half-lives."""

from pydicom import Dataset

from ..dicom import header as hd

#: Radionuclide by its SNOMED code, old and new, in RadionuclideCodeSequence.
_CODES = {
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
HALF_LIVES_S = {
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
_SAME_SHARE = 0.02


def by_code(tracer: Dataset) -> str | None:
    """Nuclide of an item of the radiopharmaceutical, by its code."""
    for code in hd.value(tracer, "RadionuclideCodeSequence") or []:
        known = _CODES.get(hd.text(code, "CodeValue") or "")
        if known:
            return known
    return None


def by_half_life(half_life_s: float | None) -> str | None:
    """Nuclide with a half-life, in s."""
    for name, expected_s in HALF_LIVES_S.items():
        if half_life_s and abs(half_life_s / expected_s - 1) < _SAME_SHARE:
            return name
    return None
