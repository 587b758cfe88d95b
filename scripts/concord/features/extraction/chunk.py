"""Features of all regions of a chunk of subjects, by all recipes of an image."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pandas as pd

from ...errors import GridMismatchError
from ...provenance import digest
from ..engines.pictologics import measure
from ..errors import UnusableRegion
from ..recipe.columns import Plan
from ..recipe.recipe import Recipe
from . import cache
from .matrix import feature_matrix
from .region_features import Engine, measured
from .scans import Outline, outlines

STAGE = "extract_features"

_LOG = logging.getLogger(__name__)


@dataclass
class Extraction:
    """Rows of the three tables of a chunk."""

    plans: list[Plan]
    stage: str = STAGE
    with_main: bool = True  # the first recipe decides whether a region has a row
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
        if self.with_main and main.exclusion:
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
                for column, reason in sorted(_reasons(plan, outcome).items())
            ]
        self.rows.append(row)


def _reasons(plan: Plan, outcome: cache.Outcome) -> dict[str, str]:
    """Why columns of a recipe are undefined."""
    if outcome.exclusion:
        code, reason = outcome.exclusion
        return dict.fromkeys(plan.columns(), f"{code}: {reason}")
    return {plan.named(name): reason for name, reason in outcome.undefined.items()}


def extract(
    images: pd.DataFrame,
    masks: pd.DataFrame,
    plans: list[Plan],
    code: str,
    regions: Mapping[str, Mapping[str, Any]] | None = None,
    seed: int = 0,
    engine: Engine | None = None,
) -> Extraction:
    """Features of every mask of a chunk; a fault costs one region, not the chunk.

    Parameters
    ----------
    images, masks : DataFrame
        Tables of the kinds `images` and `masks`, of one image.
    plans : list of Plan
        The recipes of the image, the main one first.
    code : str
        Fingerprint of the code that computes, part of the key of the cache.
    regions : mapping, optional
        The section `regions`: regions made of outlined ones.
    seed : int, default=0
        Seed of the study; only negative controls are random.
    engine : callable, optional
        Another engine, for recipes besides the main one.

    Returns
    -------
    Extraction
        Feature rows, undefined values and excluded regions. The same for a region
        whatever else is in the chunk, and whether it comes from the cache or not.
        A region that the main recipe cannot use is excluded; what another recipe
        cannot use is undefined, with the reason.
    """
    extraction = Extraction(plans, with_main=engine is None)
    for outline in outlines(images, masks, regions or {}, seed):
        extraction.add(outline.keys, _outcomes(outline, plans, code, engine or measure))
    return extraction


def _outcomes(
    outline: Outline, plans: list[Plan], code: str, engine: Engine
) -> dict[Plan, cache.Outcome]:
    """What each recipe finds in one region, from the cache where it is known."""
    return {
        plan: kept(
            outline,
            plan.recipe,
            code,
            partial(measured_by, outline, plan, engine),
            *_randomness(outline, plan),
        )
        for plan in plans
        if plan.measures(outline.keys["region"])
    }


def _randomness(outline: Outline, plan: Plan) -> list[Any]:
    """What the random numbers of a negative control depend on."""
    if plan.recipe.control == "none":
        return []
    return [outline.source.seed, *outline.names]


def measured_by(outline: Outline, plan: Plan, engine: Engine) -> cache.Outcome:
    """All values of a recipe for an outline."""
    mask = outline.reference_mask(plan.recipe.normalization.reference_region)
    return measured(outline.subject, plan.recipe, mask, engine)


def kept(
    outline: Outline,
    recipe: Recipe,
    code: str,
    compute: Callable[[], cache.Outcome],
    *more: Any,
) -> cache.Outcome:
    """An outcome from the cache, or computed and kept unless it is a failure.

    Parameters
    ----------
    outline : Outline
        Image and mask, not read if the outcome is known.
    recipe : Recipe
        How it is measured.
    code : str
        Fingerprint of the code that computes.
    compute : callable
        Computes it.
    *more
        What else decides on the outcome.
    """
    reference = outline.reference(recipe.normalization.reference_region)
    settings = [recipe.hash(), reference.digest if reference else "", *more]
    name = cache.key(outline.source.digest, outline.digest, digest(settings), code)
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
        _LOG.exception("%s cannot be measured", outline.path)
        reason = f"{type(error).__name__}: {error}"
        return cache.Outcome(exclusion=("failed", reason)), False
