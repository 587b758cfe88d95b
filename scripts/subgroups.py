"""Rule subgroups: judge arms in declared subgroups, and test whether these differ.

Reads   the cohort, predictions of all arms of an endpoint, their risks by horizons if
        the endpoint has some, and what is known of permuted outcomes.
Writes  metrics by subgroup, tests of interaction, and classes by subgroup (table kinds
        "subgroups", "subgroup_tests" and "fairness").
"""

from concord import jobs, tables
from concord.evaluation.calibration import Calibrations
from concord.evaluation.subgroups import judged
from concord.evaluation.subgroups.settings import Subgroups
from concord.folds import cohort


def main(job) -> None:
    settings = jobs.settings(job, Subgroups)
    found = judged.judged(
        tables.read_all(job.input.predictions, "predictions"),
        tables.read_all(job.input.risks, "risks"),
        cohort.read(job.input.cohort),
        Calibrations.of(tables.read_all(job.input.null, "null")),
        settings,
    )
    for name, table in found.items():
        tables.write(table, getattr(job.output, name), name)


if __name__ == "__main__":
    jobs.run(main, snakemake)
