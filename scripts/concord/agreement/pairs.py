"""Agreement of all pairs of readers on one region of one image."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Any

import numpy as np

from . import mesh, voxel
from .distances import UNDEFINED, SurfaceDistances
from .notes import note
from .overlap import Segmentation, against, overlap
from .reading import REGION_KEYS

#: What identifies a row of an agreement table; also its order.
PAIR_KEYS = [*REGION_KEYS, "reader", "reader_b", "definition"]

DEFINITIONS = {"mesh": mesh, "voxel": voxel}

_NO_REFERENCE = {"sensitivity": np.nan, "precision": np.nan}


@dataclass(frozen=True)
class Comparison:
    """Measures of two segmentations by one definition."""

    names: dict[str, str]  # reader, reader_b, definition
    measures: dict[str, Any]
    surface_dice: dict[float, float]  # by tolerance in mm

    def row(self) -> dict[str, Any]:
        """A row of table kind "agreement", without the keys of the region."""
        return self.names | self.measures

    def surface_dice_rows(self) -> Iterator[dict[str, Any]]:
        """Rows of table kind "surface_dice", without the keys of the region."""
        for tolerance_mm, value in self.surface_dice.items():
            yield self.names | {"tolerance_mm": tolerance_mm, "surface_dice": value}


def compare_all(
    segmentations: dict[str, Segmentation],
    tolerances_mm: Sequence[float],
    reference_reader: str,
) -> Iterator[Comparison]:
    """Compare all pairs of readers in the order of their names.

    The surface of a reader is made once, and so are the distances of a pair; every
    measure follows from them. Two segmentations in one and the same slice are compared
    within its plane.

    Parameters
    ----------
    segmentations : dict of Segmentation
        By reader; all on one grid. Segmentations may be empty.
    tolerances_mm : sequence of float
        Of the surface Dice.
    reference_reader : str
        Whose segmentation is the truth of sensitivity and precision, which are NaN in
        the pairs without that reader.
    """

    @cache
    def surface(reader: str, definition: str, flat: bool) -> Any:
        segmentation = (
            segmentations[reader].in_plane() if flat else segmentations[reader]
        )
        return DEFINITIONS[definition].surface(segmentation)

    for pair in combinations(sorted(segmentations), 2):
        chosen = {reader: segmentations[reader] for reader in pair}
        common = overlap(*chosen.values()) | _against(chosen, reference_reader)
        common["note"] = note(chosen, tolerances_mm)
        flat = in_one_slice(*chosen.values())
        for definition, module in DEFINITIONS.items():
            found = None
            if common["status"] == "ok":
                surfaces = [surface(reader, definition, flat) for reader in pair]
                found = module.distances(*surfaces)
            names = dict(zip(PAIR_KEYS[-3:], (*pair, definition), strict=True))
            yield _comparison(names, common, found, tolerances_mm)


def in_one_slice(first: Segmentation, second: Segmentation) -> bool:
    """True if all voxels of both masks lie in one and the same slice."""
    return first.only_slice is not None and first.only_slice == second.only_slice


def _against(
    chosen: dict[str, Segmentation], reference_reader: str
) -> dict[str, float]:
    """Sensitivity and precision, if one of the two is the reference reader."""
    if reference_reader not in chosen:
        return _NO_REFERENCE
    (other,) = (reader for reader in chosen if reader != reference_reader)
    return against(chosen[other], chosen[reference_reader])


def _comparison(
    names: dict[str, str],
    common: dict[str, Any],
    found: SurfaceDistances | None,
    tolerances_mm: Sequence[float],
) -> Comparison:
    """Without surfaces, distances are NaN; the surface Dice is as Dice is: 0 or NaN."""
    if found is None:
        undefined = dict.fromkeys(tolerances_mm, common["dice"])
        return Comparison(names, common | UNDEFINED, undefined)
    shares = {tolerance: found.surface_dice(tolerance) for tolerance in tolerances_mm}
    return Comparison(names, common | found.summary(), shares)
