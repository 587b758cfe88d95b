"""Rule plot_biology: draw what harmonization did to the biology.

Reads   kind "biology".
Writes  the figure (SVG, PDF, PNG).
"""

from concord import jobs, tables
from concord.figures import biology, style
from concord.figures.settings import PlotAssociations


def main(job) -> None:
    settings = jobs.settings(job, PlotAssociations)
    found = tables.read(job.input.biology, kind="biology")

    figure = biology.draw(found, settings.labels, settings.style)
    style.save(figure, job.output.svg, job.output.pdf, job.output.png)


if __name__ == "__main__":
    jobs.run(main, snakemake)
