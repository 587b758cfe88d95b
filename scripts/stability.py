"""Rule stability: tell how far every feature repeats.

Reads   the feature matrix (Parquet).
Writes  ICC, within-subject SD and bias of every feature, between readers and
        between test and retest (table kind "stability").
"""

from concord import jobs, tables
from concord.stability import reliability


def main(job) -> None:
    settings = jobs.settings(job)
    features = tables.read_features(job.input.features)
    rows = reliability.reliability_table(
        features,
        baseline_session=settings["baseline_session"],
        reference_reader=settings["reference_reader"],
        **settings["stability"],
    )
    tables.write(rows, job.output.stability, kind="stability")


if __name__ == "__main__":
    jobs.run(main, snakemake)
