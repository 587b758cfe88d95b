"""Every series below a DICOM root, one row each; nothing is skipped unseen."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydicom import Dataset

from ..errors import IngestFault, StudyError
from . import header as hd
from .rtstruct import cited_series, roi_names
from .series import is_capture, is_directory, unsupported_reason

_KEYWORDS = (
    "Modality",
    "SOPClassUID",
    "ImageType",
    "PatientID",
    "StudyInstanceUID",
    "SeriesInstanceUID",
    "Rows",
    "Columns",
    "SliceThickness",
    "StructureSetROISequence",
    "ReferencedFrameOfReferenceSequence",
    "ReferencedSeriesSequence",
)

#: Modalities that outline an image: each file is a row, not each series.
OUTLINES = frozenset({"RTSTRUCT", "SEG"})

Read = list[tuple[Path, Dataset]]


@hd.tolerant()
def index_root(root: Path, name: str, seed: int) -> list[dict[str, Any]]:
    """Rows of table kind "series", sorted by folder and file.

    Files of one series in one folder are a row; each RTSTRUCT or SEG file is one,
    as readers may share a series. Files that should be DICOM but cannot be read
    are a row of their folder that tells their number and the first fault.

    Parameters
    ----------
    root : Path
        Folder that is searched.
    name : str
        Name of the root in the configuration, normally the site.
    seed : int
        Seed of the study; with `name` it keys the hash of PatientID.
    """
    if not root.is_dir():
        raise StudyError(
            f"{root}: DICOM root {name!r} is not a folder. Correct `data_root` or "
            "`dicom_roots` in the configuration."
        )
    groups: dict[tuple[str, str], Read] = defaultdict(list)
    broken: dict[Path, list[str]] = defaultdict(list)
    for path in hd.files_below(root):
        try:
            header = _peek(path)
        except IngestFault as fault:
            broken[path.parent].append(f"{fault.code}: {fault}")
            continue
        if header is not None:
            groups[_group(path, header)].append((path, header))
    rows = [_series_row(root, name, seed, group) for group in groups.values()]
    rows += [_broken_row(root, name, p, texts) for p, texts in broken.items()]
    return sorted(
        rows, key=lambda row: (row["folder"], row["file"], row["series"] or "")
    )


def _peek(path: Path) -> Dataset | None:
    """A file's header; None if it was never meant to be DICOM."""
    if not hd.is_dicom(path):
        if path.suffix.lower() == ".dcm":
            size = path.stat().st_size
            code, text = "UNREADABLE_FILE", "does not start like DICOM"
            if not size:
                code, text = "EMPTY_FILE", "is empty"
            raise IngestFault(code, f"{path.name} {text}.")
        return None
    header = hd.read(path, _KEYWORDS)
    if is_directory(header):
        return None
    if not hd.text(header, "Modality") or not hd.text(header, "SeriesInstanceUID"):
        raise IngestFault(
            "TRUNCATED_FILE", f"{path.name} lacks Modality or SeriesInstanceUID."
        )
    return header


def _group(path: Path, header: Dataset) -> tuple[str, str]:
    """What makes files one row."""
    uid = str(hd.text(header, "SeriesInstanceUID"))
    place = path if hd.text(header, "Modality") in OUTLINES else path.parent
    return str(place), uid


def _series_row(root: Path, name: str, seed: int, group: Read) -> dict[str, Any]:
    path, header = group[0]
    key = f"{seed}/{name}/{hd.text(header, 'PatientID') or ''}"
    modality = hd.text(header, "Modality")
    cited = sorted(_cited(header)) if modality in OUTLINES else []
    return {
        "root": name,
        "folder": _relative(path.parent, root),
        "file": _relative(path, root),
        "patient": hashlib.sha256(key.encode()).hexdigest()[:12],
        "study": hd.hashed(hd.text(header, "StudyInstanceUID")),
        "series": hd.hashed(hd.text(header, "SeriesInstanceUID")),
        "modality": modality,
        "n_files": len(group),
        "rows": hd.number(header, "Rows"),
        "columns": hd.number(header, "Columns"),
        "slice_thickness_mm": hd.number(header, "SliceThickness"),
        "references_series": "|".join(cited) or None,
        "rois": "|".join(roi_names(header)) or None,
        "problem": _problem(header, modality),
    }


def _broken_row(
    root: Path, name: str, folder: Path, texts: Iterable[str]
) -> dict[str, Any]:
    texts = list(texts)
    place = _relative(folder, root)
    return {
        "root": name,
        "folder": place,
        "file": place,
        "patient": "unknown",
        **dict.fromkeys(("study", "series", "modality", "rows", "columns")),
        "n_files": len(texts),
        **dict.fromkeys(("slice_thickness_mm", "references_series", "rois")),
        "problem": f"{len(texts)} files cannot be read; first: {texts[0]}",
    }


def _problem(header: Dataset, modality: str | None) -> str | None:
    """Why a series cannot be used, as far as one header tells."""
    if modality == "RTSTRUCT":
        return None
    if modality == "SEG":
        return "UNSUPPORTED_SOP: DICOM SEG is not read yet"
    if modality not in ("CT", "MR", "PT"):
        return f"modality {modality} is not used"
    if is_capture(header):
        return "SECONDARY_CAPTURE: a screenshot, not an original image"
    return unsupported_reason(header)


def _cited(header: Dataset) -> frozenset[str]:
    """Hashed series that an RTSTRUCT or SEG outlines."""
    direct = hd.value(header, "ReferencedSeriesSequence") or []
    uids = [hd.text(item, "SeriesInstanceUID") for item in direct]
    return cited_series(header) | {str(hd.hashed(uid)) for uid in uids if uid}


def _relative(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()
