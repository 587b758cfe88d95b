"""Figures of external validation, in the order of the report; part of the catalogue."""

from ..declaration import FigureDeclaration, Need

_EVERY_KIND = ("binary", "survival")

OF_EXTERNAL: tuple[FigureDeclaration, ...] = (
    FigureDeclaration(
        name="expected_observed",
        title="Expected and observed",
        legend="Discrimination of each frozen model: expected from its validation in "
        "development; the same corrected for the case mix here, that is, for the "
        "spread of the scores of these subjects; what a model that is right would "
        "reach with that spread; and observed, without and with subjects who have a "
        "red flag. With intervals; dashed: chance.",
        caption="Discrimination of each frozen model: expected, corrected for case "
        "mix, and observed.",
        alternative="Points with intervals, one block per model: expected value, "
        "expected value for this case mix, value of a right model, observed value. The "
        "numbers are in the table of external validation.",
        category="Models",
        section="external-{endpoint}",
        after="external",
        sources=("external",),
        needs=(Need.EXTERNAL,),
        endpoint_kinds=_EVERY_KIND,
        aggregate=True,
    ),
    FigureDeclaration(
        name="score_shift",
        title="Scores here and in development",
        legend="Share of the subjects in each tenth of the scores that the headline "
        "model had in development, and below and above all of these. Dashed: the "
        "tenth that development has in each. Filled: subjects whose score is "
        "applicable; unfilled: all with a score.",
        caption="Scores of these subjects over the percentiles of development.",
        alternative="Bars of the share of subjects in each tenth of the scores of "
        "development with a line at one tenth. Mean and standard deviation of the "
        "scores are in the table of external validation.",
        category="Models",
        section="external-{endpoint}",
        after="external",
        sources=("external_scores",),
        needs=(Need.EXTERNAL,),
        endpoint_kinds=_EVERY_KIND,
    ),
)
