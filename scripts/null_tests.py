"""Rule null_tests: compare every arm with its null distribution.

Reads   performance and the permutations of all arms of an endpoint (table kinds
        "performance" and "null").
Writes  one permutation test per arm and scheme (table kind "null_tests").
"""

from concord import jobs, tables
from concord.evaluation import null_tests


def main(job) -> None:
    rows = null_tests.null_tests(
        tables.read(job.input.performance, "performance"),
        tables.read_all(job.input.null, "null"),
    )
    tables.write(rows, job.output.null_tests, "null_tests")


if __name__ == "__main__":
    jobs.run(main, snakemake)
