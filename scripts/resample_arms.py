"""Rule resample_arms: fit arms to bootstrap samples, and judge each in three ways.

Reads   the cohort, the feature matrices, the bootstrap samples and, if batch effects
        are estimated from it, the table of a phantom. What is known of an arm comes
        from the cache.
Writes  of each arm and endpoint, one row per sample: what its model reaches in the
        sample, in all subjects and in those out of it (table kind "resampled"); of
        arms whose instability is asked for, also what the models of the samples
        predict and select (kinds "sample_predictions" and "sample_fits").
"""

from concord import jobs, provenance, tables
from concord.folds import splitting
from concord.folds.scheme import Part
from concord.models import known_results, resampling
from concord.models.sample_models import SampleModels
from concord.models.settings.rules import ResampleArms


def main(job) -> None:
    settings = jobs.settings(job, ResampleArms)
    part = Part.parse(job.wildcards.part)
    every = tables.read(job.input.folds, "folds")
    samples = every[every["repeat"].between(part.first, part.last)]

    files = settings.files(job.output)

    def fit(numbers: list[int]) -> None:
        names = ("cohort", "features", "variants", "phantom")
        study = splitting.SubjectRows.of_files(
            **{name: getattr(job.input, name) for name in names}
        )
        tracked = settings.tracked, settings.at_days
        kept = SampleModels(study, samples, *tracked, settings.seed)
        arms = [settings.models[number] for number in numbers]
        drawn = study, samples, part, arms, settings.seed
        found = resampling.resampled(*drawn, kept=kept)
        for number, model, rows in zip(numbers, arms, found, strict=True):
            made = {"resampled": rows}
            if model.name in settings.tracked:
                made |= kept.tables(model.endpoint, model.name)
            for name, path in files[number].items():
                kind = name.partition("-")[0]
                tables.write(made[kind], path, kind)

    inputs = [job.input.cohort, job.input.features, *job.input.variants]
    # Of the samples, only those of this part decide.
    more = [settings.seed, provenance.digest(samples.to_csv(index=False))]
    known_results.complete(job, settings.models, files, fit, inputs, more)


if __name__ == "__main__":
    jobs.run(main, snakemake)
