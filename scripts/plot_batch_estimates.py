"""Rule plot_batch_estimates: draw what ComBat learns of each batch.

Reads   kinds "batch_estimates" and "batch_priors".
Writes  the figure (SVG, PDF, PNG).
"""

from concord import jobs, tables
from concord.figures import batch_estimates, style
from concord.figures.settings import FigureSettings


def main(job) -> None:
    settings = jobs.settings(job, FigureSettings)
    estimates = tables.read(job.input.batch_estimates, kind="batch_estimates")
    priors = tables.read(job.input.batch_priors, kind="batch_priors")

    figure = batch_estimates.draw(estimates, priors, settings.style)
    style.save(figure, job.output.svg, job.output.pdf, job.output.png)


if __name__ == "__main__":
    jobs.run(main, snakemake)
