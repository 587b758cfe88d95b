"""Rule plot_survival: draw what the models of a survival endpoint reach, and by what.

Reads   the tables (kinds) of every figure below, as far as the study has them.
Writes  every figure of the endpoint that the study has (SVG, PDF, PNG).
"""

from concord import jobs
from concord.figures import kaplan_meier, performance, selection
from concord.figures.drawing import write_all
from concord.figures.evaluation import (
    calibration,
    decision_curve,
    prediction_instability,
    reclassification,
    specification_curve,
    subgroup_forest,
    time_dependent_auc,
    time_dependent_effect,
)
from concord.figures.external import expected_observed, score_shift
from concord.figures.models import tuning_path
from concord.figures.readers import prediction_agreement
from concord.figures.settings import PlotEndpoint

#: Figures by name: what draws them, and the kinds of their tables.
FIGURES = {
    "performance": (performance.draw, ("performance", "null")),
    "kaplan_meier": (kaplan_meier.draw, kaplan_meier.TABLES),
    "time_dependent_auc": (time_dependent_auc.draw, ("time_dependent_auc",)),
    "time_dependent_effect": (time_dependent_effect.draw, ("time_dependent_effect",)),
    "selection": (selection.draw, ("selection",)),
    "tuning_path": (tuning_path.draw, ("tuning",)),
    "calibration": (calibration.draw, calibration.TABLES),
    "decision_curve": (decision_curve.draw, ("decision_curve",)),
    "reclassification": (reclassification.draw, ("reclassification",)),
    "prediction_instability": (
        prediction_instability.draw,
        prediction_instability.TABLES,
    ),
    "subgroup_forest": (subgroup_forest.draw, subgroup_forest.TABLES),
    "specification_curve": (specification_curve.draw, specification_curve.TABLES),
    "expected_observed": (expected_observed.draw, ("external",)),
    "score_shift": (score_shift.draw, ("external_scores",)),
    "prediction_agreement": (prediction_agreement.draw, prediction_agreement.TABLES),
}


def main(job) -> None:
    write_all(job, FIGURES, jobs.settings(job, PlotEndpoint))


if __name__ == "__main__":
    jobs.run(main, snakemake)
