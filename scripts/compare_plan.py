"""Rule compare_plan: what departs from the registered plan, and every sealed look.

Reads   the registration and the ledger of looks, as far as there are any (an edit of
        one is an error), the feature matrix and the tables of folds.
Writes  versions of the registration, what departs from each, and the values of each
        look (table kinds "registrations", "plan_deviations" and "sealed_looks").
"""

from concord import jobs, tables
from concord.evaluation.sealed import chained, looks
from concord.report.registration import content, versions
from concord.report.registration.settings import ComparePlan


def main(job) -> None:
    settings = jobs.settings(job, ComparePlan)
    present = content.content_of(settings, job.input.features, job.input.folds)
    registered = [
        one for path in job.input.registration for one in chained.read_versions(path)
    ]
    entries = [one for path in job.input.ledger for one in chained.read(path)]

    rows = versions.registration_rows(registered)
    tables.write(rows, job.output.registrations, "registrations")
    departed = versions.deviation_rows(registered, present)
    tables.write(departed, job.output.deviations, "plan_deviations")
    tables.write(looks.look_rows(entries), job.output.looks, "sealed_looks")


if __name__ == "__main__":
    jobs.run(main, snakemake)
