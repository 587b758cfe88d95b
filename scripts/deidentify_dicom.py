"""Rule deidentify_dicom: copy the DICOM of a chunk without identifiers.

Reads   the sources of the chunk, and the lists of what could be converted (table
        kinds "images" and "masks").
Writes  a folder of DICOM files by the Basic Profile of PS3.15, their list (table kind
        "exported"), and every element that they hold (table kind
        "deidentified_values").
"""

import logging
from pathlib import Path

from concord import files, jobs, tables
from concord.deidentify import export
from concord.deidentify.review import Review
from concord.deidentify.settings import DeidentifyDicom
from concord.ingest.faults import rows
from concord.privacy import private_job


def main(job) -> None:
    settings = jobs.settings(job, DeidentifyDicom)
    images = tables.read(job.input.images, "images").to_dict("records")
    masks = tables.read(job.input.masks, "masks").to_dict("records")
    images = export.converted(settings.images, images, rows.IMAGE_KEYS)
    masks = export.converted(settings.masks, masks, rows.MASK_KEYS)
    log = logging.getLogger(jobs.PACKAGE)
    log.info("faces are not removed from images of the head")

    review, reviewed = Review(), settings.reviewed_images
    with files.whole_folder(job.output.folder) as folder:
        exported = export.export_images(images, Path(folder), review, reviewed)
        exported += export.export_segmentations(
            masks, Path(folder), settings.merge_rois, review, reviewed
        )
    tables.write(review.rows(), job.output.values, "deidentified_values")
    tables.write(exported, job.output.exported, "exported")


if __name__ == "__main__":
    private_job.run(main, snakemake, DeidentifyDicom)
