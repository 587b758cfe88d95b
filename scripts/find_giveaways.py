"""Rule find_giveaways: features and covariates that nearly are an outcome, or another.

Reads   the cohort and the feature matrix.
Writes  each that alone nearly is an outcome, with what chance gives, and each that is
        a copy of another (table kinds "giveaways" and "duplicate_columns").
"""

from concord import jobs, tables
from concord.folds import cohort, subject_table
from concord.harmonization.confounding_settings import FindGiveaways
from concord.harmonization.diagnostics import duplicate_columns, giveaways


def main(job) -> None:
    settings = jobs.settings(job, FindGiveaways)
    features = subject_table.feature_matrix(
        tables.read_features(job.input.features),
        settings.baseline_session,
        settings.reference_reader,
    )
    members = cohort.read(job.input.cohort)
    found = giveaways.giveaways(
        members,
        features,
        settings.endpoints,
        settings.too_good,
        settings.seed,
    )
    tables.write(found, job.output.giveaways, "giveaways")
    copies = duplicate_columns.duplicate_columns(members, features)
    tables.write(copies, job.output.duplicate_columns, "duplicate_columns")


if __name__ == "__main__":
    jobs.run(main, snakemake)
