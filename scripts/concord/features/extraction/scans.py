"""Segmentations of a chunk with their scans, read when they are first needed."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from ... import images as volumes
from ...errors import StudyError
from ...provenance import digest
from ...tables.kinds import FEATURE_KEYS
from ..preparation.regions import Regions, derive, in_order
from ..preparation.scan import Row, Scan, Segmentation
from ..settings.regions import RegionSection

#: What identifies a scan.
SCAN_KEY = ("subject_id", "session", "image")

#: What the random numbers of a segmentation depend on, besides the seed of the study.
_NAMES = (*SCAN_KEY, "region", "reader")


def segmentations(
    images: pd.DataFrame, masks: pd.DataFrame, regions: Regions, seed: int
) -> Iterator[Segmentation]:
    """Every mask, and every region made of masks, sorted; one scan at a time.

    Parameters
    ----------
    images, masks : DataFrame
        Tables of the kinds `images` and `masks`.
    regions : mapping
        The section `regions` of the configuration. A region is made
        for every reader who segmented all regions `of` which it is made.
    seed : int
        Seed of the study, for what is random.
    """
    names = list(SCAN_KEY)
    rows = {tuple(row[name] for name in names): row for row in _records(images)}
    ordered = masks.sort_values(list(FEATURE_KEYS), kind="stable")
    for key, group in ordered.groupby(names, sort=True):
        scan = _scan(rows.get(key), seed)
        found: list[Segmentation] = []
        for _, part in group.groupby("reader", sort=True):
            found += _of_reader(scan, _records(part), regions)
        yield from sorted(found, key=lambda segmentation: segmentation.names)


def _of_reader(scan: Scan, rows: list[Row], regions: Regions) -> list[Segmentation]:
    """The segmentations of one scan by one reader."""
    known: dict[str, Segmentation] = {}
    for row in rows:
        read = partial(_read_mask, scan, row["path"], row["digest"])
        known[row["region"]] = _segmentation(scan, read, row, known)
    for name in in_order(regions):
        if set(regions[name].of) <= set(known):
            known[name] = _derived(scan, name, regions[name], known)
    return list(known.values())


def _derived(
    scan: Scan,
    region: str,
    section: RegionSection,
    known: dict[str, Segmentation],
) -> Segmentation:
    """A region that is made of others by distances in mm."""
    used = {
        name: known[name] for name in (*section.of, *section.exclude) if name in known
    }
    first = known[section.of[0]]
    made_of = [section.model_dump(mode="json"), [one.digest for one in used.values()]]
    row = first.keys | {
        "region": region,
        "path": f"{region} of {first.path}",
        "digest": digest([scan.digest, *made_of], length=32),
    }

    def read() -> np.ndarray:
        return derive(
            {name: one.mask for name, one in used.items()},
            scan.volume.array,
            scan.volume.spacing_mm,
            section,
            image_name=row["image"],
        )

    return _segmentation(scan, read, row, known)


def _segmentation(
    scan: Scan, read: Any, row: Row, others: dict[str, Segmentation]
) -> Segmentation:
    return Segmentation(
        scan,
        read,
        keys={name: row[name] for name in FEATURE_KEYS},
        names=tuple(str(row[name]) for name in _NAMES),
        digest=row["digest"],
        path=row["path"],
        others=others,
    )


def _scan(row: Row | None, seed: int) -> Scan:
    """The scan of a row; one that cannot be read if it has none."""

    def read() -> volumes.Volume:
        if row is None:
            raise StudyError("the image of this mask is not in the table of images")
        return volumes.read(row["path"], digest=row["digest"])

    return Scan(read, row["digest"] if row else "", seed)


def _read_mask(scan: Scan, path: str, digest: str) -> np.ndarray:
    """A mask as bool; GridMismatchError if it does not lie on the grid of the scan."""
    mask = volumes.read_mask(path, digest=digest)
    volumes.require_same_grid(scan.volume, mask)
    return np.asarray(mask.array, dtype=bool)


def _records(table: pd.DataFrame) -> list[Row]:
    return [
        {str(name): value for name, value in row.items()}
        for row in table.to_dict("records")
    ]
