"""Rule cross_check_features: some regions of every site by a second feature engine.

Reads   images and masks of all chunks (tables "images" and "masks", NIfTI files).
Writes  both values of every feature, and what is not compared for what reason (table
        kind "feature_crosscheck"); how many are equal, explained, unexplained and not
        compared (JSON).
"""

from concord import files, jobs, tables
from concord.features.extraction import engine_crosscheck
from concord.features.recipe import columns
from concord.features.settings.rules import CrossCheckFeatures


def main(job) -> None:
    settings = jobs.settings(job, CrossCheckFeatures)
    found = engine_crosscheck.cross_check(
        tables.read_all(job.input.images, "images"),
        tables.read_all([*job.input.masks, *job.input.consensus], "masks"),
        columns.of_study(settings.recipes),
        settings.regions,
        cases_per_site=settings.crosscheck.cases_per_site,
        session=settings.baseline_session,
        reader=settings.reference_reader,
        seed=settings.seed,
    )
    tables.write(found, job.output.crosscheck, "feature_crosscheck")
    files.write_json(engine_crosscheck.summary(found), job.output.summary)


if __name__ == "__main__":
    jobs.run(main, snakemake)
