"""What each modelling rule needs to know, and nothing that it does not."""

from typing import Any

from .study import Study


def features_spec(study: Study, image: str) -> str:
    """The recipes of an image, the regions made of outlined ones, and the seed if
    anything is random."""
    return _measuring_spec(study, image, study.recipes_of(image, first=True))


def aggregated_spec(study: Study, image: str) -> str:
    """The same of the recipes that the second engine measures."""
    return _measuring_spec(study, image, study.recipes_of(image, first=False))


def _measuring_spec(study: Study, image: str, recipes: dict[str, Any]) -> str:
    random = any(settings["control"] != "none" for settings in recipes.values())
    return study.spec(
        image=image,
        recipes=recipes,
        seed=study.setting("study.seed") if random else 0,
        regions=_regions(study, image),
    )


def _regions(study: Study, image: str) -> dict[str, Any]:
    """Section `regions` with the intensity ranges of one image."""
    return {
        name: settings
        | {
            "intensity_range": {
                key: limits
                for key, limits in settings["intensity_range"].items()
                if key == image
            }
        }
        for name, settings in study.setting("regions").items()
    }


def variants_spec(study: Study, chunk: str, image: str) -> str:
    """The main recipe, the variants of an image, and whose scans are measured."""
    section = study.setting("variants")
    chosen = {
        "perturbations": section["perturbations"],
        **{
            key: {k: v for k, v in section[key].items() if k == image}
            for key in ("spacings_mm", "bins")
        },
    }
    return study.spec(
        "study.seed",
        "study.baseline_session",
        "study.reference_reader",
        regions=_regions(study, image),
        image=image,
        recipes=study.main_recipe(image),
        variants=chosen,
        subjects=study.varied_subjects(chunk),
    )


def maps_spec(study: Study, chunk: str, image: str) -> str:
    """The main recipe, the maps of an image, and whose scans are mapped."""
    section = study.setting("feature_maps")
    return study.spec(
        "study.seed",
        "study.baseline_session",
        "study.reference_reader",
        image=image,
        recipes=study.main_recipe(image),
        maps={
            "features": section["features"][image],
            "radius_mm": section["radius_mm"],
            "step": section["step"],
        },
        subjects=study.mapped_subjects(chunk),
    )


def map_figure_spec(study: Study) -> str:
    """Looks, and the units of the images."""
    return study.spec("figures", radius_mm=study.setting("feature_maps.radius_mm"))


def crosscheck_features_spec(study: Study) -> str:
    """All recipes and derived regions, and how many subjects are compared."""
    return study.spec(
        "study.seed",
        "study.baseline_session",
        "study.reference_reader",
        "crosscheck",
        "regions",
        "recipes",
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
