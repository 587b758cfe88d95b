"""Keywords of MIRP on filters, and on features of their response maps."""

from collections.abc import Callable, Mapping
from typing import Any

from ..families import RESPONSE_FAMILIES
from . import values
from .mirp_features import families_of
from .mirp_keys import FILTER_KEYWORDS
from .translation import Handler, Translation, idle

#: Our word for what lies beyond the image.
_BOUNDARIES = {
    "reflect": "mirror",
    "constant": "zero",
    "nearest": "nearest",
    "wrap": "periodic",
    "mirror": "mirror",
}
_POOLING = {"max": "max", "min": "min", "mean": "average"}
_RESPONSES = {"modulus", "abs", "magnitude"}
_MIRROR = "there the voxel at the edge is not repeated (mirror), here it is"

Given = Mapping[str, Any]
Sections = dict[str, dict[str, Any]]


def _wavelets(given: Given) -> Sections:
    turned = given.get("separable_wavelet_rotation_invariance", True)
    subbands = [
        values.text(one).upper()
        for one in values.listed(given.get("separable_wavelet_set", "hhh"))
    ]
    section: dict[str, Any] = {
        "kind": "wavelet",
        "levels": values.listed(given.get("separable_wavelet_decomposition_level", 1)),
        **_rotation("separable_wavelet", given, turned),
    }
    if subbands != ["ALL"]:
        section["subbands"] = subbands
    if given.get("separable_wavelet_stationary") is False:
        raise ValueError("separable_wavelet_stationary: decimated wavelets are no maps")
    families = values.listed(given.get("separable_wavelet_families", []))
    return {f"wavelet_{one}": section | {"wavelet": one} for one in families}


def _rotation(prefix: str, given: Given, turned: Any) -> dict[str, Any]:
    """Rotation invariance and how its responses are joined."""
    if not turned:
        return {}
    pooling = values.text(given.get(f"{prefix}_pooling_method", "max"))
    if pooling not in _POOLING:
        raise ValueError(f"{prefix}_pooling_method: {pooling!r} is not offered")
    return {"rotation_invariant": True, "pooling": _POOLING[pooling]}


def _simoncelli(given: Given) -> Sections:
    families = values.listed(given.get("nonseparable_wavelet_families", []))
    if families != ["simoncelli"]:
        raise ValueError(f"nonseparable_wavelet_families: {families}; simoncelli alone")
    if given.get("nonseparable_wavelet_response", "real") != "real":
        raise ValueError("nonseparable_wavelet_response: real alone")
    levels = values.listed(given.get("nonseparable_wavelet_decomposition_level", 1))
    return {"simoncelli": {"kind": "simoncelli", "levels": levels}}


def _log(given: Given) -> Sections:
    pooling = given.get("laplacian_of_gaussian_pooling_method", "none")
    if pooling != "none":
        raise ValueError("laplacian_of_gaussian_pooling_method: scales are not joined")
    return {"log": {"kind": "log", **_gaussian(given)}}


def _gaussian(given: Given) -> dict[str, Any]:
    """Width and reach of a Laplacian of Gaussian."""
    section: dict[str, Any] = {
        "sigma_mm": values.positives(given.get("laplacian_of_gaussian_sigma", []))
    }
    if "laplacian_of_gaussian_kernel_truncate" in given:
        reach = given["laplacian_of_gaussian_kernel_truncate"]
        section["truncate"] = values.positive(reach)
    return section


def _orders(given: Given) -> list[list[int]]:
    """Orders of derivatives along x, y, z; there z, y, x."""
    order = values.listed(given.get("riesz_filter_order", []))
    nested = order if order and isinstance(order[0], list) else [order]
    return [[values.whole(one) for one in reversed(each)] for each in nested]


def _riesz_log(given: Given) -> Sections:
    section = {"kind": "riesz_log", "orders": _orders(given), **_gaussian(given)}
    return {"riesz_log": section}


def _riesz_simoncelli(given: Given) -> Sections:
    levels = _simoncelli(given)["simoncelli"]["levels"]
    section = {"kind": "riesz_simoncelli", "levels": levels, "orders": _orders(given)}
    return {"riesz_simoncelli": section}


def _laws(given: Given) -> Sections:
    kernels = [
        values.text(one).upper() for one in values.listed(given.get("laws_kernel", []))
    ]
    section: dict[str, Any] = {"kind": "laws", "kernels": kernels}
    section |= _rotation("laws", given, given.get("laws_rotation_invariance", True))
    if not given.get("laws_compute_energy", True):
        return {"laws": section}
    distances = values.listed(given.get("laws_delta", 7))
    return {
        f"laws_{one}" if len(distances) > 1 else "laws": section
        | {"energy_distance_voxels": values.whole(one)}
        for one in distances
    }


def _gabor(given: Given) -> Sections:
    if values.text(given.get("gabor_response", "modulus")) not in _RESPONSES:
        raise ValueError("gabor_response: the modulus alone")
    step = given.get("gabor_theta_step")
    section: dict[str, Any] = {
        "kind": "gabor",
        "sigma_mm": values.positives(given.get("gabor_sigma", [])),
        "wavelength_mm": values.positives(given.get("gabor_lambda", [])),
        "planes": "orthogonal" if given.get("gabor_rotation_invariance") else "axial",
    }
    if step:
        section |= _rotation("gabor", given, True)
        section["theta_step_degrees"] = values.positive(step)
    else:
        section["theta_degrees"] = values.numbers(given.get("gabor_theta", 0.0))
    ratios = values.positives(given.get("gabor_gamma", 1.0))
    return {
        f"gabor_{number}" if len(ratios) > 1 else "gabor": section
        | {"aspect_ratio": ratio}
        for number, ratio in enumerate(ratios, 1)
    }


def _mean(given: Given) -> Sections:
    sides = values.listed(given.get("mean_filter_kernel_size", []))
    return {"mean": {"kind": "mean", "support_voxels": sides}}


#: Our filters by the kernel of MIRP, with the keyword of its boundary.
_KERNELS: dict[str, tuple[Callable[[Given], Sections], str]] = {
    "separable_wavelet": (_wavelets, "separable_wavelet"),
    "nonseparable_wavelet": (_simoncelli, "nonseparable_wavelet"),
    "laplacian_of_gaussian": (_log, "laplacian_of_gaussian"),
    "log": (_log, "laplacian_of_gaussian"),
    "riesz_laplacian_of_gaussian": (_riesz_log, "laplacian_of_gaussian"),
    "riesz_log": (_riesz_log, "laplacian_of_gaussian"),
    "riesz_nonseparable_wavelet": (_riesz_simoncelli, "nonseparable_wavelet"),
    "laws": (_laws, "laws"),
    "gabor": (_gabor, "gabor"),
    "mean": (_mean, "mean_filter"),
}

#: The handler of each keyword; what they say stands in the notes on filter_kernels.
HANDLERS: dict[str, Handler] = {
    name: idle("read with the filter that takes it") for name in FILTER_KEYWORDS
}


def finish(found: Translation, given: Given) -> None:
    """Filters of the recipe, and what is measured in their response maps."""
    for kernel in values.listed(given.get("filter_kernels", [])):
        if kernel != "none":
            _read_kernel(found, values.text(kernel), given)
    if "filters" in found.recipe:
        _read_responses(found, given)
    for recipe in found.others.values():
        if "filters" in found.recipe and "families" in recipe:
            recipe["response_families"] = recipe["families"]


def _read_kernel(found: Translation, kernel: str, given: Given) -> None:
    setting = f"filter_kernels.{kernel}"
    if kernel not in _KERNELS:
        found.drop(setting, kernel, f"no filter here; known: {', '.join(_KERNELS)}")
        return
    spacing = found.recipe.get("resample_spacing_mm")
    if spacing is None or len(set(spacing)) > 1:
        found.drop(setting, kernel, "filters need a new_spacing of equal numbers")
        return
    build, prefix = _KERNELS[kernel]
    edge = given.get(f"{prefix}_boundary_condition", given.get("boundary_condition"))
    edge = values.text(edge or "mirror")
    if edge not in _BOUNDARIES:
        raise ValueError(f"boundary_condition: {edge!r} is none of {[*_BOUNDARIES]}")
    try:
        sections = build(given)
    except ValueError as error:
        found.drop(setting, kernel, str(error))
        return
    if not sections:
        found.drop(setting, kernel, "its settings are missing, so it gives no map")
    reason = _MIRROR if edge == "mirror" else ""
    for name, section in sections.items():
        filled = section | {"boundary": _BOUNDARIES[edge]}
        if found.add_filter(setting, kernel, name, filled):
            found.keep(setting, filled, f"filters.{name}", reason, same=not reason)


def _read_responses(found: Translation, given: Given) -> None:
    words = given.get("response_map_feature_families", "statistics")
    chosen = [f for f in families_of(values.listed(words)) if f in RESPONSE_FAMILIES]
    if not chosen:
        found.drop(
            "response_map_feature_families", words, "none of them is of response maps"
        )
        del found.recipe["filters"]
        return
    found.recipe["response_families"] = chosen
    found.keep("response_map_feature_families", words, "response_families")
    methods = values.listed(
        given.get("response_map_discretisation_method", "fixed_bin_number")
    )
    n_bins = values.listed(given.get("response_map_discretisation_n_bins", 16))
    found.recipe["response_bins"] = values.whole(n_bins[0])
    single = methods == ["fixed_bin_number"] and len(n_bins) == 1
    found.keep(
        "response_map_discretisation_n_bins",
        n_bins,
        "response_bins",
        "" if single else "responses have bins of one fixed number, the first",
        same=single,
    )
