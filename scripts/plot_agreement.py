"""Rule plot_agreement: draw how well readers agree, by site.

Reads   the agreement of all images (kind "agreement").
Writes  the figure (SVG, PDF, PNG).
"""

from concord import jobs, tables
from concord.figures import style
from concord.figures.readers import agreement
from concord.figures.settings import PlotAgreement


def main(job) -> None:
    settings = jobs.settings(job, PlotAgreement)
    table = tables.read(job.input.agreement, kind="agreement")

    figure = agreement.draw(table, settings.headline, settings.style)
    style.save(figure, job.output.svg, job.output.pdf, job.output.png)


if __name__ == "__main__":
    jobs.run(main, snakemake)
