"""Figures of the evaluation, in the order of the report; part of the catalogue."""

from ..declaration import FigureDeclaration

_EVERY_KIND = ("binary", "survival")

OF_EVALUATION: tuple[FigureDeclaration, ...] = (
    FigureDeclaration(
        name="decision_curve",
        title="Decision curves",
        legend="Net benefit of acting on those whose predicted risk is at least the "
        "threshold: true positives less false positives times the odds of the "
        "threshold, per subject. Solid, with its pointwise band: the headline arm; "
        "dashed, with dotted bounds: the reference arm. Where a curve lies below that "
        "of acting on everybody, or below zero, the model does harm.",
        caption="Net benefit of the headline and the reference arm over the threshold, "
        "beside acting on everybody and on nobody.",
        alternative="Curves of net benefit over the threshold probability, one per arm "
        "with its interval, one of acting on everybody and a line at zero. Values at "
        "declared thresholds are in the table of clinical impact.",
        category="Models",
        section="usefulness-{endpoint}",
        after="clinical_impact",
        sources=("decision_curve",),
        endpoint_kinds=_EVERY_KIND,
        aggregate=True,
    ),
)
