"""Rule plot_harmonization: draw the site effect, and what harmonization does to it.

Reads   kinds "site_effect", "batch_prediction", "components", "associations",
        "batch_estimates" and "batch_priors", and the cohort.
Writes  figures of the site effect, of principal components, of associations and of the
        estimates of the batches (SVG, PDF, PNG of each).
"""

from concord import jobs, tables
from concord.figures import associations, batch_estimates, components, site_effect
from concord.figures.settings import PlotHarmonization
from concord.figures.style import write
from concord.folds import cohort


def main(job) -> None:
    settings = jobs.settings(job, PlotHarmonization)
    effect, prediction, rotated, associated, estimates, priors = (
        tables.read(job.input[kind], kind)
        for kind in (
            "site_effect",
            "batch_prediction",
            "components",
            "associations",
            "batch_estimates",
            "batch_priors",
        )
    )
    event = cohort.outcome(cohort.read(job.input.cohort), settings.endpoint)["event"]

    look = settings.style
    write(job.output.site_effect, site_effect.draw, effect, prediction, look)
    write(job.output.components, components.draw, rotated, event, settings.label, look)
    write(job.output.associations, associations.draw, associated, settings.labels, look)
    write(job.output.batch_estimates, batch_estimates.draw, estimates, priors, look)


if __name__ == "__main__":
    jobs.run(main, snakemake)
