"""Rule find_giveaways: features and covariates that alone nearly are an outcome.

Reads   the cohort and the feature matrix.
Writes  each of them with what chance gives (table kind "giveaways").
"""

from concord import jobs, tables
from concord.folds import cohort, subject_table
from concord.harmonization.confounding_settings import FindGiveaways
from concord.harmonization.diagnostics import giveaways


def main(job) -> None:
    settings = jobs.settings(job, FindGiveaways)
    features = subject_table.feature_matrix(
        tables.read_features(job.input.features),
        settings.baseline_session,
        settings.reference_reader,
    )
    found = giveaways.giveaways(
        cohort.read(job.input.cohort),
        features,
        settings.endpoints,
        settings.too_good,
        settings.seed,
    )
    tables.write(found, job.output.giveaways, "giveaways")


if __name__ == "__main__":
    jobs.run(main, snakemake)
