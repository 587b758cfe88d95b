"""Rule stability: tell how far every feature repeats.

Reads   the feature matrix (Parquet).
Writes  ICC, within-subject SD and bias of every feature, between readers and
        between test and retest (table kind "stability"), and its ICC between each
        two readers (table kind "reader_stability").
"""

from concord import jobs, tables
from concord.stability import reader_pairs, reliability


def main(job) -> None:
    settings = jobs.settings(job)
    features = tables.read_features(job.input.features)
    rows = reliability.reliability_table(
        features,
        baseline_session=settings["baseline_session"],
        reference_reader=settings["reference_reader"],
        **settings["stability"],
    )
    pairs = reader_pairs.reader_pairs_table(
        features,
        settings["baseline_session"],
        settings["stability"]["threshold"],
        settings["stability"]["confidence"],
    )
    tables.write(rows, job.output.stability, kind="stability")
    tables.write(pairs, job.output.readers, kind="reader_stability")


if __name__ == "__main__":
    jobs.run(main, snakemake)
