"""Features of one scan measured again: disturbed, on other grids, with other bins."""

from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any

import pandas as pd

from ... import variant_names
from ..extraction.cache import Outcome, cached
from ..extraction.chunk import Extraction
from ..extraction.region_features import region_features
from ..extraction.scans import segmentations
from ..families import FAMILIES_OF_BINS
from ..preparation.regions import Regions
from ..preparation.scan import Segmentation
from ..recipe.columns import RecipeColumns
from ..recipe.recipe import Histogram, Recipe
from ..settings.rules import ScopedSettings
from ..settings.variants import ImageVariants
from . import perturbation as perturbing

STAGE = "measure_variants"


@dataclass(frozen=True)
class Variant:
    """One way to measure a scan again."""

    axis: str  # perturbation, resampling or discretization
    name: str
    recipe: Recipe
    perturbation: perturbing.Perturbation | None = None


@dataclass(frozen=True)
class Scope:
    """Scans that are measured again."""

    subjects: frozenset[str]
    session: str
    reader: str
    seed: int

    @classmethod
    def of(cls, settings: ScopedSettings) -> "Scope":
        """The scope of a job."""
        return cls(
            frozenset(settings.subjects),
            settings.baseline_session,
            settings.reference_reader,
            settings.seed,
        )


def variants_of(section: ImageVariants, recipe: Recipe) -> list[Variant]:
    """The variants of an image for its main recipe."""
    return [
        *(
            Variant("perturbation", one.name, recipe, one)
            for one in perturbing.perturbations(section.perturbations)
        ),
        *_spacings(section.spacings_mm or (), recipe),
        *_bins(section.bins or (), recipe),
    ]


def measure_variants(
    images: pd.DataFrame,
    masks: pd.DataFrame,
    main: RecipeColumns,
    section: ImageVariants,
    scope: Scope,
    code: str,
    regions: Regions | None = None,
) -> Extraction:
    """Features of the variants of a chunk's scans.

    Parameters
    ----------
    images, masks : DataFrame
        Tables of the kinds `images` and `masks`, of one image.
    main : RecipeColumns
        The main recipe of the image.
    section : ImageVariants
        The variants of the image.
    scope : Scope
        Whose scans are measured again.
    code : str
        Fingerprint of the code that computes.
    regions : mapping, optional
        The section `regions`: regions made of others.

    Returns
    -------
    Extraction
        Rows whose session names the variant, see `concord.variant_names`. A
        variant that cannot be measured is an exclusion of its own.
    """
    found = Extraction([main], stage=STAGE)
    every = variants_of(section, main.recipe)
    chosen = masks[in_scope(masks, scope)]
    for segmentation in segmentations(images, chosen, regions or {}, scope.seed):
        if main.measures(segmentation.keys["region"]):
            for variant in every:
                session = variant_names.session_of(
                    scope.session, variant.axis, variant.name
                )
                outcome = _outcome(segmentation, variant, scope.seed, code)
                found.add(segmentation.keys | {"session": session}, {main: outcome})
    return found


def in_scope(masks: pd.DataFrame, scope: Scope) -> Any:
    """Rows of the scans that are measured again."""
    return (
        masks["subject_id"].isin(scope.subjects)
        & (masks["session"] == scope.session)
        & (masks["reader"] == scope.reader)
    )


def _outcome(
    segmentation: Segmentation, variant: Variant, seed: int, code: str
) -> Outcome:
    """Outcome of one variant, from the cache where it is known."""
    more: list[Any] = []
    if variant.perturbation is not None:
        more = [asdict(variant.perturbation), seed, *segmentation.names]
    compute = partial(_measured, segmentation, variant, seed)
    return cached(segmentation, variant.recipe, code, compute, *more)


def _measured(segmentation: Segmentation, variant: Variant, seed: int) -> Outcome:
    """Features of a variant; what sets the scale of the image is not disturbed."""
    if variant.perturbation is not None:
        segmentation = _disturbed(segmentation, variant.perturbation, seed)
    return region_features(segmentation, variant.recipe)


def _disturbed(
    segmentation: Segmentation, perturbation: perturbing.Perturbation, seed: int
) -> Segmentation:
    volume = segmentation.scan.volume
    image, mask = perturbing.perturb(
        volume.array,
        segmentation.mask,
        volume.spacing_mm,
        perturbation,
        seed=seed,
        names=segmentation.names,
    )
    return segmentation.changed(image, mask)


def _spacings(values: Collection[float], recipe: Recipe) -> Iterator[Variant]:
    for value in values:
        other = replace(recipe, resample_spacing_mm=(value,) * 3)
        yield Variant("resampling", f"{value:g}mm", other)


def _bins(values: Collection[float], recipe: Recipe) -> Iterator[Variant]:
    families = tuple(name for name in recipe.families if name in FAMILIES_OF_BINS)
    for value in values:
        if recipe.discretization.method == "FBN":
            bins = Histogram("FBN", n_bins=round(value))
        else:
            bins = replace(recipe.discretization, width=value)
        # Response maps have bins of their own, which do not change.
        other = replace(recipe, discretization=bins, families=families, filters=())
        yield Variant("discretization", f"{bins.method}{value:g}", other)
