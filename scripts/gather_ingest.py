"""Rule gather_ingest: gather the facts of all images and everything excluded.

Reads   the lists of images (table kind "images") with their sidecars, and the
        exclusions of images and masks.
Writes  one row per image (table kind "acquisition") and all exclusions.
"""

from concord import jobs, tables
from concord.ingest import gather, rows


def main(job) -> None:
    images = tables.read_all(job.input.images, "images")
    images = gather.sorted_by(images, *rows.IMAGE_KEYS)
    facts = [gather.acquisition_row(image) for image in images.to_dict("records")]
    excluded = tables.read_all(job.input.exclusions, "exclusions")
    excluded = gather.sorted_by(excluded, *rows.EXCLUDED_KEYS, "stage")

    tables.write(facts, job.output.acquisition, "acquisition")
    tables.write(excluded, job.output.exclusions, "exclusions")


if __name__ == "__main__":
    jobs.run(main, snakemake)
