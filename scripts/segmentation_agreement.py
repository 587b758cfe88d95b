"""Rule segmentation_agreement: compare all pairs of readers of a chunk.

Reads   the masks of a chunk and image, also by consensus (NIfTI; table kind
        "masks").
Writes  overlap, distances and volumes of each pair, image and region in both
        definitions (table kind "agreement"), surface Dice at each tolerance (kind
        "surface_dice"), and the agreement of all readers of an image and region
        together (kind "agreement_group").
"""

from concord import jobs, tables
from concord.agreement import chunk
from concord.agreement.settings import SegmentationAgreement


def main(job) -> None:
    settings = jobs.settings(job, SegmentationAgreement)
    masks = tables.read_all([job.input.masks, *job.input.consensus], kind="masks")
    found = chunk.agreement(masks, settings.tolerances_mm, settings.reference_reader)
    pairs = chunk.in_order(found.pairs, chunk.PAIR_KEYS)
    surface_dice = chunk.in_order(found.surface_dice, chunk.TOLERANCE_KEYS)
    tables.write(pairs, job.output.agreement, kind="agreement")
    tables.write(surface_dice, job.output.surface_dice, kind="surface_dice")
    tables.write(found.group, job.output.group, kind="agreement_group")


if __name__ == "__main__":
    jobs.run(main, snakemake)
