"""Rule draw_samples: draw bootstrap samples of the subjects.

Reads   the cohort and the feature matrix, which must hold no copies of subjects: one
        would be out of bag while the other is learnt from.
Writes  one row per sample and subject, with how often it was drawn (table kind "folds",
        set "bootstrap").
"""

from concord import jobs, tables
from concord.folds import bootstrap, cohort, copies
from concord.folds.settings import DrawSamples


def main(job) -> None:
    settings = jobs.settings(job, DrawSamples)
    table = cohort.read(job.input.cohort)
    copies.require_no_copies(tables.read_features(job.input.features), table)
    rows = bootstrap.samples(table, settings.bootstrap, settings.seed)
    tables.write(rows, job.output.folds, "folds")


if __name__ == "__main__":
    jobs.run(main, snakemake)
