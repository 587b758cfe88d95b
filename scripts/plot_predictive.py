"""Rule plot_predictive: draw the effect of a treatment over the markers.

Reads   kinds "interaction", "treatment_effect" and "marker_values" of an endpoint.
Writes  the figure of the treatment effect (SVG, PDF, PNG).
"""

from concord import jobs, tables
from concord.figures.models import treatment_effect
from concord.figures.settings import PlotPredictive
from concord.figures.style import write


def main(job) -> None:
    settings = jobs.settings(job, PlotPredictive)
    tests = tables.read(job.input.interaction, kind="interaction")
    effects = tables.read(job.input.treatment_effect, kind="treatment_effect")
    values = tables.read(job.input.marker_values, kind="marker_values")

    drawn = tests, effects, values, settings
    write(job.output.treatment_effect, treatment_effect.draw, *drawn)


if __name__ == "__main__":
    jobs.run(main, snakemake)
