"""The outlines of a chunk with their images, read when they are first needed."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from ... import images as volumes
from ...errors import StudyError
from ...provenance import digest
from ...tables.kinds import FEATURE_KEYS
from ..preparation.regions import derive, in_order
from .region_features import Subject

Row = dict[str, Any]

#: What the random numbers of an outline depend on, besides the seed of the study.
_NAMES = ("subject_id", "session", "image", "region", "reader")


class Image:
    """An image of the table of images; None for a mask whose image is not there."""

    def __init__(self, row: Row | None, seed: int = 0) -> None:
        self.row, self.seed = row, seed
        self.digest = row["digest"] if row else ""
        #: Corrected images by the settings that made them, for all outlines.
        self.corrected: dict[object, np.ndarray] = {}

    @cached_property
    def volume(self) -> volumes.Volume:
        """The voxels."""
        if self.row is None:
            raise StudyError("the image of this mask is not in the table of images")
        return volumes.read(self.row["path"])


class Outline:
    """A region as one reader outlined it."""

    def __init__(self, source: Image, row: Row, others: "dict[str, Outline]") -> None:
        self.source, self.others = source, others
        self.keys: Row = {name: row[name] for name in FEATURE_KEYS}
        self.names = tuple(str(row[name]) for name in _NAMES)
        self.digest: str = row["digest"]
        self.path: str = row["path"]

    @cached_property
    def mask(self) -> np.ndarray:
        """The region as bool, on the grid of the image."""
        outline = volumes.read_mask(self.path)
        volumes.require_same_grid(self.source.volume, outline)
        return np.asarray(outline.array, dtype=bool)

    @cached_property
    def subject(self) -> Subject:
        """Image and region together, for all recipes."""
        source = self.source
        return Subject(
            source.volume, self.mask, source.corrected, source.seed, self.names
        )

    def reference(self, region: str | None) -> "Outline | None":
        """The outline of another region by the same reader, if there is one."""
        return self.others.get(region) if region else None

    def reference_mask(self, region: str | None) -> np.ndarray | None:
        """The mask of `reference(region)`, if there is one."""
        reference = self.reference(region)
        return None if reference is None else reference.mask


class DerivedOutline(Outline):
    """A region that is made of others by distances in mm."""

    def __init__(
        self,
        source: Image,
        region: str,
        settings: Mapping[str, Any],
        others: dict[str, Outline],
    ) -> None:
        self.settings = settings
        first = others[settings["of"][0]]
        used = [others[name].digest for name in self._used(others)]
        row = first.keys | {
            "region": region,
            "path": f"{region} of {first.path}",
            "digest": digest([source.digest, settings, used], length=32),
        }
        super().__init__(source, row, others)

    def _used(self, others: Mapping[str, Outline]) -> list[str]:
        names = [*self.settings["of"], *self.settings["exclude"]]
        return [name for name in names if name in others]

    @cached_property
    def mask(self) -> np.ndarray:
        """The region as bool, on the grid of the image; UnusableRegion if empty."""
        volume = self.source.volume
        masks = {name: self.others[name].mask for name in self._used(self.others)}
        return derive(
            masks,
            volume.array,
            volume.spacing_mm,
            self.settings,
            image_name=self.keys["image"],
        )


def outlines(
    images: pd.DataFrame,
    masks: pd.DataFrame,
    regions: Mapping[str, Mapping[str, Any]],
    seed: int,
) -> Iterator[Outline]:
    """Every outline, and every region made of outlines, sorted; an image at a time.

    Parameters
    ----------
    images, masks : DataFrame
        Tables of the kinds `images` and `masks`.
    regions : mapping
        The section `regions` of the configuration, all keys present. A region is made
        for every reader who outlined all regions `of` which it is made.
    seed : int
        Seed of the study, for what is random.
    """
    names = ["subject_id", "session", "image"]
    rows = {tuple(row[name] for name in names): row for row in _records(images)}
    ordered = masks.sort_values(list(FEATURE_KEYS), kind="stable")
    for image_key, group in ordered.groupby(names, sort=True):
        source = Image(rows.get(image_key), seed)
        found: list[Outline] = []
        for _, part in group.groupby("reader", sort=True):
            found += _of_reader(source, _records(part), regions)
        yield from sorted(found, key=lambda outline: outline.names)


def _of_reader(
    source: Image, rows: list[Row], regions: Mapping[str, Mapping[str, Any]]
) -> list[Outline]:
    """The outlines of one image by one reader."""
    known: dict[str, Outline] = {}
    for row in rows:
        known[row["region"]] = Outline(source, row, known)
    for name in in_order(regions):
        if set(regions[name]["of"]) <= set(known):
            known[name] = DerivedOutline(source, name, regions[name], known)
    return list(known.values())


def _records(table: pd.DataFrame) -> list[Row]:
    return [
        {str(name): value for name, value in row.items()}
        for row in table.to_dict("records")
    ]
