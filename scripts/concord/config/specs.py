"""What each modelling rule needs to know, and nothing that it does not."""

from pathlib import Path
from typing import Any

from ..errors import StudyError
from ..ingest import listing
from .study import Study

#: Settings that only change how something is called.
COSMETIC = frozenset({"label", "unit"})


#: Settings of the section `ingest` that decide about images.
IMAGE_SETTINGS = (
    "on_fault",
    "on_fault_codes",
    "waive",
    "suv",
    "spacing_tolerance",
    "tilt",
    "uneven_spacing",
)


def index_spec(study: Study, root: str, rescan: bool) -> str:
    """A root, and the state of its files as asked for now or at the last time.

    Only `snakemake index` looks at the files; other targets take the last index.
    """
    folder = Path(study.source(study.config.dicom_roots[root]))
    last = Path(f"private/index/{root}_state.txt")
    recorded = last.read_text(encoding="utf-8") if last.is_file() else ""
    state = listing.state(folder) if rescan else recorded
    return study.spec(root=root, state=state, privacy=study.privacy())


def draft_spec(study: Study) -> str:
    """Roots, sources of the sheets, and how subjects are called."""
    return study.spec(
        "privacy.subject_ids",
        roots=study.setting("dicom_roots"),
        listed=study.listed_sources(),
        privacy=study.privacy(),
    )


def image_spec(study: Study, chunk: str, modality: str) -> str:
    """Rows of a chunk of images, and the settings that decide about images."""
    rows = study.image_rows(chunk, modality)
    settings = {k: v for k, v in _ingest(study, rows).items() if k in IMAGE_SETTINGS}
    privacy = study.privacy()
    return study.spec(modality=modality, rows=rows, ingest=settings, privacy=privacy)


def mask_spec(study: Study, chunk: str, modality: str) -> str:
    """Rows of a chunk of outlines, and the settings of the ingest."""
    rows = study.mask_rows(chunk, modality)
    privacy = study.privacy()
    return study.spec(rows=rows, ingest=_ingest(study, rows), privacy=privacy)


def deidentify_spec(study: Study, chunk: str, modality: str) -> str:
    """Rows of a chunk, and the key; a study of patients needs a secret.

    Raises
    ------
    StudyError
        If real data would be pseudonymized with a key that can be guessed.
    """
    if study.config.privacy.secret_file is None and study.config.simulation is None:
        raise StudyError(
            "privacy.secret_file is null, so exported UIDs and dates would be keyed by "
            "the seed, which anybody can try. Make a secret with `(umask 077; openssl "
            "rand -hex 32 > FILE)` outside results and name the file there."
        )
    return study.spec(
        "ingest.merge_rois",
        images=study.image_rows(chunk, modality),
        masks=study.mask_rows(chunk, modality),
        privacy=study.privacy(),
    )


def _ingest(study: Study, rows: list[dict[str, str]]) -> dict[str, Any]:
    """Section `ingest`, with the waivers of the subjects of some rows only."""
    present = {row["subject_id"] for row in rows}
    waived = {
        code: sorted(present.intersection(subjects))
        for code, subjects in study.setting("ingest.waive").items()
    }
    waive = {code: subjects for code, subjects in waived.items() if subjects}
    return study.setting("ingest") | {"waive": waive}


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
    keyed = study.config.privacy.secret_file is not None
    return study.spec(*REPORTED, privacy={"keyed": keyed})


def endpoint_spec(study: Study, endpoint: str) -> dict[str, str]:
    """Name and kind of an endpoint."""
    return {"name": endpoint, "kind": study.setting(f"endpoints.{endpoint}.kind")}


def _without_cosmetics(sections: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {
        name: {key: value for key, value in section.items() if key not in COSMETIC}
        for name, section in sections.items()
    }
