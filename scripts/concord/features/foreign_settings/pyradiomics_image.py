"""Settings of pyradiomics on the image and its region, before features are computed."""

from collections.abc import Mapping
from typing import Any

from . import values
from .translation import Handler, Translation, idle, only

_INTERPOLATORS = {
    "sitkBSpline": "cubic",
    "sitkLinear": "linear",
    "sitkNearestNeighbor": "nearest",
    3: "cubic",
    2: "linear",
    1: "nearest",
}
_GRID = (
    "the grid there starts at the corner of the image and the mask is interpolated "
    "by the nearest voxel; here the centre of the image is kept and the mask is "
    "interpolated linearly (mask_threshold). The spline there ends in the type of the "
    "image, whole numbers for a CT"
)

Settings = Mapping[str, Any]


def normalizing(settings: Settings) -> float | None:
    """Factor of a normalized image; None if the image is not normalized."""
    if not settings.get("normalize"):
        return None
    try:
        return values.positive(settings.get("normalizeScale") or 1)
    except ValueError as error:
        raise ValueError(f"normalizeScale {error}") from None


def in_sd(every: Settings) -> str:
    """A remark on intensities that are scaled in another way."""
    scale = normalizing(every)
    if scale in (None, 1):
        return ""
    return f"divided by normalizeScale, {scale:g}: intensities are in SD here"


def _spacing(found: Translation, setting: str, value: Any, every: Settings) -> None:
    if value is None or ("interpolator" in every and every["interpolator"] is None):
        found.drop(setting, value, "no resampling, as here", same=True)
        return
    spacing = values.numbers(value)
    if len(spacing) != 3 or min(spacing) < 0:
        raise ValueError(f"is {value!r}, expected three numbers of mm, 0 or more")
    if not any(spacing):
        found.drop(setting, value, "no resampling, as here", same=True)
    elif 0 in spacing[:2]:
        found.drop(
            setting, value, "0 keeps the grid of one axis; here only that of z can be"
        )
    else:
        x, y, z = spacing
        found.recipe["resample_spacing_mm"] = [x, y, z or None]
        found.keep(setting, value, "resample_spacing_mm", _GRID, same=False)


def _interpolator(
    found: Translation, setting: str, value: Any, every: Settings
) -> None:
    if value is None or every.get("resampledPixelSpacing") is None:
        found.drop(setting, value, "nothing is resampled", same=True)
        return
    ours = _INTERPOLATORS.get(value if isinstance(value, str) else values.whole(value))
    if ours is None:
        found.drop(
            setting, value, f"not offered; cubic in its place, known: {_known()}"
        )
        return
    if ours != "cubic":
        found.recipe["image_interpolator"] = ours
    found.keep(setting, value, "image_interpolator")


def _known() -> str:
    return ", ".join(name for name in _INTERPOLATORS if isinstance(name, str))


def _normalize(found: Translation, setting: str, value: Any, every: Settings) -> None:
    if not values.flag(value):
        found.drop(setting, value, "off, as here", same=True)
        return
    found.recipe["normalization"] = {"method": "zscore", "scale_from": "image"}
    found.keep(
        setting,
        value,
        "normalization",
        "the SD there is that of a sample (n - 1), here that of the voxels (n): for "
        "10,000 voxels 0.005 % apart",
        same=False,
    )


def _scale(found: Translation, setting: str, value: Any, every: Settings) -> None:
    scale = normalizing(every)
    if scale in (None, 1):
        found.drop(setting, value, "multiplies nothing", same=True)
        return
    found.keep(
        setting,
        value,
        "bin_width, intensity_range",
        f"intensities are not multiplied by {scale:g} but stay in SD; bins and ranges "
        "are divided by it. Texture and shape are the same; statistics are smaller by "
        f"{scale:g}, a variance or energy by its square",
        same=False,
    )


def _outliers(found: Translation, setting: str, value: Any, every: Settings) -> None:
    if value is None or normalizing(every) is None:
        found.drop(setting, value, "off, as here", same=True)
        return
    found.drop(
        setting,
        value,
        f"voxels beyond {value} SD are set to {value} SD there; here none are changed. "
        "outlier_sd leaves those of the region out",
    )


def _range(found: Translation, setting: str, value: Any, every: Settings) -> None:
    mode = every.get("resegmentMode", "absolute")
    if value is None:
        found.drop(setting, value, "off, as here", same=True)
        return
    low, high = values.bounds(value)
    if mode == "sigma" and low is not None and high == -low:
        found.recipe["outlier_sd"] = high
        found.keep(setting, value, "outlier_sd")
    elif mode == "absolute":
        scale = normalizing(every) or 1
        ends = [end if end is None else end / scale for end in (low, high)]
        found.recipe["intensity_range"] = ends
        found.keep(setting, value, "intensity_range", in_sd(every))
    else:
        found.drop(
            setting,
            value,
            f"no range that depends on the region by mode {mode!r} can be had, but as "
            "many SD below the mean as above it (outlier_sd)",
        )


def _mode(found: Translation, setting: str, value: Any, every: Settings) -> None:
    if value not in ("absolute", "relative", "sigma"):
        raise ValueError(f"is {value!r}, expected absolute, relative or sigma")
    if every.get("resegmentRange") is None:
        found.drop(setting, value, "without resegmentRange nothing is done", same=True)
        return
    key = {"absolute": "intensity_range", "sigma": "outlier_sd"}.get(value)
    if key is None:
        found.drop(setting, value, "ranges relative to the maximum cannot be had")
    else:
        found.keep(setting, value, key)


def _least_voxels(
    found: Translation, setting: str, value: Any, every: Settings
) -> None:
    if value is None:
        found.drop(setting, value, "off, as here", same=True)
        return
    found.recipe["min_voxels"] = values.whole(value) + 1
    found.keep(
        setting,
        value,
        "min_voxels",
        "there a region of as many voxels is too small, so the least number is one "
        "more; here voxels count after resampling",
        same=every.get("resampledPixelSpacing") is None,
    )


def _label(found: Translation, setting: str, value: Any, every: Settings) -> None:
    found.keep(
        setting,
        value,
        "column roi of the sheet of masks",
        "the label of the region in a label map",
    )


#: The handler of each setting.
HANDLERS: dict[str, Handler] = {
    "resampledPixelSpacing": _spacing,
    "interpolator": _interpolator,
    "padDistance": idle("the margin around a region is as wide as each filter needs"),
    "normalize": _normalize,
    "normalizeScale": _scale,
    "removeOutliers": _outliers,
    "resegmentRange": _range,
    "resegmentMode": _mode,
    "resegmentShape": only(
        False, None, reason="shape is that of the segmentation, whatever the range"
    ),
    "minimumROIDimensions": idle(
        "excludes flat regions there; here they are measured, and what is not defined "
        "for them is missing with the reason"
    ),
    "minimumROISize": _least_voxels,
    "geometryTolerance": idle("grids are compared by ingest, docs/segmentations.md"),
    "correctMask": idle(
        "masks on another grid are the choice ingest.resample_masks, "
        "docs/segmentations.md"
    ),
    "additionalInfo": idle("settings and versions always stand in dictionary.json"),
    "label": _label,
    "label_channel": only(0, None, reason="a mask of one channel is expected"),
    "preCrop": idle("regions are always cropped, with the margin that filters need"),
    "enableCExtensions": idle("no such choice here"),
    "verbose": idle("no such choice here"),
}
