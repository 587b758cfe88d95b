"""Rule convert_mask: convert the segmentations of a chunk to masks on their images.

Reads   the list of images (table kind "images") and of those that masks were made
        on, and RTSTRUCT, SEG or NIfTI files.
Writes  a folder of masks, their list (table kind "masks"), what could not be used
        (table kind "exclusions"), and, privately, all regions of the files by name
        (table kind "rois").
"""

from functools import partial
from pathlib import Path

from concord import file_names, files, jobs, tables
from concord.ingest import mask, subject_faults, telling_labels
from concord.ingest.faults import rows
from concord.ingest.segmentation import rois
from concord.ingest.settings import ConvertMask
from concord.privacy import private_job


def main(job) -> None:
    settings = jobs.settings(job, ConvertMask)
    listed = [job.input.images, *job.input.segmented_on]
    images = tables.read_all(listed, "images").to_dict("records")
    headers = telling_labels.headers_of_rows(settings.rows)
    subject_faults.require_ids_tell_nobody(settings.rows, headers)
    named = telling_labels.checked(
        settings.rows, headers, telling_labels.OF_MASKS, settings.ingest
    )
    rows.require_distinct(named, file_names.mask_name)
    listing = rois.Listing()
    with files.whole_folder(job.output.folder) as folder:
        write = partial(
            mask.write_mask,
            converted={mask.image_key(row): row for row in images},
            settings=settings.ingest,
            folder=folder,
            final=Path(job.output.folder),
            listing=listing,
        )
        masks, excluded = rows.convert_rows(
            named, write, "convert_mask", settings.ingest
        )
    tables.write(masks, job.output.masks, "masks")
    tables.write(excluded, job.output.exclusions, "exclusions")
    tables.write(listing.table(), job.output.rois, "rois")


if __name__ == "__main__":
    private_job.run(main, snakemake, ConvertMask)
