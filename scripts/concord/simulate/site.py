"""All DICOM files of one simulated site."""

from pathlib import Path
from typing import Any

import numpy as np

from ..seeds import generator
from . import cohort, dicom, layout, phantom, rtstruct, segmentation, tracer
from .lesion import Lesion, half_missing, segmented
from .settings import SimulationSection, SiteSimulation

_WEIGHT_KG, _WEIGHT_SD_KG, _LEAST_WEIGHT_KG = 75.0, 12.0, 45.0
#: Days from one subject's first scan to the next one's.
_DAYS_APART = 6
#: SD of the repositioning of a patient, in mm along each axis, and its limit.
_REPOSITIONING_MM, _LARGEST_REPOSITIONING_MM = 0.4, 0.9
#: Middle of the field of view of the scanner, and how far tables differ, in mm.
_MIDDLE_MM, _TABLE_MM = (0.0, -160.0, -480.0), 60.0


def write_site(
    folder: Path, settings: SimulationSection, site: str, seed: int
) -> list[dict[str, Any]]:
    """Write series and segmentations of all subjects of a site; return the truth.

    Parameters
    ----------
    folder : Path
        Folder of the site, see `layout`.
    settings : SimulationSection
        What is simulated.
    site : str
        Name of the site.
    seed : int
        Seed of the study. The same seed gives the same bytes.

    Returns
    -------
    list of dict
        Rows of table kind "truth".
    """
    subjects = cohort.simulate_cohort(settings, site, seed)
    for number, subject in enumerate(subjects):
        anatomy = phantom.simulate_anatomy(subject, settings, seed)
        first_day = _DAYS_APART * number
        change = settings.sites[site].software_change_after
        software = "2.0" if change is not None and number >= change else "1.0"
        model = _model(settings, subject)
        for day, session in enumerate(subject.sessions, first_day):
            visit = _visit(subject, session, day, software, model, seed)
            incomplete = session == subject.incomplete
            _write_session(folder, settings, subject, anatomy, visit, incomplete)
    return cohort.truth_rows(subjects, settings)


def _write_session(
    folder: Path,
    settings: SimulationSection,
    subject: cohort.Subject,
    anatomy: phantom.Anatomy,
    visit: dicom.Visit,
    incomplete: bool,
) -> None:
    """Write both series of a session and the segmentations on them."""
    options = settings.sites[subject.site].scanner_of(subject.unusual)
    session = visit.session
    rng = generator(visit.seed, "session", subject.subject_id, session)
    placement = _placement(rng)
    ct, pet = (
        folder / layout.series_folder(subject.subject_id, session, modality)
        for modality in layout.MODALITIES
    )
    ct_volume = phantom.ct_volume(anatomy, placement, options, rng)
    pet_volume = phantom.pet_volume(anatomy, placement, options, rng)
    injected = tracer.random_tracer(visit.weight_kg, rng)
    site = subject.site
    written = []
    # Whoever has no PET has the CT that they would have with it: all was drawn above.
    if layout.CT in subject.modalities:
        series = dicom.write_ct(ct, visit, ct_volume, site, options, incomplete)
        written.append((series, ct))
    if layout.PET in subject.modalities:
        series = dicom.write_pet(pet, visit, pet_volume, site, injected, options)
        written.append((series, pet))
    where = placement, rng
    for series, images in written:
        _write_segmentations(
            folder, settings, subject, anatomy, visit, series, images, *where
        )


def _write_segmentations(
    folder: Path,
    settings: SimulationSection,
    subject: cohort.Subject,
    anatomy: phantom.Anatomy,
    visit: dicom.Visit,
    series: dicom.Series,
    images: Path,
    placement: phantom.Placement,
    rng: np.random.Generator,
) -> None:
    """Write the segmentations of a series by all readers."""
    # The algorithm has numbers of its own, so that it moves no other segmentation.
    keys = subject.subject_id, visit.session, series.modality
    own = generator(visit.seed, "automatic", *keys)
    headers = segmentation.series_headers(images)
    for reader in layout.READERS:
        surface = (
            _found(anatomy, settings, subject, own)
            if reader == layout.AUTOMATIC
            else _as_drawn(anatomy, settings, reader, rng)
        )
        if reader not in settings.readers:
            continue
        path = folder / layout.segmentation_file(*keys, reader)
        path.parent.mkdir(exist_ok=True)
        drawn = path, visit, series, reader, surface, placement
        if _as_voxels(reader, settings.sites[subject.site]):
            segmentation.write_segmentation(*drawn, headers)
        else:
            rtstruct.write_contours(*drawn, subject.site)


def _as_drawn(
    anatomy: phantom.Anatomy,
    settings: SimulationSection,
    reader: str,
    rng: np.random.Generator,
) -> Lesion:
    """The lesion as one reader segments it; reader B segments too far out."""
    outward_mm = settings.reader_bias_mm if reader == "B" else 0.0
    return segmented(anatomy.lesion, outward_mm, settings.reader_jitter_mm, rng)


def _found(
    anatomy: phantom.Anatomy,
    settings: SimulationSection,
    subject: cohort.Subject,
    rng: np.random.Generator,
) -> Lesion:
    """The lesion as the algorithm finds it: too small, or half of it."""
    surface = segmented(
        anatomy.lesion,
        settings.automatic_bias_mm,
        settings.automatic_jitter_mm,
        rng,
    )
    return half_missing(surface) if subject.automatic_fails else surface


def _as_voxels(reader: str, options: SiteSimulation) -> bool:
    """True if the segmentations of a reader are stored as DICOM SEG."""
    if reader == layout.AUTOMATIC:
        return True
    return reader == "B" and options.reader_b_format == "seg"


def _model(settings: SimulationSection, subject: cohort.Subject) -> str:
    """The scanner model of a subject, named after the site and the scanner."""
    unusual = settings.sites[subject.site].unusual
    planted = unusual[subject.unusual].scanner if subject.unusual else None
    return subject.site if planted is None else f"{subject.site} {planted.model}"


def _visit(
    subject: cohort.Subject,
    session: str,
    day: int,
    software: str,
    model: str,
    seed: int,
) -> dicom.Visit:
    """The session of a subject; the weight is the same in all of them."""
    rng = generator(seed, "weight", subject.subject_id)
    weight_kg = max(rng.normal(_WEIGHT_KG, _WEIGHT_SD_KG), _LEAST_WEIGHT_KG)
    return dicom.Visit(
        subject_id=subject.subject_id,
        session=session,
        day=day,
        age_years=subject.age_years,
        weight_kg=round(float(weight_kg), 1),
        seed=seed,
        software=software,
        model=model,
    )


def _placement(rng: np.random.Generator) -> phantom.Placement:
    """Where the table and the patient happen to be."""
    limit = _LARGEST_REPOSITIONING_MM
    shift_mm = np.clip(rng.normal(0, _REPOSITIONING_MM, 3), -limit, limit)
    x, y, z = _MIDDLE_MM
    table_mm = rng.uniform(-_TABLE_MM, _TABLE_MM, 2)
    return phantom.Placement(
        middle_mm=(x, round(y + table_mm[0], 1), round(z + table_mm[1], 1)),
        shift_mm=(float(shift_mm[0]), float(shift_mm[1]), float(shift_mm[2])),
    )
