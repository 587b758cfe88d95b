"""Parameter files of pyradiomics as recipes.

Defaults are those of pyradiomics 3: what a file does not give is taken from the preset
`pyradiomics_like`.

References
----------
van Griethuysen JJM et al. Cancer Res 2017;77:e104.
doi:10.1158/0008-5472.CAN-17-0339
"""

from collections.abc import Mapping
from typing import Any

from ...config_faults import nearest
from . import pyradiomics_features, pyradiomics_filters, pyradiomics_image, values
from .translation import ForeignSettings, Handler, Translation

SECTIONS = ("imageType", "featureClass", "setting", "voxelSetting")

#: Names of sections in files of pyradiomics 1.
_EARLIER = {"inputImage": "imageType"}

#: Names that tell a file of pyradiomics.
KNOWN = (*SECTIONS, *_EARLIER)

#: The handler of each setting of pyradiomics 3.
HANDLERS: dict[str, Handler] = {
    **pyradiomics_image.HANDLERS,
    **pyradiomics_features.HANDLERS,
    **pyradiomics_filters.HANDLERS,
}

Settings = Mapping[str, Any]


def translated(content: Mapping[str, Any], path: str) -> ForeignSettings:
    """The recipes of a parameter file.

    Parameters
    ----------
    content : mapping
        The file as read.
    path : str
        Its name, for messages.

    Raises
    ------
    ConfigError
        If a value makes no sense.
    """
    found = Translation("pyradiomics", path, {"preset": "pyradiomics_like"})
    parts = {}
    for name, part in content.items():
        name = _EARLIER.get(name, name)
        if name not in SECTIONS:
            found.drop(
                name, part, f"no section of pyradiomics{nearest(name, SECTIONS)}"
            )
            continue
        try:
            parts[name] = values.section(part)
        except ValueError as error:
            found.fault(name, error)
    settings = parts.get("setting", {})
    _read_settings(found, settings)
    _read_voxel_settings(found, parts.get("voxelSetting", {}))
    pyradiomics_features.read_classes(found, parts.get("featureClass"))
    pyradiomics_filters.finish(found, parts.get("imageType"), settings)
    if not found.faults:
        pyradiomics_features.finish(found, settings)
    return found.result()


def _read_settings(found: Translation, settings: Settings) -> None:
    for name, value in settings.items():
        setting = f"setting.{name}"
        handler = HANDLERS.get(name)
        if handler is None:
            known = nearest(name, HANDLERS)
            found.drop(setting, value, f"no setting of pyradiomics 3{known}")
            continue
        try:
            handler(found, setting, value, settings)
        except ValueError as error:
            found.fault(setting, error)


def _read_voxel_settings(found: Translation, settings: Settings) -> None:
    for name, value in settings.items():
        found.drop(
            f"voxelSetting.{name}",
            value,
            "no part of a recipe; features around every voxel are the section "
            "feature_maps",
        )
