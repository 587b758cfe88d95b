"""Figures of the evaluation, in the order of the report; part of the catalogue."""

from ..declaration import FigureDeclaration

OF_EVALUATION: tuple[FigureDeclaration, ...] = (
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
