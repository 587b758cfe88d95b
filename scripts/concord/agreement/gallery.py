"""Small pictures of the cases in which readers agree worst."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from .. import images
from ..readers import CONSENSUS
from .pairs import REGION_KEYS
from .review import GROUP, severity

#: Cases of the gallery.
N_TILES = 6

_IMAGE_KEYS = ["subject_id", "site", "session", "image"]
#: How far a tile reaches beyond all segmentations, and its least size.
_MARGIN_MM, _LEAST_MM = 12.0, 50.0


def tiles(
    agreement: pd.DataFrame,
    image_table: pd.DataFrame,
    masks: pd.DataFrame,
    headline: str,
) -> list[dict[str, Any]]:
    """Cut one slice out of each image of the worst cases, with all segmentations.

    Parameters
    ----------
    agreement, image_table, masks : DataFrame
        Of kinds "agreement", "images" and "masks".
    headline : str
        Definition of the surface distances: mesh or voxel.

    Returns
    -------
    list of dict
        JSON values, the worst case first: who and what it is, the pair of readers
        with its Dice and HD95, `modality`, `spacing_mm` of rows and columns,
        `picture` (one text of numbers per row) and `segmentations` (one text of 0 and 1
        per row, by reader).
    """
    listed = image_table.set_index(_IMAGE_KEYS)[["path", "digest", "modality"]]
    found = []
    for _, case in worst_cases(agreement, headline, N_TILES).iterrows():
        mine = masks[(masks[REGION_KEYS] == case[REGION_KEYS]).all(axis=1)]
        path, digest, modality = listed.loc[tuple(case[_IMAGE_KEYS])]
        segmentations = {
            str(row["reader"]): images.read_mask(
                row["path"], digest=row["digest"]
            ).array
            for _, row in mine.iterrows()
        }
        shown = tile(images.read(path, digest=digest), segmentations)
        found.append(_named(case) | {"modality": str(modality)} | shown)
    return found


def worst_cases(agreement: pd.DataFrame, headline: str, n: int) -> pd.DataFrame:
    """The worst pair of each image and region, the worst n of all.

    Pairs are ranked within image and region, as in the review list, and taken in
    turn, so that no image fills the gallery alone. Pairs with the consensus, and
    pairs without any voxel, are left out.
    """
    rows = agreement[
        (agreement["definition"] == headline)
        & agreement["status"].isin(["ok", "one_empty"])
        & (agreement[["reader", "reader_b"]] != CONSENSUS).all(axis=1)
    ].reset_index(drop=True)
    if rows.empty:
        return rows
    ordered = rows.join(severity(rows, GROUP)).sort_values(
        [*GROUP, "grade", "rank_mean", "dice", *REGION_KEYS, "reader", "reader_b"]
    )
    single = ordered.drop_duplicates(REGION_KEYS)
    place = single.groupby(GROUP).cumcount()
    return single.assign(place=place).sort_values(["place", *GROUP]).head(n)


def tile(
    image: images.Volume, segmentations: Mapping[str, np.ndarray]
) -> dict[str, Any]:
    """The slice in which segmentations differ in most voxels, cut around them.

    Parameters
    ----------
    image : Volume
        The image.
    segmentations : mapping of ndarray of bool, shape (k, j, i)
        By reader, on the grid of the image.
    """
    stack = np.stack(list(segmentations.values()))
    differs = (stack.any(axis=0) & ~stack.all(axis=0)).sum(axis=(1, 2))
    size = stack.any(axis=0).sum(axis=(1, 2))
    number = int(np.lexsort((-size, -differs))[0])
    union = np.logical_or.reduce(stack[:, number])
    box = tuple(
        _range(np.flatnonzero(union.any(axis=1 - axis)), spacing, union.shape[axis])
        for axis, spacing in enumerate(image.spacing_mm[1:])
    )
    seen = np.asarray(image.array[number][box], dtype=float)
    return {
        "slice": number + 1,
        "n_slices": len(image.array),
        "spacing_mm": [round(float(value), 6) for value in image.spacing_mm[1:]],
        "picture": [" ".join(f"{value:.4g}" for value in row) for row in seen],
        "segmentations": {
            reader: ["".join("01"[int(v)] for v in row) for row in mask[number][box]]
            for reader, mask in sorted(segmentations.items())
        },
    }


def _range(filled: np.ndarray, spacing_mm: float, length: int) -> slice:
    """Where to cut along one axis."""
    first, last = int(filled[0]), int(filled[-1])
    missing_mm = _LEAST_MM - (last + 1 - first) * spacing_mm
    margin = int(np.ceil(max(_MARGIN_MM, missing_mm / 2) / spacing_mm))
    return slice(max(first - margin, 0), min(last + 1 + margin, length))


def _named(case: pd.Series) -> dict[str, Any]:
    """Who and what a tile shows, as JSON values."""
    names = {key: str(case[key]) for key in (*REGION_KEYS, "reader", "reader_b")}
    numbers = {
        key: None if pd.isna(case[key]) else round(float(case[key]), 4)
        for key in ("dice", "hd95_mm")
    }
    return names | numbers | {"status": str(case["status"])}
