"""Rule recover_truth: compare what the demo study found with what was planted.

Reads   the truth of the sites, agreement, review list, features, site effect, and
        selection, null and performance of all endpoints (their kinds).
Writes  one row per planted fact (kind "recovered").
"""

from concord import jobs, tables
from concord.simulate import recovery
from concord.simulate.settings import RecoverTruth


def main(job) -> None:
    settings = jobs.settings(job, RecoverTruth)
    study = recovery.StudyTables(
        truth=tables.read_all(job.input.truth, kind="truth"),
        exclusions=tables.read(job.input.exclusions, kind="exclusions"),
        agreement=tables.read(job.input.agreement, kind="agreement"),
        review=tables.read_all(job.input.review, kind="review_list"),
        features=tables.read_features(job.input.features),
        site_effect=tables.read(job.input.site_effect, kind="site_effect"),
        batch_prediction=tables.read(
            job.input.batch_prediction, kind="batch_prediction"
        ),
        selection=tables.read_all(job.input.selection, kind="selection"),
        null=tables.read_all(job.input.null, kind="null"),
        performance=tables.read_all(job.input.performance, kind="performance"),
    )

    rows = recovery.recover(study, settings)
    tables.write(rows, job.output.recovered, kind="recovered")


if __name__ == "__main__":
    jobs.run(main, snakemake)
