"""What each modelling rule needs to know, and nothing that it does not."""

from .study import Study


def map_figure_spec(study: Study) -> str:
    """Looks, and the units of the images."""
    return study.spec("figures", radius_mm=study.setting("feature_maps.radius_mm"))


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


def associations_spec(study: Study) -> str:
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
