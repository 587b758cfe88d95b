"""Every series below a DICOM root, one row each; nothing is skipped unseen."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from pydicom import Dataset

from ...errors import StudyError
from ...privacy.secret import keyed_hash
from ...tables.kinds import KINDS
from ..dicom import header as hd
from ..dicom import modalities
from ..dicom.sop_classes import is_capture, unsupported_reason
from . import bids, scan, telling_ids, volume_names
from .scan import SEGMENTATIONS, FileFacts

IMAGES = ("CT", "MR", "PT")
#: Hex digits of a patient's hash, which may become a subject id.
PATIENT_DIGITS = 12

_NONE = dict.fromkeys(KINDS["series"])


def require_root(root: Path, name: str) -> None:
    """Raise StudyError if a root is no folder."""
    if not root.is_dir():
        raise StudyError(
            f"DICOM root {name!r} is not a folder. Correct `data_root` or "
            "`dicom_roots` in the configuration."
        )


@hd.tolerant()
def series_rows(
    root: Path, name: str, files: Iterable[FileFacts]
) -> list[dict[str, Any]]:
    """Rows of table kind "series", sorted by folder and file.

    Files of one series in one folder are a row; each RTSTRUCT or SEG file is one,
    as readers may share a series. Files that should be DICOM but cannot be read
    are a row of their folder that tells their number and the first fault. NIfTI
    files are rows if they follow BIDS.

    Parameters
    ----------
    name : str
        Name of the root in the configuration, normally the site; part of the
        identity of a patient.
    files : iterable of FileFacts
        All files of the root, sorted by path.
    """
    groups: dict[tuple[str, str], list[FileFacts]] = defaultdict(list)
    broken: dict[str, list[FileFacts]] = defaultdict(list)
    nifti = []
    for facts in files:
        if facts.code is None:
            groups[_group(facts)].append(facts)
        elif facts.code == scan.NIFTI:
            nifti.append(facts.path)
        elif facts.code not in (scan.OTHER, scan.DIRECTORY):
            broken[_folder(facts.path)].append(facts)
    rows = [
        _with_volumes(_series_row(name, group), root, group)
        for group in groups.values()
    ]
    rows += [_broken_row(name, folder, found) for folder, found in broken.items()]
    for row in bids.series_rows(root, name, nifti):
        identity = f"{name}/{row['bids_subject']}"
        rows.append(_NONE | row | {"patient": _patient(identity)})
        if not row.get("bids_region"):
            names = volume_names.of_nifti(root / row["file"])
            rows[-1]["volumes"] = json.dumps(names) if names else None
    return sorted(rows, key=_place)


def _place(row: dict[str, Any]) -> tuple[str, ...]:
    return row["folder"], row["file"], row["series"] or "", row["bids_roi"] or ""


def _group(facts: FileFacts) -> tuple[str, str]:
    """Key of the files that share one row."""
    place = facts.path if facts.modality in SEGMENTATIONS else _folder(facts.path)
    return place, str(facts.series)


def _series_row(name: str, group: Sequence[FileFacts]) -> dict[str, Any]:
    first = group[0]
    folder = _folder(first.path)
    identity = first.patient_id or f"folder {folder.split('/')[0]}"
    problem = _problem(first)
    frames = [_number(facts.frames) or 1 for facts in group]
    cited = [hd.hashed(uid) for uid in json.loads(first.references or "[]")]
    return _NONE | {
        "root": name,
        "folder": folder,
        "file": first.path,
        "patient": _patient(f"{name}/{identity}"),
        "patient_id": first.patient_id,
        "id_holds": telling_ids.joined(
            (facts.id_holds or "").split("|") for facts in group if facts.id_holds
        ),
        "names_patient": any(facts.named for facts in group),
        "study": hd.hashed(first.study),
        "study_date": first.study_date,
        "series": hd.hashed(first.series),
        "series_number": first.number,
        "modality": first.modality,
        "image": first.image,
        "n_files": len(group),
        "n_frames": int(sum(frames)),
        "rows": _number(first.rows),
        "columns": _number(first.columns),
        "slice_thickness_mm": _number(first.thickness),
        "references_series": "|".join(sorted(map(str, cited))) or None,
        "rois": first.rois,
        "telling": _all_places(facts.telling for facts in group),
        "telling_rois": first.telling_rois,
        "code": problem[0] if problem else None,
        "problem": ": ".join(problem) if problem else None,
    }


def _with_volumes(
    row: dict[str, Any], root: Path, group: Sequence[FileFacts]
) -> dict[str, Any]:
    """A row of a series, with the names of its volumes if it has several."""
    if row["modality"] not in IMAGES or row["problem"]:
        return row
    names = volume_names.of_series(root, group)
    return row | {"volumes": json.dumps(names) if names else None}


def _all_places(places: Iterable[str | None]) -> str | None:
    """Places that any file tells, such as "1 2"; None if none does."""
    found = {int(place) for told in places for place in (told or "").split()}
    return " ".join(map(str, sorted(found))) or None


def _broken_row(name: str, folder: str, found: Sequence[FileFacts]) -> dict[str, Any]:
    first = found[0]
    place = PurePosixPath(first.path).name
    return _NONE | {
        "root": name,
        "folder": folder,
        "file": first.path,
        "patient": "unknown",
        "n_files": len(found),
        "code": first.code,
        "problem": f"{len(found)} files cannot be read; first: {first.code}: {place}: "
        f"{first.text}",
    }


def _problem(facts: FileFacts) -> tuple[str, str] | None:
    """Code and text of why a series cannot be used, as far as one header tells."""
    if facts.modality in SEGMENTATIONS:
        return None
    if facts.modality not in IMAGES:
        known = modalities.told(facts.modality)
        return "UNUSED_MODALITY", f"{known or 'this modality'} is not used"
    header = _small_header(facts)
    if is_capture(header):
        return "SECONDARY_CAPTURE", "a screenshot, not an original image"
    reason = unsupported_reason(header)
    if reason is None:
        return None
    code, _, text = reason.partition(": ")
    return code, text


def _small_header(facts: FileFacts) -> Dataset:
    """A header of the few facts that tell whether a series is an image."""
    header = Dataset()
    header.Modality = facts.modality
    header.SOPClassUID = facts.sop_class or ""
    header.ImageType = (facts.image_type or "").split("\\")
    header.SeriesInstanceUID = facts.series
    if facts.frames:
        header.NumberOfFrames = facts.frames
    return header


def _patient(identity: str) -> str:
    return keyed_hash(identity, "patient", PATIENT_DIGITS)


def _number(text: str | None) -> float | None:
    """A number as a header writes it; None if it is none."""
    try:
        found = float(text) if text else None
    except ValueError:
        return None
    return found if found is not None and 0 <= found < 1e9 else None


def _folder(path: str) -> str:
    return PurePosixPath(path).parent.as_posix()
