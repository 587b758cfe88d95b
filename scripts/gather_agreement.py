"""Rule gather_agreement: put the agreement of all chunks together.

Reads   the tables of each chunk and image (kinds "agreement", "surface_dice",
        "agreement_group").
Writes  all their rows, sorted, and how far the volumes of each pair of readers agree
        over all subjects (table kind "volume_agreement").
"""

from concord import jobs, tables
from concord.agreement import chunk, reading, volumes
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


if __name__ == "__main__":
    jobs.run(main, snakemake)
