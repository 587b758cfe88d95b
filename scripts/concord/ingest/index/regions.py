"""Regions by the names of ROIs, one where names differ by image or reader alone.

Planning systems often call one structure by the image it was drawn on: ``GTV_CT``,
``GTV_PET``, ``GTV mass MR T1``; and by who or what drew it: ``GTV_A``, ``GTV
automatic``, ``gtv reader B``. Such words are left out of the names, and spellings that
differ by case or punctuation alone become the commonest one.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain, count
from pathlib import PurePosixPath
from typing import Any

from .ascii_names import region as region
from .bids import DEFAULT_READER

Row = dict[str, Any]
Names = Mapping[str, set[str]]


def _listed(words: str) -> list[str]:
    """Words of a text."""
    return words.split()


#: Words of a name that tell the image and nothing of the structure.
IMAGE_WORDS = frozenset(
    _listed(
        "ct cct cect mr mri mrt t1 t1w t1c t1ce t1gd t2 t2w flair adc dwi pd swi pt "
        "pet fdg suv petct fmiso flt fet psma dotatate"
    )
)
#: Words of a name that tell how a segmentation was made.
_MADE = frozenset(
    _listed(
        "ai auto automatic automated automatically manual manually semi semiauto "
        "semiautomatic semiautomated human by drawn segmented contoured"
    )
)
#: Words of a name that tell who made it; a number may follow.
_MAKER = re.compile(
    r"(reader|observer|obs|rater|radiologist|oncologist|physician|expert|annotator)"
    r"\d*",
    re.IGNORECASE,
)
#: Words that a region keeps of a name that tells who the patient is.
_TUMOUR_WORDS = frozenset(
    _listed(
        "gtv ctv ptv itv oar tumor tumour lesion mass nodule node nodes lymph primary "
        "metastasis edema oedema necrosis core"
    )
)
_READER = re.compile(r"reader-([A-Za-z0-9]+)")


def reader_of(file: str) -> str:
    """The reader that a file names, such as ``CT_reader-B.dcm``; else the default."""
    found = _READER.search(PurePosixPath(file).name)
    return found.group(1) if found else DEFAULT_READER


def discreet_region(name: str, place: int) -> str:
    """The region of an ROI whose name tells who the patient is.

    Of its name, words of a vocabulary of tumours are kept and nothing else; without
    any, the ROI is called by its place in the file.
    """
    words = re.findall(r"[A-Za-z]+", name)
    kept = [word for word in words if word.lower() in _TUMOUR_WORDS]
    return "_".join(kept) or f"roi_{place}"


def roi_regions(names: Sequence[str], telling: str | None) -> list[str]:
    """The region of each ROI of a file; those of names that tell a person are distinct.

    Parameters
    ----------
    names : sequence of str
        Names of the ROIs.
    telling : str or None
        Places of the names that tell who the patient is, from 1.
    """
    told = {int(place) for place in (telling or "").split()}
    found = [region(name) for name in names]
    taken = {one for place, one in enumerate(found, 1) if place not in told}
    for place in sorted(told):
        stem = discreet_region(names[place - 1], place)
        numbered = (f"{stem}_{number}" for number in count(2))
        found[place - 1] = next(x for x in chain([stem], numbered) if x not in taken)
        taken.add(found[place - 1])
    return found


def reader_names(readers: Iterable[str], telling: Iterable[str]) -> dict[str, str]:
    """Name of each reader in a study: by number if it tells a person, else its own."""
    readers, told = set(readers), sorted(set(telling))
    free = (f"reader{n}" for n in count(1) if f"reader{n}" not in readers - set(told))
    return {name: name for name in readers} | dict(zip(told, free, strict=False))


def in_common(rows: Iterable[Row]) -> list[Row]:
    """Rows of the mask sheet with one region where its names mean the same.

    Names may differ by the image; where several readers segmented, also by the id of
    the reader and by how the segmentation was made. Regions are only called alike if
    no image then has two of them by one reader, and no reader has some that were made
    in another way.
    """
    rows = _alike(rows, lambda row: _without_image(row["region"]), least_readers=1)
    readers: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        readers[row["region"]].add(row["reader"])
    return _alike(rows, lambda row: _without_reader(row, readers), least_readers=2)


def _alike(
    rows: Iterable[Row], stem: Callable[[Row], str], least_readers: int
) -> list[Row]:
    """Rows with one region for all names of one stem, if enough readers use them."""
    rows = list(rows)
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[stem(row).lower()].append(row)
    common: dict[tuple[str, str], str] = {}
    for members in groups.values():
        names = {row["region"] for row in members}
        readers = {row["reader"] for row in members}
        enough = len(names) > 1 and len(readers) >= least_readers
        if enough and not _collide(members) and not _mixed(members):
            called = _commonest(map(stem, members))
            common |= {(r["region"], r["reader"]): called for r in members}
    return [
        row | {"region": common.get((row["region"], row["reader"]), row["region"])}
        for row in rows
    ]


def _without_image(name: str) -> str:
    """A region without the words of images; as it is if nothing else is left."""
    return _joined((w for w in name.split("_") if w.lower() not in IMAGE_WORDS), name)


def _without_reader(row: Row, readers: Names) -> str:
    """A region without the words of images, of its reader and of how it was made.

    The id of the reader counts only where no other reader uses the name: ``GTV_1``
    and ``GTV_2`` of all readers are two structures.
    """
    name, own = row["region"], str(row["reader"]).lower()
    is_own = readers[name] == {row["reader"]}
    words = name.split("_")
    kept = []
    for before, word in zip(["", *words], words, strict=False):
        told = word.lower() in _MADE or _MAKER.fullmatch(word)
        numbers = word.isdigit() and _MAKER.fullmatch(before) and not own.isdigit()
        if not (told or numbers or (is_own and word.lower() == own)):
            kept.append(word)
    return _without_image(_joined(kept, name))


def _joined(words: Iterable[str], name: str) -> str:
    """Words as a region; the name if they make none."""
    found = "_".join(words)
    return found if found[:1].isalpha() else name


def _commonest(stems: Iterable[str]) -> str:
    """The commonest spelling; of equally common ones, the first."""
    counts = Counter(stems)
    return min(counts, key=lambda name: (-counts[name], name))


def _collide(rows: Iterable[Row]) -> bool:
    """True if one image would have two regions of one name by one reader."""
    counts = Counter(_segmented(row) for row in rows)
    return any(count > 1 for count in counts.values())


def _mixed(rows: Iterable[Row]) -> bool:
    """True if names of one reader tell different ways of making them."""
    made: dict[str, set[frozenset[str]]] = defaultdict(set)
    for row in rows:
        words = row["region"].lower().split("_")
        made[row["reader"]].add(_MADE.intersection(words))
    return any(len(ways) > 1 for ways in made.values())


def _segmented(row: Mapping[str, Any]) -> tuple[str, ...]:
    keys = ("subject_id", "session", "image", "reader")
    return tuple(str(row[key]) for key in keys)
