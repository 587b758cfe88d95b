"""Maps of features for some regions of a chunk, as volumes and as pictures."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ... import images as volumes
from ...file_names import mask_name
from ..dictionary.dictionary import unit
from ..errors import UnusableRegion
from ..extraction.scans import segmentations
from ..ibsi import by_column
from ..preparation.prepared import original_region
from ..preparation.scan import Segmentation
from ..recipe.columns import RecipeColumns
from ..recipe.recipe import Recipe
from ..repeats.variants import Scope, in_scope
from ..settings.feature_maps import ImageMaps
from .feature_maps import feature_maps, map_volume


def mapped(
    images: pd.DataFrame,
    masks: pd.DataFrame,
    main: RecipeColumns,
    section: ImageMaps,
    scope: Scope,
    folder: Path,
) -> list[dict[str, Any]]:
    """Write the maps of the chosen scans of a chunk as NIfTI; pictures of them.

    Parameters
    ----------
    images, masks : DataFrame
        Tables of the kinds `images` and `masks`, of one image.
    main : RecipeColumns
        The main recipe of the image.
    section : ImageMaps
        Columns that are mapped, radius and step.
    scope : Scope
        Whose scans are mapped.
    folder : Path
        Where the maps are written.

    Returns
    -------
    list of dict
        JSON values per region: who and what it is, `modality`, `spacing_mm` of rows
        and columns, `picture`, and by column `maps`, of the slice with most voxels,
        and `units`; a region that cannot be measured has a `reason` instead.
    """
    chosen = masks[in_scope(masks, scope)]
    return [
        {
            **{name: one.keys[name] for name in ("subject_id", "site", "session")},
            **{name: one.keys[name] for name in ("image", "region", "reader")},
            "modality": main.recipe.modality,
            **_mapped(one, main.recipe, section, folder),
        }
        for one in segmentations(images, chosen, {}, scope.seed)
    ]


def _mapped(
    segmentation: Segmentation, recipe: Recipe, section: ImageMaps, folder: Path
) -> dict[str, Any]:
    """The maps of one region, written; a picture of them."""
    try:
        region = original_region(segmentation, recipe)
    except UnusableRegion as error:
        return {"reason": str(error)}
    maps = feature_maps(
        region,
        section.features,
        section.radius_mm,
        recipe,
        step=section.step,
    )
    for column, values in maps.items():
        volume = map_volume(values, segmentation.scan.volume, segmentation.mask, recipe)
        name = f"{mask_name(segmentation.keys)}_{column.replace('.', '-')}.nii.gz"
        volumes.write(volume, folder / name)
    number = int(np.argmax(region.mask.sum(axis=(1, 2))))
    return {
        "spacing_mm": [float(value) for value in region.spacing_mm[1:]],
        "picture": _rows(region.image[number]),
        "inside": _rows(region.intensity_mask[number]),
        "maps": {column: _rows(values[number]) for column, values in maps.items()},
        "units": {column: unit(by_column()[column], recipe) for column in maps},
    }


def _rows(picture: np.ndarray) -> list[str]:
    """Rows of a picture as texts of numbers."""
    return [" ".join(f"{value:.4g}" for value in row) for row in picture.astype(float)]
