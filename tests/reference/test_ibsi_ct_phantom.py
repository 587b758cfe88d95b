"""Features of the IBSI CT phantom against the published values, with our processing.

Zwanenburg A et al. Radiology 2020;295:328, doi:10.1148/radiol.2020191145.
Configuration A uses the scan as it is, C resamples to 2 mm with linear interpolation.
"""

import csv

import pytest

from concord import images
from concord.config.recipe import RecipeSection
from concord.features import engine, phantom
from concord.features.names import by_ibsi_tag
from concord.features.preparation import prepare
from concord.features.recipe import resolve

CONFIGURATIONS = {
    "A": {"resample_spacing_mm": None, "intensity_range": (-500, 400)},
    "C": {
        "resample_spacing_mm": (2, 2, 2),
        "image_interpolator": "linear",
        "intensity_range": (-1000, 400),
        "ivh_bin_width": 2.5,
    },
}


def published(shared_data, name):
    """Value and tolerance by column, where one is published for 3D."""
    path = shared_data / "reference/ibsi1/reference_values"
    path /= "ibsi_1_all_reference_values.csv"
    found = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            tag = "_".join(filter(None, [row["tag"], row["aggregation"]]))
            if (
                row["dataset"] == f"config{name}"
                and row["value"]
                and tag in by_ibsi_tag()
            ):
                column = by_ibsi_tag()[tag].column
                found[column] = float(row["value"]), float(row["tolerance"])
    return found


@pytest.mark.parametrize(("name", "n_values"), [("A", 74), ("C", 168)])
def test_every_published_value_of_a_configuration_matches(shared_data, name, n_values):
    folder = shared_data / "reference/ibsi1/ct_phantom"
    image = images.read(folder / "phantom.nii.gz")
    mask = images.read_mask(folder / "mask.nii.gz")
    section = RecipeSection(**CONFIGURATIONS[name], bin_width=25)
    recipe = resolve(section.model_dump(mode="json"), "CT")
    region = prepare(image.array, mask.array, image.spacing_mm, recipe)
    values = engine.measure(region, recipe).values
    expected = published(shared_data, name)
    assert len(expected) == n_values
    missed = {
        column: (values[column], reference)
        for column, reference in expected.items()
        if not phantom.matches(values[column], *reference)
    }
    assert missed == {}
