"""Rule site_effect: how much of the batches is in the features.

Reads   the cohort, the feature matrix and the folds.
Writes  batch effects per feature, how many features differ between batches, and
        how well the batch can be told from the features, raw and harmonized (table
        kinds "site_effect", "batch_tests" and "batch_prediction").
"""

from concord import jobs, tables
from concord.folds import cohort
from concord.harmonization.diagnostics import site_effect
from concord.harmonization.diagnostics.batch_tests import rejections
from concord.harmonization.settings import SiteEffect


def main(job) -> None:
    effects, prediction = site_effect.site_effect(
        cohort.read(job.input.cohort),
        tables.read_features(job.input.features),
        tables.read(job.input.folds, "folds"),
        jobs.settings(job, SiteEffect),
    )
    tables.write(effects, job.output.site_effect, "site_effect")
    tables.write(rejections(effects), job.output.batch_tests, "batch_tests")
    tables.write(prediction, job.output.batch_prediction, "batch_prediction")


if __name__ == "__main__":
    jobs.run(main, snakemake)
