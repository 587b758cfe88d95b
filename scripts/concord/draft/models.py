"""Recipes, arms and validation of a draft."""

from collections.abc import Container, Iterable, Mapping
from typing import Any

from .imaging import Imaging
from .outcomes import LEAST_EVENTS
from .people import People
from .predictors import EVENTS_PER_PARAMETER
from .question import Questions
from .sites import LEAST_PER_SITE

_PRESETS = {"CT": "ct_oncology", "PT": "pet", "MR": "mr"}
_ORDER = ("CT", "MR", "PT")
#: Images whose values have a unit, by the beginning of their name.
_QUANTITATIVE = ("ADC", "T1map", "T2map")
#: Slices thicker than this are interpolated a lot by a spacing of 1 mm.
_THICK_MM = 3.0
#: Folds of the cross-validation, and those of a study with few events.
_FOLDS, _FEW_FOLDS = 5, 3
_DEFAULT_FEATURES = 5


def recipes(
    imaging: Imaging,
    thickness_mm: Mapping[str, float],
    given: Container[str],
    questions: Questions,
) -> dict[str, Any]:
    """One recipe per modality without settings of its own: a preset.

    Parameters
    ----------
    thickness_mm : mapping of float
        Median slice thickness of each modality.
    given : container of str
        Modalities that have recipes already.
    """
    present = set(imaging.modality_of.values())
    found: dict[str, Any] = {}
    regions = {row["region"] for row in imaging.masks}
    for modality in (m for m in _ORDER if m in present and m not in given):
        preset = _PRESETS[modality]
        found[modality] = {"preset": preset}
        if len(regions) > 1:
            found[modality]["regions"] = [imaging.region]
        questions.check(f"recipes.{modality}", f"the preset {preset!r}")
        thick = thickness_mm.get(modality, 0.0)
        if thick > _THICK_MM and modality != "PT":
            questions.ask(
                f"recipes.{modality}",
                f"slices are {thick:.3g} mm thick, the preset resamples to 1 mm; a "
                "coarser resample_spacing_mm, or slices kept, may suit better",
            )
    _ask_about_units(imaging, questions)
    return found


def _ask_about_units(imaging: Imaging, questions: Questions) -> None:
    for name, modality in imaging.modality_of.items():
        if modality == "MR" and name.startswith(_QUANTITATIVE):
            questions.ask(
                "recipes",
                f"{name} has values with a unit: declare it in images.{name}.unit and "
                f"give recipes.{name} without normalization",
            )


def harmonization(imaging: Imaging) -> dict[str, Any]:
    """The batch of every modality: the site."""
    present = set(imaging.modality_of.values())
    return {"batch": {m: ["site"] for m in _ORDER if m in present}}


def arms(features: str, volume: str, of: People) -> dict[str, dict[str, Any]]:
    """Arms of a study: clinical, volume, site, radiomics, harmonized, combined.

    Parameters
    ----------
    features, volume : str
        Pattern of the features, and of the volume; an empty one leaves its arm out.
    of : People
        The subjects, whose sites and events decide about arms and their sizes.
    """
    several_sites = len(of.sites.sizes) > 1
    most = min(_DEFAULT_FEATURES, max(1, of.events // EVENTS_PER_PARAMETER))
    covariates: dict[str, Any] = {"covariates": of.predictors.chosen}
    radiomics: dict[str, Any] = {"features": [features]}
    if most < _DEFAULT_FEATURES:
        radiomics["max_features"] = most
    harmonized = radiomics | ({"harmonizer": "combat"} if several_sites else {})
    alone: dict[str, Any] = {"features": [volume], "stability_filter": False}
    found: dict[str, dict[str, Any]] = {
        "clinical": covariates | {"label": "Clinical"},
        "volume": alone | {"label": "Volume"},
        "site": {"group_indicator": True, "label": "Site only"},
        "radiomics": radiomics | {"label": "Radiomics"},
        "harmonized": harmonized | {"label": "Radiomics with ComBat"},
        "combined": covariates | harmonized | {"label": "Clinical + radiomics"},
    }
    unfit = {
        "clinical": not of.predictors.chosen,
        "combined": not of.predictors.chosen,
        "volume": not volume,
        "site": not several_sites,
        "harmonized": not several_sites,
    }
    return {name: arm for name, arm in found.items() if not unfit.get(name)}


def validation(of: People, ask: Questions) -> dict[str, Any]:
    """Folds of the cross-validation, and whether each site is left out in turn."""
    primary, sites = of.endpoints.primary, of.sites
    found: dict[str, Any] = {}
    if primary and of.events < 2 * _FOLDS:
        found["folds"] = _FEW_FOLDS
        said = f"{primary} has {of.events} events to learn from"
        ask.check("validation", f"{_FEW_FOLDS} folds, as {said}")
    events_at = of.events_at_sites()
    if len(sites.sizes) < 2:
        found["leave_one_group_out"] = False
    elif not _leaves_enough(of):
        found["leave_one_group_out"] = False
        counts = "; ".join(
            f"{name} {n} subjects, {events_at.get(name, 0)} events"
            for name, n in sorted(sites.sizes.items())
        )
        ask.check("validation", f"sites too small to be left out in turn ({counts})")
    return found


def _leaves_enough(of: People) -> bool:
    """True if models can be learnt without any one of the sites."""
    return all(
        size >= LEAST_PER_SITE and of.events_without(name) >= LEAST_EVENTS
        for name, size in of.sites.sizes.items()
    )


def evaluation(arms: Iterable[str], of: People) -> dict[str, Any]:
    """The radiomics arm against the clinical one, or against the next simplest.

    The clinical model of all covariates is declined where events carry only some.
    """
    names, predictors = list(arms), of.predictors
    reference = next(n for n in ("clinical", "volume", "site", *names) if n in names)
    found: dict[str, Any] = {"headline_arm": "radiomics", "reference_arm": reference}
    chosen, every = len(predictors.chosen), len(predictors.covariates)
    if chosen < every:
        reason = f"{of.events} events carry {chosen} of {every} covariates"
        found["decline_company"] = {"clinical": reason}
    return found
