"""What each modelling rule needs to know, and nothing that it does not."""

from pathlib import Path
from typing import Any

from ..errors import StudyError
from ..ingest.index import listing
from .study import Study

#: Settings that only change how something is called.
COSMETIC = frozenset({"label", "unit"})
#: Settings of an endpoint that change no number.
DECLARED = COSMETIC | {"proxies"}


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


def import_spec(study: Study) -> str:
    """How a table of features is read; with a hash of the cells of the sheet."""
    table = study.setting("feature_table")
    sheets = study.setting("sheets")
    sheet = {k: sheets[k] for k in ("subject_id_column", "site_column", "site")}
    used = [sheet["subject_id_column"], sheet["site_column"], *table["batch_columns"]]
    return study.spec(
        "study.baseline_session",
        "study.reference_reader",
        **{key: value for key, value in table.items() if key != "path"},
        modalities=sorted(study.config.harmonization.batch),
        sheet=sheet,
        sheet_digest=study.sheet_digest(used),
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
