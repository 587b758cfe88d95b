"""The digital and the CT phantom of IBSI 1 as its configurations prepare them.

Zwanenburg A et al. Radiology 2020;295:328, doi:10.1148/radiol.2020191145;
configurations: reference manual, arXiv:1612.07003, section 5.2.
"""

import csv
from dataclasses import replace
from pathlib import Path

from concord import images
from concord.config.recipe import RecipeSection
from concord.features import phantom
from concord.features.preparation import Region, discretized, prepare
from concord.features.recipe import Recipe, resolve

#: Processing of the CT phantom; B resamples within the slices, 3 mm apart, alone.
CONFIGURATIONS = {
    "A": {
        "resample_spacing_mm": None,
        "intensity_range": (-500, 400),
        "bin_width": 25,
    },
    "B": {
        "resample_spacing_mm": (2, 2, 3),
        "image_interpolator": "linear",
        "intensity_range": (-500, 400),
        "discretization": "FBN",
        "n_bins": 32,
    },
    "C": {
        "resample_spacing_mm": (2, 2, 2),
        "image_interpolator": "linear",
        "intensity_range": (-1000, 400),
        "bin_width": 25,
        "ivh_bin_width": 2.5,
    },
    "D": {
        "resample_spacing_mm": (2, 2, 2),
        "image_interpolator": "linear",
        "discretization": "FBN",
        "n_bins": 32,
    },
    "E": {
        "resample_spacing_mm": (2, 2, 2),
        "image_interpolator": "cubic",
        "intensity_range": (-1000, 400),
        "discretization": "FBN",
        "n_bins": 32,
        "ivh_n_bins": 1000,
    },
}

#: Standard deviations from the mean of the outline beyond which voxels are left out.
OUTLIER_SD = {"D": 3, "E": 3}


def prepared(name: str, data: Path | None = None) -> tuple[Region, Recipe]:
    """The region of a configuration, or of the digital phantom, and its recipe."""
    if name == "digital":
        recipe = phantom.phantom_recipe()
        mask = phantom.region_mask()
        return prepare(phantom.IMAGE, mask, phantom.SPACING_MM, recipe), recipe
    folder = Path(data or "", "reference/ibsi1/ct_phantom")
    image = images.read(folder / "phantom.nii.gz")
    mask = images.read_mask(folder / "mask.nii.gz")
    section = RecipeSection(**CONFIGURATIONS[name])
    recipe = resolve(section.model_dump(mode="json"), "CT")
    region = prepare(image.array, mask.array, image.spacing_mm, recipe)
    if name in OUTLIER_SD:
        region = without_outliers(region, recipe, OUTLIER_SD[name])
    return region, recipe


def without_outliers(region: Region, recipe: Recipe, n_sd: float) -> Region:
    """The region without voxels far from the mean of its outline, binned anew."""
    outlined = region.image[region.mask]
    near = abs(region.image - outlined.mean()) <= n_sd * outlined.std()
    kept = region.intensity_mask & near
    levels, n_levels = discretized(region.image, kept, recipe.discretization)
    return replace(region, intensity_mask=kept, levels=levels, n_levels=n_levels)


def published(data: Path, name: str) -> dict[str, tuple[float, float]]:
    """Value and tolerance by tag of a configuration, diagnostics included."""
    path = data / "reference/ibsi1/reference_values/ibsi_1_all_reference_values.csv"
    dataset = name if name == "digital" else f"config{name}"
    with path.open(encoding="utf-8", newline="") as file:
        return {
            "_".join(filter(None, [row["tag"], row["aggregation"]])): (
                float(row["value"]),
                float(row["tolerance"]),
            )
            for row in csv.DictReader(file)
            if row["dataset"] == dataset and row["value"]
        }
