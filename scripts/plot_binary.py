"""Rule plot_binary: draw what the models of a binary endpoint reach, and by what.

Reads   kinds "performance", "null", "roc", "decision_curve", "reclassification" and
        "selection"; where arms are tuned, "tuning"; where models score the
        segmentations of every reader, "reader_predictions" and "prediction_agreement".
Writes  figures of discrimination, ROC and decision curves, risks, selected features,
        tuning and agreement of predictions (SVG, PDF, PNG of each that the study has).
"""

from concord import jobs, tables
from concord.figures import performance, roc, selection
from concord.figures.evaluation import decision_curve, reclassification
from concord.figures.models import tuning_path
from concord.figures.readers import prediction_agreement
from concord.figures.settings import PlotEndpoint
from concord.figures.style import write


def main(job) -> None:
    settings = jobs.settings(job, PlotEndpoint)
    values = tables.read(job.input.performance, kind="performance")
    null = tables.read_all(job.input.null, kind="null")
    curves = tables.read(job.input.roc, kind="roc")
    selected = tables.read(job.input.selection, kind="selection")
    useful = tables.read_all(job.input.decision_curve, kind="decision_curve")
    risks = tables.read(job.input.reclassification, kind="reclassification")
    tried = tables.read_all(job.input.tuning, kind="tuning")
    scores = tables.read_all(job.input.reader_predictions, kind="reader_predictions")
    agreed = tables.read_all(
        job.input.prediction_agreement, kind="prediction_agreement"
    )

    write(job.output.performance, performance.draw, values, null, settings)
    write(job.output.roc, roc.draw, curves, values, settings)
    write(job.output.decision_curve, decision_curve.draw, useful, settings)
    write(job.output.reclassification, reclassification.draw, risks, settings)
    write(job.output.selection, selection.draw, selected, settings)
    write(job.output.tuning_path, tuning_path.draw, tried, settings)
    moved = prediction_agreement.draw
    write(job.output.prediction_agreement, moved, scores, agreed, settings)


if __name__ == "__main__":
    jobs.run(main, snakemake)
