"""Rule extract_aggregated: features of a chunk whose texture is 2D, 2.5D or averaged.

Reads   the chunk's images and masks, those of the consensus too (tables "images" and
        "masks", NIfTI files).
Writes  a feature matrix (Parquet) of the recipes of the second engine, and the table
        "undefined"; a region that cannot be measured is undefined here.
"""

from concord import jobs, tables
from concord.features.engines.zrad import engine
from concord.features.extraction import chunk
from concord.features.recipe import columns
from concord.features.settings.rules import ExtractAggregated


def main(job) -> None:
    settings = jobs.settings(job, ExtractAggregated)
    extraction = chunk.extract(
        tables.read(job.input.images, "images"),
        tables.read_all([job.input.masks, *job.input.consensus], "masks"),
        columns.of_image(settings.recipes, settings.image),
        code=job.params.code,
        regions=settings.regions,
        seed=settings.seed,
        engine=engine.measure_recipe,
    )
    tables.write_features(extraction.matrix(), job.output.features)
    tables.write(extraction.undefined, job.output.undefined, "undefined")


if __name__ == "__main__":
    jobs.run(main, snakemake)
