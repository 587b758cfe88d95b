"""Rule drift: follow the acquisition facts of each site over the order of its scans.

Reads   the facts of all images (kind "acquisition") and, from the private files, when
        they were scanned (kind "dates"); sealed subjects are left out.
Writes  the course of each fact that changes (kind "drift"), without any date.
"""

from concord import jobs, subject_ids, tables
from concord.ingest.acquisition import drift
from concord.ingest.acquisition.settings import Drift


def main(job) -> None:
    sealed = jobs.settings(job, Drift).sealed
    acquisition = tables.read(job.input.acquisition, "acquisition")
    scanned = tables.read_all(job.input.dates, "dates")
    acquisition, scanned = (
        subject_ids.without(table, sealed) for table in (acquisition, scanned)
    )

    found = drift.drift(acquisition, scanned)
    tables.write(found, job.output.drift, "drift")


if __name__ == "__main__":
    jobs.run(main, snakemake)
