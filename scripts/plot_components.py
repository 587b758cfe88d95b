"""Rule plot_components: draw principal components of held-out rows.

Reads   kind "components" and the cohort.
Writes  the figure (SVG, PDF, PNG).
"""

from concord import jobs, tables
from concord.figures import components, style
from concord.figures.settings import PlotComponents
from concord.folds import cohort


def main(job) -> None:
    settings = jobs.settings(job, PlotComponents)
    found = tables.read(job.input.components, kind="components")
    outcome = cohort.outcome(cohort.read(job.input.cohort), settings.endpoint)

    figure = components.draw(found, outcome["event"], settings.label, settings.style)
    style.save(figure, job.output.svg, job.output.pdf, job.output.png)


if __name__ == "__main__":
    jobs.run(main, snakemake)
