"""Rule make_folds: draw every development and evaluation set of the study.

Reads   the cohort.
Writes  one row per subject and fold (table kind "folds").
"""

from concord import jobs, tables
from concord.folds import cohort, splits
from concord.folds.settings import MakeFolds


def main(job) -> None:
    settings = jobs.settings(job, MakeFolds)
    table = cohort.read(job.input.cohort)
    outcome = cohort.outcome(table, settings.validation.stratify_by)
    rows = splits.make(table, outcome["event"], settings.validation, settings.seed)
    tables.write(rows, job.output.folds, "folds")


if __name__ == "__main__":
    jobs.run(main, snakemake)
