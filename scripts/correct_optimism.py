"""Rule correct_optimism: what bootstrap samples say of every arm of an endpoint.

Reads   the values of all arms in all samples (table kind "resampled").
Writes  apparent value, optimism, value out of bag and .632+ (table kind "bootstrap").
"""

from concord import jobs, tables
from concord.evaluation import bootstrap


def main(job) -> None:
    rows = bootstrap.bootstrap(tables.read_all(job.input.resampled, "resampled"))
    tables.write(rows, job.output.bootstrap, "bootstrap")


if __name__ == "__main__":
    jobs.run(main, snakemake)
