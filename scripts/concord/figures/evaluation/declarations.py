"""Figures of the evaluation, in the order of the report; part of the catalogue."""

from ..declaration import FigureDeclaration

OF_EVALUATION: tuple[FigureDeclaration, ...] = (
    FigureDeclaration(
        name="time_dependent_auc",
        title="AUC over time",
        legend="AUC of those who had the event by each day against those followed to "
        "it without, of the headline and the reference arm; mean over the folds, "
        "subjects weighted by the inverse probability of follow-up. Bands: pointwise "
        "confidence; dashed line: chance. Below: cases and controls. Days at which "
        "fewer than half of the folds have a case and a control are left out.",
        caption="AUC of cases by each day and controls at it, with pointwise bands.",
        alternative="Curves of the AUC over time since the first day, one for the "
        "headline and one for the reference arm, with bands. Values at declared days "
        "are in the table of discrimination in detail.",
        category="Models",
        section="discrimination-{endpoint}",
        after="discrimination",
        sources=("discrimination",),
        endpoint_kinds=("survival",),
    ),
    FigureDeclaration(
        name="calibration",
        title="Calibration",
        legend="Observed against predicted probability of the headline arm: a curve "
        "smoothed by lowess, of risks at a horizon through pseudo-observations, with "
        "its pointwise band; dashed: predictions that come true. Points: each group "
        "in the large. Below: predictions of subjects with the event, above the line, "
        "and without, below it.",
        caption="Observed against predicted probability of the headline arm, with the "
        "predictions below.",
        alternative="Curve of observed against predicted probability with a band, the "
        "ideal line and a point for each group; below, bars of the predictions by "
        "outcome. Intercepts, slopes and distances are in the table of calibration.",
        category="Models",
        section="calibration-{endpoint}",
        after="calibration",
        sources=("calibration_curve",),
        endpoint_kinds=("binary", "survival"),
    ),
)
