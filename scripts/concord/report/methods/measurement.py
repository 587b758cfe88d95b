"""Methods of what was measured: recipes, regions made of others, stability."""

from collections.abc import Mapping

from ...features.settings.recipe import CompleteRecipe
from ...features.settings.regions import RegionSection
from ...figures import labels
from ...methods_clauses import clauses, written
from ...stability.settings import StabilitySection
from ...variant_names import FORMS as VARIANTS
from .. import numbers as n
from ..results import Results

_FORMS = {
    "reader": "ICC(A,1) between readers",
    "retest": "ICC(1,1) between test and retest",
    "perturbation": "ICC(1,1) between perturbations of image and segmentation",
    "resampling": "ICC(A,1) between voxel spacings",
    "discretization": "ICC(A,1) between discretizations",
}


def recipe_sentence(name: str, recipe: CompleteRecipe) -> str:
    """One recipe in words: the clauses of its settings."""
    images = n.listed(sorted(recipe.images)) or name
    title = images if recipe.main else f"{images}, recipe {name}"
    return f"{title}: {n.listed(clauses(recipe, labels.FAMILIES).values())}."


def regions_paragraph(regions: Mapping[str, RegionSection]) -> str:
    """Regions made of segmented ones."""
    made = n.listed(f"{name} ({_region(one)})" for name, one in sorted(regions.items()))
    return f"Further regions were made of the segmentations of each reader: {made}."


def stability_paragraph(results: Results) -> str:
    """Axes on which features were compared, and when one is stable."""
    settings = results.settings.stability
    axes = set(results["stability"]["axis"])
    measured = n.listed(_FORMS[axis] for axis in _FORMS if axis in axes)
    deciding = [axis for axis in _FORMS if axis in axes & set(settings.filter_axes)]
    return (
        f"{_variants(results)}Repeated measurements were compared by {measured}. "
        f"A feature is stable if the lower {100 * settings.confidence:g} % bound "
        f"reaches {settings.threshold:g} on every axis that decides "
        f"({n.listed(labels.AXES[axis] for axis in deciding)})."
        f"{_chosen_readers(settings)}"
    )


def _region(settings: RegionSection) -> str:
    inner, outer = f"{settings.inner_mm:g}", f"{settings.outer_mm:g}"
    of = n.listed(settings.of)
    text = {
        "shell": f"from {inner} mm within to {outer} mm beyond the surface of {of}",
        "core": f"{of} deeper than {inner} mm",
        "inner_rim": f"the outer {inner} mm of {of}",
        "grown": f"{of} and all within {outer} mm of it",
        "union": f"{of} together",
        "difference": f"{settings.of[0]} without {n.listed(settings.of[1:])}",
    }[settings.kind]
    for image, limits in sorted(settings.intensity_range.items()):
        text += f", in {image} voxels of {_range(*limits)}"
    if settings.exclude:
        text += f", without {n.listed(settings.exclude)}"
    return text


def _range(low: float | None, high: float | None) -> str:
    if high is None:
        return "any intensity" if low is None else f"at least {written(low)}"
    return (
        f"at most {written(high)}"
        if low is None
        else f"{written(low)} to " + (written(high))
    )


def _chosen_readers(settings: StabilitySection) -> str:
    names = settings.readers
    return f" Readers were {n.listed(names)}." if names else ""


def _variants(results: Results) -> str:
    """Further measurements of one scan; empty if there was none."""
    settings = results.settings.variants
    axes = set(results["stability"]["axis"]) & set(VARIANTS)
    if settings is None or not axes:
        return ""
    some = settings.subjects_per_site
    whose = f"up to {some} subjects per site" if some else "all subjects"
    ways = n.listed(labels.AXES[axis] for axis in VARIANTS if axis in axes)
    return f"Baseline scans of {whose} were measured again under {ways}. "
