"""Rule fit_nulls: what arms reach when outcomes mean nothing.

Reads   the cohort, the feature matrices, the folds and, if batch effects are
        estimated from it, the table of a phantom. What is known of an arm comes from
        the cache.
Writes  of each arm, one row per scheme and permutation of the outcome within groups
        (table kind "null").
"""

from concord import jobs, tables
from concord.folds import splitting
from concord.models import known_results
from concord.models.null import permutation_null
from concord.models.null.permuted_folds import remaking
from concord.models.settings.rules import FitNulls


def main(job) -> None:
    settings = jobs.settings(job, FitNulls)
    seed, validation = settings.seed, settings.validation

    def fit(numbers: list[int]) -> None:
        names = ("cohort", "features", "variants", "phantom")
        paths = {name: getattr(job.input, name) for name in names}
        study = splitting.SubjectRows.of_files(**paths)
        bands = permutation_null.null_bands(
            study,
            tables.read(job.input.folds, "folds"),
            [settings.models[number] for number in numbers],
            settings.n_permutations,
            seed,
            remake=remaking(study.cohort, job.wildcards.endpoint, validation, seed),
        )
        for number, band in zip(numbers, bands, strict=True):
            if band.error is None:
                tables.write(
                    band.rows.to_dict("records"), job.output.null[number], "null"
                )
        permutation_null.require_bands(bands)

    files = [{"null": path} for path in job.output.null]
    inputs = [job.input.cohort, job.input.features, job.input.folds]
    inputs += list(job.input.variants)
    more = [settings.n_permutations, seed, validation.model_dump(mode="json")]
    known_results.complete(job, settings.models, files, fit, inputs, more)


if __name__ == "__main__":
    jobs.run(main, snakemake)
