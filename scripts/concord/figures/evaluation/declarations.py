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
    FigureDeclaration(
        name="reclassification",
        title="Risks by both arms",
        legend="Risk of each subject by the headline arm against that by the reference "
        "arm, in the first repeat of the cross-validation, by models that the subject "
        "was no part of. Filled: with the event; open: without; crosses: censored "
        "before the horizon. An arm that adds something moves filled points above the "
        "line of equal risks and open ones below it; one that is only more extreme "
        "moves all of them away from the middle.",
        caption="Risks of each subject by the headline and the reference arm, by "
        "outcome.",
        alternative="Scatter of the risk by the headline arm over that by the "
        "reference arm, with other marks for subjects with and without the event. "
        "The shares that rise and fall are in the table of added value.",
        category="Models",
        section="added-value-{endpoint}",
        after="added_value",
        sources=("reclassification",),
        endpoint_kinds=_EVERY_KIND,
    ),
)
