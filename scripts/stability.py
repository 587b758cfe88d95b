"""Rule stability: report how far every feature repeats.

Reads   the feature matrix and, if there is one, that of the variants (Parquet).
Writes  ICC, within-subject SD and bias of every feature, between readers, between
        test and retest, and between variants of a scan (table kind "stability"), and
        its ICC between each two readers (table kind "reader_stability"); sealed
        subjects are not looked at.
"""

from concord import jobs, subject_ids, tables
from concord.stability import reader_pairs, reliability
from concord.stability.settings import Stability


def main(job) -> None:
    settings = jobs.settings(job, Stability)
    every = tables.read_all_features(job.input.features, job.input.variants)
    features = subject_ids.without(every, settings.sealed)
    rows = reliability.reliability_table(features, settings)
    pairs = reader_pairs.reader_pairs_table(features, settings)
    tables.write(rows, job.output.stability, kind="stability")
    tables.write(pairs, job.output.readers, kind="reader_stability")


if __name__ == "__main__":
    jobs.run(main, snakemake)
