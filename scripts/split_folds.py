"""Rule split_folds: put development and evaluation rows of each fold apart.

Reads   the cohort, the feature matrices and the folds.
Writes  two directories with a cohort and a feature matrix per fold; nothing in the
        first knows of a subject in the second.
"""

from concord import jobs, tables
from concord.folds import splitting
from concord.folds.scheme import Part


def main(job) -> None:
    study = splitting.SubjectRows.of_files(
        job.input.cohort, job.input.features, job.input.variants
    )
    table = tables.read(job.input.folds, "folds")
    schemes = map(str, Part.parse(job.wildcards.part).schemes())
    found = splitting.splits_of(study, table, schemes)
    splitting.write(found, job.output.development, job.output.evaluation)


if __name__ == "__main__":
    jobs.run(main, snakemake)
