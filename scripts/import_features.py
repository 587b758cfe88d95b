"""Rule import_features: take features that another tool computed as they are.

Reads   a table of features (CSV, TSV or Parquet; one file or several) and the
        subjects sheet.
Writes  features.parquet, dictionary.tsv (kind "dictionary"), dictionary.json (the
        declared provenance), undefined.tsv, exclusions.tsv and batches.tsv (table
        kinds of these names).
"""

from concord import jobs, tables
from concord.feature_import import batches, dictionary, importing, sources
from concord.feature_import.settings import ImportFeatures
from concord.files import write_json
from concord.privacy import discretion


def main(job) -> None:
    settings = jobs.settings(job, ImportFeatures)
    files = sources.source_files(job.input.table)
    name = sources.in_words(files)
    table = tables.read_feature_table(job.input.table, settings.table.missing)
    subjects = tables.read_sheet(job.input.subjects)
    site_of = importing.site_of_subjects(subjects, settings)

    imported = importing.import_features(table, site_of, settings, name)
    facts = batches.batch_facts(table, imported.keys, subjects, site_of, settings, name)
    rows = dictionary.describe_columns(
        imported.matrix, imported.columns, settings.table, name
    )
    document = dictionary.document(settings.table, files, imported.matrix, table.shape)

    tables.write_features(imported.matrix, job.output.features)
    tables.write(rows, job.output.dictionary, "dictionary")
    write_json(document, job.output.dictionary_json)
    tables.write(imported.undefined, job.output.undefined, "undefined")
    tables.write(imported.exclusions, job.output.exclusions, "exclusions")
    tables.write(facts, job.output.batches, "batch_facts")


if __name__ == "__main__":
    discretion.run(main, snakemake)
