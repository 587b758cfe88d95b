"""Recipes by name: presets, recipes that build on others, and what cannot be."""

import pytest
from pydantic import ValidationError

from concord.features.recipe.columns import of_image
from concord.features.recipe.wording import warnings
from concord.features.settings.inheritance import (
    complete,
    merged,
    modality_of,
    plain_images,
    recipe_faults,
    target_faults,
)
from concord.features.settings.presets import PRESETS
from concord.features.settings.recipe import RecipeSection

CT = RecipeSection(intensity_range=(-150, 250), bin_width=10)


def faults(**recipes):
    known = {"CT": CT} | recipes
    images = plain_images(known)
    return dict(target_faults(known, images)) | dict(recipe_faults(known))


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_a_whole_recipe_with_a_source(name):
    found = merged("R", {"R": RecipeSection(preset=name, modality="CT")})
    assert not found.is_partial()
    given = RecipeSection.model_validate(PRESETS[name].settings)
    for key in PRESETS[name].settings:
        assert getattr(found, key) == getattr(given, key)
    assert PRESETS[name].source


def test_what_a_recipe_gives_itself_wins_over_its_preset():
    found = merged("CT", {"CT": RecipeSection(preset="ct_oncology", bin_width=10)})
    assert (found.bin_width, found.intensity_range) == (10, (-150, 250))


def test_a_recipe_takes_from_another_all_that_it_does_not_give():
    recipes = {"CT": CT, "wide": RecipeSection(like="CT", bin_width=25)}
    found = complete(recipes)["wide"]
    assert found.intensity_range == (-150, 250)
    assert (found.bin_width, found.modality) == (25, "CT")


def test_another_kind_of_bins_takes_none_of_the_former_bins():
    fixed = RecipeSection(like="CT", discretization="FBN", n_bins=32)
    found = merged("number", {"CT": CT, "number": fixed})
    assert (found.bin_width, found.n_bins) == (None, 32)


def test_the_modality_is_that_of_the_recipe_it_builds_on():
    recipes = {
        "CT": CT,
        "a": RecipeSection(like="CT"),
        "b": RecipeSection(like="a"),
        "lost": RecipeSection(like="nowhere"),
    }
    found = [modality_of(name, recipes, plain_images(recipes)) for name in recipes]
    assert found == ["CT", "CT", "CT", None]


def test_the_main_recipe_comes_first_and_its_columns_carry_no_name():
    recipes = {"A": RecipeSection(like="CT", bin_width=25), "CT": CT}
    found = of_image(complete(recipes), "CT")
    assert [plan.suffix for plan in found] == ["", "A"]
    assert found[1].named("original.glcm.contrast") == "original@A.glcm.contrast"
    assert found[1].names()[0] == "original@A.morphology.volume_mesh"


def test_faults_name_the_recipe_and_the_key():
    assert faults() == {}
    assert "'CR' is no recipe" in faults(x=RecipeSection(like="CR"))["recipes.x.like"]
    assert "is missing" in faults(x=CT)["recipes.x.image"]
    found = faults(MR=RecipeSection(preset="mr", modality="CT"))
    assert "the main recipe of MR is for MR" in found["recipes.MR.modality"]
    found = faults(x=RecipeSection(preset="pet", modality="PT"))
    assert "PT has no main recipe" in found["recipes.x.image"]
    found = faults(x=RecipeSection(like="y"), y=RecipeSection(like="x"))
    assert "in a circle: x -> y -> x" in found["recipes.x"]
    found = faults(x=RecipeSection(like="CT", preset="pet"))
    assert "exclude each other" in found["recipes.x"]


def test_settings_that_do_not_fit_once_merged_are_a_fault():
    found = faults(x=RecipeSection(like="CT", n_bins=32))
    (message,) = [text for key, text in found.items() if key.startswith("recipes.x")]
    assert "n_bins has no effect with FBS" in message


def test_a_whole_recipe_is_checked_where_it_stands():
    with pytest.raises(ValidationError, match="FBS needs bin_width"):
        RecipeSection(intensity_range=(0, 1))


@pytest.mark.parametrize(
    ("modality", "values", "text"),
    [
        ("MR", {"preset": "mr", "discretization": "FBS", "bin_width": 1}, "fixed size"),
        ("MR", {"preset": "ibsi_patients_mr"}, "not normalized"),
        (
            "CT",
            {"preset": "ct_oncology", "normalization": {"method": "zscore"}},
            "throws",
        ),
        ("CT", {"preset": "ibsi_a"}, "not resampled to cubes"),
        ("CT", {"preset": "pyradiomics_like"}, "minimum of the region"),
    ],
)
def test_what_does_not_suit_the_modality_is_warned_of(modality, values, text):
    if values.get("discretization") == "FBS":
        values = values | {"bin_start": -5}
    sections = {modality: RecipeSection(**values)}
    (plan,) = of_image(complete(sections), modality)
    assert any(text in warning for warning in warnings(plan.recipe))


def test_a_suitable_recipe_has_no_warning():
    (plan,) = of_image(complete({"CT": CT}), "CT")
    assert warnings(plan.recipe) == []


SLICES = {"aggregation": "2.5D merged", "resample_spacing_mm": (2, 2, None)}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (SLICES, ""),
        (SLICES | {"aggregation": "2D averaged"}, ""),
        (SLICES | {"resample_spacing_mm": None}, "squares of one size in the slice"),
        (SLICES | {"resample_spacing_mm": (2, 1, None)}, "texture of slices depends"),
        (SLICES | {"aggregation": "3D averaged"}, "cubes of one size: 3D texture"),
    ],
)
def test_texture_of_slices_is_warned_of_their_pixels_and_not_of_cubes(values, expected):
    recipes = {"CT": CT, "slices": RecipeSection(like="CT", **values)}
    _, found = of_image(complete(recipes), "CT")
    assert "".join(warnings(found.recipe)).count(expected or "voxels") == bool(expected)
