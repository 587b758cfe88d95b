"""Rule fit_null: what the headline arm reaches when outcomes mean nothing.

Reads   the cohort, the feature matrix and the folds.
Writes  one row per permutation of the outcome within groups (table kind "null").
"""

from concord import cohort, jobs, tables
from concord.models import design, permutation


def main(job) -> None:
    settings = jobs.settings(job)
    rows = permutation.null_band(
        cohort.read(job.input.cohort),
        tables.read_features(job.input.features),
        tables.read(job.input.folds, "folds"),
        design.Plan.from_settings(settings, settings["name"]),
        settings["null_permutations"],
        settings["seed"],
    )
    tables.write(rows, job.output.null, "null")


if __name__ == "__main__":
    jobs.run(main, snakemake)
