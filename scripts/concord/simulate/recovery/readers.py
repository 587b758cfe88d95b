"""Does the study find what was planted in the segmentations?"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from ..layout import AUTOMATIC

#: Definition of agreement whose volumes are nearest to those of closed forms.
VOLUME_DEFINITION = "mesh"
#: A reader's outward shift counts as found within this distance.
BIAS_TOLERANCE_MM = 0.4


class Claim(NamedTuple):
    """Claim that the study should find, as a row of kind "recovered"."""

    claim: str
    planted: str
    found: str
    criterion: str
    recovered: bool


def claims(
    truth: pd.DataFrame, agreement: pd.DataFrame, review: pd.DataFrame, reference: str
) -> Iterator[Claim]:
    """Shifts of reader B and of the algorithm, and the failures of the latter.

    The shift of the algorithm is looked for where it does not fail. Without a pair
    to be judged, the shift counts as not found.

    Parameters
    ----------
    truth, agreement, review : DataFrame
        Of kinds "truth", "agreement" and "review_list".
    reference : str
        The reader whose segmentations are those of the study.
    """
    failed = truth.loc[truth["automatic_fails"].fillna(False).astype(bool)]
    rows = agreement[agreement["definition"] == VOLUME_DEFINITION]
    others = rows[~rows["subject_id"].isin(failed["subject_id"])]
    yield from _shifts(rows, reference, "B", truth["reader_bias_mm"].mean())
    yield from _shifts(others, reference, AUTOMATIC, truth["automatic_bias_mm"].mean())
    if len(failed):
        images = sorted(set(agreement["image"]))
        yield from _failures(review, images, set(failed["subject_id"]))


def shift_from(agreement: pd.DataFrame, reference: str, reader: str) -> pd.Series:
    """Distance of a reader outside of the reference reader, in mm, pair by pair."""
    names = agreement[["reader", "reader_b"]]
    straight = (names == [reference, reader]).all(axis=1)
    turned = (names == [reader, reference]).all(axis=1)
    shift_mm = radius_shift_mm(agreement[straight | turned])
    return shift_mm * np.where(straight[shift_mm.index], 1.0, -1.0)


def radius_shift_mm(agreement: pd.DataFrame) -> pd.Series:
    """Radius by `reader_b` minus radius by `reader` of spheres of equal volume, in mm.

    Only pairs in which neither segmentation is empty.
    """
    rows = agreement[agreement["status"] == "ok"]
    return _radius_mm(rows["volume_b_mm3"]) - _radius_mm(rows["volume_mm3"])


def _radius_mm(volume_mm3: pd.Series) -> pd.Series:
    return np.cbrt(3 * volume_mm3 / (4 * np.pi))


def _shifts(
    rows: pd.DataFrame, reference: str, reader: str, planted_mm: float
) -> Iterator[Claim]:
    """The shift of a reader, by image."""
    for image, part in rows.groupby("image"):
        shift_mm = shift_from(part, reference, reader)
        found_mm = float(shift_mm.mean())
        yield Claim(
            f"{image}: reader {reader} differs from reader {reference} by the "
            "planted shift",
            f"{planted_mm:.2f} mm",
            f"{found_mm:.2f} mm (mean of {shift_mm.count()})",
            f"within {BIAS_TOLERANCE_MM} mm",
            abs(found_mm - planted_mm) < BIAS_TOLERANCE_MM,
        )


def _failures(
    review: pd.DataFrame, images: list[str], failed: set[str]
) -> Iterator[Claim]:
    """Planted failures of the algorithm are the first cases of the review list."""
    mine = review[review["reader"] == AUTOMATIC]
    for image in images:
        part = mine[mine["image"] == image].sort_values("rank")
        found = len(failed & set(part.head(len(failed))["subject_id"]))
        yield Claim(
            f"{image}: failures of the algorithm are on top of the review list",
            f"{len(failed)} lesions of which half is missing",
            f"{found} of them among the first {len(failed)} cases",
            "all of them",
            found == len(failed),
        )
