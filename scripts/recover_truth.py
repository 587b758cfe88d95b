"""Rule recover_truth: compare what the demo study found with what was planted.

Reads   the truth of the sites, the cohort, agreement, review list, features, site
        effect; selection, null, performance, calibration and added value of all
        endpoints; and, where the study has them, effects by treatment and of competing
        causes, predictions and fusion (their kinds).
Writes  one row per planted fact (kind "recovered").
"""

from concord import jobs, tables
from concord.folds import cohort
from concord.simulate.recovery.claims import recover
from concord.simulate.recovery.study_tables import KINDS, StudyTables
from concord.simulate.settings import RecoverTruth


def main(job) -> None:
    settings = jobs.settings(job, RecoverTruth)
    given = {name: getattr(job.input, name) for name in KINDS}
    paths = {n: [p] if isinstance(p, str) else p for n, p in given.items()}
    study = StudyTables(
        features=tables.read_features(job.input.features),
        cohort=cohort.read(job.input.cohort),
        **{name: tables.read_all(paths[name], kind) for name, kind in KINDS.items()},
    )

    rows = recover(study, settings)
    tables.write(rows, job.output.recovered, kind="recovered")


if __name__ == "__main__":
    jobs.run(main, snakemake)
