"""Rule plot_performance: draw the discrimination of all arms of an endpoint.

Reads   kinds "performance" and "null".
Writes  the figure (SVG, PDF, PNG).
"""

from concord import jobs, tables
from concord.figures import performance, style


def main(job) -> None:
    settings = jobs.plain_settings(job)
    looks = style.Looks(**settings["figures"])
    values = tables.read(job.input.performance, kind="performance")
    null = tables.read_all(job.input.null, kind="null")

    figure = performance.draw(values, null, settings, looks)
    style.save(figure, job.output.svg, job.output.pdf, job.output.png)


if __name__ == "__main__":
    jobs.run(main, snakemake)
