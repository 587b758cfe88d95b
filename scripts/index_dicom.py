"""Rule index_dicom: list every series below one DICOM root.

Reads   all files of the root that are new or have changed, by content; no pixels.
Writes  the facts of every file (table kind "files"), one row per series (table kind
        "series"), and the state of the root that was asked for.
"""

import logging
from pathlib import Path

from concord import files, jobs, tables
from concord.ingest.index import cache, scan, series_table
from concord.ingest.settings import IndexDicom
from concord.privacy import private_job


def main(job) -> None:
    settings = jobs.settings(job, IndexDicom)
    root = Path(job.input.root)
    series_table.require_root(root, settings.root)
    before = cache.read_file_facts(job.output.files)
    facts = scan.scan(root, before, processes=job.threads)
    rows = series_table.series_rows(root, settings.root, facts)
    logging.getLogger(jobs.PACKAGE).info(
        "%d files, %d known before, %d rows", len(facts), len(before), len(rows)
    )

    cache.write_file_facts(facts, job.output.files)
    tables.write(rows, job.output.series, "series")
    files.write_text(settings.state, job.output.state)


if __name__ == "__main__":
    private_job.run(main, snakemake, IndexDicom)
