"""Rule plot_binary: draw what the models of a binary endpoint reach, and by what.

Reads   the tables (kinds) of every figure below, as far as the study has them.
Writes  every figure of the endpoint that the study has (SVG, PDF, PNG).
"""

from concord import jobs
from concord.figures import performance, roc, selection
from concord.figures.drawing import write_all
from concord.figures.evaluation import (
    calibration,
    decision_curve,
    prediction_instability,
    reclassification,
    specification_curve,
    subgroup_forest,
)
from concord.figures.external import expected_observed, score_shift
from concord.figures.models import tuning_path
from concord.figures.readers import prediction_agreement
from concord.figures.settings import PlotEndpoint

#: Figures by name: what draws them, and the kinds of their tables.
FIGURES = {
    "performance": (performance.draw, ("performance", "null")),
    "roc": (roc.draw, ("roc", "performance", "operating_points")),
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
