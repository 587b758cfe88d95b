"""A configuration with other values of some keys, as it would have been read."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from ...features.feature_name import of_main_recipe
from ...features.ibsi import RECIPE_SIGN
from ...provenance import canonical_json

#: Section whose alternatives are names of recipes in place of the main one.
RECIPES = "recipes"


def with_values(raw: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of a configuration with other values by dotted key, without multiverse."""
    changed = deepcopy({key: one for key, one in raw.items() if key != "multiverse"})
    recipes = {}
    for key, value in changes.items():
        first, _, rest = key.partition(".")
        if first == RECIPES:
            recipes[rest] = str(value)
        else:
            _set(changed, key.split("."), deepcopy(value))
    # Patterns may be alternatives themselves, so recipes come last.
    for image, recipe in recipes.items():
        _take_from(changed, image, recipe)
    return changed


def text_of(value: Any) -> str:
    """Value as figures and tables name it."""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value) or "none"
    return canonical_json(value)


def _set(section: dict[str, Any], parts: list[str], value: Any) -> None:
    for part in parts[:-1]:
        if not isinstance(section.get(part), dict):
            section[part] = {}
        section = section[part]
    section[parts[-1]] = value


def _take_from(raw: dict[str, Any], image: str, recipe: str) -> None:
    """Let all arms take features of an image from another recipe than the main one."""
    for arm in raw.get("arms", {}).values():
        if isinstance(arm, dict) and isinstance(arm.get("features"), list):
            arm["features"] = [_renamed(one, image, recipe) for one in arm["features"]]


def _renamed(pattern: Any, image: str, recipe: str) -> Any:
    """Pattern of features of another recipe, if it names those of the main one."""
    parts = str(pattern).split(".")
    if parts[0] != image or not of_main_recipe(str(pattern)):
        return pattern
    parts += ["*"] * (3 - len(parts))
    parts[2] += f"{RECIPE_SIGN}{recipe}"
    return ".".join(parts if len(parts) > 3 else [*parts, "*"])
