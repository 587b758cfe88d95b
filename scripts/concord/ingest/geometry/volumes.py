"""The volumes of a 4D series: time points, b-values, echoes and the like, by name.

Slices at the same place belong to several volumes. What tells them apart is looked for
among the tags that scanners use for it, and only taken if it leaves each place at most
once in each volume, in as few volumes as the places need.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise

import numpy as np
from pydicom import Dataset

from ...errors import IngestFault
from ..dicom import header as hd
from ..dicom import times
from .volume_tags import B_VALUE, GRADIENT, TAGS, Tag

#: Slices closer than this, in mm, lie at the same place.
SAME_PLACE_MM = 0.01

#: How many volumes a message describes.
_LISTED = 20


@dataclass(frozen=True)
class Part:
    """One volume of a series: its name, what tells it apart, and its slices."""

    name: str
    facts: str
    indices: tuple[int, ...] = field(repr=False)


def names(headers: Sequence[Dataset]) -> tuple[str, ...]:
    """Names of the volumes of a series in order; ("",) if it is one volume.

    Parameters
    ----------
    headers : sequence of Dataset
        Headers of all slices (`frames.frames_of` flattens enhanced files).

    Returns
    -------
    tuple of str
        Names that the column `volume` of the image sheet may hold. ("",) also if no
        tag tells the volumes apart.
    """
    return tuple(part.name for part in split(headers))


def split(headers: Sequence[Dataset]) -> tuple[Part, ...]:
    """The volumes of a series; a single one without name if it is not 4D."""
    single = (Part("", "", tuple(range(len(headers)))),)
    where = places(headers)
    if where is None:
        return single
    needed = max(Counter(where).values())
    if needed == 1:
        return single
    values = {
        tag: found
        for tag in TAGS
        if len(set(found := _values(headers, tag))) in range(2, needed + 1)
    }
    for tags in _choices(values):
        keys = list(zip(*(values[tag] for tag in tags), strict=True))
        if _tells_apart(keys, where, needed):
            return _parts(keys, tags, headers)
    ranks = _by_time(headers, where, needed)
    return _parts(ranks, (_TIME,), headers) if ranks is not None else single


def choose(headers: Sequence[Dataset], wanted: str) -> Part:
    """The volume that the sheet names, or the only one.

    Raises
    ------
    IngestFault
        VOLUME_AMBIGUOUS or VOLUME_NOT_FOUND, listing the names.
    """
    return choose_part(split(headers), wanted)


def choose_part(parts: Sequence[Part], wanted: str) -> Part:
    """The volume of a name, or the only one; else a fault that lists the names."""
    if len(parts) == 1 and not wanted:
        return parts[0]
    named = {part.name: part for part in parts}
    if wanted in named and wanted:
        return named[wanted]
    if not wanted:
        raise IngestFault(
            "VOLUME_AMBIGUOUS",
            f"the series holds {len(parts)} volumes: {_listed(parts)}. Put the name of "
            "one into the column `volume` of the image sheet.",
        )
    found = _listed(parts) if len(parts) > 1 else "one volume without a name"
    raise IngestFault(
        "VOLUME_NOT_FOUND",
        f"no volume has the name that the column `volume` gives; there is {found}. "
        "Correct the sheet.",
    )


def _listed(parts: Sequence[Part]) -> str:
    listed = [
        f"{part.name} ({len(part.indices)} slices, {part.facts})"
        for part in parts[:_LISTED]
    ]
    more = f" and {len(parts) - _LISTED} more" if len(parts) > _LISTED else ""
    return ", ".join(listed) + more


def places(headers: Sequence[Dataset]) -> list[Hashable] | None:
    """Where each slice lies, rounded so that equal places are equal, if known."""
    positions = [hd.numbers(header, "ImagePositionPatient", 3) for header in headers]
    cosines = [hd.numbers(header, "ImageOrientationPatient", 6) for header in headers]
    known = [p for p in positions if p is not None and np.isfinite(p).all()]
    if len(known) < len(headers) or any(c is None for c in cosines):
        return None
    turned = [np.round(c, 2) + 0.0 for c in cosines if c is not None]
    cells = [_cells(np.stack(known)[:, axis]) for axis in range(3)]
    return [
        (*cell, *turn.tolist())
        for cell, turn in zip(zip(*cells, strict=True), turned, strict=True)
    ]


def _cells(values: np.ndarray) -> list[int]:
    """Numbers of the groups of values that lie closer than SAME_PLACE_MM."""
    order = np.argsort(values, kind="stable")
    steps = np.diff(values[order], prepend=values[order[0]]) > SAME_PLACE_MM
    cells = np.empty(len(values), int)
    cells[order] = np.cumsum(steps)
    return cells.tolist()


def _values(headers: Sequence[Dataset], tag: Tag) -> list[Hashable]:
    return [tag.read(header) for header in headers]


def _choices(values: dict[Tag, list[Hashable]]) -> list[tuple[Tag, ...]]:
    """Single tags in their order of preference, then pairs and threes of them.

    A direction says little without its b-value, so these two come as one.
    """
    diffusion = [(B_VALUE,), (B_VALUE, GRADIENT)]
    return [tags for tags in diffusion if set(tags) <= set(values)] + [
        tags for count in (1, 2, 3) for tags in combinations(values, count)
    ]


def _tells_apart(
    keys: Sequence[Hashable], where: Sequence[Hashable], needed: int
) -> bool:
    """True if keys make as few volumes as needed, each place at most once in each."""
    if len(set(keys)) != needed:
        return False
    return len(set(zip(keys, where, strict=True))) == len(keys)


def _parts(
    keys: Sequence[tuple[Hashable, ...]],
    tags: Sequence[Tag],
    headers: Sequence[Dataset],
) -> tuple[Part, ...]:
    """Volumes in the order of their keys, with names made of all tags."""
    groups: dict[tuple[Hashable, ...], list[int]] = defaultdict(list)
    for index, key in enumerate(keys):
        groups[key].append(index)
    ordered = sorted(groups, key=lambda key: [_sortable(value) for value in key])
    labels = [tag.name_all([key[n] for key in ordered]) for n, tag in enumerate(tags)]
    return tuple(
        Part(
            name="".join(
                label[n]
                for label, value in zip(labels, key, strict=True)
                if value is not None or len(key) == 1
            ),
            facts=", ".join(
                f"{tag.title} {tag.show(value)}"
                for tag, value in zip(tags, key, strict=True)
            ),
            indices=tuple(groups[key]),
        )
        for n, key in enumerate(ordered)
    )


def _sortable(value: Hashable) -> tuple[bool, bool, object]:
    """Absent values first, then numbers, then words."""
    return value is not None, isinstance(value, str | tuple), value or 0


def _by_time(
    headers: Sequence[Dataset], where: Sequence[Hashable], needed: int
) -> list[tuple[Hashable, ...]] | None:
    """Ranks by acquisition time, if the times of the volumes do not overlap."""
    for which in ("Acquisition", "Content"):
        told = times.moments(headers, which)
        if told is None or set(Counter(where).values()) != {needed}:
            continue
        known = [(time - told[0]).total_seconds() for time in told]
        start = min(known)
        ranks = _ranks(known, where)
        spans = [
            (min(inside), max(inside))
            for rank in range(needed)
            if (inside := [t for t, r in zip(known, ranks, strict=True) if r == rank])
        ]
        if all(a[1] < b[0] for a, b in pairwise(spans)):
            return [(round(spans[rank][0] - start, 3),) for rank in ranks]
    return None


def _ranks(times: Sequence[float], where: Sequence[Hashable]) -> list[int]:
    """Rank of each slice among those at its place, by time."""
    at: dict[Hashable, list[int]] = defaultdict(list)
    for index in sorted(range(len(times)), key=lambda index: times[index]):
        at[where[index]].append(index)
    ranks = [0] * len(times)
    for indices in at.values():
        for rank, index in enumerate(indices):
            ranks[index] = rank
    return ranks


#: Names volumes by their order in time; the values come from `_by_time`.
_TIME = Tag("t", "seconds after the first", read=lambda header: None)
