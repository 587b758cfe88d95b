"""Rule plot_stability: draw how far features repeat, by family.

Reads   the stability table (kind "stability").
Writes  the figure (SVG, PDF, PNG).
"""

from concord import jobs, tables
from concord.figures import stability, style
from concord.figures.settings import PlotStability


def main(job) -> None:
    settings = jobs.settings(job, PlotStability)
    table = tables.read(job.input.stability, kind="stability")

    figure = stability.draw(
        table, settings.threshold, settings.confidence, settings.style
    )
    style.save(figure, job.output.svg, job.output.pdf, job.output.png)


if __name__ == "__main__":
    jobs.run(main, snakemake)
