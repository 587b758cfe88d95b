"""Rule propose_batches: propose batches for the harmonization by the headers alone.

Reads   the facts of all images (kind "acquisition"), but of no sealed subject.
Writes  the proposed batches with their sizes (kind "batches"), and the batch of each
        image (kind "batch_members").
"""

from concord import jobs, subject_ids, tables
from concord.ingest.acquisition import batches
from concord.ingest.settings import ProposeBatches


def main(job) -> None:
    settings = jobs.settings(job, ProposeBatches)
    least = settings.min_batch_size
    every = tables.read(job.input.acquisition, "acquisition")
    acquisition = subject_ids.without(every, settings.sealed)

    proposed = batches.members(acquisition, least)
    rows = batches.batches(acquisition, proposed, least)
    tables.write(rows, job.output.batches, "batches")
    tables.write(proposed, job.output.members, "batch_members")


if __name__ == "__main__":
    jobs.run(main, snakemake)
