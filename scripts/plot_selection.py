"""Rule plot_selection: draw which features the headline arm selects.

Reads   how often features were selected (kind "selection").
Writes  the figure (SVG, PDF, PNG).
"""

from concord import jobs, tables
from concord.figures import selection, style
from concord.figures.settings import PlotHeadline


def main(job) -> None:
    settings = jobs.settings(job, PlotHeadline)
    table = tables.read(job.input.selection, kind="selection")

    figure = selection.draw(table, settings)
    style.save(figure, job.output.svg, job.output.pdf, job.output.png)


if __name__ == "__main__":
    jobs.run(main, snakemake)
