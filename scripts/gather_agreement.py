"""Rule gather_agreement: put the agreement of all chunks into one table.

Reads   the agreement of each chunk and modality (table kind "agreement").
Writes  all rows, sorted (table kind "agreement").
"""

from concord import jobs, tables
from concord.agreement import pairs


def main(job) -> None:
    rows = tables.read_all(job.input.agreement, kind="agreement")
    rows = rows.sort_values(pairs.PAIR_KEYS, ignore_index=True)
    tables.write(rows, job.output.agreement, kind="agreement")


if __name__ == "__main__":
    jobs.run(main, snakemake)
