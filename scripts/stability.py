"""Rule stability: tell how far every feature repeats.

Reads   the feature matrix and, if there is one, that of the variants (Parquet).
Writes  ICC, within-subject SD and bias of every feature, between readers, between
        test and retest, and between variants of a scan (table kind "stability").
"""

from concord import jobs, tables
from concord.stability import reliability


def main(job) -> None:
    settings = jobs.settings(job)
    rows = reliability.reliability_table(
        tables.read_all_features(job.input.features, job.input.variants), **settings
    )
    tables.write(rows, job.output.stability, kind="stability")


if __name__ == "__main__":
    jobs.run(main, snakemake)
