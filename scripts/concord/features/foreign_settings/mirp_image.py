"""Keywords of MIRP on the image and its region, before features are computed."""

from collections.abc import Mapping
from typing import Any

from . import values
from .translation import Handler, Translation, idle, only

_INTERPOLATORS = {0: "nearest", 1: "linear", 3: "cubic"}

#: Most levels of the spline of a bias field.
MOST_LEVELS = 8

_MASKS = "masks are taken as they are; unite or cut regions in the section regions"
_REPEATS = (
    "repeated measurements are the sections perturbations and variants, beside recipes"
)
_NORMALIZATION = "read with intensity_normalisation"

Given = Mapping[str, Any]


def _by_slice(found: Translation, name: str, value: Any, given: Given) -> None:
    if values.flag(value):
        found.keep(
            name,
            value,
            "aggregation",
            "texture of slices is a recipe of its own, by the second engine; the main "
            "recipe stays 3D",
        )
    else:
        found.drop(name, value, "in 3D, as here", same=True)


def _spacing(found: Translation, name: str, value: Any, given: Given) -> None:
    spacing = values.positives(value)
    sliced = values.flag(given.get("by_slice", False))
    if len(spacing) == 1:
        spacing = spacing * (2 if sliced else 3)
    if len(spacing) != (2 if sliced else 3):
        raise ValueError(
            f"is {value!r}, expected one number of mm or "
            + ("two, of y and x" if sliced else "three, of z, y and x")
        )
    *z, y, x = spacing
    found.recipe["resample_spacing_mm"] = [x, y, z[0] if z else None]
    found.keep(name, value, "resample_spacing_mm", "z, y, x there; x, y, z here")


def _spline(found: Translation, name: str, value: Any, given: Given) -> None:
    ours = _INTERPOLATORS.get(values.whole(value))
    if ours is None:
        found.drop(name, value, "no spline of this order; cubic (3) in its place")
        return
    if ours != "cubic":
        found.recipe["image_interpolator"] = ours
    found.keep(name, value, "image_interpolator")


def _threshold(found: Translation, name: str, value: Any, given: Given) -> None:
    found.recipe["mask_threshold"] = values.positive(value)
    found.keep(name, value, "mask_threshold")


def _anti_aliasing(found: Translation, name: str, value: Any, given: Given) -> None:
    if not values.flag(value):
        found.drop(name, value, "off, as here", same=True)
    elif given.get("new_spacing") is None:
        found.drop(name, value, "nothing is resampled", same=True)
    else:
        found.recipe["anti_alias"] = True
        found.keep(
            name,
            value,
            "anti_alias",
            "the Gaussian here widens a voxel to the coarser one and does nothing to a "
            "finer one; there its width is set by smoothing_beta",
            same=False,
        )


def _smoothing(found: Translation, name: str, value: Any, given: Given) -> None:
    if given.get("new_spacing") is None or given.get("anti_aliasing") is False:
        found.drop(name, value, "nothing is smoothed", same=True)
    else:
        found.drop(name, value, "the width of the Gaussian follows from the spacings")


def _range(found: Translation, name: str, value: Any, given: Given) -> None:
    found.recipe["intensity_range"] = list(values.bounds(value))
    found.keep(name, value, "intensity_range")


def _sigma(found: Translation, name: str, value: Any, given: Given) -> None:
    found.recipe["outlier_sd"] = values.positive(value)
    found.keep(name, value, "outlier_sd")


def _bias_field(found: Translation, name: str, value: Any, given: Given) -> None:
    if not values.flag(value):
        found.drop(name, value, "off, as here", same=True)
        return
    section = found.recipe.setdefault("normalization", {})
    section["bias_field"] = "n4"
    found.keep(
        name,
        value,
        "normalization.bias_field",
        "the field is estimated in the body, on every fourth voxel (n4_shrink_factor)",
        same=False,
    )


def _n4(key: str) -> Handler:
    """A setting of the removal of a bias field."""

    def handle(found: Translation, name: str, value: Any, given: Given) -> None:
        if not given.get("bias_field_correction"):
            found.drop(name, value, "no bias field is removed", same=True)
        else:
            found.keep(name, value, f"normalization.{key}")

    return handle


def _normalization(found: Translation, name: str, value: Any, given: Given) -> None:
    if value == "none":
        found.drop(name, value, "off, as here", same=True)
    elif value == "standardisation":
        _scale(found, name, value, given, {"method": "zscore"})
    elif value == "quantile_range":
        low, high = values.numbers(
            given.get("intensity_normalisation_range", [0.025, 0.975])
        )
        section = {"method": "percentile", "percentiles": [100 * low, 100 * high]}
        _scale(found, name, value, given, section)
    else:
        found.drop(
            name,
            value,
            "not offered; known: standardisation (zscore), quantile_range (percentile)",
        )


def _scale(
    found: Translation, name: str, value: Any, given: Given, section: dict[str, Any]
) -> None:
    """A scale of intensities, by the voxels of the tissue mask."""
    tissue = given.get("tissue_mask_name")
    kind = "reference" if tissue else given.get("tissue_mask_type", "relative_range")
    source = {"none": "image", "reference": "reference"}.get(
        values.text(kind), "foreground"
    )
    section["scale_from"] = source
    if tissue:
        section["reference_region"] = tissue
    found.recipe.setdefault("normalization", {}).update(section)
    reason = ""
    if source == "foreground":
        reason = f"by the body (Otsu's threshold), there by a tissue mask of {kind}"
    found.keep(name, value, "normalization", reason, same=not reason)


#: The handler of each keyword.
HANDLERS: dict[str, Handler] = {
    "by_slice": _by_slice,
    "ibsi_compliant": only(
        True, reason="features and filters beyond the IBSI are not computed"
    ),
    "mask_merge": only(False, reason=_MASKS),
    "mask_split": only(False, reason=_MASKS),
    "mask_select_largest_region": only(False, reason=_MASKS),
    "mask_select_largest_slice": only(False, reason=_MASKS),
    "config_str": idle("a name"),
    "no_approximation": only(
        True, reason="Moran's I and Geary's C are not approximated in large regions"
    ),
    "new_spacing": _spacing,
    "spline_order": _spline,
    "anti_aliasing": _anti_aliasing,
    "smoothing_beta": _smoothing,
    "roi_spline_order": only(1, reason="masks are interpolated linearly"),
    "roi_interpolation_mask_inclusion_threshold": _threshold,
    "image_denoise_method": only("none", reason="images are not denoised"),
    "image_denoiser_median_size": idle("read with image_denoise_method"),
    "image_denoiser_gaussian_sigma": idle("read with image_denoise_method"),
    "image_denoiser_susan_sigma": idle("read with image_denoise_method"),
    "image_denoiser_susan_intensity_threshold": idle("read with image_denoise_method"),
    "bias_field_correction": _bias_field,
    "bias_field_correction_n_fitting_levels": _n4("n4_iterations"),
    "bias_field_correction_n_max_iterations": _n4("n4_iterations"),
    "bias_field_convergence_threshold": _n4("n4_convergence"),
    "adc_conversion": idle("the unit of an image is declared: images.<name>.unit"),
    "pet_suv_conversion": only(
        "body_weight", reason="PET is in SUV by body weight, docs/acquisition.md"
    ),
    "pet_autocorrect_administration_start": idle(
        "times that do not fit are faults of ingest, docs/faults.md"
    ),
    "intensity_normalisation": _normalization,
    "intensity_normalisation_range": idle(_NORMALIZATION),
    "intensity_normalisation_saturation": only(
        None, reason="normalized intensities are not cut off"
    ),
    "intensity_normalisation_reference": idle(_NORMALIZATION),
    "intensity_normalisation_standardisation_shift": only(
        None, reason="no scale of one's own can be given"
    ),
    "intensity_normalisation_standardisation_scale": only(
        None, reason="no scale of one's own can be given"
    ),
    "intensity_scaling": only(1.0, reason="intensities are not multiplied"),
    "tissue_mask_type": idle(_NORMALIZATION),
    "tissue_mask_range": idle(_NORMALIZATION),
    "tissue_mask_name": idle(_NORMALIZATION),
    "crop_around_roi": idle("regions are cropped with the margin that filters need"),
    "crop_distance": idle("regions are cropped with the margin that filters need"),
    "perturbation_noise_repetitions": only(0, reason=_REPEATS),
    "perturbation_noise_level": idle("read with perturbation_noise_repetitions"),
    "perturbation_rotation_angles": only(0.0, [0.0], reason=_REPEATS),
    "perturbation_translation_fraction": only(0.0, [0.0], reason=_REPEATS),
    "perturbation_roi_adapt_type": idle("read with perturbation_roi_adapt_size"),
    "perturbation_roi_adapt_size": only(0.0, [0.0], reason=_REPEATS),
    "perturbation_roi_adapt_max_erosion": idle("read with perturbation_roi_adapt_size"),
    "perturbation_randomise_roi_repetitions": only(0, reason=_REPEATS),
    "roi_split_boundary_size": only(0.0, [0.0], reason=_MASKS),
    "roi_split_max_erosion": idle("read with roi_split_boundary_size"),
    "resegmentation_intensity_range": _range,
    "resegmentation_sigma": _sigma,
}


def finish(found: Translation, given: Given) -> None:
    """Read what MIRP does unless told otherwise, and the levels of N4."""
    if given.get("new_spacing") is not None and "anti_aliasing" not in given:
        _anti_aliasing(found, "anti_aliasing (default)", True, given)
    section = found.recipe.get("normalization", {})
    if section.get("bias_field") == "n4":
        section["n4_iterations"] = _iterations(given)
        if "bias_field_convergence_threshold" in given:
            section["n4_convergence"] = values.positive(
                given["bias_field_convergence_threshold"]
            )


def _iterations(given: Given) -> list[int]:
    """Most iterations of each level of N4; one number is that of every level."""
    levels = values.whole(given.get("bias_field_correction_n_fitting_levels", 3))
    if levels > MOST_LEVELS:
        raise ValueError(
            f"bias_field_correction_n_fitting_levels is {levels}, expected at most "
            f"{MOST_LEVELS}"
        )
    steps = values.listed(given.get("bias_field_correction_n_max_iterations", 50))
    listed = [values.whole(one) for one in steps]
    return listed * levels if len(listed) == 1 else listed
