"""Rule plot_kaplan_meier: draw the survival of the predicted risk groups.

Reads   predictions of the headline arm (kind "predictions").
Writes  the figure (SVG, PDF, PNG).
"""

from concord import jobs, tables
from concord.figures import kaplan_meier, style
from concord.figures.settings import PlotKaplanMeier


def main(job) -> None:
    settings = jobs.settings(job, PlotKaplanMeier)
    predictions = tables.read_all(job.input.predictions, kind="predictions")

    figure = kaplan_meier.draw(predictions, settings)
    style.save(figure, job.output.svg, job.output.pdf, job.output.png)


if __name__ == "__main__":
    jobs.run(main, snakemake)
