"""Reach of response maps around a region."""

from collections.abc import Iterable

import numpy as np

from ..filters.base import Filter, Margin, Spacing


def margin_voxels(filters: Iterable[Filter], spacing_mm: Spacing) -> Margin | None:
    """Voxels around a region that its responses depend on, along (k, j, i).

    An image cut to the region and this margin (or the end of the image) has the same
    responses in the region as the whole image, but for the float32 rounding of the
    engine. None if one of the filters needs the whole image: `simoncelli` and the
    Riesz transforms, whose kernels have no end, and any kernel with the periodic
    boundary, which looks at the other end of the image.
    """
    widest = np.zeros(3, int)
    for one in filters:
        margin = one.margin_voxels(spacing_mm)
        if margin is None or one.boundary == "periodic":
            return None
        widest = np.maximum(widest, margin)
    k, j, i = widest.tolist()
    return k, j, i
