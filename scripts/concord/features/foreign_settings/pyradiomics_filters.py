"""Image types of pyradiomics as filters."""

from collections.abc import Mapping
from typing import Any

from ...config_faults import nearest
from ..families import RESPONSE_FAMILIES
from . import values
from .translation import Handler, Translation, idle

#: Settings of image types, which may also stand among those of all.
_SETTINGS = (
    "sigma",
    "wavelet",
    "start_level",
    "level",
    "gradientUseSpacing",
    "lbp2DRadius",
    "lbp2DSamples",
    "lbp2DMethod",
    "lbp3DLevels",
    "lbp3DIcosphereRadius",
    "lbp3DIcosphereSubdivision",
)
_USED = {"LoG": ("sigma",), "Wavelet": ("wavelet", "start_level", "level")}

#: Image types that no filter of a recipe gives.
_WITHOUT = {
    "Square": "the square of the image",
    "SquareRoot": "the square root of the image",
    "Logarithm": "the logarithm of the image",
    "Exponential": "the exponential of the image",
    "Gradient": "the size of the gradient",
    "LBP2D": "local binary patterns in slices",
    "LBP3D": "local binary patterns",
}
_DETAILS = ("LLH", "LHL", "LHH", "HLL", "HLH", "HHL", "HHH")
#: Coarsest level of a wavelet.
MOST_LEVELS = 5

_BINS = (
    "responses are in bins of a fixed number (response_bins), there in bins of binWidth"
)

Settings = Mapping[str, Any]

#: The handler of each setting.
HANDLERS: dict[str, Handler] = dict.fromkeys(
    _SETTINGS, idle("read with the image type that uses it")
)


def finish(found: Translation, images: Settings | None, settings: Settings) -> None:
    """Filters of the recipe."""
    images = {"Original": {}} if images is None else images
    if "Original" not in images:
        found.drop("imageType.Original", "absent", "is always measured", same=True)
    for name, own in images.items():
        setting = f"imageType.{name}"
        try:
            _read_image(found, setting, values.section(own), settings)
        except ValueError as error:
            found.fault(setting, error)
    if "filters" in found.recipe and not found.faults:
        _read_response_families(found, settings)


def _read_image(
    found: Translation, setting: str, own: Settings, settings: Settings
) -> None:
    name = setting.rpartition(".")[2]
    for key, value in own.items():
        if key not in _USED.get(name, ()):
            found.drop(
                f"{setting}.{key}",
                value,
                "a recipe has one value for all of its images: that of `setting`",
            )
    if name == "Original":
        found.keep(setting, dict(own), "original")
    elif name in _WITHOUT:
        found.drop(setting, dict(own), f"{_WITHOUT[name]} is no filter of the IBSI")
    elif name not in _USED:
        known = nearest(name, [*_USED, *_WITHOUT, "Original"])
        found.drop(setting, dict(own), f"no image type of pyradiomics 3{known}")
    elif settings.get("force2D"):
        found.drop(setting, dict(own), "filters run in 3D; there in slices by force2D")
    elif not _is_cube(found.recipe.get("resample_spacing_mm")):
        found.drop(
            setting, dict(own), "filters need a resampledPixelSpacing of equal numbers"
        )
    else:
        read = {"LoG": _read_log, "Wavelet": _read_wavelet}[name]
        read(found, setting, {**settings, **own})


def _is_cube(spacing: list[float | None] | None) -> bool:
    return spacing is not None and len(set(spacing)) == 1


def _read_log(found: Translation, setting: str, settings: Settings) -> None:
    sigma = settings.get("sigma")
    if sigma is None:
        found.drop(setting, sigma, "without sigma no image is made, there as here")
        return
    section = {"kind": "log", "sigma_mm": values.positives(sigma)}
    if found.add_filter(f"{setting}.sigma", sigma, "log", section):
        found.keep(
            f"{setting}.sigma",
            sigma,
            "filters.log",
            "there times sigma squared (in mm2) over the squared spacing, by a "
            f"recursive filter; {_BINS}",
            same=False,
        )


def _read_wavelet(found: Translation, setting: str, settings: Settings) -> None:
    family = settings.get("wavelet") or "coif1"
    first = values.whole(settings.get("start_level") or 0)
    last = first + values.whole(settings.get("level") or 1)
    if last > MOST_LEVELS:
        found.drop(setting, last, f"levels are 1 to {MOST_LEVELS}")
        return
    levels = list(range(first + 1, last + 1))
    section = {"kind": "wavelet", "wavelet": family, "boundary": "periodic"}
    section["levels"] = levels
    value = {"wavelet": family, "levels": levels}
    if len(levels) > 1:
        section["subbands"] = list(_DETAILS)
    if not found.add_filter(setting, value, "wavelet", section):
        return
    if len(levels) > 1:
        coarsest = section | {"levels": levels[-1:], "subbands": ["LLL"]}
        found.add_filter(setting, value, "wavelet_approximation", coarsest)
    found.keep(
        setting,
        value,
        "filters.wavelet",
        f"there on the box around the region, here on the image; {_BINS}",
        same=False,
    )


def _read_response_families(found: Translation, settings: Settings) -> None:
    families = found.recipe["families"]
    chosen = [family for family in families if family in RESPONSE_FAMILIES]
    if not chosen:
        del found.recipe["filters"]
        found.drop("imageType", "filters", "no class is computed of filtered images")
        return
    found.recipe["response_families"] = chosen
    if settings.get("binCount") is not None:
        found.recipe["response_bins"] = values.whole(settings["binCount"])
        found.keep("setting.binCount", settings["binCount"], "response_bins")
