"""Settings of MIRP 2 as recipes: one for each `config`, and for each of its bins."""

from collections.abc import Mapping
from typing import Any

from . import mirp_features, mirp_filters, mirp_image
from .mirp_keys import KEYWORDS, unknown
from .translation import MAIN, ForeignSettings, Handler, Note, Translation

#: The handler of each keyword; what filters take is read with them.
HANDLERS: dict[str, Handler] = {
    **mirp_image.HANDLERS,
    **mirp_features.HANDLERS,
    **mirp_filters.HANDLERS,
}

_MODALITIES = {"ct": "CT", "pet": "PT", "pt": "PT", "mr": "MR", "mri": "MR"}


def translated(
    configs: list[dict[str, Any]], path: str, modality: str | None = None
) -> ForeignSettings:
    """The recipes of all configurations of a file.

    Parameters
    ----------
    configs : list of dict
        Values by keyword of MIRP.
    path : str
        The file, for messages.
    modality : str, optional
        CT, MR or PT.

    Raises
    ------
    ConfigError
        If a value makes no sense.
    """
    recipes: dict[str, dict[str, Any]] = {}
    notes: list[Note] = []
    for number, config in enumerate(configs, 1):
        found = _translated(config, path, modality)
        recipes |= _named(found.recipes, _name(config, number) if number > 1 else "")
        notes += found.notes
    return ForeignSettings("mirp", path, recipes, tuple(notes))


def _name(config: Mapping[str, Any], number: int) -> str:
    """Name of a configuration after the first: its own, if it can be one."""
    own = str(config.get("config_str", ""))
    return own if own.isidentifier() and own[0] != "_" else f"config_{number}"


def _named(
    recipes: Mapping[str, dict[str, Any]], prefix: str
) -> dict[str, dict[str, Any]]:
    """The recipes of a configuration under names that start with its own."""
    if not prefix:
        return dict(recipes)
    names = {name: prefix if name == MAIN else f"{prefix}_{name}" for name in recipes}
    found = {names[name]: dict(recipe) for name, recipe in recipes.items()}
    for recipe in found.values():
        if "like" in recipe:
            recipe["like"] = names[recipe["like"]]
    return found


def _translated(
    config: Mapping[str, Any], path: str, modality: str | None
) -> ForeignSettings:
    found = Translation("MIRP", path)
    given = {name: value for name, value in config.items() if value is not None}
    own = _MODALITIES.get(str(given.pop("image_modality", "")).lower())
    for name, value in given.items():
        if name not in KEYWORDS:
            found.drop(name, value, unknown(name))
            continue
        try:
            HANDLERS[name](found, name, value, given)
        except ValueError as error:
            found.fault(name, error)
    if not found.faults:
        _finish(found, given, modality or own)
    return found.result()


def _finish(found: Translation, given: dict[str, Any], modality: str | None) -> None:
    """Read what depends on several keywords, or on one that is not given."""
    try:
        mirp_image.finish(found, given)
        mirp_features.finish(found, given, modality)
        mirp_filters.finish(found, given)
    except ValueError as error:
        found.fault("", error)
