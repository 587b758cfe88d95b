"""Columns of other tools get names of this project."""

import pytest

from concord.feature_import import naming


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("original_glcm_JointEntropy", "original.glcm.joint_entropy"),
        ("original_shape_Maximum3DDiameter", "original.morphology.maximum_3d_diameter"),
        ("original_shape2D_PixelSurface", "original.morphology.pixel_surface"),
        ("wavelet-LLH_firstorder_10Percentile", "wavelet-LLH.statistics.10_percentile"),
        ("original_firstorder_Entropy", "original.histogram.entropy"),
        ("original_glcm_Imc1", "original.glcm.imc_1"),
        ("original_glcm_MCC", "original.glcm.mcc"),
        (
            "log-sigma-2-0-mm-3D_gldm_LargeDependenceLowGrayLevelEmphasis",
            "log-sigma-2-0-mm-3D.ngldm.large_dependence_low_gray_level_emphasis",
        ),
        ("lbp-3D-k_glszm_ZoneEntropy", "lbp-3D-k.glszm.zone_entropy"),
        ("T1_ED_GLCM_Bins-10_Contrast", "unknown.external.T1_ED_GLCM_Bins-10_Contrast"),
        ("Gdzscore_ara of Gd+ ", "unknown.external.Gdzscore_ara_of_Gd"),
        ("volume (mm³)", "unknown.external.volume_mm"),
        ("%", "unknown.external._"),
    ],
)
def test_names_of_pyradiomics_are_translated_and_others_kept(column, expected):
    names = naming.matrix_columns([column], "pyradiomics", {})

    assert names == {column: expected}
    assert naming.COLUMN.fullmatch(expected)


def test_a_style_decides_what_a_name_means():
    columns = ["original.glcm.contrast", "original_glcm_Contrast"]
    canonical = naming.matrix_columns(columns, "canonical", {})
    given = naming.matrix_columns(columns, "as_given", {})

    assert list(canonical.values()) == [
        "original.glcm.contrast",
        "unknown.external.original_glcm_Contrast",
    ]
    assert list(given.values()) == [
        "unknown.external.original_glcm_contrast",
        "unknown.external.original_glcm_Contrast",
    ]


def test_a_given_name_goes_before_the_style():
    names = {"original_glcm_Contrast": "original.glcm.contrast_of_mine"}
    found = naming.matrix_columns(names, "pyradiomics", names)

    assert found == names


def test_columns_that_would_share_a_name_are_told():
    names = naming.matrix_columns(["a b", "a-b", "a/b", "c"], "as_given", {})

    assert naming.collisions(names) == {"unknown.external.a_b": ["a b", "a/b"]}


def test_columns_are_chosen_by_patterns_less_the_excluded_ones():
    columns = ["id", "original_a", "original_b", "diagnostics_c", "wavelet_d"]
    found = naming.chosen_columns(columns, ["orig*", "*_c", "wave*"], ["diag*", "*_b"])

    assert found == ["original_a", "wavelet_d"]
