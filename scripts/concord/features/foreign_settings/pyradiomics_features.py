"""Feature classes of pyradiomics as families, and its settings of bins and texture."""

from collections.abc import Mapping
from typing import Any

from ...config_faults import nearest
from ..dictionary.foreign_names import by_name
from ..families import DIRECTIONAL_FAMILIES, FAMILIES, TEXTURE_FAMILIES
from . import values
from .pyradiomics_image import in_sd, normalizing
from .translation import MAIN, Handler, Translation, only

#: Families by the class of pyradiomics that holds their features.
CLASSES = {
    "shape": ["morphology"],
    "firstorder": ["statistics", "histogram"],
    "glcm": ["glcm"],
    "glrlm": ["glrlm"],
    "glszm": ["glszm"],
    "gldm": ["ngldm"],
    "ngtdm": ["ngtdm"],
}

#: Width of the bins if a file does not say it, and that of the preset.
DEFAULT_WIDTH = 25.0

Settings = Mapping[str, Any]


def read_classes(found: Translation, classes: Settings | None) -> None:
    """The families of the recipe; without a section, all that pyradiomics has."""
    chosen = set()
    if classes is None:
        chosen = {family for names in CLASSES.values() for family in names}
    for name, features in (classes or {}).items():
        setting = f"featureClass.{name}"
        if name == "shape2D":
            found.drop(setting, features, "shape is that of the region in 3D")
        elif name not in CLASSES:
            found.drop(setting, features, f"no class here{nearest(name, CLASSES)}")
        elif features is None or values.listed(features) == []:
            chosen |= set(CLASSES[name])
            found.keep(setting, features, f"families: {', '.join(CLASSES[name])}")
        else:
            chosen |= _read_features(found, setting, values.listed(features))
    families = [family for family in FAMILIES if family in chosen]
    if not families:
        found.fault("featureClass", f"names none of the classes {', '.join(CLASSES)}")
    found.recipe["families"] = families


def _read_features(found: Translation, setting: str, features: list[Any]) -> set[str]:
    """Families of single features; what they are besides is noted."""
    chosen = set()
    group = setting.rpartition(".")[2]
    for feature in features:
        row = by_name("pyradiomics").get(f"original_{group}_{feature}")
        if row is None:
            found.drop(f"{setting}.{feature}", feature, "no feature of pyradiomics 3")
        elif not row.column:
            found.drop(f"{setting}.{feature}", feature, f"not computed: {row.note}")
        else:
            chosen.add(row.family)
            found.keep(
                f"{setting}.{feature}",
                feature,
                f"families: {row.family}",
                f"the whole family is computed, of it {row.column}"
                + (f"; {row.note}" if row.note else ""),
                same=row.relation == "equal",
            )
    return chosen


def _bin_width(found: Translation, setting: str, value: Any, every: Settings) -> None:
    if every.get("binCount") is not None:
        found.drop(setting, value, "binCount decides, there and here", same=True)
        return
    width = DEFAULT_WIDTH if value is None else values.positive(value)
    width /= normalizing(every) or 1
    if width != DEFAULT_WIDTH:
        found.recipe["bin_width"] = width
    found.keep(setting, value, "bin_width", in_sd(every))


def _bin_count(found: Translation, setting: str, value: Any, every: Settings) -> None:
    if value is None:
        found.drop(setting, value, "off", same=True)
        return
    found.recipe |= {"discretization": "FBN", "n_bins": values.whole(value)}
    found.keep(setting, value, "n_bins")


def _slices(found: Translation, setting: str, value: Any, every: Settings) -> None:
    if not values.flag(value):
        found.drop(setting, value, "in 3D, as here", same=True)
        return
    found.keep(
        setting,
        value,
        "aggregation",
        "texture of slices is the recipe `slices`, by the second engine; the main "
        "recipe stays 3D",
    )


def _slice_axis(found: Translation, setting: str, value: Any, every: Settings) -> None:
    if not every.get("force2D"):
        found.drop(setting, value, "without force2D nothing is done", same=True)
    elif value == 0:
        found.keep(setting, value, "aggregation")
    else:
        found.drop(setting, value, "slices are those of the scan (0)")


def _weights(found: Translation, setting: str, value: Any, every: Settings) -> None:
    if value == "no_weighting":
        found.keep(setting, value, "aggregation")
    elif value is None:
        found.keep(
            setting,
            value,
            "aggregation",
            "GLCM and GLRLM averaged over directions are the recipe `averaged` or "
            "`slices`, by the second engine; the main recipe merges directions",
        )
    else:
        found.drop(
            setting,
            value,
            "directions are not weighed by their length here; merged in their place",
        )


#: The handler of each setting.
HANDLERS: dict[str, Handler] = {
    "binWidth": _bin_width,
    "binCount": _bin_count,
    "voxelArrayShift": only(
        0,
        None,
        reason="nothing is added to intensities: energy and root mean square differ",
    ),
    "force2D": _slices,
    "force2Ddimension": _slice_axis,
    "distances": only(
        [1], None, reason="neighbours are those at distance 1 in GLCM, NGTDM and NGLDM"
    ),
    "symmetricalGLCM": only(True, None, reason="the GLCM is symmetric here"),
    "weightingNorm": _weights,
    "gldm_a": only(0, None, reason="equal grey levels alone are dependent here"),
}


def finish(found: Translation, settings: Settings) -> None:
    """Read defaults that make a difference, and add recipes for other texture.

    That is, for matrices that are not merged over all directions in 3D.
    """
    families = found.recipe["families"]
    if "binWidth" not in settings:
        _bin_width(found, "setting.binWidth (default)", DEFAULT_WIDTH, settings)
    averaged = settings.get("weightingNorm") is None
    directional = [family for family in families if family in DIRECTIONAL_FAMILIES]
    if averaged and directional and "weightingNorm" not in settings:
        _weights(found, "setting.weightingNorm (default)", None, settings)
    if settings.get("force2D"):
        form = "2.5D direction-merged" if averaged else "2.5D merged"
        texture = [family for family in families if family in TEXTURE_FAMILIES]
        found.others["slices"] = _aggregated(found, form, texture)
    elif averaged and directional:
        found.others["averaged"] = _aggregated(found, "3D averaged", directional)


def _aggregated(
    found: Translation, aggregation: str, families: list[str]
) -> dict[str, Any]:
    recipe = {"like": MAIN, "aggregation": aggregation, "families": families}
    if "filters" in found.recipe:
        recipe["response_families"] = families
    return recipe
