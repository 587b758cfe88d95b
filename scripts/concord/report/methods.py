"""The methods paragraphs, from configuration and tables; no number is typed."""

from collections.abc import Iterator, Mapping
from typing import Any

from ..features.ibsi import MERGED_3D, REGION_MINIMUM
from ..features.recipe.normalization import Normalization
from ..features.settings.filters import FilterSection
from ..features.settings.recipe import RecipeSection
from ..features.settings.regions import RegionSection
from ..figures import labels
from ..figures.labels import FAMILIES
from ..harmonization.settings import HarmonizationSection
from ..models.settings import ArmSection
from ..stability.settings import StabilitySection
from ..variant_names import FORMS as VARIANTS
from . import numbers as n
from .blocks import Section, section, text
from .results import Results
from .sections.imported import given_sentence
from .sections.ingest import n_excluded

_FILTERS = {"log": "Laplacian of Gaussian", "laws": "Laws kernels", "gabor": "Gabor"}
#: Settings of filters that methods name, if they are given.
_CHOICES = (
    "wavelet",
    "subbands",
    "support_voxels",
    "sigma_mm",
    "wavelength_mm",
    "kernels",
    "energy_distance_voxels",
    "orders",
)
_CONTROLS = {
    "shuffled": "voxels of the region in random order",
    "noise": "Gaussian noise in place of the image",
}
_INTERPOLATORS = {
    "cubic": "cubic spline",
    "linear": "trilinear",
    "nearest": "nearest-neighbour",
}


def methods_section(results: Results) -> Section:
    """Methods to paste into a paper; the authors check and sign them."""
    return section("methods", "Methods, drafted", text(*_paragraphs(results)))


def recipe_sentence(name: str, recipe: RecipeSection) -> str:
    """One recipe in words."""
    modality = recipe.modality
    title = name if name == modality else f"{modality}, recipe {name}"
    return f"{title}: {n.listed(_recipe_parts(recipe))}."


def _paragraphs(results: Results) -> Iterator[str]:
    yield _subjects(results)
    if results.starts_from_table:
        yield given_sentence(results)
    if len(results["agreement"]):
        yield _agreement(results)
    yield from (
        f"Features of {recipe_sentence(modality, recipe)}"
        for modality, recipe in sorted(results.settings.recipes.items())
    )
    if results.settings.regions:
        yield _regions(results.settings.regions)
    if len(results["stability"]):
        yield _stability(results)
    if any(a.harmonizer != "none" for a in results.settings.arms.values()):
        yield _harmonization(results)
    yield _models(results)
    yield _validation(results)
    yield _evaluation(results)
    if len(results["prediction_agreement"]):
        yield _readers(results)


def _subjects(results: Results) -> str:
    images = results["acquisition"]
    outcomes = n.listed(
        f"{results.endpoint_label(name)} ({events} events among {known} subjects)"
        for name in results.endpoints
        for events, known in [results.events(name)]
    )
    sentence = (
        f"The study holds {n.plural(len(results.cohort), 'subject')} of "
        f"{n.plural(len(results.sites), 'site')}. Endpoints: {outcomes}."
    )
    if len(images):
        counts = images["modality"].value_counts().sort_index()
        kinds = n.listed(f"{count} {name}" for name, count in counts.items())
        sentence += (
            f" {kinds} images were converted from DICOM; "
            f"{n.plural(n_excluded(results), 'exclusion')} are listed with "
            "their reasons."
        )
    return sentence


def _agreement(results: Results) -> str:
    headline = results.settings.agreement.headline
    definitions = {
        "mesh": "between triangulated surfaces (marching cubes, weighted by area)",
        "voxel": "between the centres of boundary voxels",
    }
    return (
        "Readers were compared by the Dice coefficient and by surface distances "
        f"{definitions[headline]}; HD95 is the larger of the two directed 95th "
        f"percentiles.{_review(results)}"
    )


def _review(results: Results) -> str:
    """How the cases of the review list were chosen."""
    review = results.settings.agreement.review
    if review is None:
        return ""
    return (
        f" Of each site, the {review.n_cases} cases per modality and region in "
        f"which {n.listed(review.readers)} and reader {review.against} agreed "
        "worst, by the mean of the ranks of Dice coefficient and HD95, were listed for "
        "review."
    )


def _regions(regions: Mapping[str, RegionSection]) -> str:
    """Regions made of outlined ones, in words."""
    made = n.listed(
        f"{name} ({_region(settings)})" for name, settings in sorted(regions.items())
    )
    return f"Further regions were made of the outlines of each reader: {made}."


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
    for modality, limits in sorted(settings.intensity_range.items()):
        text += f", in {modality} voxels of {_range(*limits)}"
    if settings.exclude:
        text += f", without {n.listed(settings.exclude)}"
    return text


def _recipe_parts(recipe: RecipeSection) -> Iterator[str]:
    yield from Normalization(**recipe.normalization.model_dump()).describe()
    if recipe.resample_spacing_mm:
        size = " by ".join(
            "its own" if value is None else f"{value:g}"
            for value in recipe.resample_spacing_mm
        )
        filtered = "with" if recipe.anti_alias else "without"
        kind = _INTERPOLATORS[recipe.image_interpolator]
        yield (
            f"resampling to {size} mm ({kind}, {filtered} anti-aliasing; mask at "
            f"{recipe.mask_threshold:g})"
        )
    else:
        yield "no resampling"
    if recipe.round_intensities:
        yield "rounding of intensities to whole numbers"
    if recipe.intensity_range:
        yield f"intensities restricted to {_range(*recipe.intensity_range)}"
    if recipe.outlier_sd:
        yield f"voxels beyond {recipe.outlier_sd:g} SD of the region left out"
    yield _discretization(recipe)
    yield f"families {n.listed(FAMILIES.get(f, f) for f in recipe.families)}"
    if recipe.aggregation != MERGED_3D:
        yield f"texture in {recipe.aggregation} aggregation"
    yield f"regions of at least {recipe.min_voxels} voxels"
    yield from _responses(recipe)
    if recipe.control != "none":
        yield f"as a negative control, {_CONTROLS[recipe.control]}"


def _responses(recipe: RecipeSection) -> Iterator[str]:
    """Filters of a recipe, in words."""
    filters = [_filter(settings) for settings in recipe.filters.values()]
    if filters:
        families = n.listed(FAMILIES.get(f, f) for f in recipe.response_families)
        yield (
            f"response maps of filters of IBSI 2 ({'; '.join(filters)}) in "
            f"{recipe.response_bins} bins, families {families}"
        )


def _filter(settings: FilterSection) -> str:
    """A filter with what was chosen for it, in words."""
    kind = _FILTERS.get(settings.kind, settings.kind.replace("_", " "))
    chosen = [
        f"{key.removesuffix('_mm').replace('_', ' ')} {_values(getattr(settings, key))}"
        + (" mm" if key.endswith("_mm") else "")
        for key in _CHOICES
        if getattr(settings, key) is not None
    ]
    return ", ".join([kind, *chosen])


def _values(value: Any) -> str:
    items = value if isinstance(value, list) else [value]
    return n.listed(
        f"{item:g}" if isinstance(item, float) else str(item) for item in items
    )


def _range(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return f"at least {_plain(low)}" if high is None else f"at most {_plain(high)}"
    return f"{_plain(low)} to {_plain(high)}"


def _plain(value: float | None) -> str:
    """A number with the digits it needs and a true minus sign."""
    return "any" if value is None else f"{value:g}".replace("-", "\N{MINUS SIGN}")


def _discretization(recipe: RecipeSection) -> str:
    if recipe.discretization == "FBN":
        return f"discretization to {recipe.n_bins} bins"
    start = recipe.bin_start
    if start == REGION_MINIMUM:
        return (
            f"discretization in bins of width {recipe.bin_width:g} from the minimum "
            "of the region"
        )
    if start is None and recipe.intensity_range:
        start = recipe.intensity_range[0]
    origin = "" if start is None else f" from {n.decimal(start, 0)}"
    return f"discretization in bins of width {recipe.bin_width:g}{origin}"


def _stability(results: Results) -> str:
    settings = results.settings.stability
    axes = set(results["stability"]["axis"])
    forms = {
        "reader": "ICC(A,1) between readers",
        "retest": "ICC(1,1) between test and retest",
        "perturbation": "ICC(1,1) between perturbations of image and outline",
        "resampling": "ICC(A,1) between voxel spacings",
        "discretization": "ICC(A,1) between discretizations",
    }
    measured = n.listed(forms[axis] for axis in forms if axis in axes)
    deciding = [axis for axis in forms if axis in axes & set(settings.filter_axes)]
    return (
        f"{_variants(results)}Repeated measurements were compared by {measured}. "
        f"A feature is stable if the lower {100 * settings.confidence:g} % bound "
        f"reaches {settings.threshold:g} on every axis that decides "
        f"({n.listed(labels.AXES[axis] for axis in deciding)})."
        f"{_chosen_readers(settings)}"
    )


def _chosen_readers(settings: StabilitySection) -> str:
    names = settings.readers
    return f" Readers were {n.listed(names)}." if names else ""


def _variants(results: Results) -> str:
    """How scans were measured again, in words; empty if none was."""
    settings = results.settings.variants
    axes = set(results["stability"]["axis"]) & set(VARIANTS)
    if settings is None or not axes:
        return ""
    some = settings.subjects_per_site
    whose = f"up to {some} subjects per site" if some else "all subjects"
    ways = n.listed(labels.AXES[axis] for axis in VARIANTS if axis in axes)
    return f"Baseline scans of {whose} were measured again under {ways}. "


def _harmonization(results: Results) -> str:
    settings = results.settings.harmonization
    batches = n.listed(
        f"{modality}: {', then '.join(variables)}"
        for modality, variables in sorted(settings.batch.items())
    )
    kept = n.listed(settings.keep) or "no covariate"
    shrinkage = "parametric empirical Bayes" if settings.empirical_bayes else "no"
    what = "location only" if settings.mean_only else "location and scale"
    arms = results.settings.arms
    others = [a for a in results.arms if _own_rule(arms[a], settings.unseen)]
    exceptions = "".join(
        f"; in “{results.arm_label(arm)}” they {_unseen(str(rule), settings)}"
        for arm, rule in ((arm, arms[arm].unseen) for arm in others)
    )
    unseen = _unseen(settings.unseen, settings) + exceptions
    return (
        f"Harmonized arms used ComBat ({what}, {shrinkage} shrinkage; batch {batches}; "
        f"kept: {kept}), fitted on development rows and applied to evaluation rows. "
        f"Rows of batches with fewer than {settings.min_batch_size} development "
        f"subjects, or with none, {unseen}."
    )


def _own_rule(arm: ArmSection, rule: str | None) -> bool:
    """Whether an arm treats unseen batches otherwise than the study does."""
    return arm.harmonizer != "none" and arm.unseen not in (None, rule)


def _unseen(rule: str, settings: HarmonizationSection) -> str:
    """What happens to rows of unseen batches, in words."""
    return {
        "passthrough": "were left as measured",
        "refuse": "were not scored",
        "adapt": f"were harmonized by what {settings.adapt_subjects} of each batch, "
        "which were not scored, taught without their outcomes",
    }[rule]


def _models(results: Results) -> str:
    arm = results.settings.arms[results.headline]
    kinds = {e.kind for e in results.settings.endpoints.values()}
    names = {"binary": "logistic regression", "survival": "Cox regression"}
    models = n.listed(names[kind] for kind in sorted(kinds))
    if not arm.features:
        return f"The headline arm is {models} on its covariates."
    return (
        f"The headline arm “{results.arm_label(results.headline)}” is {models} with a "
        f"ridge penalty of {arm.penalty:g} per subject on features and none on "
        "covariates. Missing values took the development median; of features with "
        f"absolute rank correlation above {arm.correlation_limit:g} one was kept; "
        f"of the others at most {arm.max_features} with the strongest univariate "
        "relation to the outcome entered the model."
    )


def _validation(results: Results) -> str:
    settings = results.settings.validation
    outcome = results.endpoint_label(settings.stratify_by)
    sentence = (
        f"Models were validated by {settings.repeats} repeats of "
        f"{settings.folds}-fold cross-validation, stratified by {outcome} and group"
    )
    if settings.leave_one_group_out:
        sentence += f", and by leaving each group ({settings.group}) out once"
    return sentence + ". No subject was in development and evaluation of one fold."


def _evaluation(results: Results) -> str:
    metrics = sorted(results["performance"]["metric"].unique())
    words = {
        "auc": "the area under the ROC curve",
        "c_index": "the concordance index",
    }
    measured = n.listed(words.get(name, name) for name in metrics)
    how = n.listed_methods(results["performance"])
    sentence = f"Discrimination was measured by {measured}"
    sentence += f" ({how})." if how else "."
    permutations = results["null"].groupby(["endpoint", "arm", "scheme"]).size()
    if len(permutations):
        sentence += (
            " The analysis of each arm was repeated with the outcome permuted within "
            f"groups ({n.spread(permutations, 0)} permutations, first repeat of each "
            "scheme)."
        )
    if len(results["leakage"]):
        sentence += (
            " For every fold of the headline arm, the evaluation rows were poisoned in "
            f"{n.plural(results['leakage']['attack'].nunique(), 'way')} and the fold "
            "split and fitted again; hashes of all fitted parameters were compared."
        )
    return sentence


def _readers(results: Results) -> str:
    """How predictions by the outlines of several readers were compared."""
    reference = results.settings.study.reference_reader
    others = sorted(set(results["prediction_agreement"]["reader_b"]))
    return (
        f"To see what outlines do to predictions, the models of every fold, fitted to "
        f"outlines of reader {reference}, scored its evaluation subjects by the "
        f"outlines of {n.listed(others)} too, with all that was learnt unchanged. "
        "Differences of the linear predictor were summarized within each repeat by "
        "bias, 95 % limits of agreement (Bland and Altman 1986, "
        "doi:10.1016/S0140-6736(86)90837-8) and the share of subjects of another risk "
        "group (Wilson interval), scores in standard deviations of the development "
        "scores by ICC(A,1), and averaged over repeats."
    )
