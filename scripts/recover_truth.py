"""Rule recover_truth: compare what the demo study found with what was planted.

Reads   the truth of the sites, the cohort, agreement, review list, features, site
        effect; selection, null and performance of all endpoints; and, where the study
        has them, effects by treatment and of competing causes, predictions and fusion
        (their kinds).
Writes  one row per planted fact (kind "recovered").
"""

from concord import jobs, tables
from concord.folds import cohort
from concord.simulate import recovery
from concord.simulate.settings import RecoverTruth
from concord.simulate.study_tables import StudyTables


def main(job) -> None:
    settings = jobs.settings(job, RecoverTruth)
    study = StudyTables(
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
        cohort=cohort.read(job.input.cohort),
        interaction=tables.read_all(job.input.interaction, kind="interaction"),
        marker_effects=tables.read_all(job.input.marker_effects, kind="marker_effects"),
        competing_effects=tables.read_all(
            job.input.competing_effects, kind="competing_effects"
        ),
        predictions=tables.read_all(job.input.predictions, kind="predictions"),
        fusion=tables.read_all(job.input.fusion, kind="fusion"),
    )

    rows = recovery.recover(study, settings)
    tables.write(rows, job.output.recovered, kind="recovered")


if __name__ == "__main__":
    jobs.run(main, snakemake)
