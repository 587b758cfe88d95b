"""Rule site_effect: how much of the batches is in the features.

Reads   the cohort, the feature matrix and the folds.
Writes  batch effects per feature and over all, how many features differ between
        batches, and how well the batch can be told from the features, raw and
        harmonized, beside the same with permuted batches (table kinds "site_effect",
        "batch_variance", "batch_tests" and "batch_prediction").
"""

from concord import jobs, tables
from concord.folds import cohort
from concord.harmonization.diagnostics import site_effect
from concord.harmonization.settings import SiteEffect


def main(job) -> None:
    found = site_effect.site_effect(
        cohort.read(job.input.cohort),
        tables.read_features(job.input.features),
        tables.read(job.input.folds, "folds"),
        jobs.settings(job, SiteEffect),
    )
    tables.write(found.effects, job.output.site_effect, "site_effect")
    tables.write(found.variance, job.output.batch_variance, "batch_variance")
    tables.write(found.tests, job.output.batch_tests, "batch_tests")
    tables.write(found.prediction, job.output.batch_prediction, "batch_prediction")


if __name__ == "__main__":
    jobs.run(main, snakemake)
