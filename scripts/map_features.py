"""Rule map_features: map features of some regions of a chunk.

Reads   the chunk's images and masks, those of the consensus too (tables "images" and
        "masks", NIfTI files).
Writes  a folder of maps (NIfTI) and one slice of each beside its image (JSON).
"""

from concord import files, jobs, tables
from concord.features.maps import writing
from concord.features.recipe import columns
from concord.features.repeats.variants import Scope
from concord.features.settings.rules import MapFeatures


def main(job) -> None:
    settings = jobs.settings(job, MapFeatures)
    (main,) = columns.of_image(settings.recipes, settings.image)
    with files.whole_folder(job.output.maps) as folder:
        pictures = writing.mapped(
            tables.read(job.input.images, "images"),
            tables.read_all([job.input.masks, *job.input.consensus], "masks"),
            main,
            settings.maps,
            Scope.of(settings),
            folder,
        )
    files.write_json(pictures, job.output.pictures)


if __name__ == "__main__":
    jobs.run(main, snakemake)
