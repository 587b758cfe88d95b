"""Rule prime_engine: compile the feature engine and check it on the IBSI phantom.

Reads   nothing.
Writes  primed.json: engine, versions, values checked and values that match.
"""

from concord import files, jobs
from concord.features.engines import ibsi_phantom, warmup
from concord.features.engines.compilation import lighter_compilation
from concord.features.filters.resolve import resolve_all
from concord.features.settings.rules import PrimeEngine


def main(job) -> None:
    settings = jobs.settings(job, PrimeEngine)
    with lighter_compilation():
        report = ibsi_phantom.require_all_match(ibsi_phantom.check())
        warmup.compile_engine(
            ibsi_phantom.phantom_recipe(),
            settings.families,
            resolve_all(settings.filters),
            settings.response_families,
        )
    files.write_json(report, job.output.primed)


if __name__ == "__main__":
    jobs.run(main, snakemake)
