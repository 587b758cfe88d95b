"""Rule protocol: compare every image with the protocol that the study declares.

Reads   the facts of all images (kind "acquisition").
Writes  what each image has of each item (kind "protocol"), and how many conform,
        per site (kind "protocol_summary").
"""

from concord import jobs, tables
from concord.ingest.acquisition import protocol
from concord.ingest.acquisition.settings import Protocol


def main(job) -> None:
    settings = jobs.settings(job, Protocol)
    acquisition = tables.read(job.input.acquisition, "acquisition")

    items = protocol.conformance(acquisition, settings.protocol)
    tables.write(items, job.output.protocol, "protocol")
    rows = tables.read(job.output.protocol, "protocol")
    tables.write(protocol.summary(rows), job.output.summary, "protocol_summary")


if __name__ == "__main__":
    jobs.run(main, snakemake)
