"""Intensity statistics of filtered images of the IBSI CT phantom (IBSI 2, phase 2).

Whybra P et al. Radiology 2024;310:e231319, doi:10.1148/radiol.231319; settings:
arXiv:2006.05470. There are 18 filters of 18 statistics, 324 values, of which 323 are
published. The filters of B run in 3D after resampling to 1 mm with cubic splines.
Those of A run slice by slice on the scan as it is: the first engine can do so without
a filter and with Gabor filters (197 values with those of B), the second has all. The
regions and the statistics are ours with either. The range -1000 to 400 HU holds in
the unfiltered image. A value matches if it is within the published tolerance.
"""

import csv
from dataclasses import replace

import numpy as np
import pytest

from concord import images
from concord.features.engines import ibsi_phantom, pictologics
from concord.features.filters.resolve import resolve as resolve_filter
from concord.features.ibsi import by_ibsi_tag
from concord.features.preparation.margins import margin_voxels
from concord.features.preparation.prepared import prepare
from concord.features.preparation.responses import filtered_region, responses
from concord.features.recipe.resolve import resolve
from concord.features.settings.filters import FilterSection
from concord.features.settings.recipe import RecipeSection

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

#: The same settings in the words of the second engine (z-rad), and those of A. It has
#: no mirror for Simoncelli wavelets; the region is far from the border of the image.
FLAT = {"padding_type": "reflect", "dimensionality": "2D"}
SOLID = {"padding_type": "reflect", "dimensionality": "3D"}
SECOND_LOG = {"sigma_mm": 1.5, "cutoff": 4}
SECOND_LAWS = {
    "distance": 7,
    "energy_map": True,
    "rotation_invariance": True,
    "pooling": "max",
}
SECOND_GABOR = {
    "padding_type": "reflect",
    "sigma_mm": 5.0,
    "lambda_mm": 2.0,
    "gamma": 1.5,
    "theta": np.pi / 8,
    "rotation_invariance": True,
}
SECOND_DB3 = {
    "wavelet_type": "db3",
    "padding_type": "reflect",
    "rotation_invariance": True,
}
SECOND_FILTERS = {
    "2.A": ("Mean", FLAT | {"support": 5}),
    "2.B": ("Mean", SOLID | {"support": 5}),
    "3.A": ("LoG", FLAT | SECOND_LOG),
    "3.B": ("LoG", SOLID | SECOND_LOG),
    "4.A": ("Laws", FLAT | SECOND_LAWS | {"response_map": "L5E5"}),
    "4.B": ("Laws", SOLID | SECOND_LAWS | {"response_map": "L5E5E5"}),
    "5.A": ("Gabor", SECOND_GABOR | {"res_mm": 0.977}),
    "5.B": ("Gabor", SECOND_GABOR | {"res_mm": 1.0, "orthogonal_planes": True}),
    "6.A": (
        "Wavelets2D",
        SECOND_DB3 | {"response_map": "LH", "decomposition_level": 1},
    ),
    "6.B": (
        "Wavelets3D",
        SECOND_DB3 | {"response_map": "LLH", "decomposition_level": 1},
    ),
    "7.A": (
        "Wavelets2D",
        SECOND_DB3 | {"response_map": "HH", "decomposition_level": 2},
    ),
    "7.B": (
        "Wavelets3D",
        SECOND_DB3 | {"response_map": "HHH", "decomposition_level": 2},
    ),
    "8.A": ("Simoncelli", FLAT | {"padding_type": "wrap", "decomposition_level": 1}),
    "8.B": ("Simoncelli", SOLID | {"padding_type": "wrap", "decomposition_level": 1}),
    "9.A": ("Simoncelli", FLAT | {"padding_type": "wrap", "decomposition_level": 2}),
    "9.B": ("Simoncelli", SOLID | {"padding_type": "wrap", "decomposition_level": 2}),
}
#: No spatial filter of the second engine looks further at 1 mm (Gabor: 17 voxels).
REACH = (20, 20, 20)

#: The statistics of each filter that have a published value; 8.B lacks one.
PUBLISHED = {f"{number}.{letter}": 18 for number in range(1, 10) for letter in "AB"}
PUBLISHED |= {"8.B": 17}


def recipe(**changes):
    section = RecipeSection(**RECIPE | changes)
    return resolve(section, "CT")


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


def matching(region, expected):
    """How many values match, and the others: found, published, tolerance."""
    values = pictologics.measure(region, recipe()).values
    missed = {
        column: (values[column], *reference)
        for column, reference in expected.items()
        if not ibsi_phantom.matches(values[column], *reference)
    }
    return len(expected) - len(missed), missed


def second_response(region, identifier):
    """Response map of the second engine, axes (k, j, i)."""
    from zrad import filtering
    from zrad.image import Image

    name, settings = SECOND_FILTERS[identifier]
    spacing, shape = region.spacing_mm[::-1], region.image.shape[::-1]
    image = Image(region.image, (0, 0, 0), np.array(spacing), np.eye(3), shape)
    return getattr(filtering, name)(**settings).apply(image).array


@pytest.mark.parametrize(
    ("identifier", "spacing_mm"), [("1.A", None), ("1.B", (1, 1, 1))]
)
def test_the_statistics_of_the_unfiltered_image_match(
    shared_data, scan, identifier, spacing_mm
):
    image, mask = scan
    settings = recipe(resample_spacing_mm=spacing_mm)
    region = prepare(image.array, mask.array, image.spacing_mm, settings)
    found = matching(region, published(shared_data)[identifier])
    assert found == (PUBLISHED[identifier], {})


@pytest.mark.parametrize("identifier", FILTERS)
def test_the_statistics_of_a_filtered_image_match(shared_data, regions, identifier):
    section = FilterSection(**FILTERS[identifier])
    filters = resolve_filter(section, section.kind)
    region = regions[identifier[-1]]
    region = cut(region, margin_voxels(filters, region.spacing_mm))
    ((_, response),) = responses(region.image, region.spacing_mm, filters)
    filtered = filtered_region(region, response, n_bins=32)
    found = matching(filtered, published(shared_data)[identifier])
    assert found == (PUBLISHED[identifier], {})


@pytest.mark.parametrize(
    "identifier",
    [
        pytest.param(name, marks=[pytest.mark.slow] if name.endswith("B") else [])
        for name in SECOND_FILTERS
    ],
)
def test_the_statistics_after_a_filter_of_the_second_engine_match(
    shared_data, regions, identifier
):
    solid = identifier.endswith("B") and SECOND_FILTERS[identifier][0] != "Simoncelli"
    region = cut(regions[identifier[-1]], REACH if solid else None)
    response = second_response(region, identifier)
    filtered = filtered_region(region, response, n_bins=32)
    found = matching(filtered, published(shared_data)[identifier])
    assert found == (PUBLISHED[identifier], {})


def test_all_323_published_values_are_checked_197_by_the_first_engine(shared_data):
    numbers = {name: len(values) for name, values in published(shared_data).items()}
    first, second = {"1.A", "1.B", *FILTERS}, set(SECOND_FILTERS)
    assert numbers == PUBLISHED
    assert sum(numbers.values()) == 323
    assert sum(numbers[name] for name in first) == 197
    assert sum(numbers[name] for name in second - first) == 126
    assert first | second == set(numbers)


def test_the_one_value_without_consensus_is_of_the_first_simoncelli_wavelet_in_3d(
    shared_data,
):
    """Its quartiles lie around 0 (-12.73 and 12.74), and their sum is the divisor."""
    values = published(shared_data)
    lacking = {
        (name, column)
        for name in values
        for column in set(values["1.A"]) - set(values[name])
    }
    assert lacking == {
        ("8.B", "original.statistics.quartile_coefficient_of_dispersion")
    }
