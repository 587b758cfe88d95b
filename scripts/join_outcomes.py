"""Rule join_outcomes: set scores of frozen models beside what became of the subjects.

Reads   all scores (table kind "patient_scores"), the cohort, and the frozen models.
Writes  of every endpoint the applicable predictions with their outcomes (table kind
        "predictions") and, where risks are judged at some days, these (kind "risks");
        the models that made them (JSON). A subject to whom a model does not apply
        stands there with the reason.
"""

from concord import jobs, tables
from concord.evaluation.given import joining
from concord.evaluation.given.settings import JoinOutcomes
from concord.files import write_json
from concord.folds import cohort
from concord.frozen import document


def main(job) -> None:
    settings = jobs.settings(job, JoinOutcomes)
    scores = tables.read(job.input.scores, "patient_scores")
    subjects = cohort.read(job.input.cohort)
    models = dict(zip(settings.arms, map(document.read, job.input.models), strict=True))

    found = {
        name: joining.predictions_of(scores, subjects, name)
        for name in settings.endpoints
    }
    for rows, path in zip(found.values(), job.output.predictions, strict=True):
        tables.write(rows, path, "predictions")
    judged = ((n, e.horizons) for n, e in settings.endpoints.items() if e.horizons)
    for (name, days), path in zip(judged, job.output.risks, strict=True):
        tables.write(joining.risks_of(scores, name, days), path, "risks")
    made = joining.document(found, models, settings.endpoints)
    write_json(made, job.output.document)


if __name__ == "__main__":
    jobs.run(main, snakemake)
