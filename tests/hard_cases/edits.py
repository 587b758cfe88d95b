"""Changes to the header of one slice, all slices, or some."""

from collections.abc import Callable
from typing import Any

import numpy as np
from pydicom.datadict import dictionary_VR, tag_for_keyword
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.tag import Tag

from .slices import Edit, ds


def put(keyword: str, value: Any, *slices: int) -> Edit:
    """Set a keyword in some slices, or in all; None makes it empty."""

    def change(k: int, header: Dataset) -> None:
        if not slices or k in slices:
            setattr(header, keyword, value)

    return change


def drop(keyword: str, *slices: int) -> Edit:
    """Delete a keyword in some slices, or in all."""

    def change(k: int, header: Dataset) -> None:
        if (not slices or k in slices) and keyword in header:
            delattr(header, keyword)

    return change


def moved(shift_mm: Callable[[int], tuple[float, float, float]]) -> Edit:
    """Move every slice by a vector (LPS, mm) that depends on its number."""

    def change(k: int, header: Dataset) -> None:
        place = np.array(header.ImagePositionPatient, float) + shift_mm(k)
        header.ImagePositionPatient = [ds(value) for value in place]

    return change


def turned(degrees: Callable[[int], float]) -> Edit:
    """Turn the rows and columns of every slice about its normal z axis."""

    def change(k: int, header: Dataset) -> None:
        c, s = np.cos(np.radians(degrees(k))), np.sin(np.radians(degrees(k)))
        header.ImageOrientationPatient = [ds(v) for v in (c, s, 0, -s, c, 0)]

    return change


def noisy(keyword: str, amount: float) -> Edit:
    """Add seeded noise up to `amount` to a vector of every slice."""

    def change(k: int, header: Dataset) -> None:
        source = np.random.default_rng([5, k])
        values = np.array(getattr(header, keyword), float)
        values += source.uniform(-amount, amount, values.shape)
        setattr(header, keyword, [ds(value) for value in values])

    return change


def raw(keyword: str, text: str, *slices: int) -> Edit:
    """Set a text that the type of the keyword does not allow."""

    def change(k: int, header: Dataset) -> None:
        if not slices or k in slices:
            tag = Tag(tag_for_keyword(keyword))
            content = text.encode() + b" " * (len(text) % 2)
            header._dict[tag] = RawDataElement(
                tag, dictionary_VR(tag), len(content), content, 0, False, True
            )

    return change
