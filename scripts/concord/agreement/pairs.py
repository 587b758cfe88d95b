"""Agreement of all pairs of readers of an image and region."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from .. import images
from ..errors import TableError
from . import mesh, voxel
from .distances import UNDEFINED
from .overlap import Outline, crop, overlap

#: What two outlines must share to be compared.
REGION_KEYS = ["subject_id", "site", "session", "modality", "region"]

#: What identifies a row of an agreement table; also its order.
PAIR_KEYS = [*REGION_KEYS, "reader", "reader_b", "definition"]

DEFINITIONS = {"mesh": mesh, "voxel": voxel}


def agreement_table(masks: pd.DataFrame) -> pd.DataFrame:
    """Agreement of all readers of each image and region with each other.

    Parameters
    ----------
    masks : DataFrame
        A table of kind "masks".

    Returns
    -------
    DataFrame
        Of kind "agreement": two rows, one per definition, for each pair of
        readers in the order of their names. Regions of one reader have no row.

    Raises
    ------
    GridMismatchError
        If two masks of a region lie on different voxel grids.
    TableError
        If a reader has two masks of one image and region.
    """
    rows = []
    for key, group in masks.groupby(REGION_KEYS):
        names = dict(zip(REGION_KEYS, key, strict=True))
        if len(group) > 1:
            rows += [names | row for row in compare_all(_outlines(group))]
    return pd.DataFrame(rows).sort_values(PAIR_KEYS) if rows else pd.DataFrame()


def compare_all(outlines: dict[str, Outline]) -> Iterator[dict[str, Any]]:
    """Yield the rows of all pairs of outlines, given by the readers' names."""
    surfaces = {
        (definition, reader): module.surface(outline)
        for definition, module in DEFINITIONS.items()
        for reader, outline in outlines.items()
        if outline.n_voxels
    }
    for reader, reader_b in combinations(sorted(outlines), 2):
        common = overlap(outlines[reader], outlines[reader_b])
        for definition, module in DEFINITIONS.items():
            pair = [surfaces.get((definition, name)) for name in (reader, reader_b)]
            distances = module.distances(*pair) if None not in pair else UNDEFINED
            names = {"reader": reader, "reader_b": reader_b, "definition": definition}
            yield names | common | distances


def _outlines(masks: pd.DataFrame) -> dict[str, Outline]:
    """The outline of each reader, read one after the other and cut at once."""
    repeated = masks["reader"].duplicated()
    if repeated.any():
        row = masks.loc[repeated, [*REGION_KEYS, "reader"]].iloc[0].to_dict()
        raise TableError(
            f"masks: two masks of {row}, expected one per reader. "
            "Give the second one a reader name of its own."
        )
    outlines, grid = {}, None
    for reader, path in zip(masks["reader"], masks["path"], strict=True):
        mask = images.read_mask(path)
        grid = grid or _grid_of(mask)
        images.require_same_grid(grid, mask)
        outlines[reader] = crop(mask.array, grid.spacing_mm)
    return outlines


def _grid_of(mask: images.Volume) -> images.Volume:
    """A volume of the same geometry that holds no voxels in memory."""
    return replace(mask, array=np.broadcast_to(False, mask.array.shape))
