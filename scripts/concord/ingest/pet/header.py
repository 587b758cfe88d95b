"""Facts of a PET header: one value for all slices, or a fault that names it."""

import math
from collections.abc import Callable, Sequence

from pydicom import Dataset
from pydicom.tag import Tag

from ...errors import Finding, IngestFault
from ..dicom import header as hd
from ..faults.collecting import raise_ingest_faults

#: Words that DICOM defines; any other text of a header may hold a name.
_UNITS = {"BQML", "CNTS", "GML", "CM2ML", "PROPCNTS", "PROPCPS", "PCNT", "CPS", "1CM"}
_SUV_TYPES = {"BW", "BSA", "LBM", "LBMJAMES128", "LBMJANMA", "IBW"}
_CORRECTIONS = {"DECY", "ATTN", "SCAT", "DTIM", "MOTN", "PMOT", "CLN", "RAN", "RADL"}
_CORRECTIONS |= {"DCAL", "NORM", "START", "ADMIN", "NONE"}
_TERMS = _UNITS | _SUV_TYPES | _CORRECTIONS | {"M", "F", "O"}


class Attempts:
    """Calls whose faults are gathered, so that all are told at once."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []

    def of[T](self, function: Callable[..., T], *arguments: object) -> T:
        """The result of a call; after a fault nothing, until `finish` raises it."""
        try:
            return function(*arguments)
        except IngestFault as fault:
            self.findings += [one for one in fault.findings if one not in self.findings]
            return None  # type: ignore[return-value]

    def finish(self) -> None:
        """Raise one IngestFault that lists every fault, if there was any."""
        raise_ingest_faults(self.findings)


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
    return number([tracer([header]) for header in headers], keyword, purpose)


def number(headers: Sequence[Dataset], keyword: str, purpose: str) -> float:
    """The positive number that all slices share."""
    found = single(headers, keyword, purpose)
    try:
        result = float(found)
    except ValueError:
        result = math.nan
    if not (result > 0 and math.isfinite(result)):
        raise IngestFault(
            "PET_MISSING",
            f"{keyword} is {shown(found)}, expected a positive number ({purpose}). Ask "
            "for a complete export.",
        )
    return result


def single(headers: Sequence[Dataset], keyword: str, purpose: str) -> str:
    """The value that all slices share; PET_MISSING or PET_INCONSISTENT if not."""
    values = {hd.text(header, keyword) for header in headers}
    if None in values:
        raise IngestFault(
            "PET_MISSING",
            f"{keyword} is absent ({purpose}). Ask for a complete export.",
        )
    if len(values) > 1:
        seen = ", ".join(sorted({shown(str(value)) for value in values}))
        raise IngestFault(
            "PET_INCONSISTENT",
            f"{keyword} differs between slices: {seen}. Keep the files of one scan.",
        )
    return str(values.pop())


def shown(found: str | None) -> str:
    """A value as a message may show it: numbers and words that DICOM defines."""
    if found is None:
        return "absent"
    try:
        return f"{float(found):g}"
    except ValueError:
        words = found.split("\\")
        known = all(word in _TERMS for word in words)
        return ", ".join(words) if known else "no term of DICOM"


def private_text(
    header: Dataset, group: int, element: int, creator: str, vendor: str
) -> str | None:
    """A private value as text, with or without its private creator.

    Without the creator, which exports often lose, the usual place of the block is
    read if the manufacturer's name begins with `vendor`.
    """
    try:
        found = header.private_block(group, creator)[element].value
    except KeyError:
        maker = (hd.text(header, "Manufacturer") or "").upper()
        place = Tag(group, 0x1000 + element)
        if not maker.startswith(vendor) or Tag(group, 0x10) in header:
            return None
        found = header[place].value if place in header else None
    if found is None:
        return None
    text = found.decode("ascii", "replace") if isinstance(found, bytes) else str(found)
    return text.strip("\0 ") or None
