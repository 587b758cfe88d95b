"""Rule gallery_tiles: cut small pictures of the cases with the worst agreement.

Reads   the agreement of all images (kind "agreement"), and images and masks of the
        worst cases (NIfTI; kinds "images" and "masks").
Writes  one slice of each with the segmentations of all readers (JSON).
"""

from concord import files, jobs, tables
from concord.agreement import gallery
from concord.agreement.settings import GalleryTiles


def main(job) -> None:
    settings = jobs.settings(job, GalleryTiles)
    found = gallery.tiles(
        tables.read(job.input.agreement, "agreement"),
        tables.read_all(job.input.images, "images"),
        tables.read_all(job.input.masks, "masks"),
        settings.headline,
    )
    files.write_json(found, job.output.tiles)


if __name__ == "__main__":
    jobs.run(main, snakemake)
