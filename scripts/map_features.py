"""Rule map_features: map features of some regions of a chunk.

Reads   the chunk's images and masks, those of the consensus too (tables "images" and
        "masks", NIfTI files).
Writes  a folder of maps (NIfTI) and one slice of each beside its image (JSON).
"""

from concord import files, jobs, tables
from concord.features.maps import writing
from concord.features.recipe.columns import plans
from concord.features.repeats.variants import Scope


def main(job) -> None:
    settings = jobs.plain_settings(job)
    (plan,) = plans(settings["recipes"], settings["image"])
    with files.whole_folder(job.output.maps) as folder:
        pictures = writing.mapped(
            tables.read(job.input.images, "images"),
            tables.read_all([job.input.masks, *job.input.consensus], "masks"),
            plan,
            settings["maps"],
            Scope.from_settings(settings),
            folder,
        )
    files.write_json(pictures, job.output.pictures)


if __name__ == "__main__":
    jobs.run(main, snakemake)
