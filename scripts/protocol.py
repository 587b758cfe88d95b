"""Rule protocol: compare every image with the protocol that the study declares.

Reads   the facts of all images (kind "acquisition").
Writes  what each image has of each item (kind "protocol"), and how many conform,
        per site (kind "protocol_summary").
"""

from concord import jobs, tables
from concord.ingest.acquisition import protocol


def main(job) -> None:
    settings = jobs.plain_settings(job)
    acquisition = tables.read(job.input.acquisition, "acquisition")

    found = protocol.conformance(acquisition, settings["protocol"])
    tables.write(found, job.output.protocol, "protocol")
    rows = tables.read(job.output.protocol, "protocol")
    tables.write(protocol.summary(rows), job.output.summary, "protocol_summary")


if __name__ == "__main__":
    jobs.run(main, snakemake)
