"""The digital and the CT phantom of IBSI 1 as its configurations prepare them.

Zwanenburg A et al. Radiology 2020;295:328, doi:10.1148/radiol.2020191145;
configurations: reference manual, arXiv:1612.07003, section 5.2.
"""

import csv
from pathlib import Path

from concord import images
from concord.features.engines import ibsi_phantom
from concord.features.preparation.prepared import prepare
from concord.features.preparation.resegmentation import Region
from concord.features.recipe.recipe import Recipe
from concord.features.recipe.resolve import resolve
from concord.features.settings.inheritance import complete
from concord.features.settings.recipe import RecipeSection


def prepared(name: str, data: Path | None = None) -> tuple[Region, Recipe]:
    """The region of a configuration, or of the digital phantom, and its recipe."""
    if name == "digital":
        recipe = ibsi_phantom.phantom_recipe()
        mask = ibsi_phantom.region_mask()
        return prepare(
            ibsi_phantom.IMAGE, mask, ibsi_phantom.SPACING_MM, recipe
        ), recipe
    folder = Path(data or "", "reference/ibsi1/ct_phantom")
    image = images.read(folder / "phantom.nii.gz")
    mask = images.read_mask(folder / "mask.nii.gz")
    preset = RecipeSection(preset=f"ibsi_{name.lower()}")
    recipe = resolve(complete({"CT": preset})["CT"], "CT")
    return prepare(image.array, mask.array, image.spacing_mm, recipe), recipe


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
