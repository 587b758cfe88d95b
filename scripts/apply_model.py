"""Rule apply_model: score the subjects by frozen models.

Reads   the frozen models, the cohort and the feature matrix.
Writes  the scores of all subjects.
"""

from pathlib import Path

from concord import jobs, tables
from concord.folds import cohort
from concord.folds.splitting import SubjectRows
from concord.frozen import document as frozen_model
from concord.frozen.applying import scoring
from concord.frozen.applying.settings import ApplyModel
from concord.privacy import discretion


def main(job) -> None:
    settings = jobs.settings(job, ApplyModel)
    rows = SubjectRows(
        cohort.read(job.input.cohort), tables.read_features(job.input.features)
    )
    models = dict(
        zip(settings.arms, map(frozen_model.read, job.input.models), strict=True)
    )
    scores = scoring.scores_of(rows, models)
    tables.write(scores, job.output.scores, "patient_scores")
    tables.write(scores, job.output.predictions, "patient_predictions")
    Path(job.output.flags).write_text("")
    Path(job.output.patients).mkdir()


if __name__ == "__main__":
    discretion.run(main, snakemake)
