"""Rule assemble_cohort: one row per subject with site, batches and outcomes.

Reads   the study's subject sheet and the acquisition facts of the images, or the
        batch variables that came with a table of features.
Writes  the cohort (TSV), how outcome and group hang together, and what else the
        groups differ in (table kinds "confounding" and "nesting").
"""

from concord import jobs, tables
from concord.folds import cohort
from concord.folds.settings import AssembleCohort
from concord.harmonization.diagnostics import confounding, nesting
from concord.ingest.acquisition import facts


def main(job) -> None:
    settings = jobs.settings(job, AssembleCohort)
    table = cohort.assemble(
        tables.read_sheet(job.input.subjects),
        facts.read_facts(job.input.acquisition),
        settings,
    )
    links = confounding.confounding(table, list(settings.endpoints))
    cohort.write(table, job.output.cohort)
    tables.write(links, job.output.confounding, "confounding")
    tables.write(nesting.nesting(table), job.output.nesting, "nesting")


if __name__ == "__main__":
    jobs.run(main, snakemake)
