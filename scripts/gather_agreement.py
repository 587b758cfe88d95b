"""Rule gather_agreement: put the agreement of all chunks together.

Reads   the tables of each chunk and image (kinds "agreement", "surface_dice",
        "agreement_group"), and the masks (kind "masks").
Writes  all their rows, sorted, how far the volumes of each pair of readers agree over
        all subjects (table kind "volume_agreement"), and how many segmentations each
        reader delivered, left empty, or did not deliver (kind "readings").
"""

from concord import jobs, tables
from concord.agreement import chunk, reading, readings, volumes
from concord.agreement.settings import GatherAgreement

KINDS = {
    "agreement": ("agreement", chunk.PAIR_KEYS),
    "surface_dice": ("surface_dice", chunk.TOLERANCE_KEYS),
    "group": ("agreement_group", reading.REGION_KEYS),
}


def main(job) -> None:
    settings = jobs.settings(job, GatherAgreement)
    for name, (kind, keys) in KINDS.items():
        rows = tables.read_all(getattr(job.input, name), kind=kind)
        rows = rows.sort_values(keys, ignore_index=True)
        tables.write(rows, getattr(job.output, name), kind=kind)
    pairs = tables.read(job.output.agreement, kind="agreement")
    rows = volumes.volume_agreement(pairs, settings.baseline_session)
    tables.write(rows, job.output.volumes, kind="volume_agreement")
    masks = tables.read_all(job.input.masks, kind="masks")
    tables.write(readings.readings(masks), job.output.readings, kind="readings")


if __name__ == "__main__":
    jobs.run(main, snakemake)
