"""Settings of MIRP: XML and keywords, every one mapped or named with the reason."""

import json

import pytest
import yaml

from concord.errors import ConfigError
from concord.features.families import FAMILIES
from concord.features.foreign_settings import read_settings
from concord.features.foreign_settings.mirp import HANDLERS
from concord.features.foreign_settings.mirp_keys import KEYWORDS
from concord.features.settings.inheritance import merged, recipe_faults, target_faults
from concord.features.settings.recipe import RecipeSection
from concord.image_names import ImageSection

#: A file in the form of MIRP's own example: a branch for each step, empty tags where
#: the default holds.
EXAMPLE = """\
<root>
  <config>
    <general>
      <!-- In 3D -->
      <by_slice>False</by_slice>
      <ibsi_compliant></ibsi_compliant>
      <mask_merge>True</mask_merge>
    </general>
    <image_interpolation>
      <new_spacing>3.0, 2.0, 1.0</new_spacing>
      <spline_order>1</spline_order>
      <anti_aliasing>False</anti_aliasing>
    </image_interpolation>
    <mask_interpolation>
      <spline_order>1</spline_order>
      <incl_threshold>0.75</incl_threshold>
    </mask_interpolation>
    <image_perturbation>
      <rotation_angles>-10.0, 10.0</rotation_angles>
      <noise_repetitions></noise_repetitions>
    </image_perturbation>
    <mask_resegmentation>
      <intensity_range>-200, nan</intensity_range>
      <sigma>3</sigma>
    </mask_resegmentation>
    <feature_computation>
      <feature_families>stat, ivh, cm, szm</feature_families>
      <discretisation_method>fixed_bin_size, fixed_bin_number</discretisation_method>
      <discretisation_bin_width>25, 12.5</discretisation_bin_width>
      <discretisation_n_bins>32</discretisation_n_bins>
      <ivh_discretisation_method>fixed_bin_size</ivh_discretisation_method>
      <ivh_discretisation_bin_width>2.5</ivh_discretisation_bin_width>
      <glcm_spatial_method>3d_volume_merge, 2.5d_volume_merge</glcm_spatial_method>
      <glszm_spatial_method>2d</glszm_spatial_method>
    </feature_computation>
    <image_transformation></image_transformation>
  </config>
</root>
"""

FBN = {"base_discretisation_method": "fixed_bin_number"}
FBN["base_discretisation_n_bins"] = 32
FILTERED = FBN | {"new_spacing": 2.0, "anti_aliasing": False}


@pytest.fixture
def settings_of(tmp_path):
    """What is read from a file of these keywords, or of XML."""

    def read(content, **options):
        path = tmp_path / "settings"
        text = content if isinstance(content, str) else yaml.safe_dump(content)
        path.write_text(text, encoding="utf-8")
        return read_settings(path, **options)

    return read


def note(found, setting):
    (one,) = [n for n in found.notes if n.setting == setting]
    return one


def different(found):
    """Settings by which the numbers are not those of the tool."""
    return {note.setting for note in found.notes if not note.same}


def told_of(settings_of, keywords):
    """Settings with a note, or else the error."""
    try:
        return {note.setting for note in settings_of(keywords).notes}
    except ConfigError as error:
        return str(error)


def whole(found, name="main"):
    """A recipe with all that it takes from elsewhere."""
    sections = {k: RecipeSection.model_validate(v) for k, v in found.recipes.items()}
    return merged(name, sections)


def test_a_file_in_the_form_of_the_example_becomes_recipes(settings_of):
    found = settings_of(EXAMPLE)
    assert found.tool == "mirp"
    assert found.recipes["main"] == {
        "resample_spacing_mm": [1, 2, 3],
        "image_interpolator": "linear",
        "mask_threshold": 0.75,
        "intensity_range": [-200, None],
        "outlier_sd": 3,
        "families": ["statistics", "ivh", "glcm", "glszm"],
        "discretization": "FBS",
        "bin_width": 25,
        "ivh_bin_width": 2.5,
    }
    assert {name: found.recipes[name] for name in list(found.recipes)[1:]} == {
        "width_12p5": {"like": "main", "discretization": "FBS", "bin_width": 12.5},
        "bins_32": {"like": "main", "discretization": "FBN", "n_bins": 32},
        "by_2_5d_merged": {
            "like": "main",
            "aggregation": "2.5D merged",
            "families": ["glcm"],
        },
        "by_2d_slice_merged": {
            "like": "main",
            "aggregation": "2D slice-merged",
            "families": ["glszm"],
        },
    }
    assert different(found) == {
        "mask_merge",
        "perturbation_rotation_angles",
    }


def test_recipes_take_the_name_of_an_image_and_are_valid_in_a_study(settings_of):
    recipes = {
        name: RecipeSection.model_validate(recipe)
        for name, recipe in settings_of(EXAMPLE).of_image("CT").items()
    }
    images = {"CT": ImageSection.model_validate({"modality": "CT"})}
    assert [*recipe_faults(recipes), *target_faults(recipes, images)] == []
    assert "CT_width_12p5" in recipes


def test_every_keyword_has_a_handler_and_gets_a_note(settings_of):
    assert set(HANDLERS) == set(KEYWORDS)
    given = {
        "bool": False,
        "int": 1,
        "float": 1.0,
        "str": "none",
    }
    values = {name: given[row.kind] for name, row in KEYWORDS.items()}
    values |= FILTERED | {"base_feature_families": "all", "tissue_mask_name": "fat"}
    values |= dict.fromkeys((n for n in values if "spatial_method" in n), "3d")
    values["response_map_feature_families"] = "statistics"
    values["intensity_normalisation_range"] = [0.02, 0.98]
    noted = {n.setting for n in settings_of(values).notes}
    assert set(values) <= noted


def test_tags_of_earlier_versions_are_read(settings_of):
    earlier = """<root><config>
      <img_interpolate><new_spacing>2</new_spacing></img_interpolate>
      <roi_resegment><g_thresh>-100, 100</g_thresh></roi_resegment>
      <feature_extr><families>all</families><discr_method>fixed_bin_number</discr_method>
      <discr_n_bins>16</discr_n_bins></feature_extr>
      <deep_learning><expected_size>3</expected_size></deep_learning>
    </config></root>"""
    found = settings_of(earlier)
    recipe = whole(found)
    assert recipe.resample_spacing_mm == (2, 2, 2)
    assert recipe.intensity_range == (-100, 100)
    assert (recipe.n_bins, recipe.families) == (16, list(FAMILIES))
    assert "no keyword of MIRP 2" in note(found, "deep_learning.expected_size").reason


def test_smoothing_before_resampling_is_on_unless_turned_off(settings_of):
    found = settings_of(FBN | {"new_spacing": 1.0})
    assert whole(found).anti_alias is True
    assert not note(found, "anti_aliasing (default)").same
    assert whole(settings_of(FILTERED)).anti_alias is False


@pytest.mark.parametrize(
    ("modality", "more", "start"),
    [
        ("CT", {}, -1000),
        ("PT", {}, 0),
        ("MR", {}, "region_minimum"),
        (None, {}, "region_minimum"),
        (None, {"image_modality": "ct"}, -1000),
        ("CT", {"resegmentation_intensity_range": [-50, 100]}, None),
        ("CT", {"intensity_normalisation": "standardisation"}, "region_minimum"),
    ],
)
def test_bins_start_where_mirp_starts_them(settings_of, modality, more, start):
    widths = {"base_discretisation_method": "fixed_bin_size"}
    widths["base_discretisation_bin_width"] = 25.0
    found = settings_of(widths | more, modality=modality)
    assert whole(found).bin_start == start
    assert note(found, "fixed_bin_size 25").same == (start != "region_minimum")


def test_bins_as_those_of_pyradiomics_start_at_the_minimum_of_the_region(settings_of):
    found = settings_of(
        {
            "base_discretisation_method": "fixed_bin_size_pyradiomics",
            "base_discretisation_bin_width": 25.0,
            "ibsi_compliant": False,
        }
    )
    assert whole(found).bin_start == "region_minimum"
    assert note(found, "fixed_bin_size_pyradiomics 25").same


@pytest.mark.parametrize(
    ("keywords", "expected"),
    [
        ({"intensity_normalisation": "none"}, ("none", "region")),
        ({"intensity_normalisation": "standardisation"}, ("zscore", "foreground")),
        (
            {"intensity_normalisation": "standardisation", "tissue_mask_type": "none"},
            ("zscore", "image"),
        ),
        (
            {"intensity_normalisation": "quantile_range", "tissue_mask_name": "fat"},
            ("percentile", "reference"),
        ),
        ({"intensity_normalisation": "histogram_equalisation"}, ("none", "region")),
    ],
)
def test_normalization_is_by_the_tissue_that_mirp_takes(
    settings_of, keywords, expected
):
    section = whole(settings_of(FBN | keywords)).normalization
    assert (section.method, section.scale_from) == expected
    if expected[0] == "percentile":
        assert section.percentiles == (2.5, 97.5)
        assert section.reference_region == "fat"


def test_the_bias_field_is_removed_in_as_many_levels(settings_of):
    n4 = {"bias_field_correction": True, "bias_field_convergence_threshold": 0.01}
    section = whole(settings_of(FBN | n4)).normalization
    assert (section.bias_field, section.n4_iterations) == ("n4", [50, 50, 50])
    assert section.n4_convergence == 0.01
    more = n4 | {"bias_field_correction_n_max_iterations": [100, 20]}
    assert whole(settings_of(FBN | more)).normalization.n4_iterations == [100, 20]


@pytest.mark.parametrize(
    ("keywords", "filters"),
    [
        (
            {
                "filter_kernels": "separable_wavelet",
                "separable_wavelet_families": "coif1",
                "separable_wavelet_set": ["hhl", "lll"],
                "separable_wavelet_rotation_invariance": False,
                "boundary_condition": "wrap",
            },
            {
                "wavelet_coif1": {
                    "kind": "wavelet",
                    "levels": [1],
                    "subbands": ["HHL", "LLL"],
                    "wavelet": "coif1",
                    "boundary": "periodic",
                }
            },
        ),
        (
            {
                "filter_kernels": ["log"],
                "laplacian_of_gaussian_sigma": [1.0, 3.0],
                "laplacian_of_gaussian_boundary_condition": "reflect",
            },
            {"log": {"kind": "log", "sigma_mm": [1, 3], "boundary": "mirror"}},
        ),
        (
            {
                "filter_kernels": "laws",
                "laws_kernel": "e5w5s5",
                "laws_delta": [3, 7],
                "boundary_condition": "constant",
            },
            {
                f"laws_{distance}": {
                    "kind": "laws",
                    "kernels": ["E5W5S5"],
                    "rotation_invariant": True,
                    "pooling": "max",
                    "energy_distance_voxels": distance,
                    "boundary": "zero",
                }
                for distance in (3, 7)
            },
        ),
        (
            {
                "filter_kernels": "gabor",
                "gabor_sigma": 5.0,
                "gabor_lambda": 2.0,
                "gabor_gamma": 1.5,
                "gabor_theta_step": 22.5,
                "gabor_rotation_invariance": True,
                "gabor_pooling_method": "mean",
                "boundary_condition": "nearest",
            },
            {
                "gabor": {
                    "kind": "gabor",
                    "sigma_mm": [5],
                    "wavelength_mm": [2],
                    "planes": "orthogonal",
                    "rotation_invariant": True,
                    "pooling": "average",
                    "theta_step_degrees": 22.5,
                    "aspect_ratio": 1.5,
                    "boundary": "nearest",
                }
            },
        ),
        (
            {
                "filter_kernels": ["mean", "riesz_log", "nonseparable_wavelet"],
                "mean_filter_kernel_size": [3, 5],
                "riesz_filter_order": [0, 1, 2],
                "laplacian_of_gaussian_sigma": 2.0,
                "nonseparable_wavelet_families": "simoncelli",
                "nonseparable_wavelet_decomposition_level": [1, 2],
                "boundary_condition": "wrap",
            },
            {
                "mean": {
                    "kind": "mean",
                    "support_voxels": [3, 5],
                    "boundary": "periodic",
                },
                "riesz_log": {
                    "kind": "riesz_log",
                    "orders": [[2, 1, 0]],
                    "sigma_mm": [2],
                    "boundary": "periodic",
                },
                "simoncelli": {
                    "kind": "simoncelli",
                    "levels": [1, 2],
                    "boundary": "periodic",
                },
            },
        ),
    ],
)
def test_filters_have_their_settings(settings_of, keywords, filters):
    found = settings_of(FILTERED | keywords)
    assert found.recipes["main"]["filters"] == filters
    assert whole(found).response_families == ["statistics"]
    assert whole(found).response_bins == 16
    assert different(found) == set()


@pytest.mark.parametrize(
    ("keywords", "reason"),
    [
        ({"filter_kernels": "sobel"}, "no filter here"),
        ({"filter_kernels": "log"}, "no filter here: sigma_mm"),
        (
            {
                "filter_kernels": "log",
                "laplacian_of_gaussian_sigma": 1.0,
                "laplacian_of_gaussian_pooling_method": "max",
            },
            "scales are not joined",
        ),
        ({"filter_kernels": "separable_wavelet"}, "settings are missing"),
        (
            {"filter_kernels": "mean", "mean_filter_kernel_size": 4},
            "support_voxels.0 is 4",
        ),
        (
            {
                "filter_kernels": "mean",
                "mean_filter_kernel_size": 3,
                "new_spacing": None,
            },
            "new_spacing of equal numbers",
        ),
    ],
)
def test_a_filter_that_cannot_be_had_says_why(settings_of, keywords, reason):
    found = settings_of(FILTERED | keywords)
    kernel = keywords["filter_kernels"]
    assert reason in note(found, f"filter_kernels.{kernel}").reason
    assert "filters" not in found.recipes["main"]


def test_a_mirror_that_does_not_repeat_the_edge_is_named(settings_of):
    found = settings_of(
        FILTERED | {"filter_kernels": "mean", "mean_filter_kernel_size": 3}
    )
    assert "not repeated" in note(found, "filter_kernels.mean").reason


def test_each_configuration_of_a_file_is_a_recipe(settings_of):
    config = """<config><general><config_str>{name}</config_str>
      <by_slice>{sliced}</by_slice></general><feature_computation>
      <discretisation_method>fixed_bin_number</discretisation_method>
      <discretisation_n_bins>{bins}</discretisation_n_bins></feature_computation>
      </config>"""
    configs = [
        config.format(name="coarse", sliced="False", bins=16),
        config.format(name="fine", sliced="True", bins=64),
        config.format(name="2 d", sliced="False", bins=128),
    ]
    found = settings_of(f"<root>{''.join(configs)}</root>")
    assert list(found.recipes) == [
        "main",
        "fine",
        "fine_by_2d_slice_merged",
        "config_3",
    ]
    assert found.recipes["fine_by_2d_slice_merged"]["like"] == "fine"
    assert found.of_image("CT")["CT_config_3"]["image"] == "CT"
    assert whole(found, "config_3").n_bins == 128


def test_keywords_may_stand_in_json(tmp_path):
    path = tmp_path / "settings.json"
    path.write_text(json.dumps(FBN | {"resegmentation_sigma": 2.5}), encoding="utf-8")
    assert whole(read_settings(path)).outlier_sd == 2.5


def test_recipes_of_shape_alone_need_no_bins(settings_of):
    found = settings_of({"base_feature_families": "morph"})
    assert whole(found).families == ["morphology"]
    assert note(found, "base_discretisation_method").same


@pytest.mark.parametrize(
    ("keywords", "message"),
    [
        ({"base_feature_families": "all"}, "base_discretisation_method names no bins"),
        (FBN | {"base_feature_families": "texture"}, "'texture' is no family of MIRP"),
        (FBN | {"base_feature_families": "none"}, "expected a family at least"),
        (
            {"base_discretisation_method": "fixed_bin_size"},
            "base_discretisation_bin_width is missing; fixed_bin_size needs it",
        ),
        ({"base_discretisation_method": "equal"}, "'equal' is no method"),
        (FBN | {"new_spacing": [1.0, 1.0]}, r"new_spacing: is \[1.0, 1.0\], expected"),
        (
            FBN | {"spline_order": "three"},
            "spline_order: is 'three', expected a num",
        ),
        (FBN | {"glcm_spatial_method": "4d"}, "is '4d', expected some of 2d_average"),
        (
            FILTERED | {"filter_kernels": "mean", "boundary_condition": "edge"},
            "'edge' is none of",
        ),
    ],
)
def test_values_that_make_no_sense_are_faults_of_the_file(
    settings_of, keywords, message
):
    with pytest.raises(ConfigError, match=message):
        settings_of(keywords)


@pytest.mark.parametrize("name", KEYWORDS)
def test_any_value_gives_a_recipe_or_an_error_that_names_the_file(settings_of, name):
    kernels = ["separable_wavelet", "log", "laws", "gabor", "mean", "riesz_log"]
    kernels += ["nonseparable_wavelet", "riesz_nonseparable_wavelet"]
    rich = FILTERED | {"filter_kernels": kernels, "bias_field_correction": True}
    rich["intensity_normalisation"] = "quantile_range"
    for value in (True, -1, 1.5, "x", [], {}, [[1], "x"]):
        told = told_of(settings_of, rich | {name: value})
        assert name in told or "/settings: " in told


def test_words_of_a_file_that_are_no_values_are_named(settings_of):
    text = (
        "<root><config><general><by_slice>perhaps</by_slice></general></config></root>"
    )
    with pytest.raises(ConfigError, match=r"general\.by_slice: is 'perhaps', expected"):
        settings_of(text)
    text = EXAMPLE.replace("0.75", "most")
    with pytest.raises(ConfigError, match=r"incl_threshold: is 'most', expected a"):
        settings_of(text)
