"""Rule permute_outcomes: what given scores reach where outcomes mean nothing.

Reads   predictions that another tool made (table kind "predictions").
Writes  values of these scores under permuted outcomes (table kind "null").
"""

from concord import jobs, tables
from concord.evaluation.given import permuted
from concord.evaluation.given.settings import PermuteOutcomes
from concord.statistics.outcome_kinds import BINARY, SURVIVAL


def main(job) -> None:
    settings = jobs.settings(job, PermuteOutcomes)
    predictions = tables.read(job.input.predictions, "predictions")
    kind = SURVIVAL if settings.has_times else BINARY
    rows = permuted.permuted_outcomes(
        predictions, kind, settings.n_permutations, settings.seed
    )
    tables.write(rows, job.output.null, "null")


if __name__ == "__main__":
    jobs.run(main, snakemake)
