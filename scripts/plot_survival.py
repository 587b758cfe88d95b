"""Rule plot_survival: draw what the models of a survival endpoint reach, and by what.

Reads   kinds "performance", "null", "kaplan_meier", "risk_groups" and "selection";
        where arms are tuned, "tuning"; where models score the segmentations of every
        reader, "reader_predictions" and "prediction_agreement"; where they
        are asked for, tables of instability and of subgroups.
Writes  figures of discrimination, risk groups, selected features and tuning, of the
        agreement of predictions, of instability and of subgroups (SVG, PDF, PNG of each
        that the study has).
"""

from concord import jobs, tables
from concord.figures import kaplan_meier, performance, selection
from concord.figures.evaluation import prediction_instability, subgroup_forest
from concord.figures.models import tuning_path
from concord.figures.readers import prediction_agreement
from concord.figures.settings import PlotEndpoint
from concord.figures.style import write


def main(job) -> None:
    settings = jobs.settings(job, PlotEndpoint)
    values = tables.read(job.input.performance, kind="performance")
    null = tables.read_all(job.input.null, kind="null")
    curves = tables.read(job.input.kaplan_meier, kind="kaplan_meier")
    groups = tables.read(job.input.risk_groups, kind="risk_groups")
    selected = tables.read(job.input.selection, kind="selection")
    tried = tables.read_all(job.input.tuning, kind="tuning")
    scores = tables.read_all(job.input.reader_predictions, kind="reader_predictions")
    agreed = tables.read_all(
        job.input.prediction_agreement, kind="prediction_agreement"
    )
    unstable, parts = (
        {kind: tables.read_all(getattr(job.input, kind), kind) for kind in one.TABLES}
        for one in (prediction_instability, subgroup_forest)
    )

    write(job.output.performance, performance.draw, values, null, settings)
    write(job.output.kaplan_meier, kaplan_meier.draw, curves, groups, settings)
    write(job.output.selection, selection.draw, selected, settings)
    write(job.output.tuning_path, tuning_path.draw, tried, settings)
    models = prediction_instability.draw
    write(job.output.prediction_instability, models, unstable, settings)
    write(job.output.subgroup_forest, subgroup_forest.draw, parts, settings)
    moved = prediction_agreement.draw
    write(job.output.prediction_agreement, moved, scores, agreed, settings)


if __name__ == "__main__":
    jobs.run(main, snakemake)
