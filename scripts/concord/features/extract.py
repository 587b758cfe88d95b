"""Features of all regions of a chunk of subjects, by all recipes of a modality."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

import numpy as np
import pandas as pd

from .. import images as volumes
from ..errors import GridMismatchError, StudyError
from ..table_kinds import FEATURE_KEYS
from . import cache
from .matrix import feature_matrix
from .measuring import Subject, measured
from .plan import Plan
from .preparation import UnusableRegion

STAGE = "extract_features"

_LOG = logging.getLogger(__name__)


@dataclass
class Extraction:
    """Rows of the three tables of a chunk."""

    plans: list[Plan]
    stage: str = STAGE
    rows: list[dict[str, Any]] = field(default_factory=list)
    undefined: list[dict[str, Any]] = field(default_factory=list)
    exclusions: list[dict[str, Any]] = field(default_factory=list)

    def matrix(self) -> pd.DataFrame:
        """The feature matrix, sorted by its keys."""
        columns = [column for plan in self.plans for column in plan.columns()]
        return feature_matrix(self.rows, columns)

    def add(self, keys: dict[str, Any], outcomes: dict[Plan, cache.Outcome]) -> None:
        """Add the outcomes of one region; without the main one there is no row."""
        if not outcomes:
            return
        main = next(iter(outcomes.values()))
        if main.exclusion:
            code, reason = main.exclusion
            known = {name: value for name, value in keys.items() if name != "site"}
            self.exclusions.append(
                {"stage": self.stage, **known, "code": code, "reason": reason}
            )
            return
        row = dict(keys)
        for plan, outcome in outcomes.items():
            row |= {plan.named(name): v for name, v in outcome.values.items()}
            self.undefined += [
                {**keys, "column": column, "reason": reason}
                for column, reason in _reasons(plan, outcome).items()
            ]
        self.rows.append(row)


def _reasons(plan: Plan, outcome: cache.Outcome) -> dict[str, str]:
    """Why columns of a recipe are undefined."""
    if outcome.exclusion:
        code, reason = outcome.exclusion
        return dict.fromkeys(plan.columns(), f"{code}: {reason}")
    return {plan.named(name): reason for name, reason in outcome.undefined.items()}


def extract(
    images: pd.DataFrame, masks: pd.DataFrame, plans: list[Plan], code: str
) -> Extraction:
    """Features of every mask of a chunk; a fault costs one region, not the chunk.

    Parameters
    ----------
    images, masks : DataFrame
        Tables of the kinds `images` and `masks`, of one modality.
    plans : list of Plan
        The recipes of the modality, the main one first.
    code : str
        Fingerprint of the code that computes, part of the key of the cache.

    Returns
    -------
    Extraction
        Feature rows, undefined values and excluded regions. The same for a region
        whatever else is in the chunk, and whether it comes from the cache or not.
        A region that the main recipe cannot use is excluded; what another recipe
        cannot use is undefined, with the reason.
    """
    extraction = Extraction(plans)
    for source, image_masks in by_image(images, masks):
        for mask in image_masks:
            outline = Outline(source, mask)
            extraction.add(outline.keys, _outcomes(outline, plans, code))
    return extraction


class Image:
    """An image that is read when a mask first needs it."""

    def __init__(self, row: dict[str, Any] | None) -> None:
        self.row = row
        self.digest = row["digest"] if row else ""

    @cached_property
    def volume(self) -> volumes.Volume:
        """The voxels."""
        if self.row is None:
            raise StudyError("the image of this mask is not in the table of images")
        return volumes.read(self.row["path"])


class Outline:
    """A mask on the grid of its image, read when a recipe first needs it."""

    def __init__(self, source: Image, row: dict[str, Any]) -> None:
        self.source, self.row = source, row
        self.digest = row["digest"]
        self.keys = {name: row[name] for name in FEATURE_KEYS}

    @cached_property
    def subject(self) -> Subject:
        """Image and mask together."""
        volume = self.source.volume
        outline = volumes.read_mask(self.row["path"])
        volumes.require_same_grid(volume, outline)
        return Subject(volume, np.asarray(outline.array, dtype=bool))


def by_image(
    images: pd.DataFrame, masks: pd.DataFrame
) -> Iterator[tuple[Image, list[dict[str, Any]]]]:
    """Each image that has masks, and its masks, sorted."""
    names = ["subject_id", "session", "modality"]
    rows = {tuple(row[name] for name in names): row for row in _records(images)}
    ordered = masks.sort_values(list(FEATURE_KEYS), kind="stable")
    for image_key, group in ordered.groupby(names, sort=True):
        yield Image(rows.get(image_key)), _records(group)


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {str(name): value for name, value in row.items()}
        for row in table.to_dict("records")
    ]


def _outcomes(
    outline: Outline, plans: list[Plan], code: str
) -> dict[Plan, cache.Outcome]:
    """What each recipe finds in one region, from the cache where it is known."""
    return {
        plan: kept(
            outline,
            plan.recipe.hash(),
            code,
            partial(_measured, outline, plan),
        )
        for plan in plans
        if plan.measures(outline.keys["region"])
    }


def _measured(outline: Outline, plan: Plan) -> cache.Outcome:
    return measured(outline.subject, plan.recipe)


def kept(
    outline: Outline, recipe: str, code: str, compute: Callable[[], cache.Outcome]
) -> cache.Outcome:
    """An outcome from the cache, or computed and kept unless it is a failure.

    Parameters
    ----------
    outline : Outline
        Image and mask, not read if the outcome is known.
    recipe, code : str
        Hashes of all else that decides on the outcome.
    compute : callable
        Computes it.
    """
    name = cache.key(outline.source.digest, outline.digest, recipe, code)
    outcome = cache.load(name)
    if outcome is None:
        outcome, lasting = _attempted(outline, compute)
        if lasting:
            cache.save(outcome, name)
    return outcome


def _attempted(
    outline: Outline, compute: Callable[[], cache.Outcome]
) -> tuple[cache.Outcome, bool]:
    """An outcome, and whether it may be kept for another run."""
    try:
        return compute(), True
    except GridMismatchError as error:
        return cache.Outcome(exclusion=("grid_mismatch", str(error))), False
    except UnusableRegion as error:
        return cache.Outcome(exclusion=(error.code, str(error))), True
    except MemoryError:  # a machine's limit, not a fault of the subject
        raise
    except Exception as error:
        _LOG.exception("%s cannot be measured", outline.row["path"])
        reason = f"{type(error).__name__}: {error}"
        return cache.Outcome(exclusion=("failed", reason)), False
