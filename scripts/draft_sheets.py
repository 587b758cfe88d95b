"""Rule draft_sheets: draft the sheets of images and masks.

Reads   the series of all DICOM roots (table kind "series").
Writes  drafts of both sheets for review, and the series that no sheet of the
        study uses (table kinds "images_sheet", "masks_sheet", "unlisted").
"""

from concord import jobs, tables
from concord.ingest import drafts


def main(job) -> None:
    settings = jobs.settings(job)
    table = tables.read_all(job.input.series, "series").astype(object)
    series = table.where(table.notna(), None).to_dict("records")
    roots = settings["roots"]
    unlisted = drafts.unlisted_rows(series, roots, settings["listed"])

    tables.write(drafts.image_rows(series, roots), job.output.images, "images_sheet")
    tables.write(drafts.mask_rows(series, roots), job.output.masks, "masks_sheet")
    tables.write(unlisted, job.output.unlisted, "unlisted")


if __name__ == "__main__":
    jobs.run(main, snakemake)
