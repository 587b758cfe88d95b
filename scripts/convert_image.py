"""Rule convert_image: convert the images of a chunk from DICOM to NIfTI.

Reads   the DICOM folders or NIfTI files of the chunk.
Writes  a folder of images with sidecars, their list (table kind "images"), what
        could not be used (table kind "exclusions"), and, among the private files,
        when they were scanned (table kind "dates").
"""

from functools import partial
from pathlib import Path

from concord import file_names, files, jobs, tables
from concord.ingest import image, subject_faults, telling_labels
from concord.ingest.acquisition import dates
from concord.ingest.faults import rows
from concord.ingest.settings import ConvertImage
from concord.privacy import private_job


def main(job) -> None:
    settings = jobs.settings(job, ConvertImage)
    headers = telling_labels.headers_of_rows(settings.rows)
    subject_faults.require_ids_tell_nobody(settings.rows, headers)
    named = telling_labels.checked(
        settings.rows, headers, telling_labels.OF_IMAGES, settings.ingest
    )
    rows.require_distinct(named, file_names.image_name)
    with files.whole_folder(job.output.folder) as folder:
        write = partial(
            image.write_image,
            folder=folder,
            final=Path(job.output.folder),
            settings=settings.ingest,
        )
        images, excluded = rows.convert_rows(
            named, write, "convert_image", settings.ingest
        )
    images, scanned = dates.separated(images)
    tables.write(images, job.output.images, "images")
    tables.write(scanned, job.output.dates, "dates")
    tables.write(excluded, job.output.exclusions, "exclusions")


if __name__ == "__main__":
    private_job.run(main, snakemake, ConvertImage)
