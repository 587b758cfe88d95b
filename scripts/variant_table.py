"""Rule variant_table: gather the variants of all chunks.

Reads   the chunks' feature matrices and tables "undefined" and "exclusions".
Writes  variants.parquet and the same two tables of all chunks.
"""

from concord import jobs, tables
from concord.features.extraction import matrix


def main(job) -> None:
    features = matrix.concatenated(
        [tables.read_features(path) for path in job.input.features]
    )
    tables.write_features(features, job.output.features)
    for kind in ("undefined", "exclusions"):
        gathered = tables.read_all(getattr(job.input, kind), kind)
        tables.write(gathered, getattr(job.output, kind), kind)


if __name__ == "__main__":
    jobs.run(main, snakemake)
