"""Rule feature_table: gather the features of all chunks and describe every column.

Reads   the chunks' feature matrices and tables "undefined" and "exclusions".
Writes  features.parquet, dictionary.tsv (kind "dictionary"), dictionary.json (the same,
        with recipes in full), undefined.tsv and exclusions.tsv.
"""

from concord import files, jobs, tables
from concord.features.dictionary import dictionary
from concord.features.extraction import matrix
from concord.features.recipe import columns
from concord.features.settings.rules import FeatureTable


def main(job) -> None:
    recipes = columns.of_study(jobs.settings(job, FeatureTable).recipes)
    features = matrix.joined(
        matrix.concatenated([tables.read_features(p) for p in job.input.features]),
        [tables.read_features(p) for p in job.input.aggregated],
    )
    rows = dictionary.describe_columns(features, recipes)
    dictionary.require_described(features, rows)

    tables.write_features(features, job.output.features)
    tables.write(rows, job.output.dictionary, "dictionary")
    files.write_json(dictionary.document(recipes, rows), job.output.dictionary_json)
    for kind in ("undefined", "exclusions"):
        gathered = tables.read_all(getattr(job.input, kind), kind)
        tables.write(gathered, getattr(job.output, kind), kind)


if __name__ == "__main__":
    jobs.run(main, snakemake)
