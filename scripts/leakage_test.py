"""Rule leakage_test: perturb the evaluation rows; what is learnt must not change.

Reads   the cohort, the feature matrices, the folds, the fits of the headline arm and,
        if batch effects are estimated from it, the table of a phantom. What is known
        from an earlier job comes from the cache.
Writes  one row per fold and perturbation, also of fits with a planted leak (table
        kind "leakage").
"""

from concord import jobs, tables
from concord.folds import splitting
from concord.models import known_results, phantom_table
from concord.models.leakage import leakage_test
from concord.models.settings import LeakageTest


def main(job) -> None:
    settings = jobs.settings(job, LeakageTest)

    def test(_: list[int]) -> None:
        rows = leakage_test.leakage_test(
            splitting.SubjectRows.of_files(
                job.input.cohort, job.input.features, job.input.variants
            ),
            tables.read(job.input.folds, "folds"),
            tables.read_all(job.input.fits, "fits"),
            settings.model,
            settings.seed,
            phantom_table.read_if_given(job.input.phantom),
        )
        tables.write(rows, job.output.leakage, "leakage")

    files = [{"leakage": job.output.leakage}]
    inputs = [job.input.cohort, job.input.features, job.input.folds, *job.input.fits]
    inputs += list(job.input.variants)
    more = [settings.seed]
    known_results.complete(job, [settings.model], files, test, inputs, more)


if __name__ == "__main__":
    jobs.run(main, snakemake)
