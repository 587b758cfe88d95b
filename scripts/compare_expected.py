"""Rule compare_expected: compare what frozen models reached with what was expected.

Reads   the frozen models (JSON), kinds "predictions", "risks" and "patient_scores", the
        cohort and the feature matrix.
Writes  expected beside observed values, scores over the percentiles of development,
        and the models (kinds "external", "external_scores" and "external_models").
"""

from concord import jobs, tables
from concord.evaluation.external.comparing import External
from concord.evaluation.external.settings import CompareExpected
from concord.folds import cohort
from concord.folds.splitting import SubjectRows
from concord.frozen import document


def main(job) -> None:
    settings = jobs.settings(job, CompareExpected)
    models = map(document.read, job.input.models)
    compared = External(
        settings,
        dict(zip(settings.arms, models, strict=True)),
        tables.read(job.input.predictions, "predictions"),
        tables.read_all(job.input.risks, "risks"),
        tables.read(job.input.scores, "patient_scores"),
        SubjectRows(
            cohort.read(job.input.cohort), tables.read_features(job.input.features)
        ),
    )
    for kind, table in compared.tables().items():
        tables.write(table, getattr(job.output, kind), kind)


if __name__ == "__main__":
    jobs.run(main, snakemake)
