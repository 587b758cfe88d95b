"""The IBSI digital phantom: does the engine give the published values here?

The phantom and its values are those of the reference manual of the Image Biomarker
Standardisation Initiative (arXiv:1612.07003, sections 5.1 and 3; CC BY 4.0).
"""

import csv
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from ...errors import StudyError
from ...provenance import SCRIPTS
from ..families import FAMILIES
from ..preparation.prepared import prepare
from ..recipe.recipe import SOFTWARE, Recipe
from ..recipe.resolve import resolve
from ..settings.recipe import RecipeSection
from .pictologics import measure

VALUES = SCRIPTS.parent / "resources" / "ibsi_digital_phantom.tsv"

#: Voxel spacing in mm along all axes.
SPACING_MM = (2.0, 2.0, 2.0)

#: Grey levels, axes (k, j, i); the 9 lies outside the region.
IMAGE = np.array(
    [
        [[1, 4, 4, 1, 1], [1, 4, 6, 1, 1], [4, 1, 6, 4, 1], [4, 4, 6, 4, 1]],
        [[1, 4, 4, 1, 1], [1, 1, 6, 1, 1], [1, 1, 3, 1, 1], [4, 4, 6, 1, 1]],
        [[1, 4, 4, 1, 1], [1, 1, 1, 1, 1], [1, 1, 9, 1, 1], [1, 1, 6, 1, 1]],
        [[1, 4, 4, 1, 1], [1, 1, 1, 1, 1], [1, 1, 1, 1, 1], [1, 1, 6, 1, 1]],
    ],
    dtype=float,
)

#: The region: all voxels but these six, as (k, j, i).
_OUTSIDE = ((1, 2, 0), (2, 0, 3), (2, 0, 4), (2, 2, 2), (3, 0, 3), (3, 0, 4))


def region_mask() -> np.ndarray:
    """The region of the phantom as bool, axes (k, j, i)."""
    mask = np.ones(IMAGE.shape, bool)
    for voxel in _OUTSIDE:
        mask[voxel] = False
    return mask


def phantom_recipe() -> Recipe:
    """The phantom's values are its grey levels: nothing is resampled or binned."""
    section = RecipeSection(
        resample_spacing_mm=None,
        image_interpolator="nearest",
        bin_width=1.0,
        bin_start=1.0,
        families=list(FAMILIES),
        min_voxels=1,
        max_voxels=1_000_000,
    )
    return resolve(section, "CT")


@cache
def reference_values(path: Path = VALUES) -> dict[str, tuple[float, float]]:
    """Published value and tolerance by column, 3D merged aggregation."""
    with path.open(encoding="utf-8", newline="") as file:
        return {
            row["column"]: (float(row["value"]), float(row["tolerance"]))
            for row in csv.DictReader(file, delimiter="\t")
        }


def matches(value: float, reference: float, tolerance: float) -> bool:
    """Test of a value, at the three digits of the reference, against the tolerance."""
    return bool(abs(float(f"{value:.3g}") - reference) <= tolerance + 1e-9)


def check() -> dict[str, Any]:
    """Measure the phantom and compare every value that the IBSI published.

    Returns
    -------
    dict
        ``engine``, ``version``, ``numba_version``, ``n_values``, ``n_matching`` and
        ``mismatches`` (column, value, reference, tolerance).
    """
    recipe = phantom_recipe()
    region = prepare(IMAGE, region_mask(), SPACING_MM, recipe)
    values = measure(region, recipe).values
    mismatches = [
        {
            "column": column,
            "value": None if np.isnan(values[column]) else values[column],
            "reference": reference,
            "tolerance": tolerance,
        }
        for column, (reference, tolerance) in reference_values().items()
        if not matches(values[column], reference, tolerance)
    ]
    versions = recipe.complete()["software"]
    engine = SOFTWARE[0]
    return {
        "engine": engine,
        "version": versions[engine],
        "numba_version": versions["numba"],
        "n_values": len(reference_values()),
        "n_matching": len(reference_values()) - len(mismatches),
        "mismatches": mismatches,
    }


def require_all_match(report: dict[str, Any]) -> dict[str, Any]:
    """The report of a check, or StudyError naming the values that differ."""
    if report["mismatches"]:
        lines = [
            f"  {entry['column']}: {entry['value']}, IBSI {entry['reference']} "
            f"+- {entry['tolerance']}"
            for entry in report["mismatches"]
        ]
        raise StudyError(
            f"{report['engine']} {report['version']} gives {len(lines)} of "
            f"{report['n_values']} values of the IBSI digital phantom wrong on this "
            "machine; install the versions of envs/features.yaml.\n" + "\n".join(lines)
        )
    return report
