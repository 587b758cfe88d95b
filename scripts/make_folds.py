"""Rule make_folds: draw every development and evaluation set of the study.

Reads   the cohort and the feature matrix, which must hold no copies of subjects: what
        is learnt of one would be learnt of the other.
Writes  one row per subject and fold of a set (table kind "folds").
"""

from concord import jobs, tables
from concord.folds import cohort, copies, splits
from concord.folds.settings import MakeFolds


def main(job) -> None:
    settings = jobs.settings(job, MakeFolds)
    table = cohort.read(job.input.cohort)
    copies.require_no_copies(tables.read_features(job.input.features), table)
    event = cohort.events(table, settings.endpoint)
    rows = splits.make(table, event, settings.validation, settings.seed)
    rows = rows.assign(fold_set=job.wildcards.fold_set)
    tables.write(rows, job.output.folds, "folds")


if __name__ == "__main__":
    jobs.run(main, snakemake)
