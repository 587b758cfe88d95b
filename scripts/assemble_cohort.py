"""Rule assemble_cohort: one row per subject with site, batches and outcomes.

Reads   the study's subject sheet and the acquisition facts of the images, or the
        batch variables that came with a table of features; none of predictions that
        another tool made.
Writes  the cohort (TSV), without sealed subjects; how the values behind its labels are
        spelt (table kind "labels"); and who is sealed (kind "sealed_subjects").
"""

from concord import jobs, tables
from concord.folds import cohort
from concord.folds.settings import AssembleCohort
from concord.ingest.acquisition import facts
from concord.privacy import discretion


def main(job) -> None:
    settings = jobs.settings(job, AssembleCohort)
    table, labels = cohort.assemble(
        tables.read_sheet(job.input.subjects),
        facts.read_facts(job.input.acquisition) if job.input.acquisition else None,
        settings,
    )
    cohort.write(table, job.output.cohort)
    tables.write(labels, job.output.labels, "labels")
    sealed = [{"subject_id": name} | row for name, row in settings.sealed.items()]
    for path in job.output.sealed:  # one, or none
        tables.write(sealed, path, "sealed_subjects")


if __name__ == "__main__":
    discretion.run(main, snakemake)
