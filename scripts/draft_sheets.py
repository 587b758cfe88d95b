"""Rule draft_sheets: draft the sheets of images and masks.

Reads   the series of all DICOM roots (table kind "series").
Writes  drafts of both sheets for review, which patient each subject id stands for,
        the series that no sheet of the study uses (table kinds "images_sheet",
        "masks_sheet", "linkage", "unlisted"), and a summary without names (table
        kind "index_summary").
"""

from concord import jobs, tables
from concord.ingest.index import drafts, summary, telling_ids
from concord.ingest.settings import DraftSheets
from concord.privacy import private_job


def main(job) -> None:
    settings = jobs.settings(job, DraftSheets)
    table = tables.read_all(job.input.series, "series").astype(object)
    series = table.where(table.notna(), None).to_dict("records")
    telling_ids.require_folders_tell_nobody(
        series, settings.subject_ids, settings.privacy.data
    )
    series = drafts.named(series, settings.subject_ids)
    roots = settings.roots
    unlisted = drafts.unlisted_rows(series, roots, settings.listed)
    out = job.output

    tables.write(drafts.image_rows(series, roots), out.images, "images_sheet")
    tables.write(drafts.mask_rows(series, roots), out.masks, "masks_sheet")
    tables.write(drafts.linkage_rows(series), out.linkage, "linkage")
    tables.write(unlisted, out.unlisted, "unlisted")
    tables.write(summary.summary_rows(series, unlisted), out.summary, "index_summary")


if __name__ == "__main__":
    private_job.run(main, snakemake, DraftSheets)
