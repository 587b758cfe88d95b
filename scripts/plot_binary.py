"""Rule plot_binary: draw what the models of a binary endpoint reach, and by what.

Reads   kinds "performance", "null", "roc", "operating_points",
        "selection", "reclassification", and those of calibration; "decision_curve",
        "tuning", "reader_predictions", "prediction_agreement", and those of instability
        and subgroups, where there are some.
Writes  every figure of the endpoint that the study has (SVG, PDF, PNG).
"""

from concord import jobs, tables
from concord.figures import performance, roc, selection
from concord.figures.evaluation import (
    calibration,
    decision_curve,
    prediction_instability,
    reclassification,
    subgroup_forest,
)
from concord.figures.models import tuning_path
from concord.figures.readers import prediction_agreement
from concord.figures.settings import PlotEndpoint
from concord.figures.style import write


def main(job) -> None:
    settings = jobs.settings(job, PlotEndpoint)
    values = tables.read(job.input.performance, kind="performance")
    null = tables.read_all(job.input.null, kind="null")
    curves = tables.read(job.input.roc, kind="roc")
    points = tables.read(job.input.operating_points, kind="operating_points")
    selected = tables.read(job.input.selection, kind="selection")
    useful = tables.read_all(job.input.decision_curve, kind="decision_curve")
    risks = tables.read(job.input.reclassification, kind="reclassification")
    tried = tables.read_all(job.input.tuning, kind="tuning")
    kinds = ("calibration", "calibration_curve", "calibration_histogram")
    calibrated = [tables.read(getattr(job.input, one), kind=one) for one in kinds]
    scores = tables.read_all(job.input.reader_predictions, kind="reader_predictions")
    agreed = tables.read_all(
        job.input.prediction_agreement, kind="prediction_agreement"
    )
    unstable, parts = (
        {kind: tables.read_all(getattr(job.input, kind), kind) for kind in one.TABLES}
        for one in (prediction_instability, subgroup_forest)
    )

    write(job.output.performance, performance.draw, values, null, settings)
    write(job.output.roc, roc.draw, curves, values, points, settings)
    write(job.output.decision_curve, decision_curve.draw, useful, settings)
    write(job.output.reclassification, reclassification.draw, risks, settings)
    write(job.output.selection, selection.draw, selected, settings)
    write(job.output.tuning_path, tuning_path.draw, tried, settings)
    write(job.output.calibration, calibration.draw, *calibrated, settings)
    models = prediction_instability.draw
    write(job.output.prediction_instability, models, unstable, settings)
    write(job.output.subgroup_forest, subgroup_forest.draw, parts, settings)
    moved = prediction_agreement.draw
    write(job.output.prediction_agreement, moved, scores, agreed, settings)


if __name__ == "__main__":
    jobs.run(main, snakemake)
