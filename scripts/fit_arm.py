"""Rule fit_arm: fit one arm in every fold of some repeats; score who is held out.

Reads   the cohort, the feature matrix and the folds.
Writes  predictions, fits and coefficients (table kinds of these names) and
        everything that was learnt, fold by fold (JSON).
"""

from concord import cohort, files, jobs, tables
from concord.models import design, fitting


def main(job) -> None:
    settings = jobs.settings(job)
    result = fitting.fit_part(
        cohort.read(job.input.cohort),
        tables.read_features(job.input.features),
        tables.read(job.input.folds, "folds"),
        design.Plan.from_settings(settings, job.wildcards.arm),
        job.wildcards.part,
    )
    tables.write(result.predictions, job.output.predictions, "predictions")
    tables.write(result.fits, job.output.fits, "fits")
    tables.write(result.coefficients, job.output.coefficients, "coefficients")
    files.write_json(result.estimates, job.output.estimates)


if __name__ == "__main__":
    jobs.run(main, snakemake)
