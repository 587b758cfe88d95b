"""Images and regions of a subject that are missing, or too small."""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from .applied import Applied, Measured
from .flags import Raised, shown
from .settings import ApplyModel

#: Codes of a region that was left out because it has too few voxels.
TOO_SMALL = ("too_small", "ROI_TOO_SMALL")
_NOT_LISTED = "no sheet lists it"
_NO_VALUE = "all its features are undefined"


def region_sizes(measured: Measured, settings: ApplyModel) -> Mapping[str, pd.Series]:
    """Voxels of each region by subject, by its name as image.region."""
    masks = measured.masks
    if masks is None or masks.empty:
        return {}
    own = masks[
        (masks["session"] == settings.baseline_session)
        & (masks["reader"] == settings.reference_reader)
    ]
    return {
        f"{image}.{region}": part.groupby("subject_id")["voxels"].max()
        for (image, region), part in own.groupby(["image", "region"])
    }


def missing_images(
    applied: Applied,
    values: Mapping[str, float],
    exclusions: pd.DataFrame,
    settings: ApplyModel,
) -> Iterator[Raised]:
    """Flags of images, or single regions, without any feature that the model needs.

    Parameters
    ----------
    applied : Applied
    values : mapping
        Features of the subject by name.
    exclusions : DataFrame
        Rows of kind "exclusions" of the subject; the first that fits tells why.
    settings : ApplyModel
    """
    for image in applied.images:
        regions = applied.regions(image)
        lacking = [
            r for r in regions if not _has_values(applied, f"{image}.{r}", values)
        ]
        if not lacking:
            continue
        for region in [None] if lacking == regions else lacking:
            found = left_out(exclusions, image, region, settings)
            code = found["code"] if found is not None else None
            if region is not None and code is None:
                code = _NO_VALUE
            place = image if region is None else f"{image}.{region}"
            yield Raised(
                "missing_image",
                place,
                _why(code, found),
                f"features of {', '.join(regions if region is None else [region])}",
            )


def tiny_regions(
    applied: Applied,
    subject: str,
    sizes: Mapping[str, pd.Series],
    exclusions: pd.DataFrame,
    settings: ApplyModel,
) -> Iterator[Raised]:
    """Flags of regions of a subject that are smaller than any in development.

    A region that the recipe left out as too small has the flag as well.
    """
    smallest = applied.document.applicability.smallest_region
    for image in applied.images:
        for region in applied.regions(image):
            place = f"{image}.{region}"
            found = left_out(exclusions, image, region, settings)
            if found is not None and found["code"] in TOO_SMALL:
                expected = "as many voxels as the recipe asks for (min_voxels)"
                yield Raised("tiny_region", place, str(found["code"]), expected)
                continue
            size = _size(sizes, place, subject)
            least = smallest.get(place, np.nan)
            if size < least:
                yield Raised(
                    "tiny_region",
                    place,
                    f"{shown(size)} voxels",
                    f"at least {shown(least)} voxels, as in development",
                )


def left_out(
    exclusions: pd.DataFrame, image: str, region: str | None, settings: ApplyModel
) -> pd.Series | None:
    """First row that says why an image, or a region of it, was left out, or None."""
    own = exclusions[
        _equal_or_empty(exclusions["image"], image)
        & _equal_or_empty(exclusions["session"], settings.baseline_session)
        & _equal_or_empty(exclusions["reader"], settings.reference_reader)
    ]
    if region is not None:
        own = own[_equal_or_empty(own["region"], region)]
    # What befell the image itself explains what befell its regions.
    ordered = own.assign(of_region=own["region"].notna()).sort_values(
        "of_region", kind="stable"
    )
    return ordered.iloc[0] if len(ordered) else None


def _equal_or_empty(column: pd.Series, value: str) -> pd.Series:
    return (column.isna() | (column == value)).fillna(True).astype(bool)


def _why(code: str | None, found: pd.Series | None) -> str:
    if found is None:
        return f"missing: {code or _NOT_LISTED}"
    return f"missing: left out by {found['stage']} as {code}"


def _has_values(applied: Applied, place: str, values: Mapping[str, float]) -> bool:
    own = [name for name in applied.features if name.startswith(f"{place}.")]
    return any(np.isfinite(values.get(name, np.nan)) for name in own)


def _size(sizes: Mapping[str, pd.Series], place: str, subject: str) -> float:
    known = sizes.get(place)
    return np.nan if known is None else float(known.get(subject, np.nan))
