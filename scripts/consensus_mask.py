"""Rule consensus_mask: make one mask of those of three readers or more of a chunk.

Reads   the masks of a chunk and image (NIfTI; table kind "masks").
Writes  a folder of consensus masks and their list (table kind "masks"); the reader
        is called consensus.
"""

from pathlib import Path

from concord import files, jobs, tables
from concord.agreement import consensus_masks
from concord.agreement.settings import ConsensusMask


def main(job) -> None:
    settings = jobs.settings(job, ConsensusMask)
    masks = tables.read(job.input.masks, kind="masks")
    with files.whole_folder(job.output.folder) as folder:
        rows = consensus_masks.write_consensus(
            masks,
            method=settings.consensus,
            of=settings.consensus_of,
            folder=folder,
            final=Path(job.output.folder),
        )
    tables.write(rows, job.output.masks, kind="masks")


if __name__ == "__main__":
    jobs.run(main, snakemake)
