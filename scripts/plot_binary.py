"""Rule plot_binary: draw what the models of a binary endpoint reach, and by what.

Reads   kinds "performance", "null", "roc" and "selection"; where arms are tuned,
        "tuning"; where models score the segmentations of every reader,
        "reader_predictions" and "prediction_agreement"; of a multiverse,
        "specifications" and "specification_choices".
Writes  figures of discrimination, ROC curves, selected features and tuning, and of the
        agreement of predictions, and all analyses of a multiverse (SVG, PDF, PNG of
        each that the study has).
"""

from concord import jobs, tables
from concord.figures import performance, roc, selection
from concord.figures.evaluation import specification_curve
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
    tried = tables.read_all(job.input.tuning, kind="tuning")
    scores = tables.read_all(job.input.reader_predictions, kind="reader_predictions")
    agreed = tables.read_all(
        job.input.prediction_agreement, kind="prediction_agreement"
    )
    analyses, choices = (
        tables.read_all(getattr(job.input, kind), kind)
        for kind in ("specifications", "specification_choices")
    )

    write(job.output.performance, performance.draw, values, null, settings)
    write(job.output.roc, roc.draw, curves, values, settings)
    write(job.output.selection, selection.draw, selected, settings)
    write(job.output.tuning_path, tuning_path.draw, tried, settings)
    moved = prediction_agreement.draw
    write(job.output.prediction_agreement, moved, scores, agreed, settings)
    curve = specification_curve.draw
    write(job.output.specification_curve, curve, analyses, choices, settings)


if __name__ == "__main__":
    jobs.run(main, snakemake)
