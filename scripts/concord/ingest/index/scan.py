"""Facts of every file below a root: read once, in parallel, then only looked at.

A file whose size and time of change are known is not opened again.
"""

import json
import multiprocessing
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

from pydicom import Dataset

from ... import folders
from ...errors import IngestFault, raise_run_fault, reraise_run_fault
from ...provenance import place_in_package
from ..dicom import header as hd
from ..dicom import raw_elements
from ..dicom.sop_classes import is_directory
from ..nifti import is_nifti
from . import identity, listing, naming
from .listing import Stat

#: Raise it when a fact is read otherwise: older tables are then not used.
VERSION = 5
#: Modalities that segment an image: each file is a row, not each series.
SEGMENTATIONS = identity.SEGMENTATIONS

_TEXTS = {
    "sop_class": ("SOPClassUID", 0x00080016),
    "image_type": ("ImageType", 0x00080008),
    "study_date": ("StudyDate", 0x00080020),
    "modality": ("Modality", 0x00080060),
    "patient_id": ("PatientID", 0x00100020),
    "thickness": ("SliceThickness", 0x00180050),
    "study": ("StudyInstanceUID", 0x0020000D),
    "series": ("SeriesInstanceUID", 0x0020000E),
    "number": ("SeriesNumber", 0x00200011),
    "position": ("ImagePositionPatient", 0x00200032),
    "frames": ("NumberOfFrames", 0x00280008),
}
#: Texts that tell what an image shows; only words of a vocabulary are kept of them.
_TELLING = {
    "description": ("SeriesDescription", 0x0008103E),
    "agent": ("ContrastBolusAgent", 0x00180010),
    "scanning_sequence": ("ScanningSequence", 0x00180020),
    "sequence_name": ("SequenceName", 0x00180024),
    "tr": ("RepetitionTime", 0x00180080),
    "te": ("EchoTime", 0x00180081),
    "ti": ("InversionTime", 0x00180082),
    "protocol": ("ProtocolName", 0x00181030),
    "b_value": ("DiffusionBValue", 0x00189087),
}
_ALL_TEXTS = _TEXTS | _TELLING
_SHORTS = {"rows": ("Rows", 0x00280010), "columns": ("Columns", 0x00280011)}
_MEDIA_CLASS = 0x00020002
_WANTED = frozenset(
    [tag for _, tag in (*_ALL_TEXTS.values(), *_SHORTS.values())]
    + [_MEDIA_CLASS, *identity.TAGS]
)
_LAST = max(_WANTED)
_KEYWORDS = [keyword for keyword, _ in (*_ALL_TEXTS.values(), *_SHORTS.values())]
_KEYWORDS += identity.ELEMENTS
_SEGMENTATION_KEYWORDS = (
    "StructureSetROISequence",
    "SegmentSequence",
    "ReferencedFrameOfReferenceSequence",
    "ReferencedSeriesSequence",
)
#: Files that one process reads at a time, and that are worth a second process.
_BATCH, _WORTHWHILE = 200, 800


class FileFacts(NamedTuple):
    """A file of a root; `code` tells what it is if it is no DICOM to be used."""

    path: str
    size: int
    mtime_ns: int
    code: str | None = None
    text: str | None = None
    sop_class: str | None = None
    image_type: str | None = None
    study_date: str | None = None
    modality: str | None = None
    patient_id: str | None = None
    named: bool = False
    id_holds: str | None = None
    telling: str | None = None
    telling_rois: str | None = None
    thickness: str | None = None
    study: str | None = None
    series: str | None = None
    number: str | None = None
    frames: str | None = None
    rows: str | None = None
    columns: str | None = None
    references: str | None = None
    rois: str | None = None
    image: str | None = None
    position: str | None = None
    version: int = VERSION


#: How the text of a file that cannot be opened starts.
UNOPENED = "it cannot be opened"

#: Codes of files that are no fault: not DICOM, a DICOMDIR, or NIfTI.
OTHER, DIRECTORY, NIFTI = "NOT_DICOM", "DICOMDIR", "NIFTI"

_FETCH = "fetch it (datalad get, git annex get, git lfs pull), or mend the link."
_NOWHERE = f"it is a link that leads nowhere: {_FETCH}"
_POINTER = f"it is the pointer of git-annex or Git LFS to its content: {_FETCH}"


def scan(
    root: Path, known: Iterable[FileFacts] = (), processes: int = 1
) -> list[FileFacts]:
    """Facts of all files below a root, in the order of their paths.

    Parameters
    ----------
    known : iterable of FileFacts
        What an earlier scan found; only new and changed files are read.
    processes : int
        How many files are read at the same time; the result does not depend on it.
    """
    cached = {facts[:3]: facts for facts in known if facts.version == VERSION}
    found = listing.listing(root)
    unread = [stat for stat in found if stat not in cached]
    cached |= {facts[:3]: facts for facts in _read_all(root, unread, processes)}
    return [cached[stat] for stat in found]


def _read_all(root: Path, stats: Sequence[Stat], processes: int) -> list[FileFacts]:
    batches = [stats[i : i + _BATCH] for i in range(0, len(stats), _BATCH)]
    if processes < 2 or len(stats) < _WORTHWHILE:
        return [facts for batch in batches for facts in _read_batch(str(root), batch)]
    context = multiprocessing.get_context("fork")
    pool = ProcessPoolExecutor(processes, mp_context=context)
    with pool, warnings.catch_warnings():
        # The processes only read files: no lock of another thread concerns them.
        warnings.simplefilter("ignore", DeprecationWarning)
        read = pool.map(_read_batch, [str(root)] * len(batches), batches)
        return [facts for batch in read for facts in batch]


@hd.tolerant()
def _read_batch(root: str, batch: Sequence[Stat]) -> list[FileFacts]:
    return [FileFacts(*stat, **_known_facts(Path(root), stat)) for stat in batch]


def _known_facts(root: Path, stat: Stat) -> dict[str, Any]:
    """Facts of a file and its path; a fault of the machine, which stays, is raised."""
    try:
        found = _facts(root / stat[0])
    except Exception as error:
        raise_run_fault(error, listing.place(root, stat[0]))
        raise
    return identity.with_telling_facts(found, stat[0])


def _facts(path: Path) -> dict[str, Any]:
    """Kind and facts of a file, without its name; only faults of the run are errors."""
    try:
        return _dicom_facts(path)
    except IngestFault as fault:
        reraise_run_fault(fault)
        return {"code": fault.code, "text": str(fault)}
    except OSError as error:
        if folders.is_dangling(path):
            return {"code": "NOT_FETCHED", "text": _NOWHERE}
        if not isinstance(error, PermissionError):
            reraise_run_fault(error)
        text = f"{UNOPENED} ({type(error).__name__})."
        return {"code": "UNREADABLE_FILE", "text": text}
    except Exception as error:  # one odd file never stops the index
        reraise_run_fault(error)
        text = f"{type(error).__name__} in {place_in_package(error)}."
        return {"code": "INTERNAL_ERROR", "text": text}


def _dicom_facts(path: Path) -> dict[str, Any]:
    with path.open("rb", buffering=0) as file:
        start = file.read(raw_elements.FIRST_READ)
        special = _special(path, start)
        if special:
            return special
        if not hd.starts_like_dicom(start[:132]):
            _require_other(path, start)
            return {"code": OTHER}
        try:
            facts = _decoded(raw_elements.raw_elements(file, start, _WANTED, _LAST))
        except raw_elements.OddHeader:
            facts = _parsed(hd.read(path, _KEYWORDS))
    if facts.pop("directory"):
        return {"code": DIRECTORY}
    if not facts["modality"] or not facts["series"]:
        raise IngestFault("TRUNCATED_FILE", "it lacks Modality or SeriesInstanceUID.")
    facts["tracer"] = _tracer(path) if facts["modality"] == "PT" else None
    telling = {key: facts.pop(key) for key in (*_TELLING, "tracer")}
    facts["image"] = naming.proposed(facts | telling)
    if facts["modality"] in SEGMENTATIONS:
        facts |= _segmentation_facts(hd.read(path, _SEGMENTATION_KEYWORDS))
    return facts


def _special(path: Path, start: bytes) -> dict[str, Any]:
    """Kind of a file that is not looked into; empty if it may be DICOM."""
    if folders.is_companion(path.name, start):
        return {"code": OTHER}
    if folders.is_pointer(start):
        return {"code": "NOT_FETCHED", "text": _POINTER}
    return {"code": NIFTI} if is_nifti(path) else {}


def _require_other(path: Path, start: bytes) -> None:
    """Raise a fault if a file is DICOM by its name only."""
    if path.suffix.lower() == ".dcm":
        if not start:
            raise IngestFault("EMPTY_FILE", "it is empty.")
        raise IngestFault("UNREADABLE_FILE", "it does not start like DICOM.")


def _decoded(raw: Mapping[int, bytes]) -> dict[str, Any]:
    """Facts from raw elements in little-endian order."""
    facts: dict[str, Any] = {
        name: _text(raw.get(tag)) for name, (_, tag) in _ALL_TEXTS.items()
    }
    for name, (_, tag) in _SHORTS.items():
        value = raw.get(tag, b"")[:2]
        facts[name] = str(int.from_bytes(value, "little")) if value else None
    directory = raw.get(_MEDIA_CLASS, b"").rstrip(b"\0 ").endswith(b".1.3.10")
    who = identity.identity([raw.get(tag, b"") for tag in identity.TAGS])
    return facts | {"directory": directory, "who": who}


def _parsed(header: Dataset) -> dict[str, Any]:
    """Facts from a header that pydicom read."""
    facts: dict[str, Any] = {}
    for name, (keyword, tag) in (_ALL_TEXTS | _SHORTS).items():
        element = header.get_item(tag)
        raw = getattr(element, "value", None)
        is_text = name in _ALL_TEXTS and isinstance(raw, bytes)
        facts[name] = _text(raw) if is_text else hd.text(header, keyword)
    who = identity.identity([identity.raw(header, tag) for tag in identity.TAGS])
    return facts | {"directory": is_directory(header), "who": who}


def _text(raw: bytes | None) -> str | None:
    """Raw bytes as text; other character sets come out wrong, but distinct."""
    if not raw:
        return None
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    return "\\".join(part.strip(" \0") for part in text.split("\\")) or None


def _tracer(path: Path) -> str:
    """Code and names of the radiopharmaceutical of a PET, for the vocabulary."""
    header = hd.read(path, ["RadiopharmaceuticalInformationSequence"])
    texts = []
    for item in hd.value(header, "RadiopharmaceuticalInformationSequence") or []:
        texts.append(hd.text(item, "Radiopharmaceutical"))
        for code in hd.value(item, "RadiopharmaceuticalCodeSequence") or []:
            texts += [hd.text(code, "CodeValue"), hd.text(code, "CodeMeaning")]
    return " ".join(filter(None, texts))


def _segmentation_facts(header: Dataset) -> dict[str, str | None]:
    """Series that an RTSTRUCT or SEG cites, and the names of its regions."""
    names = [
        ("StructureSetROISequence", "ROIName"),
        ("SegmentSequence", "SegmentLabel"),
    ]
    rois = [
        hd.text(item, keyword) or ""
        for sequence, keyword in names
        for item in hd.value(header, sequence) or []
    ]
    cited = sorted(set(_cited(header)))
    return {
        "references": json.dumps(cited) if cited else None,
        "rois": json.dumps(rois, ensure_ascii=False) if rois else None,
    }


def _cited(header: Dataset) -> Iterator[str]:
    items = list(hd.value(header, "ReferencedSeriesSequence") or [])
    for frame in hd.value(header, "ReferencedFrameOfReferenceSequence") or []:
        for study in hd.value(frame, "RTReferencedStudySequence") or []:
            items += hd.value(study, "RTReferencedSeriesSequence") or []
    for item in items:
        uid = hd.text(item, "SeriesInstanceUID")
        if uid:
            yield uid
