"""What each modelling rule needs to know, and nothing that it does not."""

from typing import Any

from .study import Study

#: Settings that only change how something is called.
COSMETIC = frozenset({"label", "unit"})
#: Settings of an endpoint that change no number.
DECLARED = COSMETIC | {"proxies"}


def features_spec(study: Study, modality: str) -> str:
    """The recipes of a modality, the regions made of outlined ones, and the seed if
    anything is random."""
    return _measuring_spec(study, modality, study.recipes_of(modality, first=True))


def aggregated_spec(study: Study, modality: str) -> str:
    """The same of the recipes that the second engine measures."""
    return _measuring_spec(study, modality, study.recipes_of(modality, first=False))


def _measuring_spec(study: Study, modality: str, recipes: dict[str, Any]) -> str:
    random = any(settings["control"] != "none" for settings in recipes.values())
    return study.spec(
        modality=modality,
        recipes=recipes,
        seed=study.setting("study.seed") if random else 0,
        regions=_regions(study, modality),
    )


def _regions(study: Study, modality: str) -> dict[str, Any]:
    """Section `regions` with the intensity ranges of one modality."""
    return {
        name: settings
        | {
            "intensity_range": {
                key: limits
                for key, limits in settings["intensity_range"].items()
                if key == modality
            }
        }
        for name, settings in study.setting("regions").items()
    }


def variants_spec(study: Study, chunk: str, modality: str) -> str:
    """The main recipe, the variants of a modality, and whose scans are measured."""
    section = study.setting("variants")
    chosen = {
        "perturbations": section["perturbations"],
        **{
            key: {k: v for k, v in section[key].items() if k == modality}
            for key in ("spacings_mm", "bins")
        },
    }
    return study.spec(
        "study.seed",
        "study.baseline_session",
        "study.reference_reader",
        regions=_regions(study, modality),
        modality=modality,
        recipes={modality: study.setting(f"recipes.{modality}")},
        variants=chosen,
        subjects=study.varied_subjects(chunk),
    )


def maps_spec(study: Study, chunk: str, modality: str) -> str:
    """The main recipe, the maps of a modality, and whose scans are mapped."""
    section = study.setting("feature_maps")
    return study.spec(
        "study.seed",
        "study.baseline_session",
        "study.reference_reader",
        modality=modality,
        recipes={modality: study.setting(f"recipes.{modality}")},
        maps={
            "features": section["features"][modality],
            "radius_mm": section["radius_mm"],
            "step": section["step"],
        },
        subjects=study.mapped_subjects(chunk),
    )


def map_figure_spec(study: Study) -> str:
    """Looks, and the units of the images."""
    return study.spec("figures", radius_mm=study.setting("feature_maps.radius_mm"))


def crosscheck_features_spec(study: Study) -> str:
    """The main recipes, and how many subjects the second engine measures."""
    recipes = study.setting("recipes")
    return study.spec(
        "study.baseline_session",
        "study.reference_reader",
        "crosscheck",
        recipes={name: recipes[name] for name in study.config.modalities()},
    )


def cohort_spec(study: Study) -> str:
    """Columns of the subjects sheet, batches and groups; with a hash of the cells."""
    sheets = study.setting("sheets")
    return study.spec(
        "harmonization.batch",
        "validation.group",
        "study.baseline_session",
        subject_id_column=sheets["subject_id_column"],
        site_column=sheets["site_column"],
        site=sheets["site"],
        unnamed_subjects=study.unnamed_subjects,
        factors=_without(COSMETIC, study.setting("factors")),
        covariates=_without(COSMETIC, study.setting("covariates")),
        endpoints=_without(DECLARED, study.setting("endpoints")),
        sheet_digest=study.subjects_digest(),
    )


def arm_spec(study: Study, endpoint: str, arm: str, **more: Any) -> str:
    """One arm and its endpoint; harmonization and stability only if it uses them."""
    chosen = study.setting(f"arms.{arm}")
    uses_stability = chosen["stability_filter"] and bool(chosen["features"])
    return study.spec(
        "study.baseline_session",
        "study.reference_reader",
        arm={key: value for key, value in chosen.items() if key not in COSMETIC},
        endpoint=endpoint_spec(study, endpoint),
        harmonization=harmonization_of(study, arm),
        stability=study.setting("stability") if uses_stability else None,
        **more,
    )


def harmonization_of(study: Study, arm: str) -> dict[str, Any] | None:
    """How an arm is harmonized; None if it is not."""
    chosen = study.config.arms[arm]
    if not chosen.harmonizes:
        return None
    settings = dict(study.setting("harmonization"))
    del settings["phantom_table"]  # an input, not a setting
    settings["unseen"] = chosen.unseen or settings["unseen"]
    if settings["unseen"] != "adapt":
        del settings["adapt_subjects"]
    return settings


def held_out_spec(study: Study, **more: Any) -> str:
    """Harmonization as the headline arm does it, to be judged on held-out rows."""
    kind = study.config.arms[study.config.evaluation.headline_arm].harmonizer
    settings = dict(study.setting("harmonization"))
    # Unseen batches are left out; the other half teaches, not the phantom.
    for name in ("unseen", "adapt_subjects", "fit_on", "phantom_table"):
        del settings[name]
    settings["kind"] = "combat" if kind == "none" else kind
    return study.spec(
        "study.baseline_session",
        "study.reference_reader",
        harmonization=settings,
        **more,
    )


#: Options of harmonization that neuroCombat has no counterpart of.
NOT_CROSS_CHECKED = ("unseen", "adapt_subjects", "reference", "fit_on", "phantom_table")


def crosscheck_spec(study: Study) -> str:
    """The batch variables and options of ComBat, whatever harmonizers arms use."""
    settings = study.setting("harmonization")
    return study.spec(
        "study.baseline_session",
        "study.reference_reader",
        harmonization={k: v for k, v in settings.items() if k not in NOT_CROSS_CHECKED},
    )


def null_spec(study: Study, endpoint: str, arm: str) -> str:
    """One arm, refitted to permuted outcomes."""
    return arm_spec(
        study,
        endpoint,
        arm,
        null_permutations=study.setting("evaluation.null_permutations"),
        seed=study.setting("study.seed"),
    )


def proof_spec(study: Study, endpoint: str) -> str:
    """The headline arm, refitted to tables with poisoned evaluation rows."""
    name = study.config.evaluation.headline_arm
    seed = study.setting("study.seed")
    return arm_spec(study, endpoint, name, name=name, seed=seed)


def evaluation_spec(study: Study, endpoint: str) -> str:
    """How one endpoint is judged."""
    settings = dict(study.setting("evaluation"))
    del settings["null_permutations"]
    arms = _without(COSMETIC, study.setting("arms"))
    return study.spec(
        evaluation=settings, endpoint=endpoint_spec(study, endpoint), arms=arms
    )


def reader_spec(study: Study, endpoint: str) -> str:
    """How predictions by the outlines of several readers are compared."""
    return study.spec(
        "study.reference_reader",
        "evaluation.confidence",
        endpoint=endpoint_spec(study, endpoint),
    )


def figure_spec(study: Study, endpoint: str) -> str:
    """Looks, labels and roles of the arms, for the figures of one endpoint."""
    settings = study.config.evaluation
    labels = {name: arm.label or name for name, arm in study.config.arms.items()}
    return study.spec(
        "figures",
        "evaluation.headline_arm",
        "evaluation.reference_arm",
        "evaluation.confidence",
        arms=labels,
        arm_label=labels[settings.headline_arm],
        label=study.config.endpoints[endpoint].label or endpoint,
    )


def prediction_agreement_spec(study: Study, endpoint: str) -> str:
    """Looks, and the printed names of an endpoint and of the headline arm."""
    arm = study.config.evaluation.headline_arm
    return study.spec(
        "figures",
        "evaluation.headline_arm",
        arm_label=study.config.arms[arm].label or arm,
        label=study.config.endpoints[endpoint].label or endpoint,
    )


def components_spec(study: Study) -> str:
    """Looks, and the outcome that colours the rows."""
    endpoint = study.config.validation.stratify_by
    label = study.config.endpoints[endpoint].label or endpoint
    return study.spec("figures", endpoint=endpoint, label=label)


def biology_spec(study: Study) -> str:
    """Looks, and the printed names of covariates and endpoints."""
    sections = (study.config.covariates, study.config.endpoints)
    labels = {name: item.label for part in sections for name, item in part.items()}
    return study.spec("figures", labels=labels)


#: Sections that the report explains or quotes.
REPORTED = (
    "study",
    "endpoints",
    "arms",
    "validation",
    "evaluation",
    "report",
    "recipes",
    "regions",
    "variants",
    "harmonization",
    "agreement",
    "stability",
    "covariates",
    "factors",
)


def report_spec(study: Study) -> str:
    """All that the report explains or quotes."""
    keyed = study.config.privacy.secret_file is not None
    return study.spec(*REPORTED, privacy={"keyed": keyed})


def endpoint_spec(study: Study, endpoint: str) -> dict[str, str]:
    """Name and kind of an endpoint."""
    return {"name": endpoint, "kind": study.setting(f"endpoints.{endpoint}.kind")}


def _without(
    keys: frozenset[str], sections: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    return {
        name: {key: value for key, value in section.items() if key not in keys}
        for name, section in sections.items()
    }
