"""Consensus masks of a chunk, as masks of a reader of their own."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from .. import images
from ..file_names import mask_name
from ..readers import CONSENSUS, LEAST_READERS
from .consensus import consensus
from .overlap import Segmentation
from .reading import regions, segmentations, whole


def write_consensus(
    masks: pd.DataFrame, method: str, of: Sequence[str], folder: Path, final: Path
) -> list[dict[str, Any]]:
    """Write the consensus of each image and region that enough readers segmented.

    Parameters
    ----------
    masks : DataFrame
        Table kind "masks".
    method : {"majority", "staple"}
    of : sequence of str
        Readers who count; all if empty.
    folder, final : Path
        Where the files are written, and where they will be.

    Returns
    -------
    list of dict
        Rows of table kind "masks", all by the reader "consensus".

    Raises
    ------
    GridMismatchError
        If two masks of a region lie on different voxel grids.
    """
    voters = masks[masks["reader"].isin(of)] if of else masks
    rows = []
    for names, group in regions(voters):
        if len(group) >= LEAST_READERS:
            by_reader, grid = segmentations(group)
            found = consensus(by_reader.values(), method)
            keys = names | {"reader": CONSENSUS}
            path = folder / f"{mask_name(keys)}.nii.gz"
            volume = whole(found, grid)
            images.write(volume, path)
            place = {"path": str(final / path.name)}
            text = f"CONSENSUS {method} of readers {', '.join(sorted(by_reader))}"
            rows.append(keys | place | _facts(found, volume, text))
    return rows


def _facts(found: Segmentation, volume: images.Volume, text: str) -> dict[str, Any]:
    notes = [text] if found.n_voxels else [text, "EMPTY_CONSENSUS no voxel is agreed"]
    return {
        "digest": images.volume_digest(volume),
        "voxels": found.n_voxels,
        "volume_mm3": found.n_voxels * float(np.prod(volume.spacing_mm)),
        "n_components": found.n_components,
        "touches_border": found.touches_border,
        "notes": ";".join(notes),
    }
