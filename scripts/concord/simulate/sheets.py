"""The three sheets of the demo study, as a user would write them."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from .. import tables
from ..files import whole_file
from . import layout
from .cohort import Subject, simulate_cohort
from .rtstruct import ROI_PATTERN
from .settings import SimulationSection


def write_sheets(folder: str | Path, settings: SimulationSection, seed: int) -> None:
    """Write subjects.tsv, images.tsv and masks.tsv.

    Parameters
    ----------
    folder : path
        Where the configuration is.
    settings : SimulationSection
        What is simulated.
    seed : int
        Seed of the study.
    """
    folder = Path(folder)
    subjects = [
        subject
        for site in sorted(settings.sites)
        for subject in simulate_cohort(settings, site, seed)
    ]
    with whole_file(folder / "subjects.tsv") as temporary:
        sheet = pd.DataFrame([_subject_row(subject) for subject in subjects])
        sheet.to_csv(temporary, sep="\t", index=False)
    tables.write(_image_rows(subjects), folder / "images.tsv", "images_sheet")
    masks = _mask_rows(subjects, settings.readers)
    tables.write(masks, folder / "masks.tsv", "masks_sheet")


def _subject_row(subject: Subject) -> dict[str, Any]:
    """A row; extras have a column only if they were planted."""
    coded = subject.comorbidity is not None  # deaths of other causes were planted
    extras = {
        "cause": subject.event if coded else None,
        "comorbidity": subject.comorbidity,
        "receptor": subject.receptor,
        "treatment": subject.treatment,
    }
    return {
        "subject_id": subject.subject_id,
        "site": subject.site,
        "age": subject.age_years,
        "stage": subject.stage,
        "time_days": subject.time_days,
        "event": int(subject.event > 0),
        "recurrence": subject.recurrence,
    } | {name: cell for name, cell in extras.items() if cell is not None}


def _image_rows(subjects: list[Subject]) -> Iterator[dict[str, str]]:
    for subject in subjects:
        for session in subject.sessions:
            for modality in subject.modalities:
                place = layout.series_folder(subject.subject_id, session, modality)
                yield {
                    "subject_id": subject.subject_id,
                    "session": session,
                    "image": modality,
                    "modality": modality,
                    "source": f"{subject.site}/{place}",
                }


def _mask_rows(
    subjects: list[Subject], readers: Sequence[str]
) -> Iterator[dict[str, str]]:
    for image in _image_rows(subjects):
        site = image["source"].split("/")[0]
        for reader in readers:
            keys = image["subject_id"], image["session"], image["image"]
            mask = {key: cell for key, cell in image.items() if key != "modality"}
            yield mask | {
                "region": layout.REGION,
                "reader": reader,
                "source": f"{site}/{layout.segmentation_file(*keys, reader)}",
                "roi": ROI_PATTERN,
            }
