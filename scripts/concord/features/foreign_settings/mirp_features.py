"""Keywords of MIRP on features: families, bins, texture matrices."""

from collections.abc import Iterator, Mapping
from typing import Any

from ...config_faults import nearest
from ..families import FAMILIES, FAMILIES_OF_BINS
from . import values
from .translation import MAIN, Handler, Translation, idle, only

#: Our families by the names that MIRP knows.
_NAMES = {
    "morphology": "mrp morph morphology morphological",
    "local_intensity": "li loc.int loc_int local_int local_intensity",
    "statistics": "st stat stats statistics statistical",
    "histogram": "ih int_hist int_histogram intensity_histogram",
    "ivh": "ivh int_vol_hist intensity_volume_histogram",
    "glcm": "cm glcm grey_level_cooccurrence_matrix cooccurrence_matrix",
    "glrlm": "rlm glrlm grey_level_run_length_matrix run_length_matrix",
    "glszm": "szm glszm grey_level_size_zone_matrix size_zone_matrix",
    "gldzm": "dzm gldzm grey_level_distance_zone_matrix distance_zone_matrix",
    "ngtdm": "tdm ngtdm neighbourhood_grey_tone_difference_matrix "
    "grey_tone_difference_matrix",
    "ngldm": "ldm ngldm neighbouring_grey_level_dependence_matrix "
    "grey_level_dependence_matrix",
}
FAMILY_OF = {word: family for family, words in _NAMES.items() for word in words.split()}

#: Our aggregation by the spatial method of MIRP; zones and neighbours have the shorter
#: names.
_AGGREGATIONS = {
    "2d_average": "2D averaged",
    "2d_slice_merge": "2D slice-merged",
    "2.5d_direction_merge": "2.5D direction-merged",
    "2.5d_volume_merge": "2.5D merged",
    "3d_average": "3D averaged",
    "3d_volume_merge": "3D merged",
    "2d": "2D slice-merged",
    "2.5d": "2.5D merged",
    "3d": "3D merged",
}
_SPATIAL = {
    f"{family}_spatial_method": family
    for family in ("glcm", "glrlm", "glszm", "gldzm", "ngtdm", "ngldm")
}

#: Where bins of a fixed size start if no range says so.
_LOWEST = {"CT": -1000.0, "PT": 0.0}
_BINS = "read with base_discretisation_method"
_IVH = "read with ivh_discretisation_method"

Given = Mapping[str, Any]


def families_of(words: list[Any]) -> list[str]:
    """Our families, in the order of the IBSI; ValueError at a word that is none."""
    wanted = [values.text(word) for word in words]
    if "all" in wanted:
        return list(FAMILIES)
    for word in wanted:
        if word not in FAMILY_OF and word != "none":
            raise ValueError(f"{word!r} is no family of MIRP{nearest(word, FAMILY_OF)}")
    chosen = {FAMILY_OF.get(word) for word in wanted}
    return [family for family in FAMILIES if family in chosen]


def _families(found: Translation, name: str, value: Any, given: Given) -> None:
    families = families_of(values.listed(value))
    if not families:
        raise ValueError(f"is {value!r}, expected a family at least")
    if len(families) < len(FAMILIES):
        found.recipe["families"] = families
    found.keep(name, value, "families")


def _spatial(found: Translation, name: str, value: Any, given: Given) -> None:
    for method in values.listed(value):
        if values.text(method) not in _AGGREGATIONS:
            known = ", ".join(_AGGREGATIONS)
            raise ValueError(f"is {value!r}, expected some of {known}")
    others = [one for one in values.listed(value) if _AGGREGATIONS[one] != "3D merged"]
    reason = ""
    if others:
        reason = (
            "a recipe of its own, by the second engine; the main recipe has 3D merged "
            "texture"
        )
    found.keep(name, value, "aggregation", reason)


def _percentiles(found: Translation, name: str, value: Any, given: Given) -> None:
    same = sorted(values.numbers(value)) == [10, 90]
    reason = "as here" if same else "percentiles are 10 and 90"
    found.drop(name, value, reason, same=same)


def _distance(what: str) -> Handler:
    """A distance of neighbours, 1 alone."""
    return only(1, [1], reason=f"{what} has neighbours at distance 1 alone")


#: The handler of each keyword.
HANDLERS: dict[str, Handler] = {
    "base_feature_families": _families,
    "base_discretisation_method": idle("see the note on its bins"),
    "base_discretisation_n_bins": idle(_BINS),
    "base_discretisation_bin_width": idle(_BINS),
    "stat_percentile": _percentiles,
    "stat_value_shift": only(0, reason="nothing is added to intensities"),
    "ivh_discretisation_method": idle("see the note on its bins"),
    "ivh_discretisation_n_bins": idle(_IVH),
    "ivh_discretisation_bin_width": idle(_IVH),
    "texture_feature_pooling_method": only(
        "average", ["average"], reason="features of several matrices are averaged"
    ),
    "glcm_distance": _distance("the GLCM"),
    "ngldm_distance": _distance("the NGLDM"),
    "ngldm_difference_level": only(
        0, [0], reason="equal grey levels alone are dependent here"
    ),
    **dict.fromkeys(_SPATIAL, _spatial),
}


def finish(found: Translation, given: Given, modality: str | None) -> None:
    """Bins, and recipes for other bins and other texture matrices."""
    bins = list(_all_bins(found, given, modality))
    if not bins:
        bins = [_no_bins(found)]
    name, first = bins[0]
    found.recipe |= first
    for name, other in bins[1:]:
        found.others[name] = {"like": MAIN, **other}
    _read_ivh(found, given)
    _read_aggregations(found, given)


def _all_bins(
    found: Translation, given: Given, modality: str | None
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Settings of the bins of each method, width and number, with a name."""
    for method in values.listed(given.get("base_discretisation_method", [])):
        if method == "fixed_bin_number":
            for n_bins in _given(given, "base_discretisation_n_bins", method):
                number = values.whole(n_bins)
                yield f"bins_{number}", {"discretization": "FBN", "n_bins": number}
                found.keep(f"{method} {number}", number, "n_bins")
        elif method in ("fixed_bin_size", "fixed_bin_size_pyradiomics"):
            for value in _given(given, "base_discretisation_bin_width", method):
                width = values.positive(value)
                section = {"discretization": "FBS", "bin_width": width}
                section |= _start(found, method, width, modality)
                yield f"width_{width:g}".replace(".", "p"), section
        elif method == "none":
            found.drop(
                "base_discretisation_method", method, "levels are always made of bins"
            )
        else:
            raise ValueError(f"base_discretisation_method: {method!r} is no method")


def _given(given: Given, name: str, method: str) -> list[Any]:
    if name not in given:
        raise ValueError(f"{name} is missing; {method} needs it")
    return values.listed(given[name])


def _start(
    found: Translation, method: str, width: float, modality: str | None
) -> dict[str, Any]:
    """Where bins of a fixed size start."""
    setting = f"{method} {width:g}"
    if method == "fixed_bin_size_pyradiomics":
        found.keep(setting, width, "bin_width, bin_start")
        return {"bin_start": "region_minimum"}
    if found.recipe.get("intensity_range", [None])[0] is not None:
        found.keep(setting, width, "bin_width")
        return {}
    if "method" not in found.recipe.get("normalization", {}) and modality in _LOWEST:
        found.keep(
            setting, width, "bin_width, bin_start", f"the default for {modality}"
        )
        return {"bin_start": _LOWEST[modality]}
    found.keep(
        setting,
        width,
        "bin_width, bin_start",
        "no range of intensities says where bins start, and MIRP has a default for CT "
        "(-1000) and PET (0) only; here a multiple of the width below the minimum of "
        "each region. Give bin_start a number",
        same=False,
    )
    return {"bin_start": "region_minimum"}


def _no_bins(found: Translation) -> tuple[str, dict[str, Any]]:
    """Bins of a recipe that measures nothing that depends on them."""
    families = found.recipe.get("families", FAMILIES)
    if set(families) & set(FAMILIES_OF_BINS):
        raise ValueError(
            "base_discretisation_method names no bins; expected fixed_bin_number, "
            "fixed_bin_size or both, as histogram and texture are computed"
        )
    found.drop(
        "base_discretisation_method", None, "no family depends on bins", same=True
    )
    return "", {"discretization": "FBN", "n_bins": 32}


def _read_ivh(found: Translation, given: Given) -> None:
    method = given.get("ivh_discretisation_method", "none")
    if method == "fixed_bin_number":
        found.recipe["ivh_n_bins"] = values.whole(
            given.get("ivh_discretisation_n_bins", 1000)
        )
        found.keep(f"ivh {method}", found.recipe["ivh_n_bins"], "ivh_n_bins")
    elif method == "fixed_bin_size":
        (width,) = _given(given, "ivh_discretisation_bin_width", method)
        if "discretization" in found.recipe and _has_start(found.recipe):
            found.recipe["ivh_bin_width"] = values.positive(width)
            found.keep(f"ivh {method}", width, "ivh_bin_width")
        else:
            found.drop(f"ivh {method}", width, "needs a lowest intensity")
    elif method != "none":
        raise ValueError(f"ivh_discretisation_method: {method!r} is no method")


def _has_start(recipe: Mapping[str, Any]) -> bool:
    low = (recipe.get("intensity_range") or [None])[0]
    return low is not None or isinstance(recipe.get("bin_start"), float)


def _read_aggregations(found: Translation, given: Given) -> None:
    """A recipe for each way to join texture matrices but that of the main recipe."""
    wanted: dict[str, list[str]] = {}
    measured = found.recipe.get("families", list(FAMILIES))
    sliced = values.flag(given.get("by_slice", False))
    for setting, family in _SPATIAL.items():
        default = "2d_slice_merge" if sliced else "3d_volume_merge"
        for method in values.listed(given.get(setting, default)):
            if family in measured and _AGGREGATIONS[method] != "3D merged":
                wanted.setdefault(_AGGREGATIONS[method], []).append(family)
    for aggregation, families in wanted.items():
        name = aggregation.lower().replace(" ", "_").replace("-", "_").replace(".", "_")
        found.others[f"by_{name}"] = {
            "like": MAIN,
            "aggregation": aggregation,
            "families": families,
        }
