"""Rule prime_engine: compile the feature engine and check it on the IBSI phantom.

Reads   nothing.
Writes  primed.json: engine, versions, values checked and values that match.
"""

from concord import files, jobs
from concord.features.engines import ibsi_phantom, warmup


def main(job) -> None:
    report = ibsi_phantom.require_all_match(ibsi_phantom.check())
    warmup.compile_engine(ibsi_phantom.phantom_recipe())
    files.write_json(report, job.output.primed)


if __name__ == "__main__":
    jobs.run(main, snakemake)
