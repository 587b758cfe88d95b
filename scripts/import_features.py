"""Rule import_features: take features that another tool computed as they are.

Reads   a table of features (CSV, TSV or Parquet) and the subjects sheet.
Writes  features.parquet, dictionary.tsv (kind "dictionary"), dictionary.json (the
        declared provenance), undefined.tsv, exclusions.tsv and batches.tsv (table
        kinds of these names).
"""

from pathlib import Path

from concord import files, jobs, tables
from concord.feature_import import batches as given_batches
from concord.feature_import import dictionary, importing


def main(job) -> None:
    settings = jobs.plain_settings(job)
    path, name = job.input.table, Path(job.input.table).name
    table, subjects = tables.read_given(path), tables.read_sheet(job.input.subjects)
    site_of = importing.site_of_subjects(subjects, settings)

    found = importing.import_features(table, site_of, settings, name)
    batches = given_batches.batch_facts(
        table, found.keys, subjects, site_of, settings, name
    )
    rows = dictionary.describe_columns(found.matrix, found.columns, settings, name)
    document = dictionary.document(
        settings, name, files.sha256(path), found.matrix, table.shape
    )

    tables.write_features(found.matrix, job.output.features)
    tables.write(rows, job.output.dictionary, "dictionary")
    files.write_json(document, job.output.dictionary_json)
    tables.write(found.undefined, job.output.undefined, "undefined")
    tables.write(found.exclusions, job.output.exclusions, "exclusions")
    tables.write(batches, job.output.batches, "batch_facts")


if __name__ == "__main__":
    jobs.run(main, snakemake)
