"""Choose the one series of a modality among the files of a folder."""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from pydicom import Dataset
from pydicom.uid import (
    CTImageStorage,
    MediaStorageDirectoryStorage,
    MRImageStorage,
    PositronEmissionTomographyImageStorage,
    SecondaryCaptureImageStorage,
)

from ..errors import IngestFault
from . import header as hd
from .faults import Found, raise_all, some

#: Classic storage classes: one slice per file.
CLASSIC = frozenset(
    {CTImageStorage, MRImageStorage, PositronEmissionTomographyImageStorage}
)

_PEEK = (
    "Modality",
    "SeriesInstanceUID",
    "SOPClassUID",
    "ImageType",
    "SeriesNumber",
    "SliceThickness",
    "ConvolutionKernel",
)


Peeked = list[tuple[Path, Dataset]]


@dataclass(frozen=True)
class Candidate:
    """Files of one series, with the first one's header."""

    files: tuple[Path, ...]
    first: Dataset

    def describe(self) -> str:
        """What tells this series from others, without names and raw UIDs."""
        facts = {
            "number": hd.text(self.first, "SeriesNumber"),
            "files": len(self.files),
            "thickness": hd.text(self.first, "SliceThickness"),
            "kernel": hd.text(self.first, "ConvolutionKernel"),
            "series": hd.hashed(hd.text(self.first, "SeriesInstanceUID")),
        }
        return "(" + ", ".join(f"{k} {v}" for k, v in facts.items() if v) + ")"


@dataclass(frozen=True)
class Selection:
    """The files of the chosen series and what was left aside."""

    files: tuple[Path, ...]
    notes: tuple[str, ...] = ()


def select(folder: Path, modality: str) -> Selection:
    """The only series of a modality below a folder.

    Files are found by content; other modalities, such as an RTSTRUCT, are left
    aside, and so are localizers and secondary captures beside the series.

    Raises
    ------
    IngestFault
        SERIES_NOT_FOUND, WRONG_MODALITY, SERIES_AMBIGUOUS, UNSUPPORTED_SOP,
        SECONDARY_CAPTURE, MOSAIC, or a fault of the files.
    """
    if not folder.is_dir():
        raise IngestFault(
            "SERIES_NOT_FOUND",
            "the source is neither a folder of DICOM files nor a NIfTI file "
            "(.nii, .nii.gz). Correct `source` in the image sheet.",
        )
    peeked, ignored = _peek_all(folder)
    chosen, notes = _of_modality(peeked, modality)
    series = _grouped(chosen)
    _require_single(series, modality)
    _require_classic(series[0])
    if ignored:
        notes.append(f"NOT_DICOM {ignored} files")
    return Selection(series[0].files, tuple(notes))


def _peek_all(folder: Path) -> tuple[Peeked, int]:
    """Header of every DICOM file, and the number of other files."""
    peeked, others = [], []
    for path in hd.files_below(folder):
        if hd.is_dicom(path):
            peeked.append((path, hd.read(path, _PEEK)))
        else:
            others.append(path)
    if not peeked:
        raise IngestFault(
            "SERIES_NOT_FOUND",
            f"the source folder holds no DICOM file ({len(others)} other files). "
            "Correct `source` in the image sheet.",
        )
    raise_all(_beheaded(peeked))
    raise_all(_broken(others, {path.suffix.lower() for path, _ in peeked}))
    return peeked, len(others)


def _beheaded(peeked: Peeked) -> list[Found]:
    """Files that are cut off within their header."""
    needed = ("Modality", "SOPClassUID", "SeriesInstanceUID")
    names = [
        path.name
        for path, header in peeked
        if not all(hd.text(header, keyword) for keyword in needed)
        and not is_directory(header)
    ]
    if not names:
        return []
    text = f"{len(names)} files lack {' or '.join(needed)}: {some(names)}. They are "
    end = "probably cut short: copy them again from the archive."
    return [Found("TRUNCATED_FILE", text + end)]


def is_directory(header: Dataset) -> bool:
    """Whether a file is a DICOMDIR."""
    meta = getattr(header, "file_meta", None)
    return getattr(meta, "MediaStorageSOPClassUID", "") == MediaStorageDirectoryStorage


def _broken(others: list[Path], suffixes: set[str]) -> list[Found]:
    """Files that were meant to be DICOM: named like it, but cut off or damaged."""
    suspects = [p for p in others if p.suffix.lower() in suffixes]
    empty = [p.name for p in suspects if not p.stat().st_size]
    damaged = [
        p.name for p in suspects if p.suffix.lower() == ".dcm" and p.stat().st_size
    ]
    found = []
    again = "Copy them again from the archive."
    if empty:
        text = f"{len(empty)} files are empty: {some(empty)}. {again}"
        found.append(Found("EMPTY_FILE", text))
    if damaged:
        text = f"{len(damaged)} files do not start like DICOM: {some(damaged)}. {again}"
        found.append(Found("UNREADABLE_FILE", text))
    return found


def _of_modality(peeked: Peeked, modality: str) -> tuple[Peeked, list[str]]:
    """Files of the modality without localizers and captures, if others remain."""
    same = [(p, h) for p, h in peeked if hd.text(h, "Modality") == modality]
    if not same:
        seen = sorted({str(hd.text(h, "Modality")) for _, h in peeked})
        raise IngestFault(
            "WRONG_MODALITY",
            f"the source holds {', '.join(seen)}, expected {modality}. Correct "
            "`modality` or `source` in the image sheet.",
        )
    notes = []
    for code, is_aside in (
        ("SECONDARY_CAPTURE_DROPPED", is_capture),
        ("LOCALIZER_DROPPED", _is_localizer),
    ):
        kept = [(p, h) for p, h in same if not is_aside(h)]
        if kept and len(kept) < len(same):
            notes.append(f"{code} {len(same) - len(kept)} files")
            same = kept
    return same, notes


def is_capture(header: Dataset) -> bool:
    sop_class = hd.text(header, "SOPClassUID") or ""
    return sop_class.startswith(SecondaryCaptureImageStorage)


def _is_localizer(header: Dataset) -> bool:
    return "LOCALIZER" in (hd.text(header, "ImageType") or "").split("\\")


def _grouped(peeked: Peeked) -> list[Candidate]:
    groups: dict[str, Peeked] = defaultdict(list)
    for path, header in peeked:
        groups[hd.text(header, "SeriesInstanceUID") or ""].append((path, header))
    return [
        Candidate(tuple(path for path, _ in group), group[0][1])
        for group in groups.values()
    ]


def _require_single(series: list[Candidate], modality: str) -> None:
    if len(series) > 1:
        raise IngestFault(
            "SERIES_AMBIGUOUS",
            f"the source holds {len(series)} {modality} series: "
            f"{'; '.join(candidate.describe() for candidate in series)}. Put the "
            "wanted one into a folder of its own.",
        )


def _require_classic(candidate: Candidate) -> None:
    if is_capture(candidate.first):
        raise IngestFault(
            "SECONDARY_CAPTURE",
            "the series is a secondary capture (a screenshot), expected an original "
            "image. Ask the archive for the original series.",
        )
    reason = unsupported_reason(candidate.first)
    if reason:
        code, text = reason.split(": ", 1)
        raise IngestFault(
            code, f"{text}. Convert it to NIfTI and list that file as source."
        )


def unsupported_reason(header: Dataset) -> str | None:
    """Code and text of what is not one slice per file; None if it is."""
    if (hd.text(header, "SOPClassUID") or "") not in CLASSIC:
        name = getattr(header.get("SOPClassUID"), "name", "no SOPClassUID")
        return (
            f"UNSUPPORTED_SOP: the series is stored as {name}, expected one slice per "
            "file (CT, MR or PET Image Storage)"
        )
    if "MOSAIC" in (hd.text(header, "ImageType") or "").split("\\"):
        return (
            "MOSAIC: the series is a Siemens mosaic (many slices tiled into one "
            "picture)"
        )
    return None
