"""Rule plot_roc: draw the mean ROC curves of the arms of a binary endpoint.

Reads   mean curves of the arms (kind "roc"), their AUC (kind "performance").
Writes  the figure (SVG, PDF, PNG).
"""

from concord import jobs, tables
from concord.figures import roc, style
from concord.figures.settings import PlotArms


def main(job) -> None:
    settings = jobs.settings(job, PlotArms)
    curves = tables.read(job.input.roc, kind="roc")
    performance = tables.read(job.input.performance, kind="performance")

    figure = roc.draw(curves, performance, settings)
    style.save(figure, job.output.svg, job.output.pdf, job.output.png)


if __name__ == "__main__":
    jobs.run(main, snakemake)
