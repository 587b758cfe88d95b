"""Rule drift: follow the acquisition facts of each site over the order of its scans.

Reads   the facts of all images (kind "acquisition") and, from the private files, when
        they were scanned (kind "dates").
Writes  the course of each fact that changes (kind "drift"), without any date.
"""

from concord import jobs, tables
from concord.ingest.acquisition import drift


def main(job) -> None:
    acquisition = tables.read(job.input.acquisition, "acquisition")
    scanned = tables.read_all(job.input.dates, "dates")

    found = drift.drift(acquisition, scanned)
    tables.write(found, job.output.drift, "drift")


if __name__ == "__main__":
    jobs.run(main, snakemake)
