"""Intensity statistics of filtered images of the IBSI CT phantom (IBSI 2, phase 2).

Whybra P et al. Radiology 2024;310:e231319, doi:10.1148/radiol.231319; settings:
arXiv:2006.05470. There are 18 filters of 18 statistics, 324 values, of which 323 are
published. The filters of B run in 3D after resampling to 1 mm with cubic splines.
Those of A run slice by slice on the scan as it is; this engine can do so without a
filter and with Gabor filters, and the other seven (126 values) are not for it. The
range -1000 to 400 HU holds in the unfiltered image. A value matches if it is within
the published tolerance.
"""

import csv
from dataclasses import replace

import numpy as np
import pytest

from concord import images
from concord.config.filters import FilterSection
from concord.config.recipe import RecipeSection
from concord.features import engine, phantom
from concord.features.filters.margins import margin_voxels
from concord.features.filters.resolve import resolve as resolve_filter
from concord.features.filters.responses import filtered_region, responses
from concord.features.names import by_ibsi_tag
from concord.features.preparation import prepare
from concord.features.recipe import resolve

RECIPE = {
    "intensity_range": (-1000, 400),
    "bin_width": 25,
    "families": ["statistics"],
}
TURNED = {"rotation_invariant": True}
DB3 = {"kind": "wavelet", "wavelet": "db3", **TURNED}
GABOR = {
    "kind": "gabor",
    "sigma_mm": 5,
    "wavelength_mm": 2,
    "aspect_ratio": 1.5,
    "theta_step_degrees": 22.5,
    **TURNED,
}
FILTERS = {
    "2.B": {"kind": "mean", "support_voxels": 5},
    "3.B": {"kind": "log", "sigma_mm": 1.5},
    "4.B": {
        "kind": "laws",
        "kernels": "L5E5E5",
        "energy_distance_voxels": 7,
        "pooling": "max",
        **TURNED,
    },
    "5.A": GABOR | {"planes": "axial"},
    "5.B": GABOR,
    "6.B": DB3 | {"subbands": "LLH"},
    "7.B": DB3 | {"subbands": "HHH", "levels": 2},
    "8.B": {"kind": "simoncelli", "levels": 1},
    "9.B": {"kind": "simoncelli", "levels": 2},
}


def recipe(**changes):
    section = RecipeSection(**RECIPE | changes)
    return resolve(section.model_dump(mode="json"), "CT")


def published(shared_data):
    """Value and tolerance by filter and column; one of the 324 has no consensus."""
    path = shared_data / "reference/ibsi2/reference_feature_values.csv"
    found = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            if row["consensus_value"]:
                column = by_ibsi_tag()[row["feature_tag"]].column
                values = float(row["consensus_value"]), float(row["tolerance"])
                found.setdefault(row["filter_id"], {})[column] = values
    return found


def whole_region(image, mask, **changes):
    """The phantom as one region: the box is the whole image."""
    everywhere = np.ones_like(mask.array)
    whole = prepare(image.array, everywhere, image.spacing_mm, recipe(**changes))
    shares = prepare(
        mask.array.astype(float),
        everywhere,
        image.spacing_mm,
        recipe(image_interpolator="linear", round_intensities=False, **changes),
    )
    inside = shares.image >= 0.5 - 1e-9
    in_range = inside & whole.intensity_mask
    return replace(whole, mask=inside, intensity_mask=in_range)


@pytest.fixture(scope="module")
def scan(shared_data):
    folder = shared_data / "reference/ibsi1/ct_phantom"
    image = images.read(folder / "phantom.nii.gz")
    return image, images.read_mask(folder / "mask.nii.gz")


@pytest.fixture(scope="module")
def regions(scan):
    """The region of A (the scan as it is) and that of B (at 1 mm)."""
    return {
        "A": whole_region(*scan, resample_spacing_mm=None),
        "B": whole_region(*scan),
    }


def cut(region, margin):
    """The region in a box with a margin; the whole image if there is none."""
    if margin is None:
        return region
    box = tuple(
        slice(max(int(axis.min()) - reach, 0), int(axis.max()) + reach + 1)
        for axis, reach in zip(np.nonzero(region.mask), margin, strict=True)
    )
    names = ("image", "mask", "intensity_mask", "levels")
    return replace(region, **{name: getattr(region, name)[box] for name in names})


def missed(region, expected):
    values = engine.measure(region, recipe()).values
    return {
        column: (values[column], reference)
        for column, reference in expected.items()
        if not phantom.matches(values[column], *reference)
    }


@pytest.mark.parametrize(
    ("identifier", "spacing_mm"), [("1.A", None), ("1.B", (1, 1, 1))]
)
def test_the_statistics_of_the_unfiltered_image_match(
    shared_data, scan, identifier, spacing_mm
):
    image, mask = scan
    settings = recipe(resample_spacing_mm=spacing_mm)
    region = prepare(image.array, mask.array, image.spacing_mm, settings)
    assert missed(region, published(shared_data)[identifier]) == {}


@pytest.mark.parametrize("identifier", FILTERS)
def test_the_statistics_of_a_filtered_image_match(shared_data, regions, identifier):
    settings = FilterSection(**FILTERS[identifier]).model_dump(mode="json")
    filters = resolve_filter(settings, settings["kind"])
    region = regions[identifier[-1]]
    region = cut(region, margin_voxels(filters, region.spacing_mm))
    ((_, response),) = responses(region.image, region.spacing_mm, filters)
    filtered = filtered_region(region, response, n_bins=32)
    assert missed(filtered, published(shared_data)[identifier]) == {}


def test_197_values_are_checked_and_all_of_those_in_three_dimensions(shared_data):
    numbers = {name: len(values) for name, values in published(shared_data).items()}
    checked = {"1.A", "1.B", *FILTERS}
    assert sum(numbers.values()) == 323
    assert sum(numbers[name] for name in checked) == 197
    assert {name for name in numbers if name.endswith("B")} <= checked
