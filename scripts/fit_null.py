"""Rule fit_null: what an arm reaches when outcomes mean nothing.

Reads   the cohort, the feature matrices, the folds and, if batch effects are
        estimated from it, the table of a phantom.
Writes  one row per scheme and permutation of the outcome within groups (table kind
        "null").
"""

from concord import jobs, tables
from concord.folds import cohort, splitting
from concord.models import permutation_null, phantom_table
from concord.models.settings import FitNull


def main(job) -> None:
    settings = jobs.settings(job, FitNull)
    study = splitting.SubjectRows(
        cohort.read(job.input.cohort),
        tables.read_all_features(job.input.features, job.input.variants),
    )
    rows = permutation_null.null_band(
        study,
        tables.read(job.input.folds, "folds"),
        settings.model,
        settings.n_permutations,
        settings.seed,
        phantom_table.read_if_given(job.input.phantom),
    )
    tables.write(rows, job.output.null, "null")


if __name__ == "__main__":
    jobs.run(main, snakemake)
