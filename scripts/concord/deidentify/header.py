"""One header without identifiers: every element decided, at every depth."""

import re
from collections import Counter
from collections.abc import Mapping
from functools import cache
from typing import Any

from pydicom import DataElement, Dataset
from pydicom.datadict import keyword_for_tag
from pydicom.dataset import FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.sr._concepts_dict import concepts
from pydicom.tag import BaseTag
from pydicom.uid import PYDICOM_IMPLEMENTATION_UID, ExplicitVRLittleEndian

from .. import __version__
from ..errors import reraise_run_fault
from ..ingest.dicom import header as hd
from ..ingest.geometry.volume_tags import b_value, gradient
from .actions import EDITION, Action, action_of
from .kept_numbers import ranges
from .lookup_table import cut_table
from .numbering import Numbering
from .options import option_items
from .pseudonyms import Pseudonyms
from .values import Keeper, NotExported, Unfit

#: Private elements that SUV needs: creator, group and element, and whether a date.
SAFE_PRIVATE = {
    ("GEMS_PETD_01", 0x0009, 0x0D): True,
    ("Philips PET Private Group", 0x7053, 0x00): False,
    ("Philips PET Private Group", 0x7053, 0x09): False,
}
_DUMMY = "REMOVED"
#: What stands for a code that is in no list of DICOM: scheme, value, meaning.
_UNKNOWN_CODE = ("99CONCORD", "REMOVED", "Removed")
#: Value representations in which a dummy can stand.
_TEXTS = frozenset({"AE", "CS", "LO", "LT", "SH", "ST", "UC", "UT"})
_UNLISTED = "by the profile or not on a list"
#: Pixels are written anew from their numbers.
_PIXELS = 0x7FE00010
_PRIVATE_SCALE = re.compile(r"[+-]?\d{1,10}(\.\d*)?([eE][+-]?\d{1,2})?", re.ASCII)

Regions = Mapping[int, str]
#: Count of elements that went or lost their value: path, type and reason.
Removed = Counter[tuple[str, str, str]]


def deidentified(
    header: Dataset,
    names: Pseudonyms,
    regions: Regions | None = None,
    keeper: Keeper | None = None,
    removed: Removed | None = None,
) -> Dataset:
    """A header without what could identify the patient, and without pixels.

    Parameters
    ----------
    header : Dataset
        Of a whole file; it is not changed.
    names : Pseudonyms
        Of the subject.
    regions : mapping, optional
        Names of ROIs or segments by their number, as the study calls them; others
        are called by their number.
    keeper : Keeper, optional
        Of all files that the file belongs to; by default its own.
    removed : Counter, optional
        Is told of every element that went or lost its value.

    Returns
    -------
    Dataset
        With its file header, ready to be written in explicit little endian.

    Raises
    ------
    NotExported
        If pixels or their place depend on a value that cannot be kept.
    """
    keeper = keeper or Keeper.of(names, [header])
    is_little = header.original_encoding[1] is not False
    cleaner = _Cleaner(keeper, Counter() if removed is None else removed, is_little)
    clean = cleaner.cleaned(header, "")
    clean.SpecificCharacterSet = "ISO_IR 192"
    clean.PatientName = clean.PatientID = names.subject_id
    _name_regions(clean, keeper.numbering, regions or {})
    _mark(clean)
    clean.file_meta = _file_header(clean)
    return clean


class _Cleaner:
    """Decides the elements of one file, at every depth."""

    def __init__(self, keeper: Keeper, removed: Removed, is_little: bool) -> None:
        self.keeper, self.removed, self.is_little = keeper, removed, is_little

    def cleaned(self, header: Dataset, path: str) -> Dataset:
        """Every element of a data set, decided; private ones only if SUV needs them."""
        clean = Dataset()
        for tag in sorted(header.keys()):
            if tag.element == 0 or tag.group in (0x0002, 0xFFFC) or tag == _PIXELS:
                continue
            if tag.is_private:
                self.removed["private elements", "", _UNLISTED] += 1
                continue
            kept = self._decided(header, tag, path)
            if kept is not None:
                clean.add(kept)
        _keep_safe_private(header, clean, self.keeper)
        _keep_diffusion(header, clean, self.keeper)
        if "CodeMeaning" in clean or "CodeValue" in clean:
            _look_up(clean)
        return clean

    def _decided(self, header: Dataset, tag: BaseTag, path: str) -> DataElement | None:
        try:
            element = header[tag]
            place = f"{path}{element.keyword or 'unknown elements'}"
            action = action_of(element)
        except Exception as error:  # values are parsed here, from arbitrary bytes
            reraise_run_fault(error)
            self._note_unreadable(tag)
            return None
        if action == "remove":
            self._gone(place, element.VR, _UNLISTED)
            return None
        if element.VR == "SQ":
            items = [] if action == "empty" else element.value
            cleaned = [self.cleaned(item, f"{place}.") for item in items]
            return DataElement(tag, "SQ", Sequence(cleaned))
        if action == "table":
            return self._table(header, path, place)
        if action in ("own", "empty", "dummy"):
            if element.value:
                self._gone(place, element.VR, _UNLISTED)
            return DataElement(tag, element.VR, _blank(element.VR, action))
        return self._kept(element, action, place)

    def _kept(self, element: DataElement, action: Action, place: str) -> DataElement:
        try:
            value = self.keeper.value(element, action)
        except Unfit as reason:
            self._gone(place, element.VR, str(reason))
            value = _blank(element.VR, "empty")
        return DataElement(element.tag, element.VR, value)

    def _table(self, header: Dataset, path: str, place: str) -> DataElement | None:
        """The entries of a Modality LUT; other tables are not needed."""
        if not path.endswith("ModalityLUTSequence."):
            self._gone(place, "OW", _UNLISTED)
            return None
        return cut_table(header, self.is_little)

    def _note_unreadable(self, tag: BaseTag) -> None:
        keyword = keyword_for_tag(tag)
        if keyword in ranges() and ranges()[keyword].is_essential:
            raise NotExported(
                f"{keyword} cannot be read, and the pixels or their place depend on "
                "it. Ask for another export of the series."
            )
        self._gone(keyword or "unknown elements", "", "cannot be read")

    def _gone(self, place: str, vr: str, reason: str) -> None:
        self.removed[place, vr, reason] += 1


def _blank(vr: str, action: Action) -> str | None:
    if vr not in _TEXTS:
        return None
    return _DUMMY if action == "dummy" else ""


def _keep_safe_private(header: Dataset, clean: Dataset, keeper: Keeper) -> None:
    for (creator, group, number), is_date in SAFE_PRIVATE.items():
        try:
            element = header.private_block(group, creator)[number]
        except KeyError:
            continue
        value = element.value
        if isinstance(value, bytes):  # of an unknown type in the file
            value = value.decode("ascii", "ignore")
        text = str(value).strip("\0 ")
        if is_date:
            text = keeper.names.moment(text)
        elif not _PRIVATE_SCALE.fullmatch(text) or keeper.is_an_id(text):
            continue
        block = clean.private_block(group, creator, create=True)
        block.add_new(number, "DT" if is_date else "DS", text)


def _keep_diffusion(header: Dataset, clean: Dataset, keeper: Keeper) -> None:
    """Tell in public elements what vendors tell of diffusion in private ones."""
    if str(header.get("Modality") or "").strip() != "MR":
        return
    told = {
        "DiffusionBValue": hd.or_none(b_value, header),
        "DiffusionGradientOrientation": hd.or_none(gradient, header),
    }
    for keyword, value in told.items():
        if value is None or keyword in clean:
            continue
        parts = list(value) if isinstance(value, tuple) else [value]
        holds = ranges()[keyword].holds
        if all(map(holds, parts)) and not any(keeper.is_an_id(f"{p:g}") for p in parts):
            setattr(clean, keyword, parts if len(parts) > 1 else parts[0])


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


def _name_regions(clean: Dataset, numbering: Numbering, regions: Regions) -> None:
    """Call ROIs and segments as the study does, or by their number."""
    ranked = {numbering.rank("ROINumber", n): name for n, name in regions.items()}
    for sequence, number, name, called in (
        ("StructureSetROISequence", "ROINumber", "ROIName", ranked),
        ("SegmentSequence", "SegmentNumber", "SegmentLabel", regions),
    ):
        for item in clean.get(sequence) or []:
            own = int(item.get(number) or 0)
            setattr(item, name, called.get(own, f"ROI {own}"))


def _mark(clean: Dataset) -> None:
    """Say that, and how, the identity was removed."""
    clean.PatientIdentityRemoved = "YES"
    clean.LongitudinalTemporalInformationModified = "MODIFIED"
    clean.DeidentificationMethod = [f"Concord {__version__}", EDITION]
    clean.DeidentificationMethodCodeSequence = Sequence(option_items())


def _file_header(clean: Dataset) -> FileMetaDataset:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = clean.SOPClassUID
    meta.MediaStorageSOPInstanceUID = clean.SOPInstanceUID
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID = PYDICOM_IMPLEMENTATION_UID
    return meta
