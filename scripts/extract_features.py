"""Rule extract_features: features of all images, regions and readers of a chunk.

Reads   the chunk's images and masks, also by consensus (tables "images" and
        "masks", NIfTI files).
Writes  a feature matrix (Parquet) and the tables "undefined" and "exclusions".
"""

from concord import jobs, tables
from concord.features.extraction import chunk
from concord.features.recipe import columns
from concord.features.settings.rules import ExtractFeatures


def main(job) -> None:
    settings = jobs.settings(job, ExtractFeatures)
    extraction = chunk.extract(
        tables.read(job.input.images, "images"),
        tables.read_all([job.input.masks, *job.input.consensus], "masks"),
        columns.of_image(settings.recipes, settings.image),
        code=job.params.code,
        regions=settings.regions,
        seed=settings.seed,
    )
    tables.write_features(extraction.matrix(), job.output.features)
    tables.write(extraction.undefined, job.output.undefined, "undefined")
    tables.write(extraction.exclusions, job.output.exclusions, "exclusions")


if __name__ == "__main__":
    jobs.run(main, snakemake)
