"""Rule gather_deidentified: list what all copies without identifiers hold.

Reads   the copies of all chunks (table kind "exported") and their elements (table kind
        "deidentified_values").
Writes  one list of the copies and of what was refused, every element with its values,
        to be looked through before anything leaves, and the elements without values
        (table kind "deidentified_elements").
"""

import logging

from concord import jobs, tables
from concord.deidentify import gathering


def main(job) -> None:
    exported = tables.read_all(job.input.exported, "exported")
    refused = int(exported["refused"].notna().sum())
    log = logging.getLogger(jobs.PACKAGE)
    log.info("%d of %d rows were refused", refused, len(exported))
    values = tables.read_all(job.input.values, "deidentified_values")
    values, elements = gathering.gathered(values)
    tables.write(exported, job.output.exported, "exported")
    tables.write(values, job.output.values, "deidentified_values")
    tables.write(elements, job.output.elements, "deidentified_elements")


if __name__ == "__main__":
    jobs.run(main, snakemake)
