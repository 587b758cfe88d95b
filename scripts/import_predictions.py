"""Rule import_predictions: take predictions that another tool made as they are.

Reads   a table of predictions (CSV, TSV, Excel or Parquet; one file or several) and
        the cohort.
Writes  of every endpoint its predictions with the outcomes of the study (table kind
        "predictions") and, where risks are judged at some days, these (kind "risks");
        what the table holds and what is declared of it (JSON).
"""

from concord import jobs, tables
from concord.evaluation.given import importing
from concord.evaluation.given.settings import ImportPredictions
from concord.feature_import import sources
from concord.files import write_json
from concord.folds import cohort
from concord.privacy import discretion


def main(job) -> None:
    settings = jobs.settings(job, ImportPredictions)
    files = sources.source_files(job.input.table)
    name = sources.in_words(files)
    table = tables.read_feature_table(job.input.table, settings.table.missing)
    subjects = cohort.read(job.input.cohort)

    found = importing.import_predictions(table, subjects, settings, name)
    by_endpoint = found.predictions.items()
    for (_, rows), path in zip(by_endpoint, job.output.predictions, strict=True):
        tables.write(rows, path, "predictions")
    risks = [rows for rows in found.risks.values() if len(rows)]
    for rows, path in zip(risks, job.output.risks, strict=True):
        tables.write(rows, path, "risks")
    document = importing.document(found, settings, files)
    write_json(document, job.output.document)


if __name__ == "__main__":
    discretion.run(main, snakemake)
