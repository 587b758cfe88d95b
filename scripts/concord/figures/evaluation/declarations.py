"""Figures of the evaluation, in the order of the report; part of the catalogue."""

from ..declaration import FigureDeclaration, Need

OF_EVALUATION: tuple[FigureDeclaration, ...] = (
    FigureDeclaration(
        name="specification_curve",
        title="Every analysis at once",
        legend="Specification curve: all analyses that the study declares as "
        "alternatives, in the same folds, sorted by their value; the headline is "
        "marked. Above: value with its interval, filled where it lies above its null; "
        "band: central 90 % of the values with the outcome permuted within groups; "
        "dashed: reference arm. Below: what each analysis chooses.",
        caption="All declared analyses, sorted by their value, with intervals and null "
        "band, and what each of them chooses.",
        alternative="Points with intervals in ascending order over a band of permuted "
        "outcomes, and below a grid of marks that tells the choices of each analysis. "
        "The numbers are in the tables of this section and in the table of all "
        "analyses of the results.",
        category="Models",
        section="multiverse-{endpoint}",
        after="multiverse",
        sources=("specifications",),
        needs=(Need.MULTIVERSE,),
        endpoint_kinds=("binary", "survival"),
        aggregate=True,
    ),
)
