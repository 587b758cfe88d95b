"""What each modelling rule needs to know, and nothing that it does not."""

from pathlib import Path
from typing import Any

from ..errors import StudyError
from ..ingest.index import listing
from .study import Study

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


def image_spec(study: Study, chunk: str, image: str) -> str:
    """Rows of a chunk of images, and the settings that decide about images."""
    rows = study.image_rows(chunk, image)
    settings = {k: v for k, v in _ingest(study, rows).items() if k in IMAGE_SETTINGS}
    privacy = study.privacy()
    return study.spec(image=image, rows=rows, ingest=settings, privacy=privacy)


def mask_spec(study: Study, chunk: str, image: str) -> str:
    """Rows of a chunk of outlines, and the settings of the ingest."""
    rows = study.mask_rows(chunk, image)
    privacy = study.privacy()
    return study.spec(rows=rows, ingest=_ingest(study, rows), privacy=privacy)


def deidentify_spec(study: Study, chunk: str, image: str) -> str:
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
        images=study.image_rows(chunk, image),
        masks=[r for r in study.mask_rows(chunk, image) if "drawn_on" not in r],
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
        images=sorted(study.config.harmonization.batch),
        sheet=sheet,
        sheet_digest=study.sheet_digest(used),
    )
