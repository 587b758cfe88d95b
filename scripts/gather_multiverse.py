"""Rule gather_multiverse: show where the headline stands among all analyses.

Reads   analyses and their values under permuted outcomes of all jobs of an endpoint
        (table kinds "specifications" and "specification_null").
Writes  all analyses with their tests, also those that cannot be, what each of them
        chooses, how far choices move the value, and a summary (table kinds
        "specifications", "specification_choices", "choice_effects", "multiverse").
"""

from concord import jobs, tables
from concord.evaluation.multiverse.gathering import Gathered
from concord.evaluation.multiverse.settings import GatherMultiverse


def main(job) -> None:
    found = Gathered(
        tables.read_all(job.input.specifications, "specifications"),
        tables.read_all(job.input.specification_null, "specification_null"),
        jobs.settings(job, GatherMultiverse),
    )
    written = {
        "specifications": found.specifications(),
        "specification_choices": found.specification_choices(),
        "choice_effects": found.choice_effects(),
        "multiverse": [found.multiverse()],
    }
    for kind, table in written.items():
        tables.write(table, getattr(job.output, kind), kind)


if __name__ == "__main__":
    jobs.run(main, snakemake)
