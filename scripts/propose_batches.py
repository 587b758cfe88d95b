"""Rule propose_batches: propose batches for the harmonization by the headers alone.

Reads   the facts of all images (kind "acquisition").
Writes  the proposed batches with their sizes (kind "batches"), and the batch of each
        image (kind "batch_members").
"""

from concord import jobs, tables
from concord.ingest.acquisition import batches
from concord.ingest.settings import ProposeBatches


def main(job) -> None:
    least = jobs.settings(job, ProposeBatches).min_batch_size
    acquisition = tables.read(job.input.acquisition, "acquisition")

    proposed = batches.members(acquisition, least)
    rows = batches.batches(acquisition, proposed, least)
    tables.write(rows, job.output.batches, "batches")
    tables.write(proposed, job.output.members, "batch_members")


if __name__ == "__main__":
    jobs.run(main, snakemake)
