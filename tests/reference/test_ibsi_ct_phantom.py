"""Features of the IBSI CT phantom against the published values, with our processing.

Zwanenburg A et al. Radiology 2020;295:328, doi:10.1148/radiol.2020191145.
Configuration A uses the scan as it is; C, D and E resample to 2 mm. B and the 2D part
of A are for the second engine.
"""

import csv

import pytest

from concord import images
from concord.config.recipe import RecipeSection
from concord.config.recipes import complete
from concord.features import engine, phantom
from concord.features.names import by_ibsi_tag
from concord.features.preparation import prepare
from concord.features.recipe import resolve


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


@pytest.mark.parametrize(
    ("name", "n_values"), [("A", 74), ("C", 168), ("D", 169), ("E", 169)]
)
def test_every_published_value_of_a_configuration_matches(shared_data, name, n_values):
    folder = shared_data / "reference/ibsi1/ct_phantom"
    image = images.read(folder / "phantom.nii.gz")
    mask = images.read_mask(folder / "mask.nii.gz")
    settings = complete({"CT": RecipeSection(preset=f"ibsi_{name.lower()}")})["CT"]
    recipe = resolve(settings, "CT")
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
