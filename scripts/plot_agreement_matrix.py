"""Rule plot_agreement_matrix: draw the agreement of each reader with each other one.

Reads   the agreement of all images (kind "agreement").
Writes  the figure (SVG, PDF, PNG).
"""

from concord import jobs, tables
from concord.figures import style
from concord.figures.readers import agreement_matrix
from concord.figures.settings import PlotAgreement


def main(job) -> None:
    settings = jobs.settings(job, PlotAgreement)
    table = tables.read(job.input.agreement, kind="agreement")

    figure = agreement_matrix.draw(table, settings.headline, settings.style)
    style.save(figure, job.output.svg, job.output.pdf, job.output.png)


if __name__ == "__main__":
    jobs.run(main, snakemake)
