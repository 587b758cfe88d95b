"""Tables of a simulated study that starts from features: subjects, and their features.

The subjects and their truth are those of the simulated cohorts; features follow the
planted texture and size as a scanner of the site would show them, or follow nothing.
"""

from pathlib import Path
from typing import Any

import pandas as pd

from ..files import whole_file
from ..seeds import generator
from .cohort import Subject, simulate_cohort
from .settings import SimulationSection

#: Subjects of each site.
PER_SITE = 40
#: Features that know nothing of a subject but the site.
_EMPTY = tuple(f"original_glrlm_{name}" for name in ("GLN", "LRE", "RLN", "RP", "SRE"))
_ML_PER_MM3 = 1e-3
_SPHERE = 4.18879


def write_tables(folder: str | Path, settings: SimulationSection, seed: int) -> None:
    """Write subjects.tsv and features.tsv, columns called as pyradiomics does.

    Parameters
    ----------
    folder : path
        Where the configuration is.
    settings : SimulationSection
        What is simulated; treatments and other deaths are left out.
    seed : int
        Seed of the study.
    """
    plain = _plain(settings)
    subjects = _subjects(plain, seed)
    _write([_subject_row(one) for one in subjects], Path(folder, "subjects.tsv"))
    features = [_feature_row(one, plain, seed) for one in subjects]
    _write(features, Path(folder, "features.tsv"))


def write_published_tables(
    folder: str | Path, settings: SimulationSection, seed: int
) -> None:
    """Write the same subjects with the features of the published equation.

    Columns are called as here, volumes are in mm3. Parameters as of `write_tables`.
    """
    plain = _plain(settings)
    subjects = _subjects(plain, seed)
    _write([_subject_row(one) for one in subjects], Path(folder, "subjects.tsv"))
    rows = []
    for one in subjects:
        row = _feature_row(one, plain, seed)
        volume = row["original_shape_MeshVolume"] / _ML_PER_MM3
        rows.append(
            {
                "subject_id": one.subject_id,
                "original.morphology.volume_mesh": round(volume, 1),
                "original.glcm.contrast": row["original_glcm_Contrast"],
            }
        )
    _write(rows, Path(folder, "features.tsv"))


def _plain(settings: SimulationSection) -> SimulationSection:
    """Settings without treatment and other deaths, of as many subjects at each site."""
    return settings.model_copy(
        update={
            "sites": {
                name: site.model_copy(update={"n_subjects": PER_SITE, "n_retest": 0})
                for name, site in settings.sites.items()
            },
            "treatment": None,
            "other_deaths": None,
        }
    )


def _subjects(settings: SimulationSection, seed: int) -> list[Subject]:
    return [
        subject
        for site in sorted(settings.sites)
        for subject in simulate_cohort(settings, site, seed)
    ]


def _write(rows: list[dict[str, Any]], path: Path) -> None:
    with whole_file(path) as temporary:
        pd.DataFrame(rows).to_csv(temporary, sep="\t", index=False)


def _subject_row(subject: Subject) -> dict[str, Any]:
    return {
        "subject_id": subject.subject_id,
        "site": subject.site,
        "age": subject.age_years,
        "stage": subject.stage,
        "recurrence": subject.recurrence,
    }


def _feature_row(
    subject: Subject, settings: SimulationSection, seed: int
) -> dict[str, Any]:
    """Features of one subject: texture and size through its scanner, and noise."""
    site = settings.sites[subject.site]
    draws = generator(seed, "feature_tables", subject.subject_id)
    texture = site.gain * subject.heterogeneity_hu * (1 + 0.1 * draws.normal())
    texture += 0.2 * site.noise_hu
    volume = _SPHERE * subject.radius_mm**3 * _ML_PER_MM3 * (1 + 0.05 * draws.normal())
    values = {
        "original_shape_MeshVolume": volume,
        "original_firstorder_StandardDeviation": texture,
        "original_firstorder_Mean": 40 * site.gain
        + site.offset_hu
        + draws.normal(0, 8),
        "original_glcm_Contrast": texture**2 / 100 * (1 + 0.2 * draws.normal()),
    } | {name: site.offset_hu / 25 + draws.normal() for name in _EMPTY}
    rounded = {name: round(float(value), 4) for name, value in values.items()}
    return {"subject_id": subject.subject_id} | rounded
