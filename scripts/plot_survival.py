"""Rule plot_survival: draw what the models of a survival endpoint reach, and by what.

Reads   kinds "performance", "null", "kaplan_meier", "risk_groups", "rmst_differences",
        "log_rank_tests", "time_dependent_effect" and "selection";
        where arms are tuned, "tuning"; where models score the segmentations of every
        reader, "reader_predictions" and "prediction_agreement".
Writes  figures of discrimination, risk groups, effects over time, selected features and
        tuning, and of the agreement of predictions (SVG, PDF, PNG of each there is).
"""

from concord import jobs, tables
from concord.figures import kaplan_meier, performance, selection
from concord.figures.evaluation import time_dependent_effect
from concord.figures.models import tuning_path
from concord.figures.readers import prediction_agreement
from concord.figures.settings import PlotEndpoint
from concord.figures.style import write


def main(job) -> None:
    settings = jobs.settings(job, PlotEndpoint)
    values = tables.read(job.input.performance, kind="performance")
    null = tables.read_all(job.input.null, kind="null")
    of_groups = "kaplan_meier", "risk_groups", "rmst_differences", "log_rank_tests"
    course = [tables.read(getattr(job.input, kind), kind) for kind in of_groups]
    effects = tables.read(job.input.time_dependent_effect, "time_dependent_effect")
    selected = tables.read(job.input.selection, kind="selection")
    tried = tables.read_all(job.input.tuning, kind="tuning")
    scores = tables.read_all(job.input.reader_predictions, kind="reader_predictions")
    agreed = tables.read_all(
        job.input.prediction_agreement, kind="prediction_agreement"
    )

    write(job.output.performance, performance.draw, values, null, settings)
    write(job.output.kaplan_meier, kaplan_meier.draw, *course, settings)
    over_time = job.output.time_dependent_effect
    write(over_time, time_dependent_effect.draw, effects, settings)
    write(job.output.selection, selection.draw, selected, settings)
    write(job.output.tuning_path, tuning_path.draw, tried, settings)
    moved = prediction_agreement.draw
    write(job.output.prediction_agreement, moved, scores, agreed, settings)


if __name__ == "__main__":
    jobs.run(main, snakemake)
