"""Rule pool_groups: pool the values of the groups that were left out.

Reads   the performance of all arms of an endpoint (table kind "performance").
Writes  mean, scatter and prediction interval over groups, by random effects (table kind
        "pooled_groups").
"""

from concord import jobs, tables
from concord.evaluation import pooled_groups
from concord.evaluation.settings import PoolGroups


def main(job) -> None:
    settings = jobs.settings(job, PoolGroups)
    performance = tables.read(job.input.performance, "performance")
    rows = pooled_groups.pooled_groups(performance, settings.confidence)
    tables.write(rows, job.output.pooled_groups, "pooled_groups")


if __name__ == "__main__":
    jobs.run(main, snakemake)
