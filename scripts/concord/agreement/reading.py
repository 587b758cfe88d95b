"""Masks of one image and region, read one after the other and cut at once."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from .. import images
from ..errors import TableError
from .overlap import Segmentation, crop

#: What two segmentations must share to be compared.
REGION_KEYS = ["subject_id", "site", "session", "image", "region"]


def regions(masks: pd.DataFrame) -> Iterator[tuple[dict[str, str], pd.DataFrame]]:
    """Keys and rows of each image and region, sorted.

    Raises
    ------
    TableError
        If a reader has two masks of one image and region.
    """
    repeated = masks.duplicated([*REGION_KEYS, "reader"])
    if repeated.any():
        row = masks.loc[repeated, [*REGION_KEYS, "reader"]].iloc[0].to_dict()
        raise TableError(
            f"masks: two masks of {row}, expected one per reader. "
            "Give the second one a reader name of its own."
        )
    for key, group in masks.groupby(REGION_KEYS):
        yield dict(zip(REGION_KEYS, map(str, key), strict=True)), group


def segmentations(rows: pd.DataFrame) -> tuple[dict[str, Segmentation], images.Volume]:
    """The segmentation of each reader, and the grid that all of them share.

    Only one whole mask is in memory at a time.

    Raises
    ------
    GridMismatchError
        If two masks lie on different voxel grids.
    """
    grid = images.read_grid(rows["path"].iloc[0])
    files = zip(rows["reader"], rows["path"], rows["digest"], strict=True)
    return {
        str(reader): _segmentation(path, digest, grid) for reader, path, digest in files
    }, grid


def _segmentation(path: str, digest: str, grid: images.Volume) -> Segmentation:
    """The segmentation of one file; its whole mask is let go."""
    mask = images.read_mask(path, digest=digest)
    images.require_same_grid(grid, mask)
    return crop(mask.array, grid.spacing_mm)


def whole(segmentation: Segmentation, grid: images.Volume) -> images.Volume:
    """A segmentation as a mask of uint8 on its grid."""
    array = np.zeros(segmentation.grid_shape, np.uint8)
    array[tuple(map(slice, segmentation.start, segmentation.end))] = segmentation.voxels
    return replace(grid, array=array)
