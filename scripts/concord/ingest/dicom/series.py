"""Choose the one series of a modality among the files of a folder."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydicom import Dataset

from ... import folders
from ...errors import IngestFault
from ...privacy.identifiers import holds, identifying_words
from ..faults.collecting import Finding, raise_ingest_faults, some
from . import header as hd
from . import modalities
from .file_labels import label
from .frames import DicomFile, open_file
from .sop_classes import is_capture, is_directory, is_localizer, is_no_image

_FRAMES = "NumberOfFrames"
_AGAIN = "Copy them again from the archive."

Files = list[DicomFile]


@dataclass(frozen=True)
class Candidate:
    """Files of one series."""

    files: tuple[DicomFile, ...]

    @property
    def first(self) -> Dataset:
        """Header of the first file."""
        return self.files[0].header

    @property
    def number(self) -> str:
        """SeriesNumber as text; empty if there is none."""
        return hd.text(self.first, "SeriesNumber") or ""

    @property
    def hash(self) -> str:
        """Hash of SeriesInstanceUID, as sidecars and messages show it."""
        return hd.hashed(hd.text(self.first, "SeriesInstanceUID")) or ""

    def _kernel(self) -> str:
        """ConvolutionKernel, unless it holds a word that identifies the patient."""
        kernel = hd.text(self.first, "ConvolutionKernel") or ""
        return "" if holds(kernel, identifying_words([self.first])) else kernel

    def describe(self) -> str:
        """Words that tell this series from others, without names and raw UIDs."""
        slices = sum(int(hd.number(f.header, _FRAMES) or 1) for f in self.files)
        facts = {
            "number": self.number,
            "files": len(self.files),
            "slices": slices if slices != len(self.files) else "",
            "thickness": hd.text(self.first, "SliceThickness"),
            "kernel": self._kernel(),
            "series": self.hash,
        }
        return "(" + ", ".join(f"{k} {v}" for k, v in facts.items() if v) + ")"


@dataclass(frozen=True)
class Selection:
    """The files of the chosen series and what was left aside."""

    files: tuple[DicomFile, ...]
    notes: tuple[str, ...] = ()


def select(paths: Sequence[Path], modality: str, wanted: str = "") -> Selection:
    """The one series of a modality among files.

    Files are known by their content; other modalities, such as an RTSTRUCT, are left
    aside, and so are localizers and secondary captures beside the series.

    Parameters
    ----------
    paths : sequence of Path
        All files of a source.
    modality : str
        CT, MR or PT.
    wanted : str
        SeriesNumber or hash of the series; empty if there is but one.

    Raises
    ------
    IngestFault
        SERIES_NOT_FOUND, WRONG_MODALITY, MIXED_MODALITY, SERIES_AMBIGUOUS,
        SECONDARY_CAPTURE, LOCALIZER, or a fault of the files.
    """
    opened, ignored = _open_all(paths)
    chosen = _of_modality(opened, modality)
    if wanted:
        chosen = _wanted(chosen, modality, wanted)
    kept, notes = _without_asides(chosen)
    series = _grouped(kept)
    _require_single(series, modality)
    _require_whole(series[0], opened, modality)
    if ignored:
        notes.append(f"NOT_DICOM {ignored} files")
    return Selection(series[0].files, tuple(notes))


def _open_all(paths: Sequence[Path]) -> tuple[Files, int]:
    """Header of every DICOM file, and the number of other files."""
    opened: Files = []
    others = []
    for path in paths:
        file = open_file(path)
        if file is None:
            others.append(path)
        else:
            opened.append(file)
    broken = _broken(others, opened)
    if not opened:
        raise_ingest_faults(broken)
        raise IngestFault(
            "SERIES_NOT_FOUND",
            f"the source folder holds no DICOM file ({len(others)} other files). "
            "Correct `source` in the image sheet.",
        )
    raise_ingest_faults([*_beheaded(opened), *broken])
    return opened, len(others)


def _beheaded(files: Files) -> list[Finding]:
    """Files that are cut off within their header."""
    needed = ("Modality", "SOPClassUID", "SeriesInstanceUID")
    cut = [
        file.label
        for file in files
        if not all(hd.text(file.header, keyword) for keyword in needed)
        and not is_directory(file.header)
    ]
    if not cut:
        return []
    text = f"{len(cut)} files lack {' or '.join(needed)}: {some(cut)}. They are "
    end = "probably cut short: copy them again from the archive."
    return [Finding("TRUNCATED_FILE", text + end)]


def _broken(others: list[Path], opened: Files) -> list[Finding]:
    """Files that were meant to be DICOM: named like it, but cut off or damaged.

    Files that git-annex or Git LFS put in place of others are meant to be, too,
    whatever their names; companions that macOS writes are not.
    """
    starts = {path: _start(path) for path in others}
    absent = [label(p) for p in others if folders.is_pointer(starts[p])]
    if absent:
        raise hd.not_fetched(f"{len(absent)} files", absent)
    own = [p for p in others if not folders.is_companion(p.name, starts[p])]
    suffixes = {file.path.suffix.lower() for file in opened} | {".dcm"}
    alike = {_pattern(file.path) for file in opened}
    empty = [label(p) for p in own if not starts[p] and p.suffix.lower() in suffixes]
    damaged = [
        label(p)
        for p in own
        if starts[p] and (p.suffix.lower() == ".dcm" or _pattern(p) in alike)
    ]
    found = []
    if empty:
        text = f"{len(empty)} files are empty: {some(empty)}. {_AGAIN}"
        found.append(Finding("EMPTY_FILE", text))
    if damaged:
        text = f"{len(damaged)} files do not start like DICOM: {some(damaged)}. "
        found.append(Finding("UNREADABLE_FILE", text + _AGAIN))
    return found


def _start(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(folders.TELLING_BYTES)


def _pattern(path: Path) -> str:
    """Name of a file without its numbers: that of slices of one export is the same."""
    return re.sub(r"\d+", "0", path.name)


def _of_modality(files: Files, modality: str) -> Files:
    same = [f for f in files if hd.text(f.header, "Modality") == modality]
    if not same:
        seen = {hd.text(f.header, "Modality") for f in files}
        listed = ", ".join(sorted(filter(None, map(modalities.told, seen))))
        raise IngestFault(
            "WRONG_MODALITY",
            f"the source holds {listed or 'no image'}, expected {modality}. Correct "
            "`modality` or `source` in the image sheet.",
        )
    return same


def _wanted(files: Files, modality: str, wanted: str) -> Files:
    """Files of the series that the sheet names."""
    series = _grouped(files)
    chosen = [c for c in series if wanted in (c.number, c.hash)]
    if not chosen:
        raise IngestFault(
            "SERIES_NOT_FOUND",
            f"no {modality} series of the source has the number or hash that the "
            f"column `series` gives; there are {_listed(series)}. Correct the sheet.",
        )
    return [file for candidate in chosen for file in candidate.files]


#: Code of a series of nothing else, note that such files were left out, test of a file,
#: and what it is called.
_ASIDES = (
    (
        "SECONDARY_CAPTURE",
        "SECONDARY_CAPTURE_DROPPED",
        is_capture,
        "a secondary capture (a screenshot)",
    ),
    ("LOCALIZER", "LOCALIZER_DROPPED", is_localizer, "a localizer"),
)


def _without_asides(files: Files) -> tuple[Files, list[str]]:
    """Files without localizers and captures; a fault if nothing else remains."""
    notes = []
    images = [file for file in files if not is_no_image(file.header)]
    if images and len(images) < len(files):
        _require_no_slice(files, images)
        notes.append(f"NON_IMAGE_DROPPED {len(files) - len(images)} files")
        files = images
    for code, note, is_aside, name in _ASIDES:
        kept = [file for file in files if not is_aside(file.header)]
        if not kept:
            raise IngestFault(
                code,
                f"the series is {name}, expected an original image. Ask the archive "
                "for the original series.",
            )
        if len(kept) < len(files):
            notes.append(f"{note} {len(files) - len(kept)} files")
        files = kept
    return files, notes


def _require_no_slice(files: Files, images: Files) -> None:
    """Refuse to leave out what has the place of a slice in the series of an image."""
    series = {hd.text(file.header, "SeriesInstanceUID") for file in images}
    slices = [
        file.label
        for file in files
        if is_no_image(file.header)
        and hd.text(file.header, "SeriesInstanceUID") in series
        and hd.text(file.header, "ImagePositionPatient")
    ]
    if slices:
        raise IngestFault(
            "UNSUPPORTED_SOP",
            f"{len(slices)} files of the series have a position in space, but are "
            f"stored as no image that is read: {some(slices)}. The headers are damaged "
            "or two scans were merged: export the series again.",
        )


def _grouped(files: Iterable[DicomFile]) -> list[Candidate]:
    groups: dict[str, Files] = defaultdict(list)
    for file in files:
        groups[hd.text(file.header, "SeriesInstanceUID") or ""].append(file)
    return [Candidate(tuple(group)) for group in groups.values()]


def _require_single(series: list[Candidate], modality: str) -> None:
    if len(series) > 1:
        raise IngestFault(
            "SERIES_AMBIGUOUS",
            f"the source holds {len(series)} {modality} series: {_listed(series)}. Put "
            "the number or the hash of the wanted one into the column `series` of the "
            "image sheet.",
        )


def _require_whole(series: Candidate, opened: Files, modality: str) -> None:
    """Refuse a series of which some files say that they are of another modality."""
    uid = hd.text(series.files[0].header, "SeriesInstanceUID")
    own = [f for f in opened if hd.text(f.header, "SeriesInstanceUID") == uid]
    other = sum(hd.text(f.header, "Modality") != modality for f in own)
    if other:
        raise IngestFault(
            "MIXED_MODALITY",
            f"{other} of {len(own)} files of the series are not {modality}. The "
            "headers are damaged or two scans were merged: export the series again.",
        )


def _listed(series: list[Candidate], limit: int = 20) -> str:
    ordered = sorted(series, key=lambda c: (len(c.number), c.number, c.hash))
    return some((candidate.describe() for candidate in ordered), limit)
