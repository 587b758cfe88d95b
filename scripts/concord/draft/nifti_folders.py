"""Rows of the sheets from folders of NIfTI files, by the names of the files alone.

One folder per subject, with images such as ``CT.nii.gz`` and masks such as
``CT_GTV_mask.nii.gz``; or all files in one folder, their names beginning with the
subject. Datasets in BIDS layout have an index of their own.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from .. import folders
from ..ingest.index import regions
from .question import Questions, listed

Row = dict[str, Any]

_ENDING = re.compile(r"\.nii(\.gz)?$", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z0-9]+")
#: Words of a name that tell a mask; those of _STRUCTURE are part of its region.
_MASK = frozenset(["mask", "masks", "seg", "segmentation", "label", "labels", "roi"])
_STRUCTURE = frozenset(["gtv", "ctv", "ptv", "tumor", "tumour", "lesion", "contour"])
#: Image and modality by a word of a name.
_IMAGES = {
    "ct": ("CT", "CT"),
    "cect": ("CT", "CT"),
    "ncct": ("CT", "CT"),
    "pet": ("PT", "PT"),
    "pt": ("PT", "PT"),
    "suv": ("PT", "PT"),
    "fdg": ("PT", "PT"),
    "mr": ("MR", "MR"),
    "mri": ("MR", "MR"),
    "t1": ("T1", "MR"),
    "t1w": ("T1", "MR"),
    "t1c": ("T1c", "MR"),
    "t1ce": ("T1c", "MR"),
    "t1gd": ("T1c", "MR"),
    "t2": ("T2", "MR"),
    "t2w": ("T2", "MR"),
    "flair": ("FLAIR", "MR"),
    "adc": ("ADC", "MR"),
    "dwi": ("DWI", "MR"),
}


class NiftiFile(NamedTuple):
    """One NIfTI file: its subject, its path, and the words of its name."""

    subject: str
    path: str
    words: tuple[str, ...]

    @property
    def is_mask(self) -> bool:
        """True if a word tells a mask."""
        return not (_MASK | _STRUCTURE).isdisjoint(self.words)

    @property
    def image(self) -> tuple[str, str] | None:
        """Image and modality that a word tells."""
        return next((_IMAGES[word] for word in self.words if word in _IMAGES), None)


def sheet_rows(
    data_root: Path, roots: Mapping[str, str], questions: Questions
) -> tuple[list[Row], list[Row]]:
    """Rows of the sheets of images and masks of some folders.

    Parameters
    ----------
    data_root : Path
        Folder that the sources of the sheets are below.
    roots : mapping of str
        Folders by name, relative to the data root.
    questions : Questions
        Gets the files that no rule fits.
    """
    images: list[Row] = []
    masks: list[Row] = []
    unknown: list[str] = []
    for _, files in sorted(_by_subject(data_root, roots).items()):
        own = [_image_row(file) for file in files if not file.is_mask and file.image]
        of_subject = list({row["image"]: row for row in reversed(own)}.values())[::-1]
        images += [part for row in of_subject for part in _volumes(data_root, row)]
        unknown += [f.path for f in files if not f.is_mask and not f.image]
        for file in (f for f in files if f.is_mask):
            row = _mask_row(file, [row["image"] for row in of_subject])
            masks += [row] if row else []
            unknown += [] if row else [file.path]
    if unknown:
        questions.ask(
            "images.tsv",
            f"{len(unknown)} files tell neither image nor mask by their names: "
            f"{listed(unknown)}; add them to the sheets if they are of the study",
        )
    if any(row["modality"] == "PT" for row in images):
        questions.check("images.tsv", "PET in NIfTI holds SUV")
    return images, regions.in_common(masks)


def _by_subject(
    data_root: Path, roots: Mapping[str, str]
) -> dict[str, list[NiftiFile]]:
    found: dict[str, list[NiftiFile]] = defaultdict(list)
    for folder in roots.values():
        root = data_root / folder
        for path in _nifti_files(root):
            below = PurePosixPath(path.relative_to(root).as_posix())
            subject = _subject(below)
            source = PurePosixPath(folder, below).as_posix()
            words = tuple(w.lower() for w in _WORD.findall(_telling(below, subject)))
            found[subject].append(NiftiFile(subject, source, words))
    return found


def _nifti_files(root: Path) -> list[Path]:
    """NIfTI files by their names, without the companions that macOS writes."""
    named = [p for p in folders.files_below(root) if _ENDING.search(p.name)]
    return [path for path in named if not path.name.startswith("._")]


def _subject(path: PurePosixPath) -> str:
    """The folder of a file, or the beginning of its name before the first ``_``."""
    name = path.parts[0] if len(path.parts) > 1 else _ENDING.sub("", path.name)
    first = name if len(path.parts) > 1 else name.split("_")[0]
    return re.sub(r"[^A-Za-z0-9_-]", "_", first.removeprefix("sub-"))


def _telling(path: PurePosixPath, subject: str) -> str:
    """Folders and name of a file without its subject and ending."""
    parts = [*path.parts[1:-1], _ENDING.sub("", path.name)]
    return "_".join(part.replace(subject, "") for part in parts)


def _image_row(file: NiftiFile) -> Row:
    image, modality = file.image or ("", "")
    return (
        _keys(file)
        | {"image": image, "modality": modality, "source": file.path}
        | dict.fromkeys(("series", "volume", "backend"))
    )


def _volumes(data_root: Path, row: Row) -> list[Row]:
    """A row of an image, or one for each volume of a file of four dimensions."""
    # Imported when needed: most studies are DICOM, and it takes its time.
    from ..ingest.index import volume_names

    names = volume_names.of_nifti(data_root / row["source"])
    if not names:
        return [row]
    return [row | {"image": f"{row['image']}_{name}", "volume": name} for name in names]


def _mask_row(file: NiftiFile, images: Sequence[str]) -> Row | None:
    """Row of a mask; None if it is not clear which image it segments."""
    told = file.image[0] if file.image else None
    image = told if told in images else images[0] if len(images) == 1 else None
    if image is None:
        return None
    rest = [w for w in file.words if w not in _MASK and w not in _IMAGES]
    reader = regions.reader_of(file.path)
    if rest[-2:] == ["reader", reader.lower()]:
        rest = rest[:-2]
    region = regions.region("_".join(rest)) if rest else "region"
    keys = _keys(file) | {"image": image, "region": region, "reader": reader}
    return keys | {"source": file.path, "roi": None}


def _keys(file: NiftiFile) -> Row:
    return {"subject_id": file.subject, "session": "baseline"}


def names_of(images: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Names that each subject goes by: its id alone."""
    return {row["subject_id"]: [row["subject_id"]] for row in images}
