"""Rule assemble_cohort: one row per subject with site, batches and outcomes.

Reads   the study's subject sheet and the acquisition table.
Writes  the cohort (TSV) and how outcome and group hang together (table kind
        "confounding").
"""

from concord import cohort, jobs, tables
from concord.harmonize import confounding


def main(job) -> None:
    settings = jobs.settings(job)
    table = cohort.assemble(
        tables.read_sheet(job.input.subjects),
        tables.read(job.input.acquisition, "acquisition"),
        settings,
    )
    links = confounding.confounding(table, list(settings["endpoints"]))
    cohort.write(table, job.output.cohort)
    tables.write(links, job.output.confounding, "confounding")


if __name__ == "__main__":
    jobs.run(main, snakemake)
