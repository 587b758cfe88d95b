"""Rule site_effect: how much of the batches is in the features.

Reads   the cohort, the feature matrix and the folds.
Writes  batch effects per feature and how well the batch can be told from the
        features, raw and harmonized (table kinds "site_effect" and
        "site_predictability").
"""

from concord import cohort, jobs, tables
from concord.harmonize import diagnostics


def main(job) -> None:
    effects, predictability = diagnostics.site_effect(
        cohort.read(job.input.cohort),
        tables.read_features(job.input.features),
        tables.read(job.input.folds, "folds"),
        jobs.settings(job),
    )
    tables.write(effects, job.output.site_effect, "site_effect")
    tables.write(predictability, job.output.site_predictability, "site_predictability")


if __name__ == "__main__":
    jobs.run(main, snakemake)
