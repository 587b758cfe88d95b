"""Rule split_folds: put development and evaluation rows of each fold apart.

Reads   the cohort, the feature matrices, the folds and, if batch effects are estimated
        from it, the table of a phantom.
Writes  two directories with a cohort and a feature matrix per fold; nothing in the
        first knows of a subject in the second. With a phantom, a third one with its
        rows that are of no evaluation subject.
"""

from concord import tables
from concord.folds import splitting
from concord.folds.scheme import Part
from concord.privacy import discretion


def main(job) -> None:
    study = splitting.SubjectRows.of_files(
        cohort=job.input.cohort,
        features=job.input.features,
        variants=job.input.variants,
        phantom=job.input.phantom,
    )
    table = tables.read(job.input.folds, "folds")
    schemes = map(str, Part.parse(job.wildcards.part).schemes())
    found = splitting.splits_of(study, table, schemes)
    splitting.write(
        found,
        job.output.development,
        job.output.evaluation,
        job.output.phantom or None,
    )


if __name__ == "__main__":
    discretion.run(main, snakemake)
