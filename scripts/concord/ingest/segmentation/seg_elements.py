"""Elements of a DICOM SEG: which it must have, and which it may lack.

Many programs leave out what tells nothing of the voxels: labels, codes, thickness. The
parser refuses such files, so empty values are put in their place before it reads them.
What is needed and absent is named.
"""

import re
from collections.abc import Iterator

from pydicom import Dataset
from pydicom.datadict import keyword_for_tag, tag_for_keyword
from pydicom.tag import Tag

from ...errors import IngestFault
from ..dicom import header as hd

#: Needed elements by the sequence that holds them; the empty one is the file itself.
_NEEDED = {
    "": (
        *("SOPClassUID", "SegmentationType", "Rows", "Columns", "BitsAllocated"),
        *("SegmentSequence", "PerFrameFunctionalGroupsSequence"),
        "SharedFunctionalGroupsSequence",
    ),
    "SegmentSequence": ("SegmentNumber",),
}
_CODES = (
    "SegmentedPropertyCategoryCodeSequence",
    "SegmentedPropertyTypeCodeSequence",
)
_CODE_PARTS = ("CodeValue", "CodingSchemeDesignator", "CodeMeaning")


def completed(dataset: Dataset) -> Dataset:
    """A SEG with empty values for what it may lack; the data set is changed.

    Raises
    ------
    IngestFault
        SEG_UNREADABLE, naming what is needed and absent.
    """
    absent = [*_absent(dataset)]
    if absent:
        raise lacking(", ".join(absent))
    if "StudyInstanceUID" not in dataset:
        dataset.StudyInstanceUID = ""
    for item in dataset.SegmentSequence:
        _complete_segment(item)
    _drop_nameless_references(dataset)
    for groups in _groups(dataset):
        for measures in groups.get("PixelMeasuresSequence") or []:
            if "SliceThickness" not in measures:
                measures.SliceThickness = None
        if "DerivationImageSequence" in groups:
            # Tells what a frame was made from; its place is told elsewhere.
            del groups.DerivationImageSequence
    return dataset


def lacking(names: str) -> IngestFault:
    """The fault of a SEG that lacks elements."""
    return IngestFault(
        "SEG_UNREADABLE",
        f"the DICOM SEG lacks {names}. Export it again, or convert it to a NIfTI label "
        "map.",
    )


def element_of(error: Exception) -> str | None:
    """The element that an error of the parser is about, if it is one of DICOM."""
    told = getattr(error, "name", None) or ""
    words = [told, *re.findall(r"\w+", str(error))]
    for word in words:
        if word[:1].isupper() and tag_for_keyword(word) is not None:
            return word
    group = re.search(r"\(([0-9A-Fa-f]{4}),\s*([0-9A-Fa-f]{4})\)", str(error))
    if group is None:
        return None
    return keyword_for_tag(Tag(int(group[1], 16), int(group[2], 16))) or None


def _absent(dataset: Dataset) -> Iterator[str]:
    for sequence, keywords in _NEEDED.items():
        items = (hd.value(dataset, sequence) or []) if sequence else [dataset]
        for keyword in keywords:
            if any(hd.value(item, keyword) is None for item in items):
                yield f"{keyword} of {sequence}" if sequence else keyword


def _complete_segment(item: Dataset) -> None:
    for keyword, value in (("SegmentLabel", ""), ("SegmentAlgorithmType", "MANUAL")):
        if keyword not in item:
            setattr(item, keyword, value)
    for keyword in _CODES:
        codes = hd.value(item, keyword) or []
        is_whole = len(codes) > 0 and all(part in codes[0] for part in _CODE_PARTS)
        if not is_whole:
            code = Dataset()
            code.CodeValue, code.CodingSchemeDesignator = "0", "99NONE"
            code.CodeMeaning = "not told"
            setattr(item, keyword, [code])


def _drop_nameless_references(dataset: Dataset) -> None:
    """Leave out references that name no series; they lead nowhere."""
    items = hd.value(dataset, "ReferencedSeriesSequence") or []
    named = [item for item in items if hd.text(item, "SeriesInstanceUID")]
    for item in named:
        instances = hd.value(item, "ReferencedInstanceSequence") or []
        item.ReferencedInstanceSequence = [
            one for one in instances if hd.text(one, "ReferencedSOPInstanceUID")
        ]
    if "ReferencedSeriesSequence" in dataset:
        dataset.ReferencedSeriesSequence = named


def _groups(dataset: Dataset) -> Iterator[Dataset]:
    yield from dataset.SharedFunctionalGroupsSequence
    yield from dataset.PerFrameFunctionalGroupsSequence
