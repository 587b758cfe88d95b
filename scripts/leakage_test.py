"""Rule leakage_test: perturb the evaluation rows; what is learnt must not change.

Reads   all that folds are split from (an input that no perturbation changes is an
        error), the folds and the fits of the headline arm, of bootstrap samples those
        of the first. What is known from an earlier job comes from the cache. If it is
        frozen without a group, all that it then knows of others is tested too.
Writes  one row per fold and perturbation, also of fits with a planted leak (table
        kind "leakage").
"""

from concord import jobs, tables
from concord.folds import splitting
from concord.frozen.freezing.leakage import frozen_fits
from concord.frozen.settings import LeakageTestWithFrozen
from concord.models import known_results
from concord.models.leakage import given, inputs, leakage_test
from concord.models.leakage.perturbations import PERTURBED


def main(job) -> None:
    settings = jobs.settings(job, LeakageTestWithFrozen)
    frozen = settings.frozen
    named = dict(job.input.items())
    study = {name: paths for name, paths in named.items() if name not in inputs.GIVEN}
    tested = given.folds_and_fits(
        **{name: paths for name, paths in named.items() if name in inputs.GIVEN}
    )
    inputs.require_perturbed(study, PERTURBED)

    def test(_: list[int]) -> None:
        rows = leakage_test.leakage_test(
            splitting.SubjectRows.of_files(**study),
            *tested,
            settings.model,
            settings.seed,
            frozen_fits(frozen),
        )
        tables.write(rows, job.output.leakage, "leakage")

    files = [{"leakage": job.output.leakage}]
    read = [job.input.cohort, job.input.features, *job.input.variants]
    more = [settings.seed, given.digest(tested)]
    more += [frozen.model_dump(mode="json")] if frozen else []
    known_results.complete(job, [settings.model], files, test, read, more)


if __name__ == "__main__":
    jobs.run(main, snakemake)
