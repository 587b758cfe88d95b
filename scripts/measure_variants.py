"""Rule measure_variants: measure the scans of a chunk again under other conditions.

Reads   the chunk's images and masks, those of the consensus too (tables "images" and
        "masks", NIfTI files).
Writes  a feature matrix (Parquet) whose sessions name the variants, and the tables
        "undefined" and "exclusions".
"""

from concord import jobs, provenance, tables
from concord.features.recipe.columns import plans
from concord.features.repeats import variants


def main(job) -> None:
    settings = jobs.plain_settings(job)
    (plan,) = plans(settings["recipes"], settings["image"])
    found = variants.measure_variants(
        tables.read(job.input.images, "images"),
        tables.read_all([job.input.masks, *job.input.consensus], "masks"),
        plan,
        settings["variants"],
        variants.Scope.from_settings(settings),
        code=provenance.code_fingerprint("measure_variants.py"),
        regions=settings["regions"],
    )
    tables.write_features(found.matrix(), job.output.features)
    tables.write(found.undefined, job.output.undefined, "undefined")
    tables.write(found.exclusions, job.output.exclusions, "exclusions")


if __name__ == "__main__":
    jobs.run(main, snakemake)
