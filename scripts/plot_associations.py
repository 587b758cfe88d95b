"""Rule plot_associations: draw what harmonization did to the associations.

Reads   kind "associations".
Writes  the figure (SVG, PDF, PNG).
"""

from concord import jobs, tables
from concord.figures import associations, style
from concord.figures.settings import PlotAssociations


def main(job) -> None:
    settings = jobs.settings(job, PlotAssociations)
    found = tables.read(job.input.associations, kind="associations")

    figure = associations.draw(found, settings.labels, settings.style)
    style.save(figure, job.output.svg, job.output.pdf, job.output.png)


if __name__ == "__main__":
    jobs.run(main, snakemake)
