"""Rule prime_engine: compile the feature engine and check it on the IBSI phantom.

Reads   nothing.
Writes  primed.json: engine, versions, values checked and values that match.
"""

from concord import files, jobs
from concord.features import phantom, warmup


def main(job) -> None:
    report = phantom.require_all_match(phantom.check())
    warmup.compile_engine(phantom.phantom_recipe())
    files.write_json(report, job.output.primed)


if __name__ == "__main__":
    jobs.run(main, snakemake)
