"""Rule cross_check_combat: ComBat beside neuroCombat on the rows of every fold.

Reads   the development rows of all folds.
Writes  the largest difference per fold and batch variable (table kind
        "combat_crosscheck").
"""

from itertools import chain

from concord import jobs, tables
from concord.folds import splitting
from concord.harmonization import neurocombat_check
from concord.harmonization.settings import CrossCheckCombat


def main(job) -> None:
    folds = chain.from_iterable(map(splitting.read, job.input.development))
    found = neurocombat_check.cross_check(folds, jobs.settings(job, CrossCheckCombat))
    tables.write(found, job.output.crosscheck, "combat_crosscheck")


if __name__ == "__main__":
    jobs.run(main, snakemake)
