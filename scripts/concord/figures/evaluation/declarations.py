"""Figures of the evaluation, in the order of the report; part of the catalogue."""

from ..declaration import FigureDeclaration, Need

_EVERY_KIND = ("binary", "survival")

OF_EVALUATION: tuple[FigureDeclaration, ...] = (
    FigureDeclaration(
        name="prediction_instability",
        title="Instability",
        legend="The model of all subjects (original) and models of bootstrap samples, "
        "each with the whole pipeline fitted anew. a: predictions of each "
        "subject by these models against the original one, with their central 95 % and "
        "smooth lines of it. b: their mean absolute difference. c: share of the models "
        "that put a subject into another class. d: calibration of every model in all "
        "subjects, by local lines. A survival endpoint shows the risk by its first "
        "declared horizon, or standard scores.",
        caption="Predictions, classes and calibration by models of other samples of "
        "the same subjects.",
        alternative="Four panels over the original prediction: range of the "
        "predictions, mean absolute difference, share of models with another class, "
        "and calibration curves of all models. Means are in the table of instability.",
        category="Models",
        section="instability-{endpoint}",
        after="instability",
        sources=("prediction_instability",),
        needs=(Need.INSTABILITY,),
        endpoint_kinds=_EVERY_KIND,
    ),
    FigureDeclaration(
        name="subgroup_forest",
        title="Subgroups",
        legend="Discrimination, calibration in the large and calibration slope of the "
        "headline arm in cross-validation, in all subjects and in each declared "
        "subgroup, with intervals, and the p-value of a difference between the "
        "subgroups by one variable, not adjusted. Dashed: chance, or well calibrated. "
        "Subgroups below the declared size have no value.",
        caption="The headline arm in declared subgroups, with tests of differences.",
        alternative="Forest plot: one line per subgroup with estimate and interval, "
        "one panel per measure. The numbers are in the table of subgroups.",
        category="Models",
        section="subgroups-{endpoint}",
        after="subgroup_tests",
        sources=("subgroups",),
        needs=(Need.SUBGROUPS,),
        endpoint_kinds=_EVERY_KIND,
    ),
)
