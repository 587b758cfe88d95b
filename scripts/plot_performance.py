"""Rule plot_performance: draw the discrimination of all arms of an endpoint.

Reads   kinds "performance" and "null".
Writes  the figure (SVG, PDF, PNG).
"""

from concord import jobs, tables
from concord.figures import performance, style
from concord.figures.settings import PlotArms


def main(job) -> None:
    settings = jobs.settings(job, PlotArms)
    values = tables.read(job.input.performance, kind="performance")
    null = tables.read_all(job.input.null, kind="null")

    figure = performance.draw(values, null, settings)
    style.save(figure, job.output.svg, job.output.pdf, job.output.png)


if __name__ == "__main__":
    jobs.run(main, snakemake)
