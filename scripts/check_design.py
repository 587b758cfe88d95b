"""Rule check_design: what could pass for a finding because the groups differ.

Reads   the cohort and the folds; of predictions that another tool made, no folds.
Writes  events by group, how outcome and group hang together and how well the group
        alone predicts, and which factors and covariates cannot be told from the group
        (table kinds "confounding", "confounding_tests" and "nesting").
"""

from concord import jobs, tables
from concord.folds import cohort
from concord.harmonization.confounding_settings import CheckDesign
from concord.harmonization.diagnostics import confounding, nesting


def main(job) -> None:
    settings = jobs.settings(job, CheckDesign)
    table = cohort.read(job.input.cohort)
    folds = tables.read_all(job.input.folds, "folds")
    events = confounding.confounding(table, settings.endpoints)
    tests = confounding.confounding_tests(
        table, folds, settings.endpoints, settings.confounding, settings.seed
    )
    levels = nesting.nesting(table, settings.confounding, settings.seed)
    tables.write(events, job.output.confounding, "confounding")
    tables.write(tests, job.output.confounding_tests, "confounding_tests")
    tables.write(levels, job.output.nesting, "nesting")


if __name__ == "__main__":
    jobs.run(main, snakemake)
