"""Rule segmentation_agreement: compare all pairs of readers of a chunk.

Reads   the masks of a chunk and modality (NIfTI; table kind "masks").
Writes  Dice, distances and volumes of each pair, image and region, in both
        definitions (table kind "agreement").
"""

from concord import jobs, tables
from concord.agreement import pairs


def main(job) -> None:
    masks = tables.read(job.input.masks, kind="masks")
    rows = pairs.agreement_table(masks)
    tables.write(rows, job.output.agreement, kind="agreement")


if __name__ == "__main__":
    jobs.run(main, snakemake)
