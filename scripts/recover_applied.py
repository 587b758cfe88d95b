"""Rule recover_applied: compare what frozen models told with what was planted.

Reads   the truth of the sites, scores and flags of the patients; predictions of the
        development study and the performance of updates, where there are some (kinds
        "truth", "patient_scores", "patient_flags", "predictions",
        "update_performance").
Writes  one row per planted fact (kind "recovered").
"""

from concord import jobs, tables
from concord.simulate.recovery.applied import KINDS, AppliedTables, recover
from concord.simulate.settings import RecoverApplied


def main(job) -> None:
    settings = jobs.settings(job, RecoverApplied)
    given = {name: getattr(job.input, name) for name in KINDS}
    paths = {n: [p] if isinstance(p, str) else p for n, p in given.items()}
    study = AppliedTables(
        **{name: tables.read_all(paths[name], kind) for name, kind in KINDS.items()}
    )

    rows = recover(study, settings)
    tables.write(rows, job.output.recovered, kind="recovered")


if __name__ == "__main__":
    jobs.run(main, snakemake)
