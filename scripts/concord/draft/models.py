"""Recipes, arms and validation of a draft."""

from collections.abc import Iterable, Mapping
from typing import Any

from .imaging import Imaging
from .outcomes import LEAST_EVENTS, Outcomes
from .predictors import EVENTS_PER_PARAMETER
from .question import Questions
from .sites import LEAST_PER_SITE, Sites

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
    imaging: Imaging, thickness_mm: Mapping[str, float], questions: Questions
) -> dict[str, Any]:
    """One recipe per modality: the preset of published practice."""
    present = set(imaging.modality_of.values())
    found: dict[str, Any] = {}
    regions = {row["region"] for row in imaging.masks}
    for modality in (m for m in _ORDER if m in present):
        found[modality] = {"preset": _PRESETS[modality]}
        if len(regions) > 1:
            found[modality]["regions"] = [imaging.region]
        questions.check(
            f"recipes.{modality}", f"the preset {_PRESETS[modality]!r} of published use"
        )
        thick = thickness_mm.get(modality, 0.0)
        if thick > _THICK_MM and modality != "PT":
            questions.ask(
                f"recipes.{modality}",
                f"slices are {thick:.3g} mm thick, the preset resamples to 1 mm; a "
                "coarser resample_spacing_mm, or slices kept, may suit better",
            )
    for name, modality in imaging.modality_of.items():
        if modality == "MR" and name.startswith(_QUANTITATIVE):
            questions.ask(
                "recipes",
                f"{name} has values with a unit: declare it in images.{name}.unit and "
                f"give recipes.{name} without normalization",
            )
    return found


def harmonization(imaging: Imaging) -> dict[str, Any]:
    """The batch of every modality: the site."""
    present = set(imaging.modality_of.values())
    return {"batch": {m: ["site"] for m in _ORDER if m in present}}


def arms(
    features: str,
    volume: str,
    covariates: list[str],
    several_sites: bool,
    events: int,
) -> dict[str, dict[str, Any]]:
    """Arms of a study: clinical, volume, radiomics, harmonized, combined.

    Parameters
    ----------
    features, volume : str
        Pattern of the features, and of the volume; an empty one leaves its arm out.
    events : int
        Events of the primary endpoint, which limit the features of a model.
    """
    most = min(_DEFAULT_FEATURES, max(1, events // EVENTS_PER_PARAMETER))
    radiomics: dict[str, Any] = {"features": [features]}
    if most < _DEFAULT_FEATURES:
        radiomics["max_features"] = most
    combat = {"harmonizer": "combat"} if several_sites else {}
    found: dict[str, dict[str, Any]] = {}
    if covariates:
        found["clinical"] = {"covariates": covariates, "label": "Clinical"}
    if volume:
        found["volume"] = {
            "features": [volume],
            "stability_filter": False,
            "label": "Volume",
        }
    if several_sites:
        found["site"] = {"group_indicator": True, "label": "Site only"}
    found["radiomics"] = radiomics | {"label": "Radiomics"}
    if several_sites:
        found["harmonized"] = radiomics | combat | {"label": "Radiomics with ComBat"}
    if covariates:
        found["combined"] = {
            "covariates": covariates,
            **radiomics,
            **combat,
            "label": "Clinical + radiomics",
        }
    return found


def validation(
    outcomes: Outcomes, sites: Sites, events_at: Mapping[str, int], ask: Questions
) -> dict[str, Any]:
    """Folds of the cross-validation, and whether each site is left out in turn.

    Parameters
    ----------
    events_at : mapping of str to int
        Events of the primary endpoint at each site.
    """
    primary = outcomes.primary
    found: dict[str, Any] = {"stratify_by": primary}
    events = outcomes.events[primary] if primary else 0
    if events < 2 * _FOLDS:
        found["folds"] = _FEW_FOLDS
        ask.check("validation", f"{_FEW_FOLDS} folds, as {primary} has {events} events")
    if len(sites.sizes) < 2:
        found["leave_one_group_out"] = False
    elif not _leaves_enough(sites, events_at):
        found["leave_one_group_out"] = False
        counts = ", ".join(
            f"{name} {n} subjects, {events_at.get(name, 0)} events"
            for name, n in sorted(sites.sizes.items())
        )
        ask.check("validation", f"sites too small to be left out in turn ({counts})")
    return found


def _leaves_enough(sites: Sites, events_at: Mapping[str, int]) -> bool:
    """True if models can be learnt without any one of the sites."""
    total = sum(events_at.values())
    return all(
        size >= LEAST_PER_SITE and total - events_at.get(name, 0) >= LEAST_EVENTS
        for name, size in sites.sizes.items()
    )


def evaluation(arms: Iterable[str]) -> dict[str, str]:
    """The radiomics arm against the clinical one, or against the next simplest."""
    names = list(arms)
    reference = next(n for n in ("clinical", "volume", "site", *names) if n in names)
    return {"headline_arm": "radiomics", "reference_arm": reference}
