"""What each modelling rule needs to know, and nothing that it does not."""

from typing import Any

from .study import Study

#: Settings that only change how something is called.
COSMETIC = frozenset({"label", "unit"})


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
        covariates=_without_cosmetics(study.setting("covariates")),
        endpoints=_without_cosmetics(study.setting("endpoints")),
        sheet_digest=study.subjects_digest(),
    )


def folds_spec(study: Study) -> str:
    """How subjects are split; what is left out is a column of the cohort."""
    settings = study.config.validation.model_dump(
        mode="json", exclude={"group", "repeats_per_job"}
    )
    return study.spec("study.seed", validation=settings)


def arm_spec(study: Study, endpoint: str, arm: str, **more: Any) -> str:
    """One arm and its endpoint; harmonization and stability only if it uses them."""
    chosen = study.setting(f"arms.{arm}")
    uses_stability = chosen["stability_filter"] and bool(chosen["features"])
    return study.spec(
        "study.baseline_session",
        "study.reference_reader",
        arm={key: value for key, value in chosen.items() if key not in COSMETIC},
        endpoint=endpoint_spec(study, endpoint),
        harmonization=study.setting("harmonization") if chosen["harmonize"] else None,
        stability=study.setting("stability") if uses_stability else None,
        **more,
    )


def null_spec(study: Study, endpoint: str) -> str:
    """The headline arm, refitted to permuted outcomes."""
    name = study.config.evaluation.headline_arm
    return arm_spec(
        study,
        endpoint,
        name,
        name=name,
        null_permutations=study.setting("evaluation.null_permutations"),
        seed=study.setting("study.seed"),
    )


def evaluation_spec(study: Study, endpoint: str) -> str:
    """How one endpoint is judged."""
    settings = dict(study.setting("evaluation"))
    del settings["null_permutations"]
    arms = _without_cosmetics(study.setting("arms"))
    return study.spec(
        evaluation=settings, endpoint=endpoint_spec(study, endpoint), arms=arms
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


#: Sections that the report explains or quotes.
REPORTED = (
    "study",
    "endpoints",
    "arms",
    "validation",
    "evaluation",
    "report",
    "recipes",
    "harmonization",
    "agreement",
    "stability",
    "covariates",
)


def report_spec(study: Study) -> str:
    """All that the report explains or quotes."""
    return study.spec(*REPORTED)


def endpoint_spec(study: Study, endpoint: str) -> dict[str, str]:
    """Name and kind of an endpoint."""
    return {"name": endpoint, "kind": study.setting(f"endpoints.{endpoint}.kind")}


def _without_cosmetics(sections: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {
        name: {key: value for key, value in section.items() if key not in COSMETIC}
        for name, section in sections.items()
    }
