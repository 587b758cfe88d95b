"""A recipe leaves nothing open, and its hash covers everything."""

import pytest
from pydantic import ValidationError

from concord.errors import ConfigError
from concord.features.families import FAMILIES
from concord.features.recipe.recipe import Histogram, _hash
from concord.features.recipe.resolve import resolve
from concord.features.recipe.wording import describe
from concord.features.settings.recipe import RecipeSection

CT = {"intensity_range": (-150, 250), "bin_width": 10}


def settings(**values):
    return RecipeSection(**(CT | values))


def test_families_of_the_configuration_are_those_of_the_engine():
    assert tuple(RecipeSection.model_fields["families"].default) == FAMILIES


def test_fixed_bins_start_at_the_lower_bound_of_the_range():
    assert resolve(settings(), "CT").discretization == Histogram("FBS", 10, start=-150)


def test_a_given_start_replaces_the_lower_bound():
    recipe = resolve(settings(bin_start=-1000), "CT")
    assert recipe.discretization.start == -1000


def test_fixed_bins_without_a_start_are_refused_also_outside_the_configuration():
    open_range = settings().model_copy(update={"intensity_range": (None, 250.0)})
    with pytest.raises(ConfigError, match=r"recipes\.CT: a fixed bin size needs"):
        resolve(open_range, "CT")


def test_an_unknown_family_is_named_with_the_known_ones():
    with pytest.raises(ValidationError, match=r"'morphology', .*'fractal'"):
        settings(families=["fractal"])


@pytest.mark.parametrize(
    ("values", "modality", "rounded"),
    [
        ({}, "CT", True),
        ({}, "PT", False),
        ({"round_intensities": False}, "CT", False),
        ({"normalization": {"method": "zscore"}}, "CT", False),
    ],
)
def test_only_hounsfield_units_are_rounded_by_default(values, modality, rounded):
    assert resolve(settings(**values), modality).round_intensities is rounded


@pytest.mark.parametrize(
    ("values", "modality", "expected"),
    [
        ({}, "CT", Histogram("steps", 1.0)),
        ({"intensity_range": (0, None)}, "PT", Histogram("FBS", 0.1, start=0.0)),
        ({}, "MR", Histogram("FBN", n_bins=1000)),
        ({"ivh_n_bins": 200}, "CT", Histogram("FBN", n_bins=200)),
        ({"ivh_bin_width": 2.5}, "CT", Histogram("FBS", 2.5, start=-150.0)),
        ({"normalization": {"method": "zscore"}}, "PT", Histogram("FBN", n_bins=1000)),
    ],
)
def test_volume_histogram_has_the_bins_of_the_modality(values, modality, expected):
    assert resolve(settings(**values), modality).ivh == expected


def test_unit_follows_modality_and_normalization():
    assert resolve(settings(), "CT").unit == "HU"
    assert resolve(settings(), "PT").unit == "SUV"
    assert resolve(settings(normalization={"method": "zscore"}), "MR").unit == "1"
    assert resolve(settings(), "MR").ivh_unit == "1"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("resample_spacing_mm", [2, 2, 2]),
        ("image_interpolator", "linear"),
        ("anti_alias", True),
        ("mask_threshold", 0.4),
        ("round_intensities", False),
        ("intensity_range", [-150, 251]),
        ("normalization", {"method": "zscore"}),
        ("bin_width", 11),
        ("bin_start", 0),
        ("ivh_n_bins", 10),
        ("families", ["glcm"]),
        ("min_voxels", 65),
    ],
)
def test_every_setting_changes_the_hash(key, value):
    first = resolve(settings(), "CT")
    assert resolve(settings(**{key: value}), "CT").hash() != first.hash()


def test_equal_settings_have_equal_hashes_whatever_their_order():
    values = settings().model_dump(mode="json")
    turned = RecipeSection(**dict(reversed(values.items())))
    assert resolve(settings(), "CT").hash() == resolve(turned, "CT").hash()


def test_the_version_of_the_engine_changes_the_hash(monkeypatch):
    before = resolve(settings(), "CT").hash()
    _hash.cache_clear()  # versions last as long as a process
    monkeypatch.setattr("concord.features.recipe.recipe.version", lambda name: "0.0")
    assert resolve(settings(), "CT").hash() != before
    _hash.cache_clear()


def test_methods_sentence_names_what_a_reader_needs_to_repeat_it():
    text = describe(resolve(settings(), "CT"))
    for part in (
        "resampled to 1 x 1 x 1 mm by cubic",
        "without anti-alias",
        "threshold of 0.5",
        "rounded to whole numbers",
        "outside the range -150 to 250 HU",
        "bins of 10 HU from -150 HU",
        "steps of 1 HU",
        "pictologics 0.9.0",
    ):
        assert part in text


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"bin_width": None}, "FBS needs bin_width"),
        ({"n_bins": 32}, "n_bins has no effect with FBS"),
        ({"discretization": "FBN"}, "FBN needs n_bins"),
        ({"discretization": "FBN", "n_bins": 32}, "bin_width has no effect with FBN"),
        (
            {"discretization": "FBN", "n_bins": 32, "bin_width": None, "bin_start": 0},
            "bin_start has no effect with FBN",
        ),
        ({"intensity_range": None}, "needs bin_start or a lower bound"),
        ({"intensity_range": (None, 5)}, "needs bin_start or a lower bound"),
        ({"intensity_range": (5, 5)}, "must rise, found lowest 5 and highest 5"),
        ({"anti_alias": True, "resample_spacing_mm": None}, "anti_alias needs"),
        ({"ivh_bin_width": 1, "ivh_n_bins": 10}, "exclude each other"),
        ({"families": ["glcm", "glcm"]}, "may be named once"),
        ({"families": []}, "at least 1 item"),
        ({"resample_spacing_mm": (0, 1, 1)}, "greater than 0"),
        ({"bin_witdh": 3}, "Extra inputs"),
    ],
)
def test_settings_that_do_not_fit_are_refused(values, message):
    with pytest.raises(ValidationError, match=message):
        RecipeSection(**(CT | values))


def test_volume_histogram_width_needs_a_start():
    with pytest.raises(ValidationError, match="ivh_bin_width needs a lower bound"):
        RecipeSection(discretization="FBN", n_bins=32, ivh_bin_width=1)
