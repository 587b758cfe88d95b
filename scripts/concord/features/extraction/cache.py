"""What was computed once for an image, a mask and a recipe is not computed again."""

import json
import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...files import read_json, write_json
from ...provenance import digest

FOLDER = Path("results", "features", "cache")


@dataclass(frozen=True)
class Outcome:
    """Features of one region, or why it has none."""

    values: dict[str, float] = field(default_factory=dict)  # by column; NaN: undefined
    undefined: dict[str, str] = field(default_factory=dict)  # column: reason
    exclusion: tuple[str, str] | None = None  # code and reason


def key(image_digest: str, mask_digest: str, recipe_hash: str, code: str) -> str:
    """Hash of everything that decides on an outcome."""
    return digest([image_digest, mask_digest, recipe_hash, code], length=32)


def load(name: str, folder: Path = FOLDER) -> Outcome | None:
    """The outcome kept under a key, or None; a damaged file counts as none."""
    try:
        content: dict[str, Any] = read_json(_path(name, folder))
        values = {
            column: math.nan if value is None else value
            for column, value in content["values"].items()
        }
        exclusion = tuple(content["exclusion"]) if content["exclusion"] else None
        return Outcome(values, content["undefined"], exclusion)
    except (FileNotFoundError, json.JSONDecodeError, KeyError, UnicodeDecodeError):
        return None


def save(outcome: Outcome, name: str, folder: Path = FOLDER) -> None:
    """Keep an outcome under a key; floats keep every bit."""
    content = {
        "values": {
            column: None if math.isnan(value) else value
            for column, value in outcome.values.items()
        },
        "undefined": outcome.undefined,
        "exclusion": outcome.exclusion,
    }
    write_json(content, _path(name, folder))


def _path(name: str, folder: Path) -> Path:
    return folder / name[:2] / f"{name}.json"
