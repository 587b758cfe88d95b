"""Rule plot_competing: draw causes that compete, of one endpoint.

Reads   kinds "competing_incidence" and "competing_effects".
Writes  figures of the cumulative incidence of each cause and of effects on hazard and
        incidence (SVG, PDF, PNG of each).
"""

from concord import jobs, tables
from concord.figures.models import competing_effects, cumulative_incidence
from concord.figures.settings import PlotCompeting
from concord.figures.style import write


def main(job) -> None:
    settings = jobs.settings(job, PlotCompeting)
    incidence = tables.read(job.input.competing_incidence, kind="competing_incidence")
    effects = tables.read(job.input.competing_effects, kind="competing_effects")

    drawn = job.output.cumulative_incidence
    write(drawn, cumulative_incidence.draw, incidence, settings)
    write(job.output.competing_effects, competing_effects.draw, effects, settings)


if __name__ == "__main__":
    jobs.run(main, snakemake)
