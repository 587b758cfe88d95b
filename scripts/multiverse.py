"""Rule multiverse: judge some of the analyses that could have been chosen.

Reads   the cohort, the feature matrices, the folds and, if batch effects are
        estimated from it, the table of a phantom.
Writes  one row per analysis with its value, interval and difference to the reference
        (table kind "specifications"), and its values under permuted outcomes
        ("specification_null").
"""

from concord import jobs, tables
from concord.evaluation.multiverse import values
from concord.evaluation.multiverse.settings import FitMultiverse
from concord.folds import splitting


def main(job) -> None:
    names = ("cohort", "features", "variants", "phantom")
    paths = {name: getattr(job.input, name) for name in names}
    rows, null = values.multiverse_values(
        splitting.SubjectRows.of_files(**paths),
        tables.read(job.input.folds, "folds"),
        jobs.settings(job, FitMultiverse),
    )
    tables.write(rows, job.output.specifications[0], "specifications")
    tables.write(null, job.output.specification_null[0], "specification_null")


if __name__ == "__main__":
    jobs.run(main, snakemake)
