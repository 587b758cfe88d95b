"""Keywords of MIRP 2, and the tags of its XML file that stand for them.

References
----------
Zwanenburg A, Loeck S. MIRP. J Open Source Softw 2024;9:6413. doi:10.21105/joss.06413
"""

from collections.abc import Iterator
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

from ...config_faults import nearest
from ...errors import ConfigError


class Keyword(NamedTuple):
    """One keyword: the type of its value, and the tags that it has in a file."""

    name: str
    kind: str  # bool, int, float or str
    is_list: bool
    tags: tuple[str, ...]


#: Keywords by branch of the file, as name:kind, with * for a list, and =tags where they
#: have other names; the branches and their names in earlier versions.
_BRANCHES = {
    ("general",): """
        by_slice:bool ibsi_compliant:bool mask_merge:bool mask_split:bool
        mask_select_largest_region:bool mask_select_largest_slice:bool config_str:str
        no_approximation:bool
    """,
    ("image_interpolation", "img_interpolate"): """
        new_spacing:float* spline_order:int anti_aliasing:bool smoothing_beta:float
    """,
    ("mask_interpolation", "roi_interpolate"): """
        roi_spline_order:int=spline_order
        roi_interpolation_mask_inclusion_threshold:float=incl_threshold
    """,
    ("image_processing", "post_processing"): """
        image_denoise_method:str image_denoiser_median_size:int*
        image_denoiser_gaussian_sigma:float image_denoiser_susan_sigma:float
        image_denoiser_susan_intensity_threshold:float bias_field_correction:bool
        bias_field_correction_n_fitting_levels:int=n_fitting_levels
        bias_field_correction_n_max_iterations:int*=n_max_iterations
        bias_field_convergence_threshold:float=convergence_threshold adc_conversion:str
        pet_suv_conversion:str pet_autocorrect_administration_start:bool
        intensity_normalisation:str intensity_normalisation_range:float*
        intensity_normalisation_saturation:float*
        intensity_normalisation_reference:float*
        intensity_normalisation_standardisation_shift:float
        intensity_normalisation_standardisation_scale:float intensity_scaling:float
        tissue_mask_type:str tissue_mask_range:float* tissue_mask_name:str
    """,
    ("image_perturbation", "vol_adapt"): """
        crop_around_roi:bool=crop_around_roi|resect crop_distance:float
        perturbation_noise_repetitions:int=noise_repetitions
        perturbation_noise_level:float=noise_level
        perturbation_rotation_angles:float*=rotation_angles|rot_angles
        perturbation_translation_fraction:float*=translation_fraction|translate_frac
        perturbation_roi_adapt_type:str=roi_adapt_type
        perturbation_roi_adapt_size:float*=roi_adapt_size
        perturbation_roi_adapt_max_erosion:float=roi_adapt_max_erosion|eroded_vol_fract
        perturbation_randomise_roi_repetitions:int=roi_random_rep
        roi_split_boundary_size:float*=roi_boundary_size
        roi_split_max_erosion:float=roi_split_max_erosion|bulk_min_vol_fract
    """,
    ("mask_resegmentation", "roi_resegment"): """
        resegmentation_intensity_range:float*=intensity_range|g_thresh
        resegmentation_sigma:float=sigma
    """,
    ("feature_computation", "feature_extr"): """
        base_feature_families:str*=feature_families|families
        base_discretisation_method:str*=discretisation_method|discr_method
        base_discretisation_n_bins:int*=discretisation_n_bins|discr_n_bins
        base_discretisation_bin_width:float*=discretisation_bin_width|discr_bin_width
        stat_percentile:float* stat_value_shift:float
        ivh_discretisation_method:str=ivh_discretisation_method|ivh_discr_method
        ivh_discretisation_n_bins:int=ivh_discretisation_n_bins|ivh_discr_n_bins
        ivh_discretisation_bin_width:float=ivh_discretisation_bin_width|ivh_discr_bin_width
        texture_feature_pooling_method:str* glcm_distance:float*=glcm_distance|glcm_dist
        glcm_spatial_method:str* glrlm_spatial_method:str* glszm_spatial_method:str*
        gldzm_spatial_method:str* ngtdm_spatial_method:str*
        ngldm_distance:float*=ngldm_distance|ngldm_dist
        ngldm_difference_level:float*=ngldm_difference_level|ngldm_diff_lvl
        ngldm_spatial_method:str*
    """,
    ("image_transformation", "img_transform"): """
        response_map_feature_families:str*=feature_families
        response_map_discretisation_method:str*=discretisation_method
        response_map_discretisation_n_bins:int*=discretisation_n_bins
        response_map_discretisation_bin_width:float*=discretisation_bin_width
        filter_kernels:str*=filter_kernels|spatial_filters boundary_condition:str
        separable_wavelet_families:str* separable_wavelet_set:str*
        separable_wavelet_stationary:bool separable_wavelet_decomposition_level:int*
        separable_wavelet_rotation_invariance:bool separable_wavelet_pooling_method:str
        separable_wavelet_boundary_condition:str nonseparable_wavelet_families:str*
        nonseparable_wavelet_decomposition_level:int* nonseparable_wavelet_response:str
        nonseparable_wavelet_boundary_condition:str gaussian_sigma:float*
        gaussian_kernel_truncate:float gaussian_kernel_boundary_condition:str
        laplace_stencil_size:int* laplace_boundary_condition:str
        laplacian_of_gaussian_sigma:float*=laplacian_of_gaussian_sigma|log_sigma
        laplacian_of_gaussian_kernel_truncate:float=laplacian_of_gaussian_kernel_truncate|log_sigma_truncate
        laplacian_of_gaussian_pooling_method:str
        laplacian_of_gaussian_boundary_condition:str laws_kernel:str*
        laws_compute_energy:bool=laws_calculate_energy|laws_compute_energy
        laws_delta:int*
        laws_rotation_invariance:bool=laws_rotation_invariance|laws_rot_invar
        laws_pooling_method:str laws_boundary_condition:str gabor_sigma:float*
        gabor_lambda:float* gabor_gamma:float* gabor_theta:float*
        gabor_theta_step:float gabor_response:str
        gabor_rotation_invariance:bool=gabor_rotation_invariance|gabor_rot_invar
        gabor_pooling_method:str gabor_boundary_condition:str
        mean_filter_kernel_size:int*=mean_filter_kernel_size|mean_filter_size
        mean_filter_boundary_condition:str prewitt_boundary_condition:str
        sobel_boundary_condition:str
        riesz_filter_order:int*=riesz_filter_order|riesz_order
        riesz_filter_tensor_sigma:float* lbp_method:str* lbp_filter_distance:float*
    """,
}


def _keyword(row: str) -> Keyword:
    declared, _, tags = row.partition("=")
    name, kind = declared.split(":")
    return Keyword(
        name, kind.rstrip("*"), kind.endswith("*"), tuple((tags or name).split("|"))
    )


#: Keywords by tag, by branch under each of its names.
_TAGS = {
    branch: {tag: row for row in map(_keyword, rows.split()) for tag in row.tags}
    for branches, rows in _BRANCHES.items()
    for branch in branches
}
KEYWORDS = {row.name: row for tags in _TAGS.values() for row in tags.values()}
FILTER_KEYWORDS = [row.name for row in _TAGS["image_transformation"].values()]


def configurations(root: Element, where: str) -> list[dict[str, Any]]:
    """Values by keyword of each `config` of a file; tags that are not known too.

    Raises
    ------
    ConfigError
        If there is no `config`, or a value is not of its type.
    """
    found = [dict(_values(branch, where)) for branch in root.findall("config")]
    if not found:
        raise ConfigError(
            f"{where}: no settings of MIRP: the root is <{root.tag}> with "
            f"{', '.join(f'<{part.tag}>' for part in root) or 'nothing'}, expected "
            "<config>"
        )
    return found


def _values(config: Element, where: str) -> Iterator[tuple[str, Any]]:
    for branch in config:
        tags = _TAGS.get(branch.tag, {})
        for part in branch:
            text = (part.text or "").strip()
            row = tags.get(part.tag)
            if not text:
                continue
            if row is None:
                yield f"{branch.tag}.{part.tag}", text
            else:
                yield row.name, _typed(row, text, f"{where}: {branch.tag}.{part.tag}")


def _typed(row: Keyword, text: str, key: str) -> Any:
    if row.is_list:
        return [_one(row.kind, part.strip(), key) for part in text.split(",")]
    return _one(row.kind, text, key)


def _one(kind: str, text: str, key: str) -> Any:
    """A word of the file as a value."""
    if kind == "bool":
        found = {"true": True, "1": True, "false": False, "0": False}.get(text.lower())
        if found is None:
            raise ConfigError(f"{key}: is {text!r}, expected True or False")
        return found
    try:
        return {"int": int, "float": float, "str": str}[kind](text)
    except ValueError:
        raise ConfigError(f"{key}: is {text!r}, expected a number") from None


def unknown(name: str) -> str:
    """The reason why a name has no place."""
    return f"no keyword of MIRP 2{nearest(name.rpartition('.')[2], KEYWORDS)}"
