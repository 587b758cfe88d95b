"""Segmentations that several images of a session share: the column `also_for`."""

import re
from collections.abc import Iterator

from ..config_faults import Fault, nearest
from .sheets import IMAGE_KEY, Row, Sheet


def with_shared(masks: Sheet) -> Sheet:
    """The rows of the mask sheet and those that `also_for` asks for.

    A mask of another image has the cells of its row, with the other image and, as
    `segmented_on`, the one that it was made on.
    """
    rows: list[Row] = []
    for row in masks.rows:
        for name in shared_images(row):
            shared = row | {"image": name, "segmented_on": row["image"], "also_for": ""}
            rows.append(shared)
    return Sheet(masks.path, [*masks.rows, *rows])


def shared_images(row: Row) -> list[str]:
    """Images that share the segmentation of a row."""
    return [name for name in re.split(r"[\s;]+", row.get("also_for", "")) if name]


def shared_faults(images: Sheet, masks: Sheet) -> Iterator[Fault]:
    """Names in `also_for` that no image has, the row's own, and masks named twice.

    Parameters
    ----------
    images, masks : Sheet
        As read, before `with_shared`.
    """
    present = {tuple(row[key] for key in IMAGE_KEY) for row in images.rows}
    names = sorted({row["image"] for row in images.rows})
    taken = {_key(row, row["image"]) for row in masks.rows}
    for line, row in enumerate(masks.rows, 2):
        for name in shared_images(row):
            message = None
            if name not in names:
                message = f"{name!r} is no image of the study{nearest(name, names)}"
            elif name == row["image"]:
                message = f"{name!r} is the image of the row itself"
            elif (row["subject_id"], row["session"], name) not in present:
                message = (
                    f"{row['subject_id']} has no image {name!r} in the session "
                    f"{row['session']}; {images.path} has no such row"
                )
            elif _key(row, name) in taken:
                message = (
                    f"{name!r} already has a mask of {row['region']} by reader "
                    f"{row['reader']} in this session"
                )
            if message:
                yield Fault(str(masks.path), f"line {line}, also_for", message)
            taken.add(_key(row, name))


def _key(row: Row, image: str) -> tuple[str, ...]:
    keys = ("subject_id", "session", "region", "reader")
    return (image, *(row[key] for key in keys))
