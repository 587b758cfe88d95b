"""Figures of the evaluation, in the order of the report; part of the catalogue."""

from ..declaration import FigureDeclaration

OF_EVALUATION: tuple[FigureDeclaration, ...] = (
    FigureDeclaration(
        name="time_dependent_effect",
        title="Effects over time",
        legend="Log hazard ratio of the score of the headline and of the reference arm "
        "per standard deviation, as a restricted cubic spline of time, with its "
        "pointwise band; dashed: the effect if it is the same at all times. Where the "
        "band holds the dashed line, hazards may be proportional; the test is in the "
        "table of proportional hazards.",
        caption="Effect of the scores over time.",
        alternative="Curves of the log hazard ratio over time with bands, one panel "
        "per arm. The tests of proportional hazards are in the table of that name.",
        category="Models",
        section="endpoint-{endpoint}",
        after="proportional_hazards",
        sources=("time_dependent_effect",),
        endpoint_kinds=("survival",),
        aggregate=True,
    ),
)
