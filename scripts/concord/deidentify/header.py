"""One header without identifiers: every element decided, at every depth."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from pydicom import DataElement, Dataset
from pydicom.dataset import FileMetaDataset
from pydicom.multival import MultiValue
from pydicom.sequence import Sequence
from pydicom.sr._concepts_dict import concepts
from pydicom.uid import PYDICOM_IMPLEMENTATION_UID, UID

from .. import __version__
from ..privacy.identifiers import holds, identifying_words
from .actions import EDITION, Action, action_of
from .pseudonyms import Pseudonyms

#: Options of the profile, as PS3.16 context group 7050 codes them.
OPTIONS = {
    "113100": "Basic Application Confidentiality Profile",
    "113107": "Retain Longitudinal Temporal Information Modified Dates Option",
    "113108": "Retain Patient Characteristics Option",
    "113111": "Retain Safe Private Option",
}
#: Private elements that SUV needs: creator, group and element, and whether a date.
SAFE_PRIVATE = {
    ("GEMS_PETD_01", 0x0009, 0x0D): True,
    ("Philips PET Private Group", 0x7053, 0x00): False,
    ("Philips PET Private Group", 0x7053, 0x09): False,
}
_DUMMY = "REMOVED"
#: What stands for a code that is in no list of DICOM: scheme, value, meaning.
_UNKNOWN_CODE = ("99CONCORD", "REMOVED", "Removed")
_TEXTS = frozenset({"AE", "CS", "LO", "LT", "SH", "ST", "UC", "UT"})

Regions = Mapping[int, str]


def deidentified(
    header: Dataset, names: Pseudonyms, regions: Regions | None = None
) -> Dataset:
    """A header with pixels as before and without what could identify the patient.

    Parameters
    ----------
    header : Dataset
        A whole file; it is not changed.
    names : Pseudonyms
        Of the subject.
    regions : mapping, optional
        Names of ROIs or segments by their number, as the study calls them; others
        are called by their number.

    Returns
    -------
    Dataset
        With its file header, ready to be written.
    """
    words = identifying_words([header])
    clean = _cleaned(header, names, words)
    clean.PatientName = clean.PatientID = names.subject_id
    _name_regions(clean, header, regions or {})
    _mark(clean)
    clean.file_meta = _file_header(header, names)
    return clean


def _cleaned(header: Dataset, names: Pseudonyms, words: frozenset[str]) -> Dataset:
    """Every element of a data set, decided; private ones only if SUV needs them."""
    clean = Dataset()
    for element in header:
        if element.tag.is_private:
            continue
        if element.tag.element == 0 or element.tag.group in (0x0002, 0xFFFC):
            continue
        kept = _decided(element, names, words)
        if kept is not None:
            clean.add(kept)
    _keep_safe_private(header, clean, names)
    if "CodeMeaning" in clean or "CodeValue" in clean:
        _look_up(clean)
    return clean


def _decided(
    element: DataElement, names: Pseudonyms, words: frozenset[str]
) -> DataElement | None:
    action = action_of(element)
    if action == "remove":
        return None
    if element.VR == "SQ":
        items = [] if action == "empty" else element.value
        cleaned = [_cleaned(item, names, words) for item in items]
        return DataElement(element.tag, "SQ", Sequence(cleaned))
    is_text = element.VR in _TEXTS
    if action in ("keep", "code"):
        if not (is_text and holds(_joined(element.value), words)):
            return element
        return DataElement(element.tag, element.VR, "")
    return DataElement(element.tag, element.VR, _value(element, action, names))


def _value(element: DataElement, action: Action, names: Pseudonyms) -> Any:
    if action == "uid":
        return _each(element.value, names.uid)
    if action == "shift":
        return _each(element.value, names.moment)
    if action == "age":
        return _each(element.value, names.age)
    if action == "zone":
        return _each(element.value, names.zone)
    if element.VR not in _TEXTS:
        return None
    return _DUMMY if action == "dummy" else ""


def _each(value: Any, change: Any) -> Any:
    if isinstance(value, MultiValue | list):
        return [change(str(part)) for part in value]
    return change(str(value)) if value else value


def _joined(value: Any) -> str:
    parts = value if isinstance(value, MultiValue | list) else [value]
    return " ".join(str(part) for part in parts if part is not None)


def _keep_safe_private(header: Dataset, clean: Dataset, names: Pseudonyms) -> None:
    for (creator, group, number), is_date in SAFE_PRIVATE.items():
        try:
            element = header.private_block(group, creator)[number]
        except KeyError:
            continue
        value = element.value
        if isinstance(value, bytes):  # of an unknown type in the file
            value = value.decode("ascii", "ignore")
        text = str(value).strip("\0 ")
        if not is_date and not _is_number(text):
            continue
        block = clean.private_block(group, creator, create=True)
        block.add_new(
            number, *(("DT", names.moment(text)) if is_date else ("DS", text))
        )


def _is_number(text: str) -> bool:
    try:
        return float(text) == float(text)
    except ValueError:
        return False


def _look_up(item: Dataset) -> None:
    """Keep a coded entry only if DICOM knows its code, with the known meaning."""
    scheme = str(item.get("CodingSchemeDesignator") or "")
    code = str(item.get("CodeValue") or "")
    meaning = _meanings().get((scheme, code))
    if meaning is None:
        scheme, code, meaning = _UNKNOWN_CODE
    item.CodingSchemeDesignator, item.CodeValue = scheme, code
    item.CodeMeaning = meaning[:64]


@cache
def _meanings() -> dict[tuple[str, str], str]:
    """Meaning of every scheme and code that pydicom knows."""
    known: dict[str, dict[str, dict[str, Any]]] = concepts  # type: ignore[assignment]
    return {
        (scheme, code): str(meaning)
        for scheme, entries in known.items()
        for found in entries.values()
        for code, (meaning, *_) in found.items()
    }


def _name_regions(clean: Dataset, header: Dataset, regions: Regions) -> None:
    """Call ROIs and segments as the study does, or by their number."""
    for sequence, number, name in (
        ("StructureSetROISequence", "ROINumber", "ROIName"),
        ("SegmentSequence", "SegmentNumber", "SegmentLabel"),
    ):
        for item in clean.get(sequence) or []:
            own = int(item.get(number) or 0)
            setattr(item, name, regions.get(own, f"ROI {own}"))


def _mark(clean: Dataset) -> None:
    """Say that, and how, the identity was removed."""
    clean.PatientIdentityRemoved = "YES"
    clean.LongitudinalTemporalInformationModified = "MODIFIED"
    clean.DeidentificationMethod = [f"Concord {__version__}", EDITION]
    clean.DeidentificationMethodCodeSequence = Sequence(map(_option, OPTIONS))


def _option(code: str) -> Dataset:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator = code, "DCM"
    item.CodeMeaning = OPTIONS[code]
    return item


def _file_header(header: Dataset, names: Pseudonyms) -> FileMetaDataset:
    old = getattr(header, "file_meta", None) or FileMetaDataset()
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = header.SOPClassUID
    meta.MediaStorageSOPInstanceUID = UID(names.uid(str(header.SOPInstanceUID)))
    meta.TransferSyntaxUID = old.get("TransferSyntaxUID", "1.2.840.10008.1.2")
    meta.ImplementationClassUID = PYDICOM_IMPLEMENTATION_UID
    return meta
