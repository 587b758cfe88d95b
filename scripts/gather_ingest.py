"""Rule gather_ingest: gather the facts of all images and everything excluded.

Reads   the lists of images and masks (table kinds "images" and "masks") with the
        sidecars of the images, and the exclusions of both.
Writes  one row per image (table kind "acquisition"), all exclusions, and every
        fault, note and waiver (table kind "ingest_report").
"""

from concord import files, jobs, tables
from concord.ingest.acquisition import table
from concord.ingest.faults import report_table, rows
from concord.ingest.settings import GatherIngest


def main(job) -> None:
    images = tables.read_all(job.input.images, "images")
    images = table.sorted_by(images, *rows.IMAGE_KEYS)
    scanned = tables.read_all(job.input.dates, "dates")
    settings = jobs.settings(job, GatherIngest)
    facts = table.acquisition_table(images, scanned, settings.baseline_session)
    excluded = tables.read_all(job.input.exclusions, "exclusions")
    excluded = table.with_rows(excluded, settings.left_out())
    excluded = table.sorted_by(excluded, *rows.EXCLUDED_KEYS, "stage")
    masks = tables.read_all(job.input.masks, "masks")
    sidecars = [files.read_json(path) for path in images["sidecar"]]
    report = report_table.report_rows(
        zip(images.to_dict("records"), sidecars, strict=True),
        masks.to_dict("records"),
        excluded.to_dict("records"),
    )

    tables.write(facts, job.output.acquisition, "acquisition")
    tables.write(excluded, job.output.exclusions, "exclusions")
    tables.write(report, job.output.report, "ingest_report")


if __name__ == "__main__":
    jobs.run(main, snakemake)
