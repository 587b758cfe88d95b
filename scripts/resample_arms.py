"""Rule resample_arms: fit arms to bootstrap samples, and judge each in three ways.

Reads   the cohort, the feature matrices, the bootstrap samples and, if batch effects
        are estimated from it, the table of a phantom. What is known of an arm comes
        from the cache.
Writes  of each arm and endpoint, one row per sample: what its model reaches in the
        sample, in all subjects and in those out of it (table kind "resampled"). No
        prediction leaves the job.
"""

from concord import jobs, provenance, tables
from concord.folds import splitting
from concord.folds.scheme import Part
from concord.models import known_results, resampling
from concord.models.settings.rules import ResampleArms


def main(job) -> None:
    settings = jobs.settings(job, ResampleArms)
    part = Part.parse(job.wildcards.part)
    every = tables.read(job.input.folds, "folds")
    samples = every[every["repeat"].between(part.first, part.last)]

    def fit(numbers: list[int]) -> None:
        names = ("cohort", "features", "variants", "phantom")
        found = resampling.resampled(
            splitting.SubjectRows.of_files(
                **{name: getattr(job.input, name) for name in names}
            ),
            samples,
            part,
            [settings.models[number] for number in numbers],
            settings.seed,
        )
        for number, rows in zip(numbers, found, strict=True):
            tables.write(rows, job.output.resampled[number], "resampled")

    files = [{"resampled": path} for path in job.output.resampled]
    inputs = [job.input.cohort, job.input.features, *job.input.variants]
    # Of the samples, only those of this part decide.
    more = [settings.seed, provenance.digest(samples.to_csv(index=False))]
    known_results.complete(job, settings.models, files, fit, inputs, more)


if __name__ == "__main__":
    jobs.run(main, snakemake)
