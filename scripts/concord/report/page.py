"""The report as one HTML file that needs nothing else."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from .blocks import Section
from .checklists.section import checklists_section
from .methods.paragraphs import methods_section
from .pictures import with_pictures
from .rendering import rendered
from .results import Paths, Results, load
from .sections.acquisition import acquisition_section
from .sections.agreement import agreement_section
from .sections.cohort import cohort_section, images_section
from .sections.evaluation.added_value import added_value_section
from .sections.evaluation.calibration import calibration_section
from .sections.evaluation.discrimination import discrimination_section
from .sections.evaluation.given import foreign_section
from .sections.evaluation.instability import instability_section
from .sections.evaluation.multiverse import multiverse_section
from .sections.evaluation.plan import plan_section
from .sections.evaluation.recovered import recovered_section
from .sections.evaluation.subgroups import subgroups_section
from .sections.evaluation.usefulness import usefulness_section
from .sections.findings import banners, findings_section
from .sections.harmonization import harmonization_section
from .sections.imported import imported_section
from .sections.leakage import leakage_section
from .sections.measurement import features_section, stability_section
from .sections.models.fusion import fusion_section
from .sections.models.treatment import treatment_section
from .sections.models.validation import validation_section
from .sections.origin import origin_section
from .sections.prediction import design_section, endpoint_section
from .sections.propagation import propagation_section
from .sections.sample_size import sample_size_section
from .sections.transfer.applied import applied_section
from .sections.transfer.external import external_section
from .sections.transfer.frozen import frozen_section
from .sections.transfer.predicted import predicted_section
from .sections.transfer.updating import updating_section
from .settings import Report
from .small_cells import Hiding


def build(
    paths: Mapping[str, Paths],
    settings: Report,
    created: datetime | None = None,
) -> str:
    """The report of a study as HTML.

    Parameters
    ----------
    paths : mapping
        Path, or list of paths, per kind of table (`tables.KINDS`), of `cohort`
        (the one that must be given), of `primed` (JSON of the feature engine)
        and of `figures` (SVG files, named as in ``agreement.svg`` and
        ``roc_<endpoint>.svg``).
    settings : Report
        What the report explains or quotes of the configuration.
    created : datetime, optional
        Time of the page; now by default. It stands in the only element with
        the id ``created``, so pages can be compared without it.

    Returns
    -------
    str
        HTML that loads nothing from outside and runs no script.
    """
    results = load(paths, settings)
    hiding = Hiding(settings.report.smallest_cell)
    return rendered(
        settings,
        settings.report.title,
        hiding.banners(banners(results)),
        [hiding.section(one) for one in _sections(results, paths)],
        created,
    )


def _measured_sections(results: Results) -> list[Section | None]:
    """Sections on what was measured; those that the study cannot have are left out."""
    if results.applies_models:
        inputs = _input_sections(results)
        return [*inputs, applied_section(results), predicted_section(results)]
    if results.judges_given:
        return [foreign_section(results)]
    return _input_sections(results)


def _input_sections(results: Results) -> list[Section | None]:
    """Sections on images and features, however these came about."""
    if results.starts_from_table:
        repeated = len(results["stability"]) > 0
        return [
            imported_section(results),
            features_section(results),
            stability_section(results) if repeated else None,
        ]
    return [
        images_section(results),
        acquisition_section(results),
        agreement_section(results),
        features_section(results),
        None if results.applies_models else stability_section(results),
    ]


def _modelled_sections(results: Results) -> list[Section]:
    """Sections on how models come about; none where another tool made them."""
    if results.judges_given or results.applies_models:
        return []
    return [
        harmonization_section(results),
        design_section(results),
        leakage_section(results),
    ]


#: Sections of each endpoint, in the order of the page, before and after the updates.
_PROBABILITIES = (
    external_section,
    endpoint_section,
    discrimination_section,
    calibration_section,
)
_CONSEQUENCES = (
    usefulness_section,
    added_value_section,
    instability_section,
    subgroups_section,
    multiverse_section,
    treatment_section,
)


def _judged_sections(results: Results) -> Iterator[Section | None]:
    """Sections on how good the predictions of each endpoint are."""
    for make in _PROBABILITIES:
        yield from (make(results, name) for name in results.endpoints)
    yield updating_section(results)
    for make in _CONSEQUENCES:
        yield from (make(results, name) for name in results.endpoints)


def _sections(results: Results, paths: Mapping[str, Paths]) -> list[Section]:
    """All sections in the order of the page."""
    sections = [
        findings_section(results),
        plan_section(results),
        cohort_section(results),
        *_measured_sections(results),
        *_modelled_sections(results),
        *_judged_sections(results),
        fusion_section(results),
        validation_section(results),
        frozen_section(results),
        propagation_section(results),
        sample_size_section(results),
        recovered_section(results),
        methods_section(results),
        checklists_section(results),
        origin_section(results, paths),
    ]
    return [with_pictures(section, results) for section in sections if section]
