"""Tables of the names of other tools: complete on both sides, and told apart."""

import re

import pytest

from concord.errors import StudyError
from concord.features import ibsi
from concord.features.dictionary import foreign_names
from concord.features.families import IBSI_FAMILIES

#: End of the names that MIRP gives to features made from bins.
BINNING = re.compile(r"_(fbs_w|fbn_n)[0-9.]+$")

#: What pyradiomics 3.0.1 computes with every feature class enabled, and on request.
PYRADIOMICS = {
    "firstorder": """
        10Percentile 90Percentile Energy Entropy InterquartileRange Kurtosis Maximum
        Mean MeanAbsoluteDeviation Median Minimum Range RobustMeanAbsoluteDeviation
        RootMeanSquared Skewness StandardDeviation TotalEnergy Uniformity Variance
    """,
    "glcm": """
        Autocorrelation ClusterProminence ClusterShade ClusterTendency Contrast
        Correlation DifferenceAverage DifferenceEntropy DifferenceVariance Id Idm Idmn
        Idn Imc1 Imc2 InverseVariance JointAverage JointEnergy JointEntropy MCC
        MaximumProbability SumAverage SumEntropy SumSquares
    """,
    "gldm": """
        DependenceEntropy DependenceNonUniformity DependenceNonUniformityNormalized
        DependenceVariance GrayLevelNonUniformity GrayLevelVariance
        HighGrayLevelEmphasis LargeDependenceEmphasis
        LargeDependenceHighGrayLevelEmphasis LargeDependenceLowGrayLevelEmphasis
        LowGrayLevelEmphasis SmallDependenceEmphasis
        SmallDependenceHighGrayLevelEmphasis SmallDependenceLowGrayLevelEmphasis
    """,
    "glrlm": """
        GrayLevelNonUniformity GrayLevelNonUniformityNormalized GrayLevelVariance
        HighGrayLevelRunEmphasis LongRunEmphasis LongRunHighGrayLevelEmphasis
        LongRunLowGrayLevelEmphasis LowGrayLevelRunEmphasis RunEntropy
        RunLengthNonUniformity RunLengthNonUniformityNormalized RunPercentage
        RunVariance ShortRunEmphasis ShortRunHighGrayLevelEmphasis
        ShortRunLowGrayLevelEmphasis
    """,
    "glszm": """
        GrayLevelNonUniformity GrayLevelNonUniformityNormalized GrayLevelVariance
        HighGrayLevelZoneEmphasis LargeAreaEmphasis LargeAreaHighGrayLevelEmphasis
        LargeAreaLowGrayLevelEmphasis LowGrayLevelZoneEmphasis SizeZoneNonUniformity
        SizeZoneNonUniformityNormalized SmallAreaEmphasis
        SmallAreaHighGrayLevelEmphasis SmallAreaLowGrayLevelEmphasis ZoneEntropy
        ZonePercentage ZoneVariance
    """,
    "ngtdm": """
        Busyness Coarseness Complexity Contrast Strength
    """,
    "shape": """
        Compactness1 Compactness2 Elongation Flatness LeastAxisLength MajorAxisLength
        Maximum2DDiameterColumn Maximum2DDiameterRow Maximum2DDiameterSlice
        Maximum3DDiameter MeshVolume MinorAxisLength SphericalDisproportion Sphericity
        SurfaceArea SurfaceVolumeRatio VoxelVolume
    """,
}

#: Columns of MIRP 2.7.0 for a CT with bins of 25 HU.
MIRP = """
    morph_volume morph_vol_approx morph_area_mesh morph_av morph_comp_1 morph_comp_2
    morph_sph_dispr morph_sphericity morph_asphericity morph_com morph_integ_int
    morph_diam morph_vol_dens_conv_hull morph_area_dens_conv_hull morph_vol_dens_aabb
    morph_area_dens_aabb morph_pca_maj_axis morph_pca_min_axis morph_pca_least_axis
    morph_pca_elongation morph_pca_flatness morph_vol_dens_aee morph_area_dens_aee
    morph_moran_i morph_geary_c loc_peak_loc loc_peak_glob ivh_v10 ivh_v25 ivh_v50
    ivh_v75 ivh_v90 ivh_i10 ivh_i25 ivh_i50 ivh_i75 ivh_i90 ivh_diff_v10_v90
    ivh_diff_v25_v75 ivh_diff_i10_i90 ivh_diff_i25_i75 stat_mean stat_var stat_skew
    stat_kurt stat_median stat_min stat_p10 stat_p90 stat_max stat_iqr stat_range
    stat_mad stat_rmad stat_medad stat_cov stat_qcod stat_energy stat_rms
    ih_mean_fbs_w25.0 ih_var_fbs_w25.0 ih_skew_fbs_w25.0 ih_kurt_fbs_w25.0
    ih_median_fbs_w25.0 ih_min_fbs_w25.0 ih_p10_fbs_w25.0 ih_p90_fbs_w25.0
    ih_max_fbs_w25.0 ih_mode_fbs_w25.0 ih_iqr_fbs_w25.0 ih_range_fbs_w25.0
    ih_mad_fbs_w25.0 ih_rmad_fbs_w25.0 ih_medad_fbs_w25.0 ih_cov_fbs_w25.0
    ih_qcod_fbs_w25.0 ih_entropy_fbs_w25.0 ih_uniformity_fbs_w25.0
    ih_max_grad_fbs_w25.0 ih_max_grad_g_fbs_w25.0 ih_min_grad_fbs_w25.0
    ih_min_grad_g_fbs_w25.0 cm_joint_max_d1_3d_v_mrg_fbs_w25.0
    cm_joint_avg_d1_3d_v_mrg_fbs_w25.0 cm_joint_var_d1_3d_v_mrg_fbs_w25.0
    cm_joint_entr_d1_3d_v_mrg_fbs_w25.0 cm_diff_avg_d1_3d_v_mrg_fbs_w25.0
    cm_diff_var_d1_3d_v_mrg_fbs_w25.0 cm_diff_entr_d1_3d_v_mrg_fbs_w25.0
    cm_sum_avg_d1_3d_v_mrg_fbs_w25.0 cm_sum_var_d1_3d_v_mrg_fbs_w25.0
    cm_sum_entr_d1_3d_v_mrg_fbs_w25.0 cm_energy_d1_3d_v_mrg_fbs_w25.0
    cm_contrast_d1_3d_v_mrg_fbs_w25.0 cm_dissimilarity_d1_3d_v_mrg_fbs_w25.0
    cm_inv_diff_d1_3d_v_mrg_fbs_w25.0 cm_inv_diff_norm_d1_3d_v_mrg_fbs_w25.0
    cm_inv_diff_mom_d1_3d_v_mrg_fbs_w25.0 cm_inv_diff_mom_norm_d1_3d_v_mrg_fbs_w25.0
    cm_inv_var_d1_3d_v_mrg_fbs_w25.0 cm_corr_d1_3d_v_mrg_fbs_w25.0
    cm_auto_corr_d1_3d_v_mrg_fbs_w25.0 cm_clust_tend_d1_3d_v_mrg_fbs_w25.0
    cm_clust_shade_d1_3d_v_mrg_fbs_w25.0 cm_clust_prom_d1_3d_v_mrg_fbs_w25.0
    cm_info_corr1_d1_3d_v_mrg_fbs_w25.0 cm_info_corr2_d1_3d_v_mrg_fbs_w25.0
    rlm_sre_3d_v_mrg_fbs_w25.0 rlm_lre_3d_v_mrg_fbs_w25.0 rlm_lgre_3d_v_mrg_fbs_w25.0
    rlm_hgre_3d_v_mrg_fbs_w25.0 rlm_srlge_3d_v_mrg_fbs_w25.0
    rlm_srhge_3d_v_mrg_fbs_w25.0 rlm_lrlge_3d_v_mrg_fbs_w25.0
    rlm_lrhge_3d_v_mrg_fbs_w25.0 rlm_glnu_3d_v_mrg_fbs_w25.0
    rlm_glnu_norm_3d_v_mrg_fbs_w25.0 rlm_rlnu_3d_v_mrg_fbs_w25.0
    rlm_rlnu_norm_3d_v_mrg_fbs_w25.0 rlm_r_perc_3d_v_mrg_fbs_w25.0
    rlm_gl_var_3d_v_mrg_fbs_w25.0 rlm_rl_var_3d_v_mrg_fbs_w25.0
    rlm_rl_entr_3d_v_mrg_fbs_w25.0 szm_sze_3d_fbs_w25.0 szm_lze_3d_fbs_w25.0
    szm_lgze_3d_fbs_w25.0 szm_hgze_3d_fbs_w25.0 szm_szlge_3d_fbs_w25.0
    szm_szhge_3d_fbs_w25.0 szm_lzlge_3d_fbs_w25.0 szm_lzhge_3d_fbs_w25.0
    szm_glnu_3d_fbs_w25.0 szm_glnu_norm_3d_fbs_w25.0 szm_zsnu_3d_fbs_w25.0
    szm_zsnu_norm_3d_fbs_w25.0 szm_z_perc_3d_fbs_w25.0 szm_gl_var_3d_fbs_w25.0
    szm_zs_var_3d_fbs_w25.0 szm_zs_entr_3d_fbs_w25.0 dzm_sde_3d_fbs_w25.0
    dzm_lde_3d_fbs_w25.0 dzm_lgze_3d_fbs_w25.0 dzm_hgze_3d_fbs_w25.0
    dzm_sdlge_3d_fbs_w25.0 dzm_sdhge_3d_fbs_w25.0 dzm_ldlge_3d_fbs_w25.0
    dzm_ldhge_3d_fbs_w25.0 dzm_glnu_3d_fbs_w25.0 dzm_glnu_norm_3d_fbs_w25.0
    dzm_zdnu_3d_fbs_w25.0 dzm_zdnu_norm_3d_fbs_w25.0 dzm_z_perc_3d_fbs_w25.0
    dzm_gl_var_3d_fbs_w25.0 dzm_zd_var_3d_fbs_w25.0 dzm_zd_entr_3d_fbs_w25.0
    ngt_coarseness_3d_fbs_w25.0 ngt_contrast_3d_fbs_w25.0 ngt_busyness_3d_fbs_w25.0
    ngt_complexity_3d_fbs_w25.0 ngt_strength_3d_fbs_w25.0 ngl_lde_d1_a0.0_3d_fbs_w25.0
    ngl_hde_d1_a0.0_3d_fbs_w25.0 ngl_lgce_d1_a0.0_3d_fbs_w25.0
    ngl_hgce_d1_a0.0_3d_fbs_w25.0 ngl_ldlge_d1_a0.0_3d_fbs_w25.0
    ngl_ldhge_d1_a0.0_3d_fbs_w25.0 ngl_hdlge_d1_a0.0_3d_fbs_w25.0
    ngl_hdhge_d1_a0.0_3d_fbs_w25.0 ngl_glnu_d1_a0.0_3d_fbs_w25.0
    ngl_glnu_norm_d1_a0.0_3d_fbs_w25.0 ngl_dcnu_d1_a0.0_3d_fbs_w25.0
    ngl_dcnu_norm_d1_a0.0_3d_fbs_w25.0 ngl_dc_perc_d1_a0.0_3d_fbs_w25.0
    ngl_gl_var_d1_a0.0_3d_fbs_w25.0 ngl_dc_var_d1_a0.0_3d_fbs_w25.0
    ngl_dc_entr_d1_a0.0_3d_fbs_w25.0 ngl_dc_energy_d1_a0.0_3d_fbs_w25.0
"""


def output_of(tool) -> list[str]:
    if tool == "mirp":
        return MIRP.split()
    return [
        f"original_{family}_{name}"
        for family, features in PYRADIOMICS.items()
        for name in features.split()
    ]


TOOLS = ["pyradiomics", "mirp"]


def of_output(column, tool):
    """The row that a column of the tool's output belongs to, if it has one."""
    name = BINNING.sub("", column) if tool == "mirp" else column
    return foreign_names.by_name(tool).get(name)


@pytest.mark.parametrize("tool", TOOLS)
def test_every_feature_of_ours_is_in_the_table_once_and_in_our_order(tool):
    ours = [row.column for row in foreign_names.foreign_names(tool) if row.column]
    expected = ibsi.of_families(IBSI_FAMILIES)
    assert ours == [feature.column for feature in expected]


@pytest.mark.parametrize("tool", TOOLS)
def test_the_names_of_the_table_are_those_that_the_tool_writes(tool):
    written = [of_output(name, tool) for name in output_of(tool)]
    assert None not in written
    listed = [row for row in foreign_names.foreign_names(tool) if row.name]
    assert sorted(row.name for row in written) == sorted(row.name for row in listed)


@pytest.mark.parametrize("tool", TOOLS)
def test_a_row_without_one_of_the_sides_says_so_and_no_other_row_does(tool):
    for row in foreign_names.foreign_names(tool):
        assert row.relation in foreign_names.RELATIONS
        assert (row.name == "") == (row.relation == "absent")
        assert (row.column == "") == (row.relation == "extra")
        assert row.note or row.relation in ("equal", "absent")


@pytest.mark.parametrize(
    ("column", "tool", "name", "relation"),
    [
        ("glcm.joint_entropy", "pyradiomics", "original_glcm_JointEntropy", "equal"),
        ("glcm.joint_entropy", "mirp", "cm_joint_entr_d1_3d_v_mrg", "equal"),
        ("statistics.kurtosis", "pyradiomics", "original_firstorder_Kurtosis", "conv"),
        ("statistics.kurtosis", "mirp", "stat_kurt", "equal"),
        ("morphology.morans_i", "pyradiomics", "", "absent"),
        ("morphology.morans_i", "mirp", "morph_moran_i", "differs"),
    ],
)
def test_a_column_has_the_name_and_the_relation_of_each_tool(
    column, tool, name, relation
):
    row = foreign_names.by_column(tool)[f"original.{column}"]
    assert (row.name, row.relation[: len(relation)]) == (name, relation)


def test_mirp_columns_are_found_whatever_their_binning_and_others_are_not():
    found = [
        of_output(f"cm_contrast_d1_3d_v_mrg{binning}", "mirp")
        for binning in ("", "_fbs_w0.25", "_fbn_n32", "_fbx_9")
    ]
    contrast = foreign_names.by_column("mirp")["original.glcm.contrast"]
    assert found == [contrast, contrast, contrast, None]


def test_an_unknown_tool_is_refused_with_the_known_ones():
    with pytest.raises(StudyError, match=r"'cerr'.*'mirp', 'pyradiomics'"):
        foreign_names.foreign_names("cerr")
