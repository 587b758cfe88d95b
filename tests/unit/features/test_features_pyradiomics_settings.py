"""Parameter files of pyradiomics: every setting mapped, or named with the reason."""

import json

import numpy as np
import pytest
import pywt
import SimpleITK as sitk
import yaml
from scipy import ndimage

from concord.errors import ConfigError
from concord.features.filters.resolve import resolve
from concord.features.foreign_settings import read_settings
from concord.features.foreign_settings.pyradiomics import HANDLERS
from concord.features.preparation.responses import responses
from concord.features.settings.filters import FilterSection
from concord.features.settings.inheritance import merged, recipe_faults, target_faults
from concord.features.settings.recipe import RecipeSection
from concord.image_names import ImageSection

#: Every setting of the schema of pyradiomics 3.1, as a file may give it.
EVERY = {
    "minimumROIDimensions": 2,
    "minimumROISize": 50,
    "geometryTolerance": 0.0001,
    "correctMask": True,
    "additionalInfo": True,
    "label": 1,
    "label_channel": 0,
    "binWidth": 25,
    "binCount": None,
    "normalize": False,
    "normalizeScale": 1,
    "removeOutliers": None,
    "resampledPixelSpacing": [2, 2, 2],
    "interpolator": "sitkBSpline",
    "padDistance": 10,
    "distances": [1],
    "force2D": False,
    "force2Ddimension": 0,
    "resegmentRange": [-200, 300],
    "resegmentMode": "absolute",
    "resegmentShape": False,
    "preCrop": True,
    "sigma": [1, 2],
    "start_level": 0,
    "level": 1,
    "wavelet": "haar",
    "gradientUseSpacing": True,
    "lbp2DRadius": 1,
    "lbp2DSamples": 9,
    "lbp2DMethod": "uniform",
    "lbp3DLevels": 2,
    "lbp3DIcosphereRadius": 1,
    "lbp3DIcosphereSubdivision": 1,
    "voxelArrayShift": 1000,
    "symmetricalGLCM": True,
    "weightingNorm": "no_weighting",
    "gldm_a": 0,
}


@pytest.fixture
def settings_of(tmp_path):
    """What is read from a parameter file of these settings."""

    def read(setting=None, **sections):
        path = tmp_path / "params.yaml"
        content = ({} if setting is None else {"setting": setting}) | sections
        text = yaml.safe_dump(content, sort_keys=False)
        path.write_text(text, encoding="utf-8")
        return read_settings(path)

    return read


def note(found, setting):
    (one,) = [n for n in found.notes if n.setting == setting]
    return one


def different(found):
    """Settings by which the numbers are not those of the tool."""
    return {note.setting for note in found.notes if not note.same}


def told_of(settings_of, settings, images):
    """Settings with a note, or else the error."""
    try:
        found = settings_of(settings, imageType=images)
    except ConfigError as error:
        return str(error)
    return {note.setting for note in found.notes}


def whole(found, name="main"):
    """A recipe with all that it takes from elsewhere."""
    sections = {k: RecipeSection.model_validate(v) for k, v in found.recipes.items()}
    return merged(name, sections)


def test_every_setting_of_the_schema_has_a_note_and_none_has_two(settings_of):
    found = settings_of(EVERY)
    named = [n.setting for n in found.notes if n.setting.startswith("setting.")]
    assert sorted(named) == sorted(f"setting.{name}" for name in EVERY)
    assert set(EVERY) <= set(HANDLERS)
    assert all(n.mapped_to or n.reason for n in found.notes)
    assert found.tool == "pyradiomics"


def test_settings_become_keys_of_a_recipe(settings_of):
    found = settings_of(EVERY)
    assert found.recipes == {
        "main": {
            "preset": "pyradiomics_like",
            "min_voxels": 51,
            "resample_spacing_mm": [2, 2, 2],
            "intensity_range": [-200, 300],
            "families": [
                *("morphology", "statistics", "histogram", "glcm", "glrlm"),
                *("glszm", "ngtdm", "ngldm"),
            ],
        }
    }
    recipe = whole(found)
    assert (recipe.bin_width, recipe.bin_start) == (25, "region_minimum")
    assert recipe.round_intensities is False
    assert different(found) == {
        "setting.minimumROISize",
        "setting.resampledPixelSpacing",
        "setting.voxelArrayShift",
    }


def test_a_file_in_json_is_read_alike(settings_of, tmp_path):
    path = tmp_path / "params.json"
    path.write_text(json.dumps({"setting": EVERY}), encoding="utf-8")
    assert read_settings(path).recipes == settings_of(EVERY).recipes


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"binWidth": 5}, {"bin_width": 5}),
        ({"binCount": 64}, {"discretization": "FBN", "n_bins": 64}),
        ({"binCount": 64, "binWidth": 5}, {"discretization": "FBN", "n_bins": 64}),
        ({"resampledPixelSpacing": [1, 1, 0]}, {"resample_spacing_mm": (1, 1, None)}),
        ({"resampledPixelSpacing": [0, 0, 0]}, {"resample_spacing_mm": None}),
        ({"resampledPixelSpacing": [0, 0, 2]}, {"resample_spacing_mm": None}),
        (
            {"resampledPixelSpacing": [1, 1, 1], "interpolator": None},
            {"resample_spacing_mm": None},
        ),
        (
            {"resampledPixelSpacing": [1, 1, 1], "interpolator": "sitkLinear"},
            {"image_interpolator": "linear"},
        ),
        (
            {"resampledPixelSpacing": [1, 1, 1], "interpolator": 1},
            {"image_interpolator": "nearest"},
        ),
        ({"resegmentRange": [0]}, {"intensity_range": (0, None)}),
        (
            {"resegmentRange": [-3, 3], "resegmentMode": "sigma"},
            {"outlier_sd": 3, "intensity_range": None},
        ),
        (
            {"resegmentRange": [-1, 3], "resegmentMode": "sigma"},
            {"outlier_sd": None, "intensity_range": None},
        ),
        (
            {"resegmentRange": [0.1, 0.9], "resegmentMode": "relative"},
            {"intensity_range": None},
        ),
        (
            {
                "normalize": True,
                "normalizeScale": 100,
                "binWidth": 5,
                "resegmentRange": [-300, 300],
            },
            {"bin_width": 0.05, "intensity_range": (-3, 3)},
        ),
    ],
)
def test_a_setting_gives_the_key_that_means_the_same(settings_of, settings, expected):
    recipe = whole(settings_of(settings))
    assert {key: getattr(recipe, key) for key in expected} == expected


def test_a_normalized_image_is_scaled_by_all_of_its_voxels(settings_of):
    found = settings_of({"normalize": True, "normalizeScale": 100, "removeOutliers": 3})
    assert whole(found).normalization.method == "zscore"
    assert whole(found).normalization.scale_from == "image"
    # The width that pyradiomics takes if none is set, in SD.
    assert whole(found).bin_width == 0.25
    assert note(found, "setting.binWidth (default)").mapped_to == "bin_width"
    assert "smaller by 100" in note(found, "setting.normalizeScale").reason
    assert note(found, "setting.removeOutliers").mapped_to is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("voxelArrayShift", 300),
        ("distances", [1, 2]),
        ("symmetricalGLCM", False),
        ("weightingNorm", "euclidean"),
        ("gldm_a", 1),
        ("resegmentShape", True),
        ("label_channel", 1),
    ],
)
def test_a_value_that_cannot_be_had_is_named_with_the_reason(settings_of, name, value):
    one = note(settings_of({name: value}), f"setting.{name}")
    assert (one.value, one.mapped_to, one.same) == (value, None, False)
    assert one.reason


def test_names_that_pyradiomics_does_not_know_are_named_with_the_nearest(settings_of):
    found = settings_of(
        {"binwidth": 5},
        imageType={"Original": {}, "Wavelets": {}},
        featureClass={"glcm": None, "glcms": None, "firstorder": ["Mode"]},
        settings={},
    )
    assert "did you mean 'binWidth'?" in note(found, "setting.binwidth").reason
    assert "did you mean 'Wavelet'?" in note(found, "imageType.Wavelets").reason
    assert "did you mean 'glcm'?" in note(found, "featureClass.glcms").reason
    assert "no feature" in note(found, "featureClass.firstorder.Mode").reason
    assert "did you mean 'setting'?" in note(found, "settings").reason


def test_classes_become_families_and_single_features_say_where_they_are(settings_of):
    found = settings_of(
        featureClass={
            "firstorder": ["Entropy", "10Percentile", "TotalEnergy"],
            "gldm": [],
            "shape2D": None,
        }
    )
    assert found.recipes["main"]["families"] == ["statistics", "histogram", "ngldm"]
    entropy = note(found, "featureClass.firstorder.Entropy")
    assert "original.histogram.entropy" in entropy.reason
    assert not note(found, "featureClass.firstorder.10Percentile").same
    assert note(found, "featureClass.firstorder.TotalEnergy").mapped_to is None
    assert note(found, "featureClass.shape2D").mapped_to is None
    assert "averaged" not in found.recipes  # no class has directions


def test_image_types_become_filters_or_say_why_not(settings_of):
    others = ["Square", "SquareRoot", "Logarithm", "Exponential"]
    others += ["Gradient", "LBP2D", "LBP3D"]
    found = settings_of(
        {"resampledPixelSpacing": [2, 2, 2], "binCount": 64},
        imageType={
            "Original": {},
            "LoG": {"sigma": [1.0, 2.5], "binWidth": 10},
            "Wavelet": {"start_level": 1, "level": 2, "wavelet": "db2"},
            **dict.fromkeys(others),
        },
    )
    recipe = found.recipes["main"]
    wavelet = {"kind": "wavelet", "wavelet": "db2", "boundary": "periodic"}
    details = ["LLH", "LHL", "LHH", "HLL", "HLH", "HHL", "HHH"]
    assert recipe["filters"] == {
        "log": {"kind": "log", "sigma_mm": [1, 2.5]},
        "wavelet": wavelet | {"levels": [2, 3], "subbands": details},
        "wavelet_approximation": wavelet | {"levels": [3], "subbands": ["LLL"]},
    }
    assert recipe["response_bins"] == 64
    assert "morphology" not in recipe["response_families"]
    assert all(note(found, f"imageType.{name}").mapped_to is None for name in others)
    assert note(found, "imageType.LoG.binWidth").mapped_to is None


def test_image_types_have_another_name_in_files_of_the_first_version(settings_of):
    found = settings_of(
        {"resampledPixelSpacing": [2, 2, 2]}, inputImage={"Original": {}, "Wavelet": {}}
    )
    assert list(found.recipes["main"]["filters"]) == ["wavelet"]


@pytest.mark.parametrize(
    ("settings", "image", "reason"),
    [
        ({}, {"Wavelet": {}}, "resampledPixelSpacing of equal numbers"),
        ({"resampledPixelSpacing": [1, 1, 3]}, {"LoG": {"sigma": [1]}}, "equal"),
        ({"resampledPixelSpacing": [1, 1, 1]}, {"LoG": {}}, "without sigma"),
        (
            {"resampledPixelSpacing": [1, 1, 1], "force2D": True},
            {"Wavelet": {}},
            "in slices by force2D",
        ),
        (
            {"resampledPixelSpacing": [1, 1, 1]},
            {"Wavelet": {"wavelet": "sym4"}},
            "wavelet is 'sym4'",
        ),
    ],
)
def test_a_filter_that_cannot_be_had_says_why(settings_of, settings, image, reason):
    found = settings_of(settings, imageType={"Original": {}} | image)
    (name,) = image
    assert reason in note(found, f"imageType.{name}").reason
    assert "filters" not in found.recipes["main"]


def test_directions_and_slices_are_recipes_of_the_second_engine(settings_of):
    averaged = settings_of({}).recipes["averaged"]
    assert averaged["aggregation"] == "3D averaged"
    assert averaged["families"] == ["glcm", "glrlm"]
    sliced = settings_of({"force2D": True}).recipes
    assert list(sliced) == ["main", "slices"]
    assert sliced["slices"]["aggregation"] == "2.5D direction-merged"
    merging = settings_of({"force2D": True, "weightingNorm": "no_weighting"})
    assert merging.recipes["slices"]["aggregation"] == "2.5D merged"


def test_recipes_take_the_name_of_an_image_and_are_valid_in_a_study(settings_of):
    found = settings_of(
        {"resampledPixelSpacing": [2, 2, 2]}, imageType={"Original": {}, "Wavelet": {}}
    )
    recipes = {
        name: RecipeSection.model_validate(recipe)
        for name, recipe in found.of_image("T1").items()
    }
    assert list(recipes) == ["T1", "T1_averaged"]
    images = {"T1": ImageSection.model_validate({"modality": "MR"})}
    assert [*recipe_faults(recipes), *target_faults(recipes, images)] == []


def test_all_faults_are_reported_at_once_with_file_key_and_value(settings_of):
    with pytest.raises(ConfigError) as caught:
        settings_of(
            {"binWidth": "wide", "resampledPixelSpacing": [1, 1], "normalize": 1},
            imageType={"LoG": [1]},
            featureClass={"shape2D": None},
        )
    lines = str(caught.value).splitlines()
    assert lines[0] == "No settings of pyradiomics, 5 faults to repair:"
    expected = [
        "params.yaml: setting.binWidth: is 'wide', expected a number",
        "setting.resampledPixelSpacing: is [1, 1], expected three numbers",
        "setting.normalize: is 1, expected true or false",
        "featureClass: names none of the classes shape, firstorder",
        "imageType.LoG: is [1], expected a section of names and values",
    ]
    for line, text in zip(lines[1:], expected, strict=True):
        assert text in line


@pytest.mark.parametrize("name", EVERY)
def test_any_value_gives_a_recipe_or_an_error_that_names_the_file(settings_of, name):
    others = {"resampledPixelSpacing": [2, 2, 2], "normalize": True, "binCount": 16}
    images = {"Original": {}, "LoG": {"sigma": [1]}, "Wavelet": None}
    for value in (None, True, -1, 1.5, 1e9, "x", [], [1], {}, [[1], "x"]):
        told = told_of(settings_of, others | {name: value}, images)
        assert f"setting.{name}" in told or "/params.yaml: " in told


def test_a_recipe_that_cannot_be_is_refused_with_the_key(settings_of):
    with pytest.raises(ConfigError, match=r"n_bins is 5000: Input should be less than"):
        settings_of({"binCount": 5000})


def test_files_of_no_known_tool_are_refused(tmp_path):
    path = tmp_path / "other.yaml"
    for text, message in [
        ("a: 1\nb: 2\n", "no settings of pyradiomics or MIRP: found a, b; expected"),
        ("- 1\n", "holds list, expected names and values"),
        ("", "holds NoneType, expected names and values"),
        ("setting: {binWidth: [1\n", "is no YAML or JSON"),
        ('{"setting": 1,,}', "is no YAML or JSON"),
        ("<config", "is no XML"),
        ("<root><other/></root>", "the root is <root> with <other>, expected <config>"),
    ]:
        path.write_text(text, encoding="utf-8")
        with pytest.raises(ConfigError, match=message):
            read_settings(path)
    with pytest.raises(ConfigError, match=r"none\.yaml: no such file"):
        read_settings(tmp_path / "none.yaml")
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="cannot be read as text"):
        read_settings(path)


def picture():
    """A smooth image on a grid of 2 mm."""
    noise = np.random.default_rng(0).normal(0, 1000, (32, 36, 40))
    return ndimage.gaussian_filter(noise, 1.5)


def maps(**section):
    filters = resolve(FilterSection.model_validate(section), "map")
    return dict(responses(picture(), (2.0, 2.0, 2.0), filters))


def test_wavelets_with_periodic_boundary_are_those_of_pyradiomics():
    ours = maps(kind="wavelet", wavelet="coif1", boundary="periodic", levels=[1, 2])
    # As pyradiomics takes them: axes x, y, z, from the coarsest level.
    levels = reversed(pywt.swtn(picture(), "coif1", 2, axes=(2, 1, 0)))
    for level, bands in enumerate(levels, 1):
        for letters, theirs in bands.items():
            name = letters.replace("a", "L").replace("d", "H")
            found = ours[f"map-{name}" + ("" if level == 1 else f"-level{level}")]
            np.testing.assert_allclose(found, theirs, atol=2e-6 * np.ptp(theirs) + 1e-4)


@pytest.mark.parametrize("sigma_mm", [2.0, 4.0])
def test_a_laplacian_differs_by_the_factor_that_the_note_names(sigma_mm):
    (ours,) = maps(kind="log", sigma_mm=sigma_mm).values()
    image = sitk.GetImageFromArray(picture())
    image.SetSpacing((2.0, 2.0, 2.0))
    kernel = sitk.LaplacianRecursiveGaussianImageFilter()
    kernel.SetNormalizeAcrossScale(True)
    kernel.SetSigma(sigma_mm)
    theirs = sitk.GetArrayFromImage(kernel.Execute(image))
    inner = (slice(8, -8),) * 3
    expected = ours[inner] * sigma_mm**2 / 2.0**2
    assert np.corrcoef(expected.ravel(), theirs[inner].ravel())[0, 1] > 0.9999
    assert np.abs(expected - theirs[inner]).max() < 0.01 * np.ptp(theirs[inner])
