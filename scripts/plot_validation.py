"""Rule plot_validation: draw how far the values of groups left out differ.

Reads   kinds "performance" and "pooled_groups" of all endpoints.
Writes  a forest plot of the headline arm (SVG, PDF, PNG).
"""

from concord import jobs, tables
from concord.figures.models import group_forest
from concord.figures.settings import PlotValidation
from concord.figures.style import write


def main(job) -> None:
    settings = jobs.settings(job, PlotValidation)
    performance = tables.read_all(job.input.performance, kind="performance")
    pooled = tables.read_all(job.input.pooled_groups, kind="pooled_groups")
    write(job.output.group_forest, group_forest.draw, performance, pooled, settings)


if __name__ == "__main__":
    jobs.run(main, snakemake)
