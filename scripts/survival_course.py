"""Rule survival_course: risk groups over time, and effects that change with time.

Reads   the cohort; predictions of all arms and schemes.
Writes  survival of the risk groups and differences of their restricted means, log-rank
        tests, tests of proportional hazards, and effects of the scores over time (table
        kinds of these names).
"""

from concord import jobs, tables
from concord.evaluation.course.group_survival import group_survival
from concord.evaluation.course.hazards import (
    proportional_hazards,
    time_dependent_effect,
)
from concord.evaluation.course.log_rank_tests import log_rank_tests
from concord.evaluation.course.sets import evaluation_sets
from concord.evaluation.course.settings import SurvivalCourse
from concord.folds import cohort


def main(job) -> None:
    settings = jobs.settings(job, SurvivalCourse)
    members = cohort.read(job.input.cohort)
    predictions = tables.read_all(job.input.predictions, "predictions")
    sets = list(evaluation_sets(predictions))
    found = {
        **group_survival(sets, settings),
        "log_rank_tests": log_rank_tests(sets),
        "proportional_hazards": proportional_hazards(sets, members, settings),
        "time_dependent_effect": time_dependent_effect(sets, settings.confidence),
    }
    for name, table in found.items():
        tables.write(table, getattr(job.output, name), name)


if __name__ == "__main__":
    jobs.run(main, snakemake)
