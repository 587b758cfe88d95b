"""Rows of the sheets that frozen models need; the other images are left out."""

from collections.abc import Collection

from ..shared_masks import shared_images
from ..sheets import Sheet


def only(images: Sheet, masks: Sheet, names: Collection[str]) -> tuple[Sheet, Sheet]:
    """Both sheets without the images that no model reads, and their segmentations.

    An image on which the segmentation of another one was made is kept.

    Parameters
    ----------
    images, masks : Sheet
        Rows with the name of their image.
    names : collection of str
        Images of the configuration, which the models have made.
    """
    lenders = {
        row.get("image") for row in masks.rows if {*shared_images(row)} & {*names}
    }
    kept = {*names, *lenders}
    drawn = []
    for row in masks.rows:
        shared = [name for name in shared_images(row) if name in kept]
        if row.get("image") in kept:
            trimmed = {"also_for": " ".join(shared)} if "also_for" in row else {}
            drawn.append(row | trimmed)
    needed = [row for row in images.rows if row.get("image") in kept]
    return images._replace(rows=needed), masks._replace(rows=drawn)
