"""Rule measure_variants: measure the scans of a chunk again under other conditions.

Reads   the chunk's images and masks, those of the consensus too (tables "images" and
        "masks", NIfTI files).
Writes  a feature matrix (Parquet) whose sessions name the variants, and the tables
        "undefined" and "exclusions".
"""

from concord import jobs, tables
from concord.features.recipe import columns
from concord.features.repeats import variants
from concord.features.settings.rules import MeasureVariants


def main(job) -> None:
    settings = jobs.settings(job, MeasureVariants)
    (main,) = columns.of_image(settings.recipes, settings.image)
    found = variants.measure_variants(
        tables.read(job.input.images, "images"),
        tables.read_all([job.input.masks, *job.input.consensus], "masks"),
        main,
        settings.variants,
        variants.Scope.of(settings),
        code=job.params.code,
        regions=settings.regions,
    )
    tables.write_features(found.matrix(), job.output.features)
    tables.write(found.undefined, job.output.undefined, "undefined")
    tables.write(found.exclusions, job.output.exclusions, "exclusions")


if __name__ == "__main__":
    jobs.run(main, snakemake)
