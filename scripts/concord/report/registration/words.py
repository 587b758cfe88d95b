"""The plan in words: the methods paragraphs that follow from the settings alone."""

from collections.abc import Iterator

import pandas as pd

from ...folds.settings import EndpointSection
from ...statistics.discrimination import AUC
from .. import numbers as n
from ..methods.endpoints import endpoint_paragraph
from ..methods.measurement import recipe_sentence, regions_paragraph
from ..methods.models import (
    design_paragraph,
    harmonization_paragraph,
    models_paragraph,
    treatment_paragraphs,
    validation_paragraph,
)
from ..results import Results
from ..settings import Report

#: Columns of a cohort without subjects.
_NOBODY = ("subject_id", "site", "group", "cluster")


def paragraphs(explained: Report) -> list[str]:
    """Paragraphs on the analysis that a study plans; no table is read."""
    results = Results(
        {}, pd.DataFrame(columns=list(_NOBODY)), {}, {}, {}, (), explained
    )
    return [one for one in _all(results) if one]


def _all(results: Results) -> Iterator[str]:
    settings = results.settings
    yield " ".join(_endpoint(results, name) for name in results.endpoints)
    yield _claim(results)
    yield from (
        f"Features of {recipe_sentence(name, recipe)}"
        for name, recipe in sorted(settings.recipes.items())
    )
    if settings.regions:
        yield regions_paragraph(settings.regions)
    yield _stability(results)
    yield design_paragraph(results)
    if any(arm.harmonizes for arm in settings.arms.values()):
        yield harmonization_paragraph(results)
    yield endpoint_paragraph(results)
    yield models_paragraph(results)
    yield validation_paragraph(results).replace("were validated", "are validated")
    yield from treatment_paragraphs(results)
    yield _judgement(results)


def _endpoint(results: Results, name: str) -> str:
    section: EndpointSection = results.settings.endpoints[name]
    columns = n.listed(f"{key} {column}" for key, column in section.columns.items())
    causes = n.listed(f"{code} {cause}" for code, cause in section.causes.items())
    told = f"; causes {causes}, of interest {section.cause}" if causes else ""
    return (
        f"Endpoint “{results.endpoint_label(name)}” ({section.kind}; columns of the "
        f"subjects sheet: {columns}{told})."
    )


def _claim(results: Results) -> str:
    headline, reference = (
        f"“{results.arm_label(arm)}”" for arm in (results.headline, results.reference)
    )
    others = [
        f"“{results.arm_label(arm)}”"
        for arm in results.arms
        if arm not in (results.headline, results.reference)
    ]
    beside = f" Beside them stand {n.listed(others)}." if others else ""
    declined = results.settings.evaluation.decline_company
    without = "".join(f" Without {name}: {why}." for name, why in declined.items())
    return (
        f"The claim is about the arm {headline}, which must beat {reference}: the "
        "difference of both on the same subjects, and what each reaches by chance, "
        f"decide.{beside}{without}"
    )


def _stability(results: Results) -> str:
    if not any(arm.stability_filter for arm in results.settings.arms.values()):
        return ""
    settings = results.settings.stability
    return (
        f"A feature is stable if the lower {100 * settings.confidence:g} % bound of "
        f"its ICC reaches {settings.threshold:g} along "
        f"{n.listed(settings.filter_axes)}, as far as the study repeats measurements "
        "along them."
    )


def _judgement(results: Results) -> str:
    """Measures and all settings of the evaluation, whatever they are."""
    settings = results.settings
    metrics = sorted({one.outcome.metric for one in settings.endpoints.values()})
    words = n.listed(
        "the area under the ROC curve" if name == AUC else "the concordance index"
        for name in metrics
    )
    evaluation = settings.evaluation.model_dump(mode="json", exclude_none=True)
    evaluation.pop("decline_company", None)
    told = "; ".join(f"{key}: {value}" for key, value in evaluation.items() if value)
    return (
        f"Discrimination is measured by {words}, with intervals of "
        f"{results.confidence}. "
        f"Settings of the evaluation: {told}."
    )
