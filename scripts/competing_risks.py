"""Rule competing_risks: causes that compete, of one endpoint.

Reads   the cohort; predictions of all arms and schemes.
Writes  cumulative incidence of each cause, effects on its hazard and on its incidence
        side by side, and tests of groups (table kinds of these names).
"""

from concord import jobs, tables
from concord.evaluation.competing.outcomes import CompetingOutcomes
from concord.evaluation.competing.settings import CompetingRisks
from concord.evaluation.competing.tables import (
    effect_table,
    group_test_table,
    incidence_table,
)
from concord.folds import cohort


def main(job) -> None:
    settings = jobs.settings(job, CompetingRisks)
    members = cohort.read(job.input.cohort)
    predictions = tables.read_all(job.input.predictions, "predictions")
    outcomes = CompetingOutcomes.of(members, job.wildcards.endpoint)
    found = {
        "competing_incidence": incidence_table(outcomes, predictions, settings),
        "competing_effects": effect_table(outcomes, members, predictions, settings),
        "competing_tests": group_test_table(outcomes, members, predictions, settings),
    }
    for name, table in found.items():
        named = table.assign(endpoint=job.wildcards.endpoint)
        tables.write(named, getattr(job.output, name), name)


if __name__ == "__main__":
    jobs.run(main, snakemake)
