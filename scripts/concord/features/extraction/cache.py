"""Content-addressed cache of feature values, keyed by image, mask, recipe and code."""

import json
import logging
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...errors import raise_run_fault
from ...files import read_json, write_text
from ...provenance import digest
from ..errors import UnusableRegion, coded
from ..preparation.scan import Segmentation
from ..recipe.recipe import Recipe

FOLDER = Path("results", "features", "cache")

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    """Features of one region, or why it has none."""

    values: dict[str, float] = field(default_factory=dict)  # by column; NaN: undefined
    undefined: dict[str, str] = field(default_factory=dict)  # column: reason
    exclusion: tuple[str, str] | None = None  # code and reason


def cached(
    segmentation: Segmentation,
    recipe: Recipe,
    code: str,
    compute: Callable[[], Outcome],
    *more: Any,
) -> Outcome:
    """An outcome from the cache, or computed and stored unless it is a failure.

    Parameters
    ----------
    segmentation : Segmentation
        Mask and image, not read if the outcome is known.
    recipe : Recipe
        How it is measured.
    code : str
        Fingerprint of the code that computes.
    compute : callable
        Computes it.
    *more
        What else decides on the outcome.
    """
    reference = segmentation.reference(recipe)
    settings = [recipe.hash(), reference.digest if reference else "", *more]
    image, mask = segmentation.scan.digest, segmentation.digest
    name = key(image, mask, digest(settings), code)
    outcome = load(name)
    if outcome is None:
        outcome, lasting = _attempted(segmentation.path, compute)
        if lasting:
            save(outcome, name)
    return outcome


def _attempted(path: str, compute: Callable[[], Outcome]) -> tuple[Outcome, bool]:
    """An outcome, and whether it may be stored for another run."""
    try:
        return compute(), True
    except Exception as error:
        raise_run_fault(error, path)
        code, _ = exclusion = coded(error)
        if code == "failed":
            _LOG.exception("%s cannot be measured", path)
        return Outcome(exclusion=exclusion), isinstance(error, UnusableRegion)


def key(image_digest: str, mask_digest: str, recipe_hash: str, code: str) -> str:
    """Hash of everything that decides on an outcome."""
    return digest([image_digest, mask_digest, recipe_hash, code], length=32)


def load(name: str, folder: Path = FOLDER) -> Outcome | None:
    """The outcome stored under a key, or None; a damaged file counts as none."""
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
    """Store an outcome under a key; floats keep every bit."""
    content = {
        "values": {
            column: None if math.isnan(value) else value
            for column, value in outcome.values.items()
        },
        "undefined": outcome.undefined,
        "exclusion": outcome.exclusion,
    }
    write_text(json.dumps(content), _path(name, folder))


def _path(name: str, folder: Path) -> Path:
    return folder / name[:2] / f"{name}.json"
