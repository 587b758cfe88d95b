"""Features against the baselines that pyradiomics ships for its own tests.

van Griethuysen JJM et al. Cancer Res 2017;77:e104, doi:10.1158/0008-5472.CAN-17-0339.
Its recipe departs from the IBSI: bins start at a multiple of the width below the
minimum of the region, images are normalized as a whole, grids are aligned at the
corner of the image. What a recipe cannot say is done here before, so that every
number of the baselines is either reproduced or has its reason in the table of names.
"""

import ast
import csv
import math
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import pytest
import SimpleITK
from scipy import ndimage

from concord.features.dictionary.foreign_names import COMPARABLE, by_name
from concord.features.engines import pictologics
from concord.features.preparation.prepared import prepare
from concord.features.recipe.resolve import resolve
from concord.features.settings.recipe import RecipeSection

CASES = ("brain1", "breast1")  # the images that are at hand

#: Relative difference of two floating-point computations of one number.
EQUAL = 1e-6

#: The mesh has other triangles in ambiguous cells.
CLOSE = 5e-3

#: Classes whose matrices pyradiomics by default keeps apart by direction, to average
#: the features; `combined` merges them as the IBSI and the engine do.
DIRECTIONAL = ("glcm", "glrlm")


@dataclass(frozen=True)
class Variant:
    """One set of baselines: settings of ours, and their settings that it needs."""

    ours: dict = field(default_factory=dict)
    theirs: dict = field(default_factory=dict)


VARIANTS = {
    "": Variant({"bin_width": 25}),
    "combined": Variant({"bin_width": 25}, {"weightingNorm": "no_weighting"}),
    "FBN": Variant({"n_bins": 64}, {"binCount": 64}),
    "flatRegion": Variant({"bin_width": 5000}, {"binWidth": 5000}),
    "normalization": Variant(
        {"bin_width": 5}, {"normalize": True, "normalizeScale": 100, "binWidth": 5}
    ),
    "resegmentation": Variant(
        {"bin_width": 25}, {"resegmentMode": "sigma", "resegmentRange": [-3, 3]}
    ),
    "resampling": Variant({"bin_width": 25}, {"resampledPixelSpacing": [2, 2, 2]}),
}

#: Baselines that a three-dimensional engine cannot repeat.
TWO_DIMENSIONAL = {"2d", "shape2D"}


@dataclass(frozen=True)
class Case:
    """An image and its region, axes (k, j, i)."""

    image: np.ndarray
    mask: np.ndarray
    spacing_mm: tuple[float, ...]

    @property
    def values(self) -> np.ndarray:
        return self.image[self.mask]


def read(shared_data, name) -> Case:
    folder = shared_data / "reference" / "pyradiomics"
    image = SimpleITK.ReadImage(str(folder / f"{name}_image.nrrd"))
    label = SimpleITK.ReadImage(str(folder / f"{name}_label.nrrd"))
    return Case(
        SimpleITK.GetArrayFromImage(image).astype(float),
        SimpleITK.GetArrayFromImage(label) == 1,
        image.GetSpacing()[::-1],
    )


def normalized(case) -> Case:
    """The whole image with mean 0 and SD 100 (n - 1)."""
    image = (case.image - case.image.mean()) / case.image.std(ddof=1) * 100
    return Case(image, case.mask, case.spacing_mm)


def resampled(case) -> Case:
    """A grid of 2 mm that shares a corner with the image; mask by nearest voxel.

    What the spline gives is cut to whole numbers, the type of the image.
    """
    scale = 2 / np.asarray(case.spacing_mm)
    shape = np.ceil(case.image.shape / scale).astype(int)
    grid = {
        "matrix": np.diag(scale),
        "offset": (scale - 1) / 2,
        "output_shape": tuple(shape),
    }
    image = ndimage.affine_transform(case.image, **grid, order=3, mode="mirror")
    mask = ndimage.affine_transform(case.mask.astype(int), **grid, order=0)
    return Case(np.trunc(image), mask == 1, (2, 2, 2))


PREPARED = {"normalization": normalized, "resampling": resampled}


def recipe_of(case, variant):
    """Our recipe; its bins start where theirs do for this region."""
    values, settings = case.values, dict(VARIANTS[variant].ours)
    if variant == "resegmentation":
        reach = 3 * values.std()
        low, high = float(values.mean() - reach), float(values.mean() + reach)
        settings["intensity_range"] = (low, high)
        values = values[(values >= low) & (values <= high)]
    if "n_bins" in settings:
        settings["discretization"] = "FBN"
    else:
        width = settings["bin_width"]
        settings["bin_start"] = math.floor(values.min() / width) * width
    settings |= {"resample_spacing_mm": None, "round_intensities": False}
    section = RecipeSection(**settings, min_voxels=1)
    return resolve(section, "CT")


@pytest.fixture(scope="module")
def measured(shared_data):
    """Region and values by our columns of a case and a variant."""

    @cache
    def of(name, variant):
        case = PREPARED.get(variant, lambda same: same)(read(shared_data, name))
        recipe = recipe_of(case, variant)
        region = prepare(case.image, case.mask, case.spacing_mm, recipe)
        return region, pictologics.measure(region, recipe).values

    return of


@pytest.fixture(scope="module")
def baselines(shared_data):
    """Theirs: {(case, variant): {name: value}}, with the settings at `settings`."""
    found: dict[tuple[str, str], dict] = {}
    folder = shared_data / "reference" / "pyradiomics" / "baseline"
    for path in sorted(folder.glob("baseline_*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                collect(row, found)
    return found


def collect(row, found) -> None:
    name = row.pop("featureName")
    for column, value in row.items():
        case, _, variant = column.partition("_")
        values = found.setdefault((case, variant), {})
        if name == "diagnostics_Configuration_Settings":
            values["settings"] = ast.literal_eval(value)
        elif name.startswith("original_"):
            values[name] = float(value)


def pairs(measured, baselines, name, variant):
    """Name, our value, theirs and relation, where both have the feature."""
    _, values = measured(name, variant)
    for foreign, theirs in baselines[name, variant].items():
        if foreign != "settings" and by_name("pyradiomics")[foreign].column:
            row = by_name("pyradiomics")[foreign]
            yield foreign, values[row.column], theirs, row.relation


def apart(ours, theirs, tolerance) -> bool:
    return not np.isclose(ours, theirs, rtol=tolerance, atol=1e-9)


def averaged(foreign, variant) -> bool:
    return variant != "combined" and foreign.split("_")[1] in DIRECTIONAL


def shifted(foreign, variant) -> bool:
    """Whether 2000 was added to the intensities, in the oldest of the baselines."""
    return variant == "" and foreign.endswith(("_Energy", "_RootMeanSquared"))


def test_the_baselines_hold_the_variants_and_settings_that_are_expected(baselines):
    assert {variant for _, variant in baselines} == set(VARIANTS) | TWO_DIMENSIONAL
    for name in CASES:
        for variant, expected in VARIANTS.items():
            settings = baselines[name, variant]["settings"]
            assert settings.items() >= expected.theirs.items()
            assert "binWidth" in expected.theirs or settings.get("binWidth", 25) == 25


def test_every_feature_of_the_baselines_is_in_the_table_of_names(baselines):
    found = {
        foreign
        for (_, variant), values in baselines.items()
        for foreign in values
        if variant != "shape2D" and foreign != "settings"
    }
    assert len(found) == 107
    assert found <= set(by_name("pyradiomics"))


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize(
    ("variant", "n_values"),
    [
        ("", 53),
        ("combined", 39),
        ("FBN", 35),
        ("flatRegion", 35),
        ("normalization", 47),
        ("resegmentation", 47),
        ("resampling", 55),
    ],
)
def test_features_defined_alike_have_the_values_of_the_baseline(
    measured, baselines, name, variant, n_values
):
    compared = [
        (foreign, ours, theirs, relation)
        for foreign, ours, theirs, relation in pairs(measured, baselines, name, variant)
        if relation in COMPARABLE
        and not averaged(foreign, variant)
        and not shifted(foreign, variant)
    ]
    missed = [
        (foreign, ours, theirs)
        for foreign, ours, theirs, relation in compared
        if apart(ours, theirs, EQUAL if relation == "equal" else CLOSE)
    ]
    assert len(compared) == n_values
    assert missed == []


def converted(foreign, ours, n_voxels) -> float:
    """Our value as theirs, by the formulas of the table of names."""
    if foreign.endswith("_Kurtosis"):
        return ours + 3
    return ours * math.sqrt((n_voxels - 1) / n_voxels)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("variant", ["", "resampling"])
def test_features_of_another_form_are_converted_by_a_formula(
    measured, baselines, name, variant
):
    region, _ = measured(name, variant)
    n_voxels = np.count_nonzero(region.mask)
    found = {
        foreign: (ours, converted(foreign, ours, n_voxels), theirs)
        for foreign, ours, theirs, relation in pairs(measured, baselines, name, variant)
        if relation == "converted"
    }
    assert {foreign.split("_")[-1] for foreign in found} == {
        "Kurtosis",
        "MajorAxisLength",
        "MinorAxisLength",
        "LeastAxisLength",
    }
    for ours, same, theirs in found.values():
        assert apart(ours, theirs, EQUAL)
        assert not apart(same, theirs, EQUAL)


def by_linear_ranks(values) -> dict[str, float]:
    """Percentiles by linear interpolation, and what is made from them."""
    p10, p25, p75, p90 = np.percentile(values, [10, 25, 75, 90])
    middle = values[(values >= p10) & (values <= p90)]
    return {
        "original_firstorder_10Percentile": p10,
        "original_firstorder_90Percentile": p90,
        "original_firstorder_InterquartileRange": p75 - p25,
        "original_firstorder_RobustMeanAbsoluteDeviation": np.abs(
            middle - middle.mean()
        ).mean(),
    }


def test_features_that_differ_are_those_of_percentiles_and_differ_by_their_ranks(
    measured, baselines
):
    seen = set()
    for name, variant in [(name, v) for name in CASES for v in ("", "resampling")]:
        region, _ = measured(name, variant)
        linear = by_linear_ranks(region.image[region.intensity_mask])
        for foreign, ours, theirs, relation in pairs(
            measured, baselines, name, variant
        ):
            if relation == "differs":
                assert not apart(linear[foreign], theirs, EQUAL)
                seen |= {foreign} if apart(ours, theirs, EQUAL) else set()
    assert seen == set(by_linear_ranks(np.arange(5.0)))


def test_energies_add_the_array_shift_and_the_voxel_volume_of_their_settings(
    measured, baselines
):
    region, values = measured("brain1", "")
    theirs = baselines["brain1", ""]
    shift = theirs["settings"]["voxelArrayShift"]
    inside = region.image[region.intensity_mask] + shift
    energy = np.sum(inside**2)
    expected = {
        "Energy": energy,
        "TotalEnergy": energy * np.prod(region.spacing_mm),
        "RootMeanSquared": np.sqrt(np.mean(inside**2)),
    }
    assert shift == 2000
    assert apart(values["original.statistics.energy"], energy, 0.5)
    for name, value in expected.items():
        assert not apart(value, theirs[f"original_firstorder_{name}"], EQUAL)


def test_a_mean_over_directions_is_another_number_than_the_merged_matrix(
    measured, baselines
):
    seen, same = set(), set()
    for name in CASES:
        for foreign, ours, theirs, _ in pairs(measured, baselines, name, ""):
            if averaged(foreign, ""):
                (seen if apart(ours, theirs, 1e-5) else same).add(foreign)
    assert len(seen) == 38
    assert same == {"original_glrlm_RunPercentage"}


def test_what_only_the_other_tool_has_is_named(baselines):
    extra = {
        foreign
        for values in (baselines["brain1", variant] for variant in VARIANTS)
        for foreign in values
        if foreign != "settings" and by_name("pyradiomics")[foreign].relation == "extra"
    }
    assert extra == {
        "original_shape_Maximum2DDiameterSlice",
        "original_shape_Maximum2DDiameterColumn",
        "original_shape_Maximum2DDiameterRow",
        "original_firstorder_TotalEnergy",
        "original_glcm_MCC",
    }
