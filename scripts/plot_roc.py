"""Rule plot_roc: draw the mean ROC curves of the arms of a binary endpoint.

Reads   predictions of the arms (kind "predictions"), their AUC (kind "performance").
Writes  the figure (SVG, PDF, PNG).
"""

from concord import jobs, tables
from concord.figures import roc, style
from concord.figures.settings import PlotArms


def main(job) -> None:
    settings = jobs.settings(job, PlotArms)
    predictions = tables.read_all(job.input.predictions, kind="predictions")
    performance = tables.read(job.input.performance, kind="performance")

    figure = roc.draw(predictions, performance, settings)
    style.save(figure, job.output.svg, job.output.pdf, job.output.png)


if __name__ == "__main__":
    jobs.run(main, snakemake)
